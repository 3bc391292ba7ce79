import type { StoredFile } from '../core/files.ts'
import type { AssetState, JsonObject, Outcome, RefState } from '../core/glossary.ts'
import type { Asset, AssetRules, Candidate, Meta, RefSpec } from '../core/source.ts'
import type { FaultCode } from '../core/errors.ts'
import type { Follows } from './follows.ts'

/** A target as the catalog keeps it. */
export interface TargetRow {
  readonly id: number
  /** As the user wrote it, without secrets. */
  readonly text: string
  /** The source of its root ref. */
  readonly source: string
  /** The pass over the target that is under way; an interrupted visit is continued, a finished one begins anew. */
  readonly visit: number
  /** An earlier, interrupted visit is being continued. */
  readonly continued: boolean
  /** Assets listed in this visit so far: the position of the last one. */
  readonly listed: number
  /** Of those, how many are stored: what `--limit` has counted already when a visit is continued. */
  readonly stored: number
  /** Refs that earlier visits left waiting, held or failed, and that none since has made up for: what lies behind them may be new. */
  readonly left: number
  /** Visits have left out items that none has listed: below a stop point, once or ever since, or by a lesser strategy. */
  readonly partial: boolean
  /** The visit before was begun with other options, or cookies unlike this one: what it listed may have been something else. */
  readonly changed: boolean
  /** Where the listing ends in this visit: see `Follow`. */
  readonly stop?: string
}

/**
 * - `visit`: a visit that was interrupted (refs wait unheld or are being explored, or assets are still listed or
 *   fetching while its run did not finish) goes on; one that ended is followed by a new one: the root waits again.
 *   Failed assets of the target go back to `listed`.
 * - `update`: like `visit`, and missing assets go back to `listed`, too; opened again by the run that has ended a visit,
 *   the next one begins.
 * - `resume`: goes on with what is unfinished and begins nothing anew; failed assets stay failed.
 * - `retry`: like `resume`, and failed refs wait again.
 */
export type VisitMode = 'visit' | 'update' | 'resume' | 'retry'

export interface RefRow {
  readonly id: number
  readonly target: number
  /** The run that explores it: what another run brings is dropped. */
  readonly run: number
  readonly spec: RefSpec
  readonly state: RefState
  /** 1 for the root; one more for each `next`; children have their parent's. */
  readonly page: number
  readonly depth: number
  /** The strategy the listing is read with; `undefined` before the first choice. */
  readonly strategy?: string
  /** The user named the URL: it may stand at a private address. */
  readonly named: boolean
}

/** One asset of a ref, named, as it goes into the catalog. */
export interface ListedAsset {
  readonly asset: Asset
  readonly source: string
  /** The kind of page it was found on. */
  readonly route: string
  /** Rendered folder and stem: safe, NFC, `/`-separated. */
  readonly folder: string
  readonly stem: string
  readonly position: number
  /** The user named this host: it may stand at a private address. */
  readonly named: boolean
}

/** An enumerated number that the site does not have. The row has a state and a reason, and no name. */
export interface AbsentAsset {
  readonly key: string
  readonly source: string
  readonly route: string
  readonly url: string
  readonly status?: number
  readonly reason: string
}

export interface ListedRef {
  readonly spec: RefSpec
  readonly as: 'next' | 'child'
  /** Beyond --limit or --pages: waits, but only for a wider run. */
  readonly held: boolean
  readonly strategy?: string
  readonly depth: number
  readonly named: boolean
}

/** Everything one ref yielded. */
export interface Listing {
  /** `--overwrite`: stored assets, too, get the candidates and metadata of this listing. */
  readonly renew?: boolean
  readonly assets: readonly ListedAsset[]
  /** Recorded as `missing` where their keys are new. */
  readonly absent?: readonly AbsentAsset[]
  readonly refs: readonly ListedRef[]
  /** Keys of settled assets that the ref leads to, but that need not be listed. */
  readonly seen?: readonly string[]
  /** The listing ends here, above items that no visit has listed, or leaves some out. */
  readonly partial?: boolean
  readonly strategy: string
}

/** An asset as it stands after its listing was committed. */
export interface CommittedAsset {
  readonly id: number
  readonly key: string
  readonly state: AssetState
  /** The row is new with this listing. */
  readonly fresh: boolean
  readonly folder: string
  /** The settled stem. */
  readonly stem: string
  /** Of a stored asset. */
  readonly path?: string
  /** An earlier ref of this visit listed it already (entries move while one pages). */
  readonly repeated: boolean
}

/** What the catalog knows of a key. */
export interface KnownKey {
  readonly state: AssetState
  /** A visit of the target before this one listed it. */
  readonly before: boolean
}

export interface Known {
  readonly keys: ReadonlyMap<string, KnownKey>
  /** Refs below a listing that a visit of the target before this one explored. */
  readonly explored: ReadonlySet<RefSpec>
}

export type SettledState = Extract<AssetState, 'stored' | 'rejected' | 'missing'>

/** A target as a run names it. */
export interface NamedTarget {
  readonly text: string
  readonly root: RefSpec
  /** The user named its URL: it may stand at a private address. */
  readonly named: boolean
  readonly stop?: string
  /** Of its source: only told apart, never kept. */
  readonly options?: Readonly<Record<string, unknown>>
}

/** A target that the catalog has. */
export interface KnownTarget {
  readonly id: number
  /** As those of a named target. */
  readonly options?: (source: string) => Readonly<Record<string, unknown>>
}

/** Refs and targets: the frontier of exploring. */
export interface Frontier {
  /**
   * Finds or makes the target and its root ref, and notes that the run works on it. A visit that begins has the stop
   * point that is given here, or none.
   */
  open(
    target: NamedTarget | KnownTarget,
    options: { readonly run: number; readonly mode: VisitMode },
  ): Promise<TargetRow>
  /** Waiting refs that are not held, oldest first, now `exploring` for this run. */
  take(target: number, run: number, count: number): Promise<readonly RefRow[]>
  /**
   * ONE transaction: assets (in listing order, stems settled), child refs, and the ref as explored. Comes back with one
   * row for each asset of the listing, in its order; with none when the run no longer holds the ref. States stay as they
   * are; what is still to be fetched (listed, failed, missing) gets the candidates and metadata of this listing.
   */
  commit(ref: RefRow, listing: Listing): Promise<readonly CommittedAsset[]>
  /** An exploring ref goes back to waiting, waits held (beyond --limit or --pages), or failed with the reason. */
  give(ref: RefRow, end: 'waiting' | 'held' | { readonly code: FaultCode; readonly message: string }): Promise<void>
  /** The listing starts again at its first page and position with another strategy; the pages behind it go, its children stay. */
  restart(ref: RefRow, strategy: string): Promise<void>
  /** What the catalog has of these keys and refs. */
  known(target: number, keys: readonly string[], refs?: readonly RefSpec[]): Promise<Known>
  /** Refs of the target that wait, held ones apart, and that failed. */
  remaining(target: number): Promise<{ readonly waiting: number; readonly held: number; readonly failed: number }>
  /** Whether the target's visit has listed an asset, or a ref of it is being explored, by whichever run. */
  isListing(target: number): Promise<boolean>
}

/** All that fetching needs of an asset. */
export interface ClaimedAsset {
  readonly id: number
  readonly key: string
  readonly source: string
  /**
   * With secrets. Those whose secrets are not known any more (another process listed the asset) are left out: with
   * none left, ask `refresh` first; without `refresh` the target has to be listed again.
   */
  readonly candidates: readonly Candidate[]
  readonly meta: Meta
  readonly refresh?: RefSpec
  readonly rules: AssetRules
  readonly folder: string
  readonly stem: string
  readonly position: number
  /** As in `Asset`. */
  readonly index?: number
  readonly route: string
  readonly named: boolean
  /** Its file that an earlier run stored. */
  readonly earlier?: Pick<StoredFile, 'path' | 'bytes' | 'sha256'>
}

/** How one asset ended, on its way into the catalog. */
export type Settlement =
  | {
      readonly id: number
      readonly key: string
      readonly to: 'stored'
      readonly file: StoredFile
      readonly attempts: number
    }
  | {
      readonly id: number
      readonly key: string
      readonly to: 'rejected'
      readonly reason: string
      readonly attempts: number
    }
  | {
      readonly id: number
      readonly key: string
      readonly to: 'missing' | 'failed'
      readonly code: FaultCode
      readonly reason: string
      readonly status?: number
      readonly url: string
      readonly attempts: number
    }
  /** The answer was a page: the row goes, the ref waits. */
  | { readonly id: number; readonly key: string; readonly to: 'page'; readonly target: number; readonly ref: RefSpec }
  /** Interrupted, or the run's limit was reached: back to `listed`. */
  | { readonly id: number; readonly key: string; readonly to: 'listed' }

/** Assets between listing and their end. */
export interface Assets {
  /** `listed` → `fetching` for this run; only those that were still listed come back. */
  claim(ids: readonly number[], run: number): Promise<readonly ClaimedAsset[]>
  /** ONE transaction for all of them; results of a run that no longer holds the asset are dropped. */
  settle(settlements: readonly Settlement[], run: number): Promise<void>
  /** Listed assets of a target behind an id, in id order; with `before` only those that no visit since that one listed. */
  listed(target: number, afterId: number, count: number, before?: number): Promise<readonly ListedRow[]>
  /**
   * failed, missing, rejected or stored → listed: one target's, or some keys; at most `count` at once. Comes back with
   * the rows it changed; call it until there are none. A number that a listing said is missing has nothing to fetch: it
   * stays until its listing brings it.
   */
  relist(which: {
    readonly states: readonly AssetState[]
    readonly target?: number
    readonly keys?: readonly string[]
    readonly count: number
  }): Promise<readonly ListedRow[]>
  /** Targets that have assets in one of these states; with `failed` also those that have failed refs. */
  targets(states: readonly AssetState[]): Promise<readonly number[]>
  /** The path of a stored file with these bytes. */
  twin(sha256: string, exceptKey: string): Promise<string | undefined>
}

/** What planning needs of a listed asset. */
export interface ListedRow {
  readonly id: number
  readonly key: string
  readonly source: string
  readonly url: string
  readonly meta: Meta
  readonly position: number
  /** As in `Asset`. */
  readonly index?: number
  readonly route: string
  readonly folder: string
  readonly stem: string
}

export interface RunRow {
  readonly id: number
  readonly state: 'running' | 'finished' | 'interrupted'
  /** Unix milliseconds. */
  readonly started: number
  readonly ended?: number
  readonly exit?: number
  /** The targets and settings of the invocation, without secrets; whole where the run is to be resumed (`unfinished`). */
  readonly plan: JsonObject
  /** Targets it opened. */
  readonly targets: readonly number[]
  readonly counts?: Readonly<Record<Outcome, number>>
}

/** Invocations, and who is alive. */
export interface Runs {
  /** Also takes back what dead runs held: `fetching` → `listed`, `exploring` → `waiting`; `recovered` counts it. */
  begin(plan: JsonObject): Promise<{ readonly id: number; readonly recovered: number }>
  beat(id: number): Promise<void>
  /** What the run still holds goes back. An interrupted run that another one has resumed is ended once more, as finished. */
  end(
    id: number,
    end: {
      readonly state: 'finished' | 'interrupted'
      readonly exit: number
      readonly counts: Readonly<Record<Outcome, number>>
      readonly reasons: JsonObject
    },
  ): Promise<void>
  /** Interrupted runs and those whose process died, newest first. */
  unfinished(): Promise<readonly RunRow[]>
  recent(count: number): Promise<readonly RunRow[]>
}

/** An asset as `find` and `show` print it. */
export interface FoundAsset {
  readonly key: string
  readonly source: string
  readonly state: AssetState
  readonly url: string
  readonly candidates: readonly string[]
  readonly meta: Meta
  readonly folder: string
  readonly stem: string
  readonly file?: StoredFile & { readonly stored: number }
  readonly reason?: { readonly code?: string; readonly message: string; readonly status?: number }
  readonly attempts: number
  /** Unix milliseconds. */
  readonly listed: number
  readonly targets: readonly string[]
}

/** Questions to the catalog. */
export interface Search {
  /** Assets whose title, author, tags, description, key or path hold all words (full text); newest first. */
  find(query: { readonly words: readonly string[]; readonly states?: readonly AssetState[] }): AsyncIterable<FoundAsset>
  show(key: string): Promise<FoundAsset | undefined>
  /** Assets by state. */
  counts(): Promise<Readonly<Record<AssetState, number>>>
}

/** All ports of one catalog, opened together. */
export interface Catalog {
  readonly frontier: Frontier
  readonly assets: Assets
  readonly runs: Runs
  readonly follows: Follows
  readonly search: Search
  close(): Promise<void>
}
