import { describe, expect, it } from 'vitest'
import {
  ROOT,
  TARGET,
  begin,
  child,
  claimAll,
  finish,
  listPage,
  listed,
  next,
  storedAs,
  takeOne,
} from './catalog-bench.ts'
import type { Bench } from './catalog-bench.ts'

/** What the contract says of refs. */
export function refsContract(bench: Bench): void {
  describe('a ref', () => {
    it('goes back to waiting, is held, or fails with its reason', async () => {
      const run = await begin(bench.catalog)
      const { id } = await bench.catalog.frontier.open(TARGET, { run, mode: 'visit' })
      await bench.catalog.frontier.give(await takeOne(bench.catalog, id, run), 'waiting')
      expect(await bench.catalog.frontier.remaining(id)).toEqual({ waiting: 1, held: 0, failed: 0 })
      await bench.catalog.frontier.give(await takeOne(bench.catalog, id, run), 'held')
      expect(await bench.catalog.frontier.remaining(id)).toEqual({ waiting: 0, held: 1, failed: 0 })
      await finish(bench.catalog, run)
      const again = await begin(bench.catalog)
      await bench.catalog.frontier.open(TARGET, { run: again, mode: 'visit' })
      await bench.catalog.frontier.give(await takeOne(bench.catalog, id, again), { code: 'Timeout', message: 'silent' })
      expect(await bench.catalog.frontier.remaining(id)).toEqual({ waiting: 0, held: 0, failed: 1 })
      expect(await bench.catalog.assets.targets(['failed'])).toEqual([id])
      expect(await bench.catalog.assets.targets(['listed'])).toEqual([])
    })

    it('that is being explored, or listed something, tells that a visit is under way', async () => {
      const { frontier } = bench.catalog
      const run = await begin(bench.catalog)
      const { id } = await frontier.open(TARGET, { run, mode: 'visit' })
      expect(await frontier.isListing(id)).toBe(false)
      const ref = await takeOne(bench.catalog, id, run)
      expect(await frontier.isListing(id)).toBe(true)
      await frontier.give(ref, 'waiting')
      expect(await frontier.isListing(id)).toBe(false)
      const { rows } = await listPage(bench.catalog, run, [listed({ key: 'imgur:a' })])
      expect(await frontier.isListing(id)).toBe(true)
      await bench.catalog.assets.settle(
        (await claimAll(bench.catalog, rows, run)).map((asset) => storedAs(asset)),
        run,
      )
      await finish(bench.catalog, run)
      const again = await begin(bench.catalog)
      await frontier.open(TARGET, { run: again, mode: 'visit' })
      expect(await frontier.isListing(id), 'what an earlier visit listed').toBe(false)
    })

    it('that failed waits again on retry, not on resume', async () => {
      const first = await begin(bench.catalog)
      const { id } = await bench.catalog.frontier.open(TARGET, { run: first, mode: 'visit' })
      await bench.catalog.frontier.give(await takeOne(bench.catalog, id, first), { code: 'Timeout', message: 'silent' })
      await finish(bench.catalog, first)
      const second = await begin(bench.catalog)
      await bench.catalog.frontier.open({ id }, { run: second, mode: 'resume' })
      expect(await bench.catalog.frontier.take(id, second, 1)).toEqual([])
      await finish(bench.catalog, second)
      const third = await begin(bench.catalog)
      await bench.catalog.frontier.open({ id }, { run: third, mode: 'retry' })
      expect(await bench.catalog.frontier.take(id, third, 1)).toHaveLength(1)
    })

    it('starts its listing again with another strategy: pages behind it go, children stay', async () => {
      const run = await begin(bench.catalog)
      const { target } = await listPage(bench.catalog, run, [listed({ key: 'imgur:a' })], [next(2), child('x')])
      const second = await takeOne(bench.catalog, target, run)
      await bench.catalog.frontier.restart(second, 'html')
      const [root, album, ...rest] = await bench.catalog.frontier.take(target, run, 10)
      expect(rest).toEqual([])
      expect(root).toMatchObject({ spec: ROOT, strategy: 'html', page: 1 })
      expect(album?.spec.route).toBe('album')
      if (root === undefined) return
      const rows = await bench.catalog.frontier.commit(root, {
        assets: [listed({ key: 'imgur:a' })],
        refs: [next(2)],
        strategy: 'html',
      })
      expect(rows[0]).toMatchObject({ fresh: false, repeated: true })
      expect((await takeOne(bench.catalog, target, run)).spec.cursor).toBe(2)
    })

    it('of a listing that was started again is gone: a late result meets no other ref', async () => {
      const run = await begin(bench.catalog)
      const { target } = await listPage(bench.catalog, run, [], [next(2)])
      const [late] = await bench.catalog.frontier.take(target, run, 1)
      if (late === undefined) throw new Error('a ref waits')
      await bench.catalog.frontier.restart(late, 'html')
      const root = await takeOne(bench.catalog, target, run)
      await bench.catalog.frontier.commit(root, { assets: [], refs: [next(2)], strategy: 'html' })
      const fresh = await takeOne(bench.catalog, target, run)
      const listing = { assets: [listed({ key: 'imgur:late' })], refs: [], strategy: 'json' }
      expect(await bench.catalog.frontier.commit(late, listing)).toEqual([])
      expect(await bench.catalog.frontier.commit(fresh, { ...listing, strategy: 'html' })).toHaveLength(1)
    })

    it('is not committed, given or restarted by a run that no longer holds it', async () => {
      const run = await begin(bench.catalog)
      const { id } = await bench.catalog.frontier.open(TARGET, { run, mode: 'visit' })
      const ref = await takeOne(bench.catalog, id, run)
      await finish(bench.catalog, run, 'interrupted')
      expect(
        await bench.catalog.frontier.commit(ref, {
          assets: [listed({ key: 'imgur:a' })],
          refs: [next(2)],
          strategy: 'json',
        }),
      ).toEqual([])
      await bench.catalog.frontier.give(ref, 'held')
      await bench.catalog.frontier.restart(ref, 'html')
      expect(await bench.stateOf('imgur:a')).toBeUndefined()
      expect(await bench.catalog.frontier.remaining(id)).toEqual({ waiting: 1, held: 0, failed: 0 })
    })
  })
}
