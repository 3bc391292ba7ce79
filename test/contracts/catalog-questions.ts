import { describe, expect, it } from 'vitest'
import type { CommittedAsset } from '../../src/ports/catalog.ts'
import { begin, child, claimAll, listPage, listed, storedAs, takeOne } from './catalog-bench.ts'
import type { Bench } from './catalog-bench.ts'

/** What the contract says of questions. */
export function questionsContract(bench: Bench): void {
  describe('a question', () => {
    async function fill(): Promise<readonly CommittedAsset[]> {
      const run = await begin(bench.catalog)
      const { rows } = await listPage(bench.catalog, run, [
        listed({
          key: 'imgur:1',
          stem: 'sunrise',
          meta: { title: 'Red Mountain', author: 'Ana', tags: ['landscape'] },
        }),
        listed({ key: 'imgur:2', stem: 'two', meta: { title: 'Blue mountain', description: 'by the café' } }),
        listed({ key: 'imgur:3', stem: 'three', meta: { title: '東京の夜景', author: 'Ana' } }),
      ])
      return rows
    }

    it('finds what holds all words in title, author, tags, description, key or path, newest first', async () => {
      await fill()
      expect(await bench.found(['mountain'])).toEqual(['imgur:2', 'imgur:1'])
      expect(await bench.found(['MOUNTAIN', 'ana'])).toEqual(['imgur:1'])
      expect(await bench.found(['landscape'])).toEqual(['imgur:1'])
      expect(await bench.found(['cafe'])).toEqual(['imgur:2'])
      expect(await bench.found(['sunrise'])).toEqual(['imgur:1'])
      expect(await bench.found(['imgur:3'])).toEqual(['imgur:3'])
      expect(await bench.found(['夜景'])).toEqual(['imgur:3'])
      expect(await bench.found(['nothing'])).toEqual([])
      expect(await bench.found([])).toEqual(['imgur:3', 'imgur:2', 'imgur:1'])
    })

    it('takes operators and quotes for text', async () => {
      await fill()
      for (const word of ['"', '*', 'a" OR "b', 'NOT', 'title:', '(', '-', 'x AND'])
        expect(await bench.found([word])).toEqual([])
      expect(await bench.found(['mountain', '"red"'])).toEqual(['imgur:1'])
    })

    it('may ask for states', async () => {
      const rows = await fill()
      const [run] = (await bench.catalog.runs.recent(1)).map((row) => row.id)
      await claimAll(bench.catalog, rows.slice(0, 1), run ?? 0)
      await bench.catalog.assets.settle(
        rows.slice(0, 1).map((row) => storedAs(row)),
        run ?? 0,
      )
      expect(await bench.found(['ana'], ['stored'])).toEqual(['imgur:1'])
      expect(await bench.found([], ['listed'])).toEqual(['imgur:3', 'imgur:2'])
    })

    it('sees what was listed, changed and taken away since the last one', async () => {
      const rows = await fill()
      expect(await bench.found(['mountain'])).toHaveLength(2)
      const [run] = (await bench.catalog.runs.recent(1)).map((row) => row.id)
      if (run === undefined) throw new Error('a run is there')
      const page = {
        to: 'page',
        target: (await bench.catalog.runs.recent(1))[0]?.targets[0] ?? 0,
        ref: child('p').spec,
      } as const
      await claimAll(bench.catalog, rows.slice(2), run)
      await bench.catalog.assets.settle(
        rows.slice(2).map((row) => ({ ...page, id: row.id, key: row.key })),
        run,
      )
      await bench.catalog.frontier.commit(await takeOne(bench.catalog, page.target, run), {
        assets: [
          listed({ key: 'imgur:1', meta: { title: 'Green valley' } }),
          listed({ key: 'imgur:9', meta: { title: 'Mountain lake' } }),
        ],
        refs: [],
        strategy: 'json',
      })
      expect(await bench.found(['mountain'])).toEqual(['imgur:9', 'imgur:2'])
      expect(await bench.found(['valley'])).toEqual(['imgur:1'])
      expect(await bench.found(['夜景'])).toEqual([])
    })

    it('gives long answers in pages', async () => {
      const run = await begin(bench.catalog)
      await listPage(
        bench.catalog,
        run,
        Array.from({ length: 900 }, (_, index) => listed({ key: `imgur:${index}`, meta: { title: 'Many' } })),
      )
      const keys = await bench.found(['many'])
      expect(keys).toHaveLength(900)
      expect(keys.slice(0, 2)).toEqual(['imgur:899', 'imgur:898'])
      expect(new Set(keys).size).toBe(900)
      expect(await bench.found([])).toHaveLength(900)
    })
  })
}
