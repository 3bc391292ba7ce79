import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AssetState } from '../../src/core/glossary.ts'
import type { Candidate, Meta, RefSpec } from '../../src/core/source.ts'
import type {
  Catalog,
  ClaimedAsset,
  CommittedAsset,
  ListedAsset,
  ListedRef,
  RefRow,
  Settlement,
} from '../../src/ports/catalog.ts'
import type { ClockBoard } from '../../src/ports/limiter.ts'

export type OpenedCatalog = Catalog & { readonly clocks: ClockBoard }

/** An empty catalog of its own for one test, on the real thing. */
export interface CatalogPlace {
  /** Another connection to the same catalog. */
  open(): Promise<OpenedCatalog>
  /** Everything that the catalog has written, as it lies there, apart from the private store. */
  bytes(): Promise<Buffer>
  /** Called when every connection is closed: what a sound catalog does not have, in words. */
  leaks(): Promise<readonly string[]>
}

const NO_COUNTS = { stored: 0, known: 0, excluded: 0, rejected: 0, missing: 0, failed: 0 }
const ROOT: RefSpec = { source: 'imgur', route: 'subreddit', params: { name: 'funny' } }
const TARGET = { text: 'imgur:r/funny', root: ROOT, named: true }
const SECRET = 'Zx81-not-for-anybody'

export interface ListedParts {
  readonly key: string
  readonly stem?: string
  readonly folder?: string
  readonly position?: number
  readonly meta?: Meta
  readonly candidates?: readonly Candidate[]
  readonly refresh?: RefSpec
}

export function listed(parts: ListedParts): ListedAsset {
  const { key, stem = key.replace(':', '-'), folder = 'imgur', position = 1, meta = {} } = parts
  const candidates = parts.candidates ?? [{ url: `https://i.example.org/${stem}.jpg`, quality: 'original' }]
  return {
    asset: { key, candidates, meta, ...(parts.refresh && { refresh: parts.refresh }) },
    source: 'imgur',
    folder,
    stem,
    position,
    named: false,
  }
}

export function next(cursor: number, held = false): ListedRef {
  return { spec: { ...ROOT, cursor }, as: 'next', held, depth: 0, named: true }
}

function child(name: string): ListedRef {
  return {
    spec: { source: 'imgur', route: 'album', params: { name } },
    as: 'child',
    held: false,
    depth: 1,
    named: true,
  }
}

export function storedAs(asset: { readonly id: number; readonly key: string }, sha256 = '0'.repeat(64)): Settlement {
  const path = `imgur/${asset.key.replace(':', '-')}.jpg`
  const file = {
    path,
    bytes: 3,
    sha256,
    mime: 'image/jpeg',
    kind: 'image',
    url: 'https://i.example.org/x.jpg',
  } as const
  return { id: asset.id, key: asset.key, to: 'stored', attempts: 1, file }
}

function failedAs(asset: { readonly id: number; readonly key: string }): Settlement {
  return {
    id: asset.id,
    key: asset.key,
    to: 'failed',
    code: 'Timeout',
    reason: 'silent',
    url: 'https://i.example.org/x.jpg',
    attempts: 5,
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

async function begin(catalog: OpenedCatalog): Promise<number> {
  return (await catalog.runs.begin({ targets: [TARGET.text] })).id
}

async function finish(
  catalog: OpenedCatalog,
  run: number,
  state: 'finished' | 'interrupted' = 'finished',
): Promise<void> {
  await catalog.runs.end(run, { state, exit: state === 'finished' ? 0 : 130, counts: NO_COUNTS, reasons: {} })
}

async function takeOne(catalog: OpenedCatalog, target: number, run: number): Promise<RefRow> {
  const [ref] = await catalog.frontier.take(target, run, 1)
  if (ref === undefined) throw new Error('no ref waits')
  return ref
}

/** Opens the target, takes its next ref and commits a page. */
async function listPage(
  catalog: OpenedCatalog,
  run: number,
  assets: readonly ListedAsset[],
  refs: readonly ListedRef[] = [],
): Promise<{ readonly target: number; readonly rows: readonly CommittedAsset[] }> {
  const { id } = await catalog.frontier.open(TARGET, { run, mode: 'visit' })
  const ref = await takeOne(catalog, id, run)
  return { target: id, rows: await catalog.frontier.commit(ref, { assets, refs, strategy: 'json' }) }
}

async function claimAll(
  catalog: OpenedCatalog,
  rows: readonly { readonly id: number }[],
  run: number,
): Promise<readonly ClaimedAsset[]> {
  return catalog.assets.claim(
    rows.map((row) => row.id),
    run,
  )
}

/** What every adapter of the catalog's ports promises. */
export function catalogContract(name: string, makePlace: () => Promise<CatalogPlace>): void {
  describe(`the catalog over ${name}`, () => {
    let place: CatalogPlace
    let catalog: OpenedCatalog
    const opened: OpenedCatalog[] = []

    async function open(): Promise<OpenedCatalog> {
      const one = await place.open()
      opened.push(one)
      return one
    }

    beforeEach(async () => {
      place = await makePlace()
      catalog = await open()
    })

    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close()
      expect(await place.leaks()).toEqual([])
    })

    async function stateOf(key: string): Promise<AssetState | undefined> {
      return (await catalog.search.show(key))?.state
    }

    describe('a target', () => {
      it('is the same one for the same text and root, and another for another root', async () => {
        const run = await begin(catalog)
        const first = await catalog.frontier.open(TARGET, { run, mode: 'visit' })
        const same = await catalog.frontier.open({ ...TARGET, text: `  ${TARGET.text} ` }, { run, mode: 'visit' })
        const other = await catalog.frontier.open(
          { ...TARGET, root: { ...ROOT, params: { name: 'aww' } } },
          { run, mode: 'visit' },
        )
        expect(first).toMatchObject({
          text: TARGET.text,
          source: 'imgur',
          visit: 1,
          continued: false,
          listed: 0,
          stored: 0,
          left: 0,
        })
        expect(same.id).toBe(first.id)
        expect(other.id).not.toBe(first.id)
      })

      it('does not care for the order of a root’s parameters', async () => {
        const run = await begin(catalog)
        const one = await catalog.frontier.open(
          { ...TARGET, root: { ...ROOT, params: { a: 1, b: 2 } } },
          { run, mode: 'visit' },
        )
        const two = await catalog.frontier.open(
          { ...TARGET, root: { ...ROOT, params: { b: 2, a: 1 } } },
          { run, mode: 'visit' },
        )
        expect(two.id).toBe(one.id)
      })

      it('can be opened by its id, and an unknown id is refused', async () => {
        const run = await begin(catalog)
        const { id } = await catalog.frontier.open(TARGET, { run, mode: 'visit' })
        expect(await catalog.frontier.open({ id }, { run, mode: 'resume' })).toMatchObject({ id, text: TARGET.text })
        await expect(catalog.frontier.open({ id: 999 }, { run, mode: 'resume' })).rejects.toMatchObject({
          code: 'UnknownTarget',
        })
      })
    })

    describe('a visit', () => {
      it('that was interrupted goes on where it was: explored refs are not explored again', async () => {
        const first = await begin(catalog)
        await listPage(
          catalog,
          first,
          [listed({ key: 'imgur:a', position: 1 }), listed({ key: 'imgur:b', position: 2 })],
          [next(2)],
        )
        await finish(catalog, first, 'interrupted')
        const run = await begin(catalog)
        const row = await catalog.frontier.open(TARGET, { run, mode: 'visit' })
        expect(row).toMatchObject({ visit: 1, continued: true, listed: 2, stored: 0 })
        const refs = await catalog.frontier.take(row.id, run, 10)
        expect(refs.map((ref) => ref.spec.cursor)).toEqual([2])
        expect(refs[0]?.page).toBe(2)
      })

      it('that ended is followed by a new one: the root waits again, and so does what it lists once more', async () => {
        const first = await begin(catalog)
        const { target } = await listPage(catalog, first, [], [next(2)])
        await catalog.frontier.commit(await takeOne(catalog, target, first), { assets: [], refs: [], strategy: 'json' })
        await finish(catalog, first)
        const run = await begin(catalog)
        const row = await catalog.frontier.open(TARGET, { run, mode: 'visit' })
        expect(row).toMatchObject({ visit: 2, continued: false, listed: 0, left: 0 })
        const root = await takeOne(catalog, target, run)
        expect(root.spec).toEqual(ROOT)
        expect(root.strategy).toBeUndefined()
        await catalog.frontier.commit(root, { assets: [], refs: [next(2)], strategy: 'json' })
        expect((await takeOne(catalog, target, run)).spec.cursor).toBe(2)
      })

      it('of a run that did not finish goes on while assets are listed, even when all refs are explored', async () => {
        const first = await begin(catalog)
        const { rows } = await listPage(catalog, first, [listed({ key: 'imgur:a' }), listed({ key: 'imgur:b' })])
        await claimAll(catalog, rows.slice(0, 1), first)
        await catalog.assets.settle(
          rows.slice(0, 1).map((row) => storedAs(row)),
          first,
        )
        await finish(catalog, first, 'interrupted')
        const second = await begin(catalog)
        expect(await catalog.frontier.open(TARGET, { run: second, mode: 'visit' })).toMatchObject({
          visit: 1,
          continued: true,
          stored: 1,
        })
        await finish(catalog, second)
        const third = await begin(catalog)
        expect(await catalog.frontier.open(TARGET, { run: third, mode: 'visit' })).toMatchObject({
          visit: 2,
          continued: false,
        })
      })

      it('lists a ref once, however often it is found', async () => {
        const run = await begin(catalog)
        const { target } = await listPage(catalog, run, [], [next(2), next(2), child('x')])
        const second = await takeOne(catalog, target, run)
        await catalog.frontier.commit(second, {
          assets: [],
          refs: [next(2), child('x'), { ...next(2), spec: ROOT }],
          strategy: 'json',
        })
        const rest = await catalog.frontier.take(target, run, 10)
        expect(rest.map((ref) => ref.spec.route)).toEqual(['album'])
        expect(rest[0]).toMatchObject({ page: 1, depth: 1 })
      })

      it('leaves held refs alone on resume; a wider visit takes them', async () => {
        const first = await begin(catalog)
        const { target } = await listPage(catalog, first, [], [next(2, true)])
        expect(await catalog.frontier.take(target, first, 10)).toEqual([])
        expect(await catalog.frontier.remaining(target)).toEqual({ waiting: 0, held: 1, failed: 0 })
        await finish(catalog, first)
        const second = await begin(catalog)
        await catalog.frontier.open({ id: target }, { run: second, mode: 'resume' })
        expect(await catalog.frontier.take(target, second, 10)).toEqual([])
        await finish(catalog, second)
        const third = await begin(catalog)
        expect(await catalog.frontier.open(TARGET, { run: third, mode: 'visit' })).toMatchObject({ visit: 2, left: 1 })
        await catalog.frontier.commit(await takeOne(catalog, target, third), {
          assets: [],
          refs: [next(2)],
          strategy: 'json',
        })
        expect((await takeOne(catalog, target, third)).spec.cursor).toBe(2)
      })

      it('that saw everything makes up for what earlier ones left', async () => {
        const first = await begin(catalog)
        const { target } = await listPage(catalog, first, [], [next(2, true)])
        await finish(catalog, first)
        const second = await begin(catalog)
        expect(await catalog.frontier.open(TARGET, { run: second, mode: 'visit' })).toMatchObject({ left: 1 })
        await catalog.frontier.commit(await takeOne(catalog, target, second), {
          assets: [],
          refs: [],
          strategy: 'json',
        })
        await finish(catalog, second)
        const third = await begin(catalog)
        expect(await catalog.frontier.open(TARGET, { run: third, mode: 'visit' })).toMatchObject({ visit: 3, left: 0 })
        expect(await catalog.frontier.remaining(target)).toEqual({ waiting: 1, held: 0, failed: 0 })
      })

      it('lists failed assets again, a resumed one does not', async () => {
        const first = await begin(catalog)
        const { rows } = await listPage(catalog, first, [listed({ key: 'imgur:a' })])
        await claimAll(catalog, rows, first)
        await catalog.assets.settle(rows.map(failedAs), first)
        await finish(catalog, first)
        const second = await begin(catalog)
        await catalog.frontier.open(TARGET, { run: second, mode: 'resume' })
        expect(await stateOf('imgur:a')).toBe('failed')
        await finish(catalog, second)
        const third = await begin(catalog)
        await catalog.frontier.open(TARGET, { run: third, mode: 'visit' })
        expect(await stateOf('imgur:a')).toBe('listed')
      })

      it('shared by two live runs deals out each ref once', async () => {
        const other = await open()
        const [mine, theirs] = [await begin(catalog), await begin(other)]
        const { target } = await listPage(catalog, mine, [], [next(2), child('x'), child('y'), child('z')])
        const row = await other.frontier.open(TARGET, { run: theirs, mode: 'visit' })
        expect(row).toMatchObject({ id: target, visit: 1, continued: true })
        const taken = await Promise.all([
          catalog.frontier.take(target, mine, 2),
          other.frontier.take(target, theirs, 9),
        ])
        expect(new Set(taken.flat().map((ref) => ref.id)).size).toBe(4)
        expect(taken.map((refs) => refs.length).reduce((sum, count) => sum + count)).toBe(4)
      })
    })

    describe('a ref', () => {
      it('goes back to waiting, is held, or fails with its reason', async () => {
        const run = await begin(catalog)
        const { id } = await catalog.frontier.open(TARGET, { run, mode: 'visit' })
        await catalog.frontier.give(await takeOne(catalog, id, run), 'waiting')
        expect(await catalog.frontier.remaining(id)).toEqual({ waiting: 1, held: 0, failed: 0 })
        await catalog.frontier.give(await takeOne(catalog, id, run), 'held')
        expect(await catalog.frontier.remaining(id)).toEqual({ waiting: 0, held: 1, failed: 0 })
        await finish(catalog, run)
        const again = await begin(catalog)
        await catalog.frontier.open(TARGET, { run: again, mode: 'visit' })
        await catalog.frontier.give(await takeOne(catalog, id, again), { code: 'Timeout', message: 'silent' })
        expect(await catalog.frontier.remaining(id)).toEqual({ waiting: 0, held: 0, failed: 1 })
        expect(await catalog.assets.targets(['failed'])).toEqual([id])
        expect(await catalog.assets.targets(['listed'])).toEqual([])
      })

      it('that failed waits again on retry, not on resume', async () => {
        const first = await begin(catalog)
        const { id } = await catalog.frontier.open(TARGET, { run: first, mode: 'visit' })
        await catalog.frontier.give(await takeOne(catalog, id, first), { code: 'Timeout', message: 'silent' })
        await finish(catalog, first)
        const second = await begin(catalog)
        await catalog.frontier.open({ id }, { run: second, mode: 'resume' })
        expect(await catalog.frontier.take(id, second, 1)).toEqual([])
        await finish(catalog, second)
        const third = await begin(catalog)
        await catalog.frontier.open({ id }, { run: third, mode: 'retry' })
        expect(await catalog.frontier.take(id, third, 1)).toHaveLength(1)
      })

      it('starts its listing again with another strategy: pages behind it go, children stay', async () => {
        const run = await begin(catalog)
        const { target } = await listPage(catalog, run, [listed({ key: 'imgur:a' })], [next(2), child('x')])
        const second = await takeOne(catalog, target, run)
        await catalog.frontier.restart(second, 'html')
        const [root, album, ...rest] = await catalog.frontier.take(target, run, 10)
        expect(rest).toEqual([])
        expect(root).toMatchObject({ spec: ROOT, strategy: 'html', page: 1 })
        expect(album?.spec.route).toBe('album')
        if (root === undefined) return
        const rows = await catalog.frontier.commit(root, {
          assets: [listed({ key: 'imgur:a' })],
          refs: [next(2)],
          strategy: 'html',
        })
        expect(rows[0]).toMatchObject({ fresh: false, repeated: true })
        expect((await takeOne(catalog, target, run)).spec.cursor).toBe(2)
      })

      it('is not committed, given or restarted by a run that no longer holds it', async () => {
        const run = await begin(catalog)
        const { id } = await catalog.frontier.open(TARGET, { run, mode: 'visit' })
        const ref = await takeOne(catalog, id, run)
        await finish(catalog, run, 'interrupted')
        expect(
          await catalog.frontier.commit(ref, {
            assets: [listed({ key: 'imgur:a' })],
            refs: [next(2)],
            strategy: 'json',
          }),
        ).toEqual([])
        await catalog.frontier.give(ref, 'held')
        await catalog.frontier.restart(ref, 'html')
        expect(await stateOf('imgur:a')).toBeUndefined()
        expect(await catalog.frontier.remaining(id)).toEqual({ waiting: 1, held: 0, failed: 0 })
      })
    })

    describe('a listing', () => {
      it('gives every asset a row, in its order, with ids that grow', async () => {
        const run = await begin(catalog)
        const assets = Array.from({ length: 300 }, (_, index) =>
          listed({ key: `imgur:${(index * 37) % 300}`, position: index + 1 }),
        )
        const { rows, target } = await listPage(catalog, run, assets)
        expect(rows.map((row) => row.key)).toEqual(assets.map((asset) => asset.asset.key))
        expect(rows.every((row) => row.fresh && !row.repeated && row.state === 'listed')).toBe(true)
        expect(rows.map((row) => row.id)).toEqual(rows.map((row) => row.id).toSorted((a, b) => a - b))
        const page = await catalog.assets.listed(target, rows[9]?.id ?? 0, 5)
        expect(page.map((row) => row.key)).toEqual(assets.slice(10, 15).map((asset) => asset.asset.key))
        expect((await catalog.frontier.open({ id: target }, { run, mode: 'resume' })).listed).toBe(300)
      })

      it('settles stems in listing order; a taken one, also in other letters, is marked with its key’s hash', async () => {
        const run = await begin(catalog)
        const assets = [
          listed({ key: 'imgur:1', stem: 'Café' }),
          listed({ key: 'imgur:2', stem: 'CAFE\u0301' }),
          listed({ key: 'imgur:3', stem: 'café', folder: 'other' }),
          listed({ key: 'imgur:4', stem: 'café', folder: 'Imgur' }),
        ]
        const { rows } = await listPage(catalog, run, assets)
        expect(rows.map((row) => row.stem)).toEqual([
          'Café',
          expect.stringMatching(/^CAF(E\u0301|É)~[0-9a-f]{8}$/),
          'café',
          expect.stringMatching(/^café~[0-9a-f]{8}$/),
        ])
        expect(new Set(rows.map((row) => row.stem)).size).toBe(4)
      })

      it('keeps the settled name of a known asset, whatever the template says now', async () => {
        const first = await begin(catalog)
        await listPage(catalog, first, [listed({ key: 'imgur:1', stem: 'old' })])
        await finish(catalog, first)
        const second = await begin(catalog)
        const { rows } = await listPage(catalog, second, [
          listed({ key: 'imgur:1', stem: 'new', folder: 'elsewhere' }),
          listed({ key: 'imgur:2', stem: 'old' }),
        ])
        expect(rows[0]).toMatchObject({ stem: 'old', folder: 'imgur', fresh: false, repeated: false })
        expect(rows[1]?.stem).toMatch(/^old~/)
      })

      it('renews what is still to be fetched and leaves stored assets alone, unless it is told to', async () => {
        const first = await begin(catalog)
        const { rows } = await listPage(catalog, first, [
          listed({ key: 'imgur:1', meta: { title: 'old' } }),
          listed({ key: 'imgur:2', meta: { title: 'old' } }),
        ])
        await claimAll(catalog, rows.slice(0, 1), first)
        await catalog.assets.settle(
          rows.slice(0, 1).map((row) => storedAs(row)),
          first,
        )
        await finish(catalog, first)
        const assets = ['imgur:1', 'imgur:2'].map((key) =>
          listed({
            key,
            meta: { title: 'new' },
            candidates: [{ url: 'https://cdn.example.org/new', quality: 'full' }],
          }),
        )
        const second = await begin(catalog)
        const again = await listPage(catalog, second, assets)
        expect(again.rows[0]).toMatchObject({ state: 'stored', path: 'imgur/imgur-1.jpg' })
        expect((await catalog.search.show('imgur:1'))?.meta.title).toBe('old')
        expect(await catalog.search.show('imgur:2')).toMatchObject({
          meta: { title: 'new' },
          candidates: ['https://cdn.example.org/new'],
        })
        await finish(catalog, second)
        const third = await begin(catalog)
        const { id } = await catalog.frontier.open(TARGET, { run: third, mode: 'visit' })
        await catalog.frontier.commit(await takeOne(catalog, id, third), {
          assets,
          refs: [],
          strategy: 'json',
          renew: true,
        })
        expect((await catalog.search.show('imgur:1'))?.meta.title).toBe('new')
        expect(await stateOf('imgur:1')).toBe('stored')
      })

      it('marks what an earlier page of the visit listed, and what stands on one page twice', async () => {
        const run = await begin(catalog)
        const { target } = await listPage(
          catalog,
          run,
          [listed({ key: 'imgur:1' }), listed({ key: 'imgur:1' })],
          [next(2)],
        )
        const page = await catalog.frontier.commit(await takeOne(catalog, target, run), {
          assets: [listed({ key: 'imgur:2' }), listed({ key: 'imgur:1' })],
          refs: [],
          strategy: 'json',
        })
        expect(page.map((row) => [row.fresh, row.repeated])).toEqual([
          [true, false],
          [false, true],
        ])
        expect(await catalog.assets.listed(target, 0, 10)).toHaveLength(2)
      })

      it('may be of two targets: one asset, known to both', async () => {
        const run = await begin(catalog)
        await listPage(catalog, run, [listed({ key: 'imgur:1' })])
        const other = await catalog.frontier.open(
          { ...TARGET, text: 'imgur:r/aww', root: { ...ROOT, params: { name: 'aww' } } },
          { run, mode: 'visit' },
        )
        const [row] = await catalog.frontier.commit(await takeOne(catalog, other.id, run), {
          assets: [listed({ key: 'imgur:1' })],
          refs: [],
          strategy: 'json',
        })
        expect(row).toMatchObject({ fresh: false, repeated: false })
        expect((await catalog.search.show('imgur:1'))?.targets.toSorted()).toEqual(['imgur:r/aww', 'imgur:r/funny'])
        expect(await catalog.assets.listed(other.id, 0, 10)).toHaveLength(1)
      })
    })

    describe('an asset', () => {
      it('is claimed once, in the order asked for, and then stored with its file', async () => {
        const run = await begin(catalog)
        const { rows, target } = await listPage(catalog, run, [
          listed({ key: 'imgur:1', meta: { title: 'One' } }),
          listed({ key: 'imgur:2' }),
        ])
        const ids = rows.map((row) => row.id).toReversed()
        const claimed = await catalog.assets.claim(ids, run)
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
        expect(await catalog.assets.claim(ids, run)).toEqual([])
        expect(await catalog.assets.listed(target, 0, 10)).toEqual([])
        await catalog.assets.settle(
          rows.map((row) => storedAs(row, row.key === 'imgur:1' ? 'ab'.repeat(32) : 'cd'.repeat(32))),
          run,
        )
        expect(await catalog.search.show('imgur:1')).toMatchObject({
          state: 'stored',
          attempts: 1,
          file: { path: 'imgur/imgur-1.jpg', bytes: 3, sha256: 'ab'.repeat(32), mime: 'image/jpeg' },
        })
        expect(await catalog.assets.twin('ab'.repeat(32), 'imgur:2')).toBe('imgur/imgur-1.jpg')
        expect(await catalog.assets.twin('ab'.repeat(32), 'imgur:1')).toBeUndefined()
      })

      it('ends rejected, missing or failed with its reason, or goes back to listed', async () => {
        const run = await begin(catalog)
        const { rows } = await listPage(
          catalog,
          run,
          ['imgur:1', 'imgur:2', 'imgur:3', 'imgur:4'].map((key) => listed({ key })),
        )
        await claimAll(catalog, rows, run)
        const [one, two, three, four] = rows
        if (!one || !two || !three || !four) throw new Error('four rows are there')
        await catalog.assets.settle(
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
        expect(await catalog.search.show('imgur:1')).toMatchObject({
          state: 'rejected',
          reason: { message: 'too small' },
        })
        expect(await catalog.search.show('imgur:2')).toMatchObject({
          state: 'missing',
          reason: { code: 'Gone', message: 'not there', status: 404 },
        })
        expect(await catalog.search.show('imgur:3')).toMatchObject({
          state: 'failed',
          attempts: 5,
          reason: { code: 'Timeout' },
        })
        expect(await stateOf('imgur:4')).toBe('listed')
        expect(await catalog.search.counts()).toEqual({
          listed: 1,
          fetching: 0,
          stored: 0,
          rejected: 1,
          missing: 1,
          failed: 1,
        })
        expect(await catalog.frontier.settled(['imgur:1', 'imgur:2', 'imgur:3', 'imgur:4', 'imgur:5'])).toEqual(
          new Set(['imgur:1', 'imgur:2']),
        )
      })

      it('that turned out to be a page becomes a ref, in one step', async () => {
        const run = await begin(catalog)
        const { rows, target } = await listPage(catalog, run, [listed({ key: 'imgur:1' })])
        await claimAll(catalog, rows, run)
        const ref: RefSpec = { source: 'page', route: 'page', params: { url: 'https://example.org/' } }
        await catalog.assets.settle(
          rows.map((row) => ({ id: row.id, key: row.key, to: 'page', target, ref })),
          run,
        )
        expect(await stateOf('imgur:1')).toBeUndefined()
        expect((await takeOne(catalog, target, run)).spec).toEqual(ref)
      })

      it('takes no result of a run that no longer holds it', async () => {
        const first = await begin(catalog)
        const { rows } = await listPage(catalog, first, [listed({ key: 'imgur:1' })])
        await claimAll(catalog, rows, first)
        await finish(catalog, first, 'interrupted')
        await catalog.assets.settle(
          rows.map((row) => storedAs(row)),
          first,
        )
        expect(await stateOf('imgur:1')).toBe('listed')
        const second = await begin(catalog)
        await claimAll(catalog, rows, second)
        await catalog.assets.settle(rows.map(failedAs), first)
        expect(await stateOf('imgur:1')).toBe('fetching')
      })

      it('is claimed by one of two connections, never by both', async () => {
        const other = await open()
        const [mine, theirs] = [await begin(catalog), await begin(other)]
        const { rows } = await listPage(
          catalog,
          mine,
          Array.from({ length: 200 }, (_, index) => listed({ key: `imgur:${index}` })),
        )
        const parts = Array.from({ length: 10 }, (_, part) => rows.slice(part * 20, part * 20 + 20))
        const claims = await Promise.all(
          parts.flatMap((part) => [claimAll(catalog, part, mine), claimAll(other, part, theirs)]),
        )
        const ids = claims.flat().map((asset) => asset.id)
        expect(ids).toHaveLength(200)
        expect(new Set(ids).size).toBe(200)
      })

      it('is listed again by state, of one target or by key, some at a time', async () => {
        const run = await begin(catalog)
        const { rows, target } = await listPage(
          catalog,
          run,
          Array.from({ length: 5 }, (_, index) => listed({ key: `imgur:${index}` })),
        )
        await claimAll(catalog, rows, run)
        await catalog.assets.settle(
          rows.map((row, index) => (index < 3 ? failedAs(row) : storedAs(row))),
          run,
        )
        const some = await catalog.assets.relist({ states: ['failed', 'missing'], target, count: 2 })
        expect(some.map((row) => row.key)).toEqual(['imgur:0', 'imgur:1'])
        expect(await catalog.assets.relist({ states: ['failed'], target, count: 2 })).toHaveLength(1)
        expect(await catalog.assets.relist({ states: ['failed'], target, count: 2 })).toEqual([])
        expect(
          await catalog.assets.relist({ states: ['stored'], keys: ['imgur:3', 'imgur:0'], count: 9 }),
        ).toMatchObject([{ key: 'imgur:3', url: 'https://i.example.org/imgur-3.jpg' }])
        expect(await catalog.assets.relist({ states: ['stored'], target: target + 1, count: 9 })).toEqual([])
        expect(await catalog.assets.targets(['stored'])).toEqual([target])
        expect(await catalog.search.counts()).toMatchObject({ listed: 4, stored: 1 })
        expect((await catalog.search.show('imgur:0'))?.reason).toBeUndefined()
      })

      it('of a large target is listed again as well', async () => {
        const run = await begin(catalog)
        const { rows, target } = await listPage(
          catalog,
          run,
          Array.from({ length: 400 }, (_, index) => listed({ key: `imgur:${index}` })),
        )
        await claimAll(catalog, rows, run)
        await catalog.assets.settle(rows.map(failedAs), run)
        expect(await catalog.assets.relist({ states: ['failed'], target, count: 150 })).toHaveLength(150)
        expect(await catalog.assets.relist({ states: ['failed'], target, count: 1000 })).toHaveLength(250)
      })
    })

    describe('a run', () => {
      it('is recorded with its plan, its targets and how it ended', async () => {
        const run = await begin(catalog)
        const { target } = await listPage(catalog, run, [])
        expect((await catalog.runs.recent(1))[0]).toMatchObject({
          id: run,
          state: 'running',
          plan: { targets: [TARGET.text] },
          targets: [target],
        })
        await catalog.runs.beat(run)
        await catalog.runs.end(run, {
          state: 'finished',
          exit: 3,
          counts: { ...NO_COUNTS, failed: 2 },
          reasons: { Timeout: 2 },
        })
        expect((await catalog.runs.recent(5))[0]).toMatchObject({
          id: run,
          state: 'finished',
          exit: 3,
          counts: { failed: 2 },
        })
        expect(await catalog.runs.unfinished()).toEqual([])
      })

      it('that was interrupted is unfinished, newest first, until it is ended as finished', async () => {
        const [first, second] = [await begin(catalog), await begin(catalog)]
        await finish(catalog, first, 'interrupted')
        await finish(catalog, second, 'interrupted')
        expect((await catalog.runs.unfinished()).map((run) => run.id)).toEqual([second, first])
        await finish(catalog, second)
        expect((await catalog.runs.unfinished()).map((run) => run.id)).toEqual([first])
      })

      it('that is alive keeps what it holds when another begins', async () => {
        const other = await open()
        const run = await begin(catalog)
        const { rows, target } = await listPage(catalog, run, [listed({ key: 'imgur:1' })], [next(2)])
        await claimAll(catalog, rows, run)
        await takeOne(catalog, target, run)
        expect((await other.runs.begin({})).recovered).toBe(0)
        expect(await other.runs.unfinished()).toEqual([])
        expect(await stateOf('imgur:1')).toBe('fetching')
      })

      it('whose catalog was closed gives back what it held', async () => {
        const other = await place.open()
        const run = await begin(other)
        const { rows, target } = await listPage(other, run, [listed({ key: 'imgur:1' })], [next(2)])
        await claimAll(other, rows, run)
        await takeOne(other, target, run)
        await other.close()
        expect(await stateOf('imgur:1')).toBe('listed')
        expect(await catalog.frontier.remaining(target)).toEqual({ waiting: 1, held: 0, failed: 0 })
        expect((await catalog.runs.unfinished()).map((row) => row.id)).toEqual([run])
      })
    })

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
        return (await place.bytes()).includes(SECRET)
      }

      async function listSecret(
        run: number,
        parts: Partial<ListedParts> = {},
      ): Promise<{ readonly target: number; readonly rows: readonly CommittedAsset[] }> {
        const headers = { Authorization: `Bearer ${SECRET}`, Referer: 'https://example.org/' }
        const meta = { page: secretUrl, title: 'Secret' }
        return listPage(catalog, run, [
          listed({ key: 'imgur:1', meta, candidates: [{ url: secretUrl, quality: 'full', headers }], ...parts }),
        ])
      }

      it('of an asset is given to who fetches it, in any process, and stands nowhere in the catalog', async () => {
        const run = await begin(catalog)
        const { rows } = await listSecret(run)
        const other = await open()
        const [claimed] = await claimAll(other, rows, run)
        expect(claimed?.candidates[0]).toMatchObject({ url: secretUrl, headers: { Authorization: `Bearer ${SECRET}` } })
        expect(await catalog.search.show('imgur:1')).toMatchObject({ candidates: [plainUrl], meta: { page: plainUrl } })
        expect(await holdsSecret()).toBe(false)
      })

      it('of a failed asset is kept for the next try, of a stored one it goes', async () => {
        const run = await begin(catalog)
        const { rows, target } = await listSecret(run)
        await claimAll(catalog, rows, run)
        const failed = { ...rows.map(failedAs)[0], reason: `GET ${secretUrl} timed out`, url: secretUrl } as Settlement
        await catalog.assets.settle([failed], run)
        await catalog.assets.relist({ states: ['failed'], target, count: 9 })
        expect((await claimAll(catalog, rows, run))[0]?.candidates[0]?.url).toBe(secretUrl)
        await catalog.assets.settle(
          rows.map((row) => storedAs(row)),
          run,
        )
        await catalog.assets.relist({ states: ['stored'], target, count: 9 })
        expect((await claimAll(catalog, rows, run))[0]?.candidates).toEqual([])
        expect(await holdsSecret()).toBe(false)
      })

      it('that a refresh ref gives again is remembered by the process that listed it alone', async () => {
        const run = await begin(catalog)
        const refresh: RefSpec = { source: 'imgur', route: 'post', params: { id: 'a' } }
        const { rows } = await listSecret(run, { refresh })
        const other = await open()
        const [there] = await claimAll(other, rows, run)
        expect(there).toMatchObject({ candidates: [], refresh })
        await other.assets.settle(
          rows.map((row) => ({ id: row.id, key: row.key, to: 'listed' })),
          run,
        )
        expect((await claimAll(catalog, rows, run))[0]?.candidates[0]?.url).toBe(secretUrl)
        expect(await holdsSecret()).toBe(false)
      })

      it('of a target is given to who explores it, and tells apart what looks alike', async () => {
        const run = await begin(catalog)
        const one = await catalog.frontier.open(secretTarget, { run, mode: 'visit' })
        const other = secretTarget.text.replace(SECRET, `${SECRET}-2`)
        const two = await catalog.frontier.open(
          { ...secretTarget, text: other, root: { ...secretRoot, params: { url: other } } },
          { run, mode: 'visit' },
        )
        expect(two.id).not.toBe(one.id)
        expect(one.text).toBe('https://example.org/?key=REDACTED')
        const ref = await takeOne(catalog, one.id, run)
        expect(ref.spec).toEqual(secretRoot)
        await catalog.frontier.commit(ref, {
          assets: [],
          refs: [{ spec: { ...secretRoot, cursor: 2 }, as: 'next', held: false, depth: 0, named: true }],
          strategy: 'json',
        })
        const second = await takeOne(catalog, one.id, run)
        expect(second.spec).toEqual({ ...secretRoot, cursor: 2 })
        await catalog.frontier.restart(second, 'html')
        expect((await takeOne(catalog, one.id, run)).spec).toEqual(secretRoot)
        expect(await holdsSecret()).toBe(false)
      })

      it('of a plan is there for a resume, and nowhere once the run has finished', async () => {
        const { id } = await catalog.runs.begin({ targets: [secretTarget.text], headers: [`Cookie: sid=${SECRET}`] })
        await finish(catalog, id, 'interrupted')
        expect((await catalog.runs.recent(1))[0]?.plan).toEqual({
          targets: ['https://example.org/?key=REDACTED'],
          headers: ['Cookie: REDACTED'],
        })
        expect((await catalog.runs.unfinished())[0]?.plan).toEqual({
          targets: [secretTarget.text],
          headers: [`Cookie: sid=${SECRET}`],
        })
        expect(await holdsSecret()).toBe(false)
        await finish(catalog, id)
        expect(await catalog.runs.unfinished()).toEqual([])
      })
    })

    describe('a question', () => {
      async function fill(): Promise<readonly CommittedAsset[]> {
        const run = await begin(catalog)
        const { rows } = await listPage(catalog, run, [
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

      async function found(words: readonly string[], states?: readonly AssetState[]): Promise<readonly string[]> {
        return (await collect(catalog.search.find({ words, ...(states && { states }) }))).map((asset) => asset.key)
      }

      it('finds what holds all words in title, author, tags, description, key or path, newest first', async () => {
        await fill()
        expect(await found(['mountain'])).toEqual(['imgur:2', 'imgur:1'])
        expect(await found(['MOUNTAIN', 'ana'])).toEqual(['imgur:1'])
        expect(await found(['landscape'])).toEqual(['imgur:1'])
        expect(await found(['cafe'])).toEqual(['imgur:2'])
        expect(await found(['sunrise'])).toEqual(['imgur:1'])
        expect(await found(['imgur:3'])).toEqual(['imgur:3'])
        expect(await found(['夜景'])).toEqual(['imgur:3'])
        expect(await found(['nothing'])).toEqual([])
        expect(await found([])).toEqual(['imgur:3', 'imgur:2', 'imgur:1'])
      })

      it('takes operators and quotes for text', async () => {
        await fill()
        for (const word of ['"', '*', 'a" OR "b', 'NOT', 'title:', '(', '-', 'x AND'])
          expect(await found([word])).toEqual([])
        expect(await found(['mountain', '"red"'])).toEqual(['imgur:1'])
      })

      it('may ask for states', async () => {
        const rows = await fill()
        const [run] = (await catalog.runs.recent(1)).map((row) => row.id)
        await claimAll(catalog, rows.slice(0, 1), run ?? 0)
        await catalog.assets.settle(
          rows.slice(0, 1).map((row) => storedAs(row)),
          run ?? 0,
        )
        expect(await found(['ana'], ['stored'])).toEqual(['imgur:1'])
        expect(await found([], ['listed'])).toEqual(['imgur:3', 'imgur:2'])
      })

      it('sees what was listed, changed and taken away since the last one', async () => {
        const rows = await fill()
        expect(await found(['mountain'])).toHaveLength(2)
        const [run] = (await catalog.runs.recent(1)).map((row) => row.id)
        if (run === undefined) throw new Error('a run is there')
        const page = {
          to: 'page',
          target: (await catalog.runs.recent(1))[0]?.targets[0] ?? 0,
          ref: child('p').spec,
        } as const
        await claimAll(catalog, rows.slice(2), run)
        await catalog.assets.settle(
          rows.slice(2).map((row) => ({ ...page, id: row.id, key: row.key })),
          run,
        )
        await catalog.frontier.commit(await takeOne(catalog, page.target, run), {
          assets: [
            listed({ key: 'imgur:1', meta: { title: 'Green valley' } }),
            listed({ key: 'imgur:9', meta: { title: 'Mountain lake' } }),
          ],
          refs: [],
          strategy: 'json',
        })
        expect(await found(['mountain'])).toEqual(['imgur:9', 'imgur:2'])
        expect(await found(['valley'])).toEqual(['imgur:1'])
        expect(await found(['夜景'])).toEqual([])
      })

      it('gives long answers in pages', async () => {
        const run = await begin(catalog)
        await listPage(
          catalog,
          run,
          Array.from({ length: 900 }, (_, index) => listed({ key: `imgur:${index}`, meta: { title: 'Many' } })),
        )
        const keys = await found(['many'])
        expect(keys).toHaveLength(900)
        expect(keys.slice(0, 2)).toEqual(['imgur:899', 'imgur:898'])
        expect(new Set(keys).size).toBe(900)
        expect(await found([])).toHaveLength(900)
      })
    })

    describe('a clock', () => {
      it('is told to every process, only ever moves forward, and is gone when it has passed', async () => {
        const other = await open()
        const until = Date.now() + 60_000
        await catalog.clocks.post('i.example.org', until, 'HTTP 429')
        await other.clocks.post('i.example.org', until - 30_000, 'earlier')
        await other.clocks.post('past.example.org', Date.now() - 1, 'over')
        expect(await other.clocks.read()).toEqual([{ scope: 'i.example.org', until, reason: 'HTTP 429' }])
      })
    })
  })
}
