import { describe, expect, it } from 'vitest'
import type { Listing, TargetRow } from '../../src/ports/catalog.ts'
import { SECRET, TARGET, begin, child, claimAll, finish, listed, next, takeOne } from './catalog-bench.ts'
import type { Bench, OpenedCatalog } from './catalog-bench.ts'

/** What the contract says of visits that may end early. */
export function updatesContract(bench: Bench): void {
  describe('an update', () => {
    it('lists again what is missing, and a visit does not', async () => {
      const run = await begin(bench.catalog)
      const target = await visit(bench.catalog, run, { assets: [listed({ key: 'imgur:1' })] })
      const [row] = await bench.catalog.assets.listed(target.id, 0, 10)
      const missing = { id: row?.id ?? 0, key: 'imgur:1', to: 'missing', code: 'Gone', reason: 'not there' } as const
      await claimAll(bench.catalog, [missing], run)
      await bench.catalog.assets.settle([{ ...missing, url: 'https://i.example.org/1', attempts: 1 }], run)
      await finish(bench.catalog, run)
      await visit(bench.catalog, await begin(bench.catalog))
      expect(await bench.stateOf('imgur:1')).toBe('missing')
      await visit(bench.catalog, await begin(bench.catalog), {}, 'update')
      expect(await bench.stateOf('imgur:1')).toBe('listed')
    })

    it('begins the next visit in the run that has ended one, while refs wait it does not', async () => {
      const run = await begin(bench.catalog)
      const first = await visit(bench.catalog, run, { refs: [next(2)] }, 'update')
      expect(first).toMatchObject({ visit: 1, continued: false })
      const open = (): Promise<TargetRow> => bench.catalog.frontier.open(TARGET, { run, mode: 'update' })
      expect(await open()).toMatchObject({ visit: 1, continued: true })
      await bench.catalog.frontier.commit(await takeOne(bench.catalog, first.id, run), {
        assets: [listed({ key: 'imgur:left-out' })],
        refs: [],
        strategy: 'json',
      })
      expect(await open()).toMatchObject({ visit: 2, continued: false })
    })

    it('tells of a key whether an earlier visit of the same target listed it, or led to it', async () => {
      const other = { ...TARGET, text: 'imgur:r/aww', root: { ...TARGET.root, params: { name: 'aww' } } }
      const run = await begin(bench.catalog)
      const known = async (target: TargetRow): Promise<unknown> => {
        const { keys } = await bench.catalog.frontier.known(target.id, ['imgur:1', 'imgur:2', 'imgur:3'])
        return Object.fromEntries([...keys].map(([key, { before }]) => [key, before]))
      }
      const elsewhere = await bench.catalog.frontier.open(other, { run, mode: 'visit' })
      const page = { assets: [listed({ key: 'imgur:1' }), listed({ key: 'imgur:2' })], refs: [], strategy: 'json' }
      await bench.catalog.frontier.commit(await takeOne(bench.catalog, elsewhere.id, run), page)
      const first = await visit(bench.catalog, run, { assets: [listed({ key: 'imgur:3' })], seen: ['imgur:2'] })
      expect(await known(first)).toEqual({ 'imgur:1': false, 'imgur:2': false, 'imgur:3': false })
      await finish(bench.catalog, run)
      const second = await visit(bench.catalog, await begin(bench.catalog), undefined, 'update')
      expect(await known(second)).toEqual({ 'imgur:1': false, 'imgur:2': true, 'imgur:3': true })
    })

    it('knows what below a listing an earlier visit explored', async () => {
      const [album, other] = [child('album'), child('other')]
      const explored = async (target: TargetRow): Promise<number> =>
        (await bench.catalog.frontier.known(target.id, [], [album.spec, other.spec])).explored.size
      const run = await begin(bench.catalog)
      const first = await visit(bench.catalog, run, { refs: [album] })
      await bench.catalog.frontier.commit(await takeOne(bench.catalog, first.id, run), {
        assets: [],
        refs: [],
        strategy: 'json',
      })
      expect(await explored(first)).toBe(0)
      await finish(bench.catalog, run)
      for (const mode of ['update', 'visit'] as const) {
        const later = await begin(bench.catalog)
        const target = await visit(bench.catalog, later, {}, mode)
        const { explored: found } = await bench.catalog.frontier.known(target.id, [], [album.spec, other.spec])
        expect([...found]).toEqual([album.spec])
        await finish(bench.catalog, later)
      }
    })

    it('has the stop point that it was given, and the visit after it has none', async () => {
      const stop = 'https://imgur.com/aaaaaaa'
      const run = await begin(bench.catalog)
      const target = { ...TARGET, stop }
      expect(await bench.catalog.frontier.open(target, { run, mode: 'update' })).toMatchObject({ stop })
      await finish(bench.catalog, run, 'interrupted')
      const resumed = await begin(bench.catalog)
      expect(await bench.catalog.frontier.open(TARGET, { run: resumed, mode: 'visit' })).toMatchObject({ stop })
      await visit(bench.catalog, resumed)
      await finish(bench.catalog, resumed)
      expect(await visit(bench.catalog, await begin(bench.catalog))).not.toHaveProperty('stop')
    })

    it('that ended above what was never listed says so until a visit has gone to the end', async () => {
      const rounds = [{ partial: true }, {}, { partial: true }, {}, {}]
      const told: boolean[] = []
      for (const more of rounds) {
        const run = await begin(bench.catalog)
        told.push((await visit(bench.catalog, run, more, 'update')).partial)
        await finish(bench.catalog, run)
      }
      expect(told).toEqual([false, true, false, true, false])
    })

    it('tells whether the visit before was begun with other options, and keeps none of them', async () => {
      const rounds = [{ gif: 'mp4' }, { gif: 'mp4' }, { gif: SECRET }, { gif: SECRET }]
      const told: boolean[] = []
      for (const options of rounds) {
        const run = await begin(bench.catalog)
        const target = { ...TARGET, options }
        const { id, changed } = await bench.catalog.frontier.open(target, { run, mode: 'update' })
        told.push(changed)
        await bench.catalog.frontier.commit(await takeOne(bench.catalog, id, run), {
          assets: [],
          refs: [],
          strategy: 'json',
        })
        await finish(bench.catalog, run)
      }
      expect(told).toEqual([false, false, true, false])
      expect((await bench.place.bytes()).includes(SECRET)).toBe(false)
    })

    it('that was continued with other options is like none: the next one, whatever its options, is changed', async () => {
      const target = { ...TARGET, options: { gif: 'mp4' } }
      const run = await begin(bench.catalog)
      const { id } = await bench.catalog.frontier.open(target, { run, mode: 'visit' })
      await finish(bench.catalog, run, 'interrupted')
      const resumed = await begin(bench.catalog)
      const asked: string[] = []
      const options = (source: string): { readonly gif: string } => {
        asked.push(source)
        return { gif: 'gif' }
      }
      await bench.catalog.frontier.open({ id, options }, { run: resumed, mode: 'resume' })
      await visit(bench.catalog, resumed)
      await finish(bench.catalog, resumed)
      expect(new Set(asked)).toEqual(new Set([TARGET.root.source]))
      for (const changed of [true, false]) {
        const later = await begin(bench.catalog)
        expect(await bench.catalog.frontier.open(target, { run: later, mode: 'update' })).toMatchObject({ changed })
        await visit(bench.catalog, later)
        await finish(bench.catalog, later)
      }
    })

    it('tries refs below a listing again that failed, also where no listing brings them up', async () => {
      const run = await begin(bench.catalog)
      const { id } = await visit(bench.catalog, run, { refs: [child('album')] })
      const ref = await takeOne(bench.catalog, id, run)
      await bench.catalog.frontier.give(ref, { code: 'Timeout', message: 'too slow' })
      await finish(bench.catalog, run)
      const second = await begin(bench.catalog)
      const opened = await bench.catalog.frontier.open(TARGET, { run: second, mode: 'update' })
      expect(opened).toMatchObject({ visit: 2, left: 0 })
      const refs = await bench.catalog.frontier.take(id, second, 10)
      expect(refs.map(({ spec }) => spec.route)).toEqual(['subreddit', 'album'])
    })

    it('counts a page that failed among what is left', async () => {
      const run = await begin(bench.catalog)
      const { id } = await visit(bench.catalog, run, { refs: [next(2)] })
      const ref = await takeOne(bench.catalog, id, run)
      await bench.catalog.frontier.give(ref, { code: 'Timeout', message: 'too slow' })
      await finish(bench.catalog, run)
      const options = { run: await begin(bench.catalog), mode: 'update' } as const
      expect(await bench.catalog.frontier.open(TARGET, options)).toMatchObject({ visit: 2, left: 1 })
    })
  })
}

/** Opens the target, and commits its first page. */
async function visit(
  catalog: OpenedCatalog,
  run: number,
  page: Partial<Listing> = {},
  mode: 'visit' | 'update' = 'visit',
): Promise<TargetRow> {
  const target = await catalog.frontier.open(TARGET, { run, mode })
  const ref = await takeOne(catalog, target.id, run)
  await catalog.frontier.commit(ref, { assets: [], refs: [], strategy: 'json', ...page })
  return target
}
