import { describe, expect, it } from 'vitest'
import type { RefSpec } from '../../src/core/source.ts'
import { begin, claimAll, failedAs, finish, listPage, listed, storedAs, takeOne } from './catalog-bench.ts'
import type { Bench } from './catalog-bench.ts'

/** What the contract says of assets. */
export function assetsContract(bench: Bench): void {
  describe('an asset', () => {
    it('is claimed once, in the order asked for, and then stored with its file', async () => {
      const run = await begin(bench.catalog)
      const { rows, target } = await listPage(bench.catalog, run, [
        listed({ key: 'imgur:1', meta: { title: 'One' } }),
        listed({ key: 'imgur:2' }),
      ])
      const ids = rows.map((row) => row.id).toReversed()
      const claimed = await bench.catalog.assets.claim(ids, run)
      expect(claimed.map((asset) => asset.id)).toEqual(ids)
      expect(claimed[1]).toMatchObject({
        key: 'imgur:1',
        source: 'imgur',
        meta: { title: 'One' },
        rules: {},
        folder: 'imgur',
        stem: 'imgur-1',
        named: false,
      })
      expect(await bench.catalog.assets.claim(ids, run)).toEqual([])
      expect(await bench.catalog.assets.listed(target, 0, 10)).toEqual([])
      await bench.catalog.assets.settle(
        rows.map((row) => storedAs(row, row.key === 'imgur:1' ? 'ab'.repeat(32) : 'cd'.repeat(32))),
        run,
      )
      expect(await bench.catalog.search.show('imgur:1')).toMatchObject({
        state: 'stored',
        attempts: 1,
        file: { path: 'imgur/imgur-1.jpg', bytes: 3, sha256: 'ab'.repeat(32), mime: 'image/jpeg' },
      })
      expect(await bench.catalog.assets.twin('ab'.repeat(32), 'imgur:2')).toBe('imgur/imgur-1.jpg')
      expect(await bench.catalog.assets.twin('ab'.repeat(32), 'imgur:1')).toBeUndefined()
    })

    it('ends rejected, missing or failed with its reason, or goes back to listed', async () => {
      const run = await begin(bench.catalog)
      const { rows, target } = await listPage(
        bench.catalog,
        run,
        ['imgur:1', 'imgur:2', 'imgur:3', 'imgur:4'].map((key) => listed({ key })),
      )
      await claimAll(bench.catalog, rows, run)
      const [one, two, three, four] = rows
      if (!one || !two || !three || !four) throw new Error('four rows are there')
      await bench.catalog.assets.settle(
        [
          { id: one.id, key: one.key, to: 'rejected', reason: 'too small', attempts: 1 },
          {
            id: two.id,
            key: two.key,
            to: 'missing',
            code: 'Gone',
            reason: 'not there',
            status: 404,
            url: 'https://i.example.org/2',
            attempts: 1,
          },
          failedAs(three),
          { id: four.id, key: four.key, to: 'listed' },
        ],
        run,
      )
      expect(await bench.catalog.search.show('imgur:1')).toMatchObject({
        state: 'rejected',
        reason: { message: 'too small' },
      })
      expect(await bench.catalog.search.show('imgur:2')).toMatchObject({
        state: 'missing',
        reason: { code: 'Gone', message: 'not there', status: 404 },
      })
      expect(await bench.catalog.search.show('imgur:3')).toMatchObject({
        state: 'failed',
        attempts: 5,
        reason: { code: 'Timeout' },
      })
      expect(await bench.stateOf('imgur:4')).toBe('listed')
      expect(await bench.catalog.search.counts()).toEqual({
        listed: 1,
        fetching: 0,
        stored: 0,
        rejected: 1,
        missing: 1,
        failed: 1,
      })
      const asked = ['imgur:1', 'imgur:2', 'imgur:3', 'imgur:4', 'imgur:5']
      const known = (await bench.catalog.frontier.known(target, asked)).keys
      expect([...known].map(([key, { state }]) => [key, state])).toEqual([
        ['imgur:1', 'rejected'],
        ['imgur:2', 'missing'],
        ['imgur:3', 'failed'],
        ['imgur:4', 'listed'],
      ])
    })

    it('that turned out to be a page becomes a ref, in one step', async () => {
      const run = await begin(bench.catalog)
      const { rows, target } = await listPage(bench.catalog, run, [listed({ key: 'imgur:1' })])
      await claimAll(bench.catalog, rows, run)
      const ref: RefSpec = { source: 'page', route: 'page', params: { url: 'https://example.org/' } }
      await bench.catalog.assets.settle(
        rows.map((row) => ({ id: row.id, key: row.key, to: 'page', target, ref })),
        run,
      )
      expect(await bench.stateOf('imgur:1')).toBeUndefined()
      expect((await takeOne(bench.catalog, target, run)).spec).toEqual(ref)
    })

    it('takes no result of a run that no longer holds it', async () => {
      const first = await begin(bench.catalog)
      const { rows } = await listPage(bench.catalog, first, [listed({ key: 'imgur:1' })])
      await claimAll(bench.catalog, rows, first)
      await finish(bench.catalog, first, 'interrupted')
      await bench.catalog.assets.settle(
        rows.map((row) => storedAs(row)),
        first,
      )
      expect(await bench.stateOf('imgur:1')).toBe('listed')
      const second = await begin(bench.catalog)
      await claimAll(bench.catalog, rows, second)
      await bench.catalog.assets.settle(rows.map(failedAs), first)
      expect(await bench.stateOf('imgur:1')).toBe('fetching')
    })

    it('is claimed by one of two connections, never by both', async () => {
      const other = await bench.open()
      const [mine, theirs] = [await begin(bench.catalog), await begin(other)]
      const { rows } = await listPage(
        bench.catalog,
        mine,
        Array.from({ length: 200 }, (_, index) => listed({ key: `imgur:${index}` })),
      )
      const parts = Array.from({ length: 10 }, (_, part) => rows.slice(part * 20, part * 20 + 20))
      const claims = await Promise.all(
        parts.flatMap((part) => [claimAll(bench.catalog, part, mine), claimAll(other, part, theirs)]),
      )
      const ids = claims.flat().map((asset) => asset.id)
      expect(ids).toHaveLength(200)
      expect(new Set(ids).size).toBe(200)
    })

    it('is listed again by state, of one target or by key, some at a time', async () => {
      const run = await begin(bench.catalog)
      const { rows, target } = await listPage(
        bench.catalog,
        run,
        Array.from({ length: 5 }, (_, index) => listed({ key: `imgur:${index}` })),
      )
      await claimAll(bench.catalog, rows, run)
      await bench.catalog.assets.settle(
        rows.map((row, index) => (index < 3 ? failedAs(row) : storedAs(row))),
        run,
      )
      const some = await bench.catalog.assets.relist({ states: ['failed', 'missing'], target, count: 2 })
      expect(some.map((row) => row.key)).toEqual(['imgur:0', 'imgur:1'])
      expect(await bench.catalog.assets.relist({ states: ['failed'], target, count: 2 })).toHaveLength(1)
      expect(await bench.catalog.assets.relist({ states: ['failed'], target, count: 2 })).toEqual([])
      expect(
        await bench.catalog.assets.relist({ states: ['stored'], keys: ['imgur:3', 'imgur:0'], count: 9 }),
      ).toMatchObject([{ key: 'imgur:3', url: 'https://i.example.org/imgur-3.jpg' }])
      expect(await bench.catalog.assets.relist({ states: ['stored'], target: target + 1, count: 9 })).toEqual([])
      expect(await bench.catalog.assets.targets(['stored'])).toEqual([target])
      expect(await bench.catalog.search.counts()).toMatchObject({ listed: 4, stored: 1 })
      expect((await bench.catalog.search.show('imgur:0'))?.reason).toBeUndefined()
    })

    it('of a large target is listed again as well', async () => {
      const run = await begin(bench.catalog)
      const { rows, target } = await listPage(
        bench.catalog,
        run,
        Array.from({ length: 400 }, (_, index) => listed({ key: `imgur:${index}` })),
      )
      await claimAll(bench.catalog, rows, run)
      await bench.catalog.assets.settle(rows.map(failedAs), run)
      expect(await bench.catalog.assets.relist({ states: ['failed'], target, count: 150 })).toHaveLength(150)
      expect(await bench.catalog.assets.relist({ states: ['failed'], target, count: 1000 })).toHaveLength(250)
    })
  })
}
