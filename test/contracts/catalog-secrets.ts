import { describe, expect, it } from 'vitest'
import type { RefSpec } from '../../src/core/source.ts'
import type { CommittedAsset, Settlement } from '../../src/ports/catalog.ts'
import { SECRET, begin, claimAll, failedAs, finish, listPage, listed, storedAs, takeOne } from './catalog-bench.ts'
import type { Bench, ListedParts } from './catalog-bench.ts'

/** What the contract says of secrets. */
export function secretsContract(bench: Bench): void {
  describe('a secret', () => {
    const secretUrl = `https://user:${SECRET}@cdn.example.org/a.jpg?token=${SECRET}&w=9`
    const plainUrl = 'https://cdn.example.org/a.jpg?token=REDACTED&w=9'
    const secretRoot: RefSpec = {
      source: 'direct',
      route: 'url',
      params: { url: `https://example.org/?key=${SECRET}` },
    }
    const secretTarget = { text: `https://example.org/?key=${SECRET}`, root: secretRoot, named: true }

    async function holdsSecret(): Promise<boolean> {
      return (await bench.place.bytes()).includes(SECRET)
    }

    async function listSecret(
      run: number,
      parts: Partial<ListedParts> = {},
    ): Promise<{ readonly target: number; readonly rows: readonly CommittedAsset[] }> {
      const headers = { Authorization: `Bearer ${SECRET}`, Referer: 'https://example.org/' }
      const meta = { page: secretUrl, title: 'Secret' }
      return listPage(bench.catalog, run, [
        listed({ key: 'imgur:1', meta, candidates: [{ url: secretUrl, quality: 'full', headers }], ...parts }),
      ])
    }

    it('of an asset is given to who fetches it, in any process, and stands nowhere in the catalog', async () => {
      const run = await begin(bench.catalog)
      const { rows } = await listSecret(run)
      const other = await bench.open()
      const [claimed] = await claimAll(other, rows, run)
      expect(claimed?.candidates[0]).toMatchObject({ url: secretUrl, headers: { Authorization: `Bearer ${SECRET}` } })
      expect(await bench.catalog.search.show('imgur:1')).toMatchObject({
        candidates: [plainUrl],
        meta: { page: plainUrl },
      })
      expect(await holdsSecret()).toBe(false)
    })

    it('of a failed asset is kept for the next try, of a stored one it goes', async () => {
      const run = await begin(bench.catalog)
      const { rows, target } = await listSecret(run)
      await claimAll(bench.catalog, rows, run)
      const failed = { ...rows.map(failedAs)[0], reason: `GET ${secretUrl} timed out`, url: secretUrl } as Settlement
      await bench.catalog.assets.settle([failed], run)
      await bench.catalog.assets.relist({ states: ['failed'], target, count: 9 })
      expect((await claimAll(bench.catalog, rows, run))[0]?.candidates[0]?.url).toBe(secretUrl)
      await bench.catalog.assets.settle(
        rows.map((row) => storedAs(row)),
        run,
      )
      await bench.catalog.assets.relist({ states: ['stored'], target, count: 9 })
      expect((await claimAll(bench.catalog, rows, run))[0]?.candidates).toEqual([])
      expect(await holdsSecret()).toBe(false)
    })

    it('that a refresh ref gives again is remembered by the process that listed it alone', async () => {
      const run = await begin(bench.catalog)
      const refresh: RefSpec = { source: 'imgur', route: 'post', params: { id: 'a' } }
      const { rows } = await listSecret(run, { refresh })
      const other = await bench.open()
      const [there] = await claimAll(other, rows, run)
      expect(there).toMatchObject({ candidates: [], refresh })
      await other.assets.settle(
        rows.map((row) => ({ id: row.id, key: row.key, to: 'listed' })),
        run,
      )
      expect((await claimAll(bench.catalog, rows, run))[0]?.candidates[0]?.url).toBe(secretUrl)
      expect(await holdsSecret()).toBe(false)
    })

    it('of a target is given to who explores it, and tells apart what looks alike', async () => {
      const run = await begin(bench.catalog)
      const one = await bench.catalog.frontier.open(secretTarget, { run, mode: 'visit' })
      const other = secretTarget.text.replace(SECRET, `${SECRET}-2`)
      const two = await bench.catalog.frontier.open(
        { ...secretTarget, text: other, root: { ...secretRoot, params: { url: other } } },
        { run, mode: 'visit' },
      )
      expect(two.id).not.toBe(one.id)
      expect(one.text).toBe('https://example.org/?key=REDACTED')
      const ref = await takeOne(bench.catalog, one.id, run)
      expect(ref.spec).toEqual(secretRoot)
      await bench.catalog.frontier.commit(ref, {
        assets: [],
        refs: [{ spec: { ...secretRoot, cursor: 2 }, as: 'next', held: false, depth: 0, named: true }],
        strategy: 'json',
      })
      const second = await takeOne(bench.catalog, one.id, run)
      expect(second.spec).toEqual({ ...secretRoot, cursor: 2 })
      await bench.catalog.frontier.restart(second, 'html')
      expect((await takeOne(bench.catalog, one.id, run)).spec).toEqual(secretRoot)
      expect(await holdsSecret()).toBe(false)
    })

    it('of a plan is there for a resume, and nowhere once the run has finished', async () => {
      const { id } = await bench.catalog.runs.begin({
        targets: [secretTarget.text],
        headers: [`Cookie: sid=${SECRET}`],
      })
      await finish(bench.catalog, id, 'interrupted')
      expect((await bench.catalog.runs.recent(1))[0]?.plan).toEqual({
        targets: ['https://example.org/?key=REDACTED'],
        headers: ['Cookie: REDACTED'],
      })
      expect((await bench.catalog.runs.unfinished())[0]?.plan).toEqual({
        targets: [secretTarget.text],
        headers: [`Cookie: sid=${SECRET}`],
      })
      expect(await holdsSecret()).toBe(false)
      await finish(bench.catalog, id)
      expect(await bench.catalog.runs.unfinished()).toEqual([])
    })
  })
}
