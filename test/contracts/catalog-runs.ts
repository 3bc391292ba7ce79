import { describe, expect, it, vi } from 'vitest'
import { NO_COUNTS, TARGET, begin, claimAll, finish, listPage, listed, next, takeOne } from './catalog-bench.ts'
import type { Bench } from './catalog-bench.ts'

/** What the contract says of runs. */
export function runsContract(bench: Bench): void {
  describe('a run', () => {
    it('is recorded with its plan, its targets and how it ended', async () => {
      const run = await begin(bench.catalog)
      const { target } = await listPage(bench.catalog, run, [])
      expect((await bench.catalog.runs.recent(1))[0]).toMatchObject({
        id: run,
        state: 'running',
        plan: { targets: [TARGET.text] },
        targets: [target],
      })
      await bench.catalog.runs.beat(run)
      await bench.catalog.runs.end(run, {
        state: 'finished',
        exit: 3,
        counts: { ...NO_COUNTS, failed: 2 },
        reasons: { Timeout: 2 },
      })
      expect((await bench.catalog.runs.recent(5))[0]).toMatchObject({
        id: run,
        state: 'finished',
        exit: 3,
        counts: { failed: 2 },
      })
      expect(await bench.catalog.runs.unfinished()).toEqual([])
    })

    it('that was interrupted is unfinished, newest first, until it is ended as finished', async () => {
      const [first, second] = [await begin(bench.catalog), await begin(bench.catalog)]
      await finish(bench.catalog, first, 'interrupted')
      await finish(bench.catalog, second, 'interrupted')
      expect((await bench.catalog.runs.unfinished()).map((run) => run.id)).toEqual([second, first])
      await finish(bench.catalog, second)
      expect((await bench.catalog.runs.unfinished()).map((run) => run.id)).toEqual([first])
    })

    it('that is alive keeps what it holds when another begins', async () => {
      const other = await bench.open()
      const run = await begin(bench.catalog)
      const { rows, target } = await listPage(bench.catalog, run, [listed({ key: 'imgur:1' })], [next(2)])
      await claimAll(bench.catalog, rows, run)
      await takeOne(bench.catalog, target, run)
      expect((await other.runs.begin({})).recovered).toBe(0)
      expect(await other.runs.unfinished()).toEqual([])
      expect(await bench.stateOf('imgur:1')).toBe('fetching')
    })

    it('whose catalog was closed gives back what it held', async () => {
      const other = await bench.place.open()
      const run = await begin(other)
      const { rows, target } = await listPage(other, run, [listed({ key: 'imgur:1' })], [next(2)])
      await claimAll(other, rows, run)
      await takeOne(other, target, run)
      await other.close()
      expect(await bench.stateOf('imgur:1')).toBe('listed')
      expect(await bench.catalog.frontier.remaining(target)).toEqual({ waiting: 1, held: 0, failed: 0 })
      expect((await bench.catalog.runs.unfinished()).map((row) => row.id)).toEqual([run])
    })
  })

  describe('a clock', () => {
    it('is told to every process, only ever moves forward, and is gone when it has passed', async () => {
      const other = await bench.open()
      const until = Date.now() + 60_000
      await bench.catalog.clocks.post('i.example.org', until, 'HTTP 429')
      await other.clocks.post('i.example.org', until - 30_000, 'earlier')
      await other.clocks.post('past.example.org', Date.now() - 1, 'over')
      expect(await other.clocks.read()).toEqual([{ scope: 'i.example.org', until, reason: 'HTTP 429' }])
    })

    it('that was set while the wall clock was ten years ahead counts for nothing, and keeps no new one back', async () => {
      const { clocks } = bench.catalog
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * 365 * 24 * 60 * 60_000 })
      await clocks.post('i.example.org', Date.now() + 60_000, 'HTTP 429').finally(() => vi.useRealTimers())
      expect(await clocks.read()).toEqual([])
      const until = Date.now() + 60_000
      await clocks.post('i.example.org', until, 'HTTP 503')
      expect(await clocks.read()).toEqual([{ scope: 'i.example.org', until, reason: 'HTTP 503' }])
    })
  })
}
