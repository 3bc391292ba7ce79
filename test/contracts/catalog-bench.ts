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
import type { Holdings } from '../../src/ports/holdings.ts'
import type { ClockBoard } from '../../src/ports/limiter.ts'

export type OpenedCatalog = Catalog & { readonly clocks: ClockBoard; readonly holdings: Holdings }

/** An empty catalog of its own for one test, on the real thing. */
export interface CatalogPlace {
  /** Another connection to the same catalog. */
  open(): Promise<OpenedCatalog>
  /** Everything that the catalog has written, as it lies there, apart from the private store. */
  bytes(): Promise<Buffer>
  /** Called when every connection is closed: what a sound catalog does not have, in words. */
  leaks(): Promise<readonly string[]>
}

export const NO_COUNTS = { stored: 0, known: 0, excluded: 0, rejected: 0, missing: 0, failed: 0 }
export const ROOT: RefSpec = { source: 'imgur', route: 'subreddit', params: { name: 'funny' } }
export const TARGET = { text: 'imgur:r/funny', root: ROOT, named: true }
export const SECRET = 'Zx81-not-for-anybody'

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
    route: 'album',
    folder,
    stem,
    position,
    named: false,
  }
}

export function next(cursor: number, held = false): ListedRef {
  return { spec: { ...ROOT, cursor }, as: 'next', held, depth: 0, named: true }
}

export function child(name: string): ListedRef {
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

export function failedAs(asset: { readonly id: number; readonly key: string }): Settlement {
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

export async function begin(catalog: OpenedCatalog): Promise<number> {
  return (await catalog.runs.begin({ targets: [TARGET.text] })).id
}

export async function finish(
  catalog: OpenedCatalog,
  run: number,
  state: 'finished' | 'interrupted' = 'finished',
): Promise<void> {
  await catalog.runs.end(run, { state, exit: state === 'finished' ? 0 : 130, counts: NO_COUNTS, reasons: {} })
}

export async function takeOne(catalog: OpenedCatalog, target: number, run: number): Promise<RefRow> {
  const [ref] = await catalog.frontier.take(target, run, 1)
  if (ref === undefined) throw new Error('no ref waits')
  return ref
}

/** Opens the target, takes its next ref and commits a page. */
export async function listPage(
  catalog: OpenedCatalog,
  run: number,
  assets: readonly ListedAsset[],
  refs: readonly ListedRef[] = [],
): Promise<{ readonly target: number; readonly rows: readonly CommittedAsset[] }> {
  const { id } = await catalog.frontier.open(TARGET, { run, mode: 'visit' })
  const ref = await takeOne(catalog, id, run)
  return { target: id, rows: await catalog.frontier.commit(ref, { assets, refs, strategy: 'json' }) }
}

export async function claimAll(
  catalog: OpenedCatalog,
  rows: readonly { readonly id: number }[],
  run: number,
): Promise<readonly ClaimedAsset[]> {
  return catalog.assets.claim(
    rows.map((row) => row.id),
    run,
  )
}

/** One test's catalog: made before it, closed and looked at after it. */
export class Bench {
  readonly #makePlace: () => Promise<CatalogPlace>
  #place: CatalogPlace | undefined
  #opened: OpenedCatalog[] = []

  constructor(makePlace: () => Promise<CatalogPlace>) {
    this.#makePlace = makePlace
  }

  /** The first connection. */
  get catalog(): OpenedCatalog {
    const [first] = this.#opened
    if (first === undefined) throw new Error('no catalog is open')
    return first
  }

  get place(): CatalogPlace {
    if (this.#place === undefined) throw new Error('there is no place')
    return this.#place
  }

  async setUp(): Promise<void> {
    this.#place = await this.#makePlace()
    await this.open()
  }

  /** Another connection to the same catalog. */
  async open(): Promise<OpenedCatalog> {
    const one = await this.place.open()
    this.#opened.push(one)
    return one
  }

  /** Closes everything and says what was left behind. */
  async tearDown(): Promise<readonly string[]> {
    for (const one of this.#opened.splice(0)) await one.close()
    return this.place.leaks()
  }

  async stateOf(key: string): Promise<AssetState | undefined> {
    return (await this.catalog.search.show(key))?.state
  }

  /** Keys that a question finds. */
  async found(words: readonly string[], states?: readonly AssetState[]): Promise<readonly string[]> {
    const keys: string[] = []
    for await (const asset of this.catalog.search.find({ words, ...(states && { states }) })) keys.push(asset.key)
    return keys
  }
}
