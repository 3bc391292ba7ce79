import { describe, expect, it } from 'vitest'
import { ROOT, TARGET, begin, claimAll, finish, listPage, listed, next, storedAs, takeOne } from './catalog-bench.ts'
import type { Bench } from './catalog-bench.ts'

/** What the contract says of listings. */
export function listingsContract(bench: Bench): void {
  describe('a listing', () => {
    it('gives every asset a row, in its order, with ids that grow', async () => {
      const run = await begin(bench.catalog)
      const assets = Array.from({ length: 300 }, (_, index) =>
        listed({ key: `imgur:${(index * 37) % 300}`, position: index + 1 }),
      )
      const { rows, target } = await listPage(bench.catalog, run, assets)
      expect(rows.map((row) => row.key)).toEqual(assets.map((asset) => asset.asset.key))
      expect(rows.every((row) => row.fresh && !row.repeated && row.state === 'listed')).toBe(true)
      expect(rows.map((row) => row.id)).toEqual(rows.map((row) => row.id).toSorted((a, b) => a - b))
      const page = await bench.catalog.assets.listed(target, rows[9]?.id ?? 0, 5)
      expect(await bench.catalog.assets.listed(target, 0, 5, 1)).toEqual([])
      expect(page.map((row) => row.key)).toEqual(assets.slice(10, 15).map((asset) => asset.asset.key))
      expect((await bench.catalog.frontier.open({ id: target }, { run, mode: 'resume' })).listed).toBe(300)
    })

    it('settles stems in listing order; a taken one, also in other letters, is marked with its key’s hash', async () => {
      const run = await begin(bench.catalog)
      const assets = [
        listed({ key: 'imgur:1', stem: 'Café' }),
        listed({ key: 'imgur:2', stem: 'CAFE\u0301' }),
        listed({ key: 'imgur:3', stem: 'café', folder: 'other' }),
        listed({ key: 'imgur:4', stem: 'café', folder: 'Imgur' }),
      ]
      const { rows } = await listPage(bench.catalog, run, assets)
      expect(rows.map((row) => row.stem)).toEqual([
        'Café',
        expect.stringMatching(/^CAF(E\u0301|É)~[0-9a-f]{8}$/),
        'café',
        expect.stringMatching(/^café~[0-9a-f]{8}$/),
      ])
      expect(new Set(rows.map((row) => row.stem)).size).toBe(4)
    })

    it('records numbers that the site does not have: without a name, settled, and listed like new when they appear', async () => {
      const run = await begin(bench.catalog)
      const { id } = await bench.catalog.frontier.open(TARGET, { run, mode: 'visit' })
      const ref = await takeOne(bench.catalog, id, run)
      const absent = [1, 2].map((number) => {
        const url = `https://example.org/${number}?token=secret`
        return { key: `imgur:${number}`, source: 'imgur', route: 'album', url, status: 404, reason: 'no such number' }
      })
      const page = { assets: [listed({ key: 'imgur:3' })], absent, refs: [next(2)], strategy: 'json' }
      expect(await bench.catalog.frontier.commit(ref, page)).toHaveLength(1)
      expect(await bench.catalog.search.show('imgur:1')).toMatchObject({
        state: 'missing',
        url: expect.not.stringContaining('secret'),
        reason: { code: 'Gone', status: 404, message: 'no such number' },
        targets: [TARGET.text],
      })
      expect((await bench.catalog.frontier.known(id, ['imgur:1', 'imgur:3', 'imgur:9'])).keys).toEqual(
        new Map([
          ['imgur:1', { state: 'missing', before: false }],
          ['imgur:3', { state: 'listed', before: false }],
        ]),
      )
      expect(await bench.catalog.assets.relist({ states: ['missing'], target: id, count: 9 })).toEqual([])
      const second = await takeOne(bench.catalog, id, run)
      const rows = await bench.catalog.frontier.commit(second, {
        assets: [listed({ key: 'imgur:2', stem: 'two' })],
        absent: absent.slice(0, 1),
        refs: [],
        strategy: 'json',
      })
      expect(rows).toMatchObject([{ key: 'imgur:2', state: 'listed', stem: 'two', fresh: true }])
      expect(await bench.catalog.search.counts()).toMatchObject({ missing: 1, listed: 2 })
    })

    it('keeps the settled name of a known asset, whatever the template says now', async () => {
      const first = await begin(bench.catalog)
      await listPage(bench.catalog, first, [listed({ key: 'imgur:1', stem: 'old' })])
      await finish(bench.catalog, first)
      const second = await begin(bench.catalog)
      const { rows } = await listPage(bench.catalog, second, [
        listed({ key: 'imgur:1', stem: 'new', folder: 'elsewhere' }),
        listed({ key: 'imgur:2', stem: 'old' }),
      ])
      expect(rows[0]).toMatchObject({ stem: 'old', folder: 'imgur', fresh: false, repeated: false })
      expect(rows[1]?.stem).toMatch(/^old~/)
    })

    it('renews what is still to be fetched and leaves stored assets alone, unless it is told to', async () => {
      const first = await begin(bench.catalog)
      const { rows } = await listPage(bench.catalog, first, [
        listed({ key: 'imgur:1', meta: { title: 'old' } }),
        listed({ key: 'imgur:2', meta: { title: 'old' } }),
      ])
      await claimAll(bench.catalog, rows.slice(0, 1), first)
      await bench.catalog.assets.settle(
        rows.slice(0, 1).map((row) => storedAs(row)),
        first,
      )
      await finish(bench.catalog, first)
      const assets = ['imgur:1', 'imgur:2'].map((key) =>
        listed({
          key,
          meta: { title: 'new' },
          candidates: [{ url: 'https://cdn.example.org/new', quality: 'full' }],
        }),
      )
      const second = await begin(bench.catalog)
      const again = await listPage(bench.catalog, second, assets)
      expect(again.rows[0]).toMatchObject({ state: 'stored', path: 'imgur/imgur-1.jpg' })
      expect((await bench.catalog.search.show('imgur:1'))?.meta.title).toBe('old')
      expect(await bench.catalog.search.show('imgur:2')).toMatchObject({
        meta: { title: 'new' },
        candidates: ['https://cdn.example.org/new'],
      })
      await finish(bench.catalog, second)
      const third = await begin(bench.catalog)
      const { id } = await bench.catalog.frontier.open(TARGET, { run: third, mode: 'visit' })
      await bench.catalog.frontier.commit(await takeOne(bench.catalog, id, third), {
        assets,
        refs: [],
        strategy: 'json',
        renew: true,
      })
      expect((await bench.catalog.search.show('imgur:1'))?.meta.title).toBe('new')
      expect(await bench.stateOf('imgur:1')).toBe('stored')
    })

    it('marks what an earlier page of the visit listed, and what stands on one page twice', async () => {
      const run = await begin(bench.catalog)
      const { target } = await listPage(
        bench.catalog,
        run,
        [listed({ key: 'imgur:1' }), listed({ key: 'imgur:1' })],
        [next(2)],
      )
      const page = await bench.catalog.frontier.commit(await takeOne(bench.catalog, target, run), {
        assets: [listed({ key: 'imgur:2' }), listed({ key: 'imgur:1' })],
        refs: [],
        strategy: 'json',
      })
      expect(page.map((row) => [row.fresh, row.repeated])).toEqual([
        [true, false],
        [false, true],
      ])
      expect(await bench.catalog.assets.listed(target, 0, 10)).toHaveLength(2)
    })

    it('may be of two targets: one asset, known to both', async () => {
      const run = await begin(bench.catalog)
      await listPage(bench.catalog, run, [listed({ key: 'imgur:1' })])
      const other = await bench.catalog.frontier.open(
        { ...TARGET, text: 'imgur:r/aww', root: { ...ROOT, params: { name: 'aww' } } },
        { run, mode: 'visit' },
      )
      const [row] = await bench.catalog.frontier.commit(await takeOne(bench.catalog, other.id, run), {
        assets: [listed({ key: 'imgur:1' })],
        refs: [],
        strategy: 'json',
      })
      expect(row).toMatchObject({ fresh: false, repeated: false })
      expect((await bench.catalog.search.show('imgur:1'))?.targets.toSorted()).toEqual(['imgur:r/aww', 'imgur:r/funny'])
      expect(await bench.catalog.assets.listed(other.id, 0, 10)).toHaveLength(1)
    })
  })
}
