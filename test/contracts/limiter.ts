import { afterEach, describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/errors.ts'
import { LONGEST_WAIT_MS } from '../../src/ports/limiter.ts'
import type { Limiter, Permit } from '../../src/ports/limiter.ts'

/** Whether a promise is settled after everything that is due has run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false
  promise.then(
    () => (done = true),
    () => (done = true),
  )
  await new Promise((resolve) => setTimeout(resolve, 20))
  return done
}

/** What every limiter does. `make` gives a fresh one, with no scope in it. */
export function limiterContract(name: string, make: () => Promise<Limiter>): void {
  describe(`the limiter contract: ${name}`, () => {
    let limiter: Limiter
    const open = async (): Promise<Limiter> => (limiter = await make())
    afterEach(() => limiter.close())

    test('gives no more permits than there are slots, and the next when one comes back', async () => {
      await open()
      const budget = { slots: 2 }
      const first = await limiter.take('a', budget)
      await limiter.take('a', budget)
      const third = limiter.take('a', budget)
      expect(await settled(third)).toBe(false)
      expect(limiter.state('a')).toMatchObject({ inFlight: 2, waiting: 1 })
      first.release()
      await third
      expect(limiter.state('a')).toMatchObject({ inFlight: 2, waiting: 0 })
    })

    test('takes a permit back once, however often it is released', async () => {
      await open()
      const budget = { slots: 1 }
      const first = await limiter.take('a', budget)
      first.release()
      first.release()
      await limiter.take('a', budget)
      expect(await settled(limiter.take('a', budget))).toBe(false)
    })

    test('keeps the order of arrival', async () => {
      await open()
      const budget = { slots: 1 }
      const order: number[] = []
      let held: Permit = await limiter.take('a', budget)
      const all = [1, 2, 3, 4, 5].map(async (number) => {
        const permit = await limiter.take('a', budget)
        order.push(number)
        held = permit
        permit.release()
      })
      held.release()
      await Promise.all(all)
      expect(order).toEqual([1, 2, 3, 4, 5])
    })

    test('holds scopes apart', async () => {
      await open()
      await limiter.take('a', { slots: 1 })
      limiter.postpone('b', Date.now() + 60_000, 'busy')
      expect(await settled(limiter.take('c', { slots: 1 }))).toBe(true)
      expect([...limiter.scopes()].toSorted()).toEqual(['a', 'b', 'c'])
    })

    test('deals out a rate: at once what one second holds, the rest in its time', async () => {
      await open()
      const budget = { slots: 100, perSecond: 20 }
      const began = performance.now()
      const take = async (count: number): Promise<void> => {
        for (let taken = 0; taken < count; taken++) (await limiter.take('a', budget)).release()
      }
      const burst = take(20)
      // Begun later and shorter than the pause between two: it would be over first, however slow the machine is.
      const pause = new Promise((resolve) => setTimeout(resolve, 25, 'a pause'))
      expect(await Promise.race([burst, pause])).toBeUndefined()
      await take(6)
      expect(performance.now() - began).toBeGreaterThanOrEqual(280)
    })

    test('lets a slow rate begin with one', async () => {
      await open()
      const budget = { slots: 10, perSecond: 0.1 }
      expect(await settled(limiter.take('a', budget))).toBe(true)
      expect(await settled(limiter.take('a', budget))).toBe(false)
    })

    test('starts nobody before the clock, and tells until when and why', async () => {
      await open()
      const until = Date.now() + 60_000
      limiter.postpone('b', until, 'it answered 429')
      expect(limiter.state('b').reason).toBe('it answered 429')
      expect(Math.abs((limiter.state('b').until ?? 0) - until)).toBeLessThan(20)
      const began = performance.now()
      limiter.postpone('a', Date.now() + 300, 'it answered 429')
      ;(await limiter.take('a', { slots: 5 })).release()
      expect(performance.now() - began).toBeGreaterThanOrEqual(290)
      expect(limiter.state('a').until).toBeUndefined()
    })

    test('never lets an earlier moment shorten a later one', async () => {
      await open()
      limiter.postpone('a', Date.now() + 60_000, 'long')
      limiter.postpone('a', Date.now() + 10, 'short')
      expect(limiter.state('a').until).toBeGreaterThan(Date.now() + 50_000)
      expect(limiter.state('a').reason).toBe('long')
    })

    test('halves the slots when it is postponed, down to one, and gives one back for each success', async () => {
      await open()
      const budget = { slots: 4 }
      const started = async (): Promise<number> => {
        const signal = AbortSignal.timeout(150)
        const permits: Permit[] = []
        const takes = Array.from({ length: 6 }, () =>
          limiter.take('a', budget, signal).then(
            (permit) => permits.push(permit),
            () => 0,
          ),
        )
        await Promise.all(takes)
        for (const permit of permits) permit.release()
        return permits.length
      }
      expect(await started()).toBe(4)
      limiter.postpone('a', Date.now(), 'busy')
      expect(await started()).toBe(2)
      limiter.postpone('a', Date.now(), 'busy')
      expect(await started()).toBe(1)
      limiter.postpone('a', Date.now(), 'busy')
      expect(await started()).toBe(1)
      limiter.succeed('a')
      limiter.succeed('a')
      expect(await started()).toBe(3)
      for (let success = 0; success < 10; success++) limiter.succeed('a')
      expect(await started()).toBe(4)
    })

    test('lets go of who gives up waiting, with the reason of the signal', async () => {
      await open()
      const budget = { slots: 1 }
      const held = await limiter.take('a', budget)
      const stop = new AbortController()
      const reason = new Error('enough')
      const waiting = limiter.take('a', budget, stop.signal)
      const next = limiter.take('a', budget)
      stop.abort(reason)
      await expect(waiting).rejects.toBe(reason)
      await expect(limiter.take('a', budget, stop.signal)).rejects.toBe(reason)
      held.release()
      await next
    })

    test('tells who would wait longer than the longest wait', async () => {
      await open()
      const budget = { slots: 1 }
      const held = await limiter.take('a', budget)
      const waiting = limiter.take('a', budget)
      limiter.postpone('a', Date.now() + LONGEST_WAIT_MS * 6, 'it answered 429')
      for (const promise of [waiting, limiter.take('a', budget)]) {
        const fault = await promise.then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        expect(fault).toBeInstanceOf(Fault)
        expect(fault).toMatchObject({ code: 'RateLimited' })
        expect((fault as Fault).evidence.retryAfter).toBeGreaterThan(LONGEST_WAIT_MS * 5)
      }
      held.release()
    })

    test('rejects who still waits when it is closed', async () => {
      await open()
      await limiter.take('a', { slots: 1 })
      const waiting = limiter.take('a', { slots: 1 })
      const outcome = waiting.then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      await limiter.close()
      expect(await outcome).toMatchObject({ code: 'Cancelled' })
    })
  })
}
