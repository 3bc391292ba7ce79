import { describe, expect, it } from 'vitest'
import { keyHash8 } from '../../src/core/keys.ts'
import type { FoundHolding } from '../../src/ports/holdings.ts'
import { begin, claimAll, listPage, listed, storedAs } from './catalog-bench.ts'
import type { Bench } from './catalog-bench.ts'

const SHA256 = 'ab'.repeat(32)

function found(key: string, path: string): FoundHolding {
  const url = 'https://i.example.org/found.jpg?token=Zx81'
  return { key, source: 'imgur', file: { path, bytes: 5, sha256: SHA256, mime: 'image/png', kind: 'image', url } }
}

/** What the contract says of the files of the library. */
export function holdingsContract(bench: Bench): void {
  describe('the files of the library', () => {
    /** Items 1 (stored), 2 (stored, an archive) and 3 (listed), all in the folder `imgur`. */
    async function fill(): Promise<{ readonly target: number; readonly run: number }> {
      const run = await begin(bench.catalog)
      const names = ['imgur:1', 'imgur:2', 'imgur:3'].map((key) => listed({ key }))
      const { target, rows } = await listPage(bench.catalog, run, names)
      await claimAll(bench.catalog, rows.slice(0, 2), run)
      const [first, second] = rows.slice(0, 2).map((row) => storedAs(row))
      if (first === undefined || second?.to !== 'stored') throw new Error('two are stored')
      const archive = { ...second, file: { ...second.file, path: 'imgur/imgur-2.zip', kind: 'archive' as const } }
      await bench.catalog.assets.settle([first, archive], run)
      return { target, run }
    }

    async function heldAs(...paths: readonly string[]): Promise<readonly unknown[]> {
      return (await bench.catalog.holdings.holders(paths)).map((holder) => holder && [holder.is, holder.key])
    }

    it('are known by their paths, sidecars and unpacked files with them', async () => {
      await fill()
      const marked = `imgur/imgur-1.jpg~${keyHash8('imgur:1')}.json`
      expect(
        await heldAs(
          'imgur/imgur-1.jpg',
          'imgur/imgur-1.jpg.json',
          marked,
          'imgur/imgur-2.zip',
          'imgur/imgur-2/deep/page 1.png',
          'elsewhere/imgur-1.jpg',
          'imgur/imgur-1x.jpg',
          'imgur-1.jpg',
          'imgur/other.json',
          'imgur/imgur-1/page 1.png',
        ),
      ).toEqual([
        ['file', 'imgur:1'],
        ['sidecar', 'imgur:1'],
        ['sidecar', 'imgur:1'],
        ['file', 'imgur:2'],
        ['unpacked', 'imgur:2'],
        ...Array.from({ length: 5 }),
      ])
    })

    it('a name alone is told apart from what the row says', async () => {
      await fill()
      const mark = keyHash8('imgur:3')
      expect(
        await heldAs(
          'imgur/imgur-1.png',
          'imgur/imgur-3.gif',
          `imgur/imgur-3~${mark}.gif`,
          `imgur/imgur-3~${mark}-2.gif`,
        ),
      ).toEqual([
        ['named', 'imgur:1'],
        ['named', 'imgur:3'],
        ['named', 'imgur:3'],
        ['named', 'imgur:3'],
      ])
      expect(await bench.catalog.holdings.holders([])).toEqual([])
    })

    it('are found among thousands of others', async () => {
      await fill()
      const paths = Array.from({ length: 3000 }, (_, index) => `imgur/${index}.jpg`)
      const holders = await bench.catalog.holdings.holders([...paths, 'imgur/imgur-1.jpg', ...paths])
      expect(holders.findIndex((holder) => holder !== undefined)).toBe(3000)
      expect(holders).toHaveLength(6001)
    })

    it('name a target that lists them', async () => {
      const { target } = await fill()
      expect(await bench.catalog.holdings.targets(['imgur:3', 'imgur:9', 'imgur:1'])).toEqual([
        target,
        undefined,
        target,
      ])
    })

    it('become those of their items, which are stored from then on; what is stored stays', async () => {
      await fill()
      const { holdings } = bench.catalog
      expect(await holdings.adopt([found('imgur:1', 'other.png'), found('imgur:3', 'imgur/imgur-3.png')])).toEqual([
        'imgur:3',
      ])
      expect(await heldAs('imgur/imgur-1.jpg', 'other.png', 'imgur/imgur-3.png')).toEqual([
        ['file', 'imgur:1'],
        undefined,
        ['file', 'imgur:3'],
      ])
      const shown = await bench.catalog.search.show('imgur:3')
      expect([shown?.state, shown?.file?.sha256, shown?.url.includes('Zx81')]).toEqual(['stored', SHA256, false])
      expect(await holdings.adopt([found('imgur:3', 'imgur/imgur-3.png')])).toEqual([])
    })

    it('fit their rows: nothing is odd in a catalog that nobody has changed by hand', async () => {
      await fill()
      for await (const item of bench.catalog.holdings.odd()) expect(item).toBe('nothing')
    })
  })
}
