import type { Event } from '../core/events.ts'
import { redactUrl } from '../core/redact.ts'
import type { AssetState } from '../core/glossary.ts'
import type { Fields } from '../expr/fields.ts'
import type {
  CommittedAsset,
  FoundAsset,
  ListedAsset,
  ListedRow,
  RefRow,
  SettledState,
  TargetRow,
} from '../ports/catalog.ts'
import type { Task } from '../ports/queue.ts'
import { AskedFields } from './asked-fields.ts'
import type { Ended } from './dispatch.ts'
import type { Skipped } from './listing.ts'
import type { EngineParts, RunSettings } from './parts.ts'
import type { Decision } from './plan.ts'
import { decide, fieldsOf, plainMeta, scopeOf } from './plan.ts'
import type { Tally } from './tally.ts'

/** Assets of one task at most. */
const TASK_SIZE = 100
const LEFTOVER_PAGE = 1_000

interface Ready {
  readonly id: number
  readonly scope: string
}

export interface AdmissionOptions {
  readonly parts: EngineParts
  readonly settings: RunSettings
  readonly run: number
  readonly tally: Tally
}

/** What is told of an item that an earlier run settled, where it is known. */
type Told = Pick<Extract<Event, { event: 'known' }>, 'path' | 'url' | 'meta'>

function toldOf(found: FoundAsset | undefined): Told {
  if (found === undefined) return {}
  const { url, meta, file } = found
  return { url, meta: plainMeta(meta), ...(file !== undefined && { path: file.path }) }
}

/**
 * Decides what is fetched of what a target lists, and holds the places of `--limit`: an asset in flight holds one,
 * one that is stored or known keeps it, any other end gives it back.
 */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #target: TargetRow
  /** Offered and not ended. */
  readonly #inFlight = new Set<number>()
  /** Wanted, but without a place yet, in listing order. */
  #queue: Ready[] = []
  readonly #limit: number | undefined
  /** Dry runs: what may turn out to be a page is looked at before it is announced. */
  readonly #looked = new Map<number, () => void>()
  readonly #asked = new AskedFields()
  #taken: number
  #tasks = 0

  constructor(target: TargetRow, options: AdmissionOptions) {
    this.#target = target
    this.#options = options
    this.#limit = options.settings.rules(target.source).limit
    this.#taken = target.stored
  }

  /** `--limit` holds for the target. */
  get limited(): boolean {
    return this.#limit !== undefined
  }

  get pending(): number {
    return this.#inFlight.size
  }

  /** Fields that `--where` asks for and no item has. */
  get lacking(): readonly string[] {
    return this.#asked.missing
  }

  /** The limit is reached for good. */
  get reached(): boolean {
    const limit = this.#limit
    return limit !== undefined && this.#taken >= limit
  }

  /** All places are taken or held: listing more has to wait. */
  get full(): boolean {
    return this.#places() <= 0 || this.#queue.length > 0
  }

  async admit(assets: readonly ListedAsset[], committed: readonly CommittedAsset[], ref: RefRow): Promise<void> {
    const { settings } = this.#options
    const again: string[] = []
    for (const [index, row] of committed.entries()) {
      const listed = assets[index]
      if (listed === undefined || this.#inFlight.has(row.id)) continue
      const at = { source: listed.source, route: listed.route, position: listed.position }
      const { where } = settings.rules(listed.source)
      const fields = (): Fields => this.#asked.seen(where, fieldsOf(listed.asset, at))
      const decision = decide(row, listed.source, listed.position, fields, settings)
      if (decision.what !== 'fetch') {
        this.#conclude(row, listed, decision)
        continue
      }
      if (settings.dryRun && this.reached) continue
      if (row.state === 'stored') again.push(row.key)
      this.#want(listed, row, ref)
    }
    if (again.length > 0 && !settings.dryRun)
      await this.#options.parts.catalog.assets.relist({ states: ['stored'], keys: again, count: again.length })
    await this.advance()
  }

  #want(listed: ListedAsset, row: CommittedAsset, ref: RefRow): void {
    const { dryRun } = this.#options.settings
    const announce = (): void => this.#announce(listed, row, ref)
    const mayBePage = listed.asset.rules?.otherwise !== undefined && row.state !== 'stored'
    if (dryRun && mayBePage) this.#looked.set(row.id, announce)
    else announce()
    if (dryRun && !mayBePage) this.#taken += 1
    else this.#queue.push({ id: row.id, scope: this.#scope(listed.asset.candidates[0]?.url ?? '') })
  }

  /** Assets that need not even be listed: they are settled. */
  async skip(skipped: readonly Skipped[]): Promise<void> {
    const { search } = this.#options.parts.catalog
    for (const { key, state } of skipped) {
      const tells = this.#options.settings.announce && state === 'stored' && !this.reached
      this.#concludeSettled(key, state, tells ? toldOf(await search.show(key)) : {})
    }
  }

  /** Offers as many waiting assets as there are places. */
  async advance(): Promise<void> {
    const places = this.#places()
    if (places <= 0 || this.#queue.length === 0) return
    const ready = places >= this.#queue.length ? this.#queue : this.#queue.slice(0, places)
    this.#queue = places >= this.#queue.length ? [] : this.#queue.slice(places)
    for (const { id } of ready) this.#inFlight.add(id)
    await this.#options.parts.queue.offer(this.#tasksOf(ready))
  }

  /** Listed assets that no exploring of this run brings up: of an interrupted visit, or of pages that moved on. */
  async leftovers(room: () => Promise<boolean>): Promise<void> {
    const { id, continued, visit } = this.#target
    let after = 0
    const { assets } = this.#options.parts.catalog
    await this.#enqueue(room, async () => {
      const rows = await assets.listed(id, after, LEFTOVER_PAGE, continued ? undefined : visit)
      after = rows.at(-1)?.id ?? after
      return rows
    })
  }

  /** Assets that ended in one of these states are tried again. */
  async again(states: readonly AssetState[], room: () => Promise<boolean>): Promise<void> {
    const { assets } = this.#options.parts.catalog
    await this.#enqueue(room, () => assets.relist({ states, target: this.#target.id, count: LEFTOVER_PAGE }))
  }

  /** Stored assets whose files are gone or changed are fetched again. */
  async repair(keys: readonly string[], room: () => Promise<boolean>): Promise<void> {
    const { assets } = this.#options.parts.catalog
    for (let from = 0; from < keys.length; from += LEFTOVER_PAGE) {
      const page = keys.slice(from, from + LEFTOVER_PAGE)
      // Asked until nothing is left to change, which is the second time.
      await this.#enqueue(room, () => assets.relist({ states: ['stored'], keys: page, count: page.length }))
    }
  }

  async #enqueue(room: () => Promise<boolean>, page: () => Promise<readonly ListedRow[]>): Promise<void> {
    const { settings } = this.#options
    while (!settings.dryRun && (await room())) {
      const rows = await page()
      if (rows.length === 0) return
      for (const row of rows) {
        if (this.#inFlight.has(row.id)) continue
        const candidates = [{ url: row.url, quality: 'original' as const }]
        const fields = (): Fields => fieldsOf({ ...row, candidates }, row)
        const listed: CommittedAsset = { ...row, state: 'listed', fresh: false, repeated: false }
        const decision = decide(listed, row.source, row.position, fields, settings)
        if (decision.what !== 'fetch') continue
        this.#queue.push({ id: row.id, scope: this.#scope(row.url) })
        this.#options.tally.list(1)
      }
      await this.advance()
    }
  }

  ended(id: number, ended: Ended): void {
    if (!this.#inFlight.delete(id)) return
    if (ended === 'stored' || ended === 'seen') this.#taken += 1
    if (ended === 'seen') this.#looked.get(id)?.()
    this.#looked.delete(id)
  }

  #places(): number {
    const limit = this.#limit
    return limit === undefined ? Infinity : limit - this.#taken - this.#inFlight.size
  }

  #scope(url: string): string {
    return scopeOf(this.#options.parts.http, url).name
  }

  #tasksOf(ready: readonly Ready[]): Task[] {
    const scopes = new Map<string, number[]>()
    for (const { id, scope } of ready) {
      const ids = scopes.get(scope)
      if (ids === undefined) scopes.set(scope, [id])
      else ids.push(id)
    }
    const tasks: Task[] = []
    for (const [scope, ids] of scopes) {
      for (let at = 0; at < ids.length; at += TASK_SIZE) {
        this.#tasks += 1
        const id = `${this.#options.run}/${this.#target.id}/${this.#tasks}`
        tasks.push({ id, target: this.#target.id, scope, assets: ids.slice(at, at + TASK_SIZE) })
      }
    }
    return tasks
  }

  #conclude(row: CommittedAsset, listed: ListedAsset, decision: Exclude<Decision, { readonly what: 'fetch' }>): void {
    const { tally, parts } = this.#options
    switch (decision.what) {
      case 'known':
        this.#concludeSettled(row.key, 'stored', this.#tellsOf(listed, row.path))
        break
      case 'excluded':
        tally.count('excluded')
        parts.emit({ event: 'excluded', key: row.key, reason: decision.reason })
        break
      case 'rejected':
      case 'missing':
        this.#concludeSettled(row.key, decision.what, { url: redactUrl(listed.asset.candidates[0]?.url ?? '') })
        break
      case 'ignore':
        break
    }
  }

  /** What an earlier run settled, and what is told of it. */
  #concludeSettled(key: string, state: SettledState, tells: Told): void {
    const { tally, parts } = this.#options
    if (state !== 'stored') {
      tally.count(state)
      parts.emit({ event: state, key, url: tells.url ?? '', reason: `${state} in an earlier run` })
      return
    }
    if (this.reached) return
    this.#taken += 1
    tally.count('known')
    parts.emit({ event: 'known', key, ...tells })
  }

  #tellsOf({ asset }: ListedAsset, path: string | undefined): Told {
    const place = path === undefined ? {} : { path }
    if (!this.#options.settings.announce) return place
    return { ...place, url: this.#shown(asset.candidates[0]?.url ?? ''), meta: plainMeta(asset.meta) }
  }

  #shown(url: string): string {
    return this.#options.settings.wholeUrls ? url : redactUrl(url)
  }

  #announce(listed: ListedAsset, row: CommittedAsset, ref: RefRow): void {
    const { parts, settings } = this.#options
    if (!settings.announce) return
    const urls = listed.asset.candidates.map((candidate) => this.#shown(candidate.url))
    parts.emit({
      event: 'asset',
      key: row.key,
      source: listed.source,
      route: ref.spec.route,
      url: urls[0] ?? '',
      candidates: urls,
      path: row.folder === '' ? row.stem : `${row.folder}/${row.stem}`,
      ...(listed.asset.meta.kind && { kind: listed.asset.meta.kind }),
      meta: plainMeta(listed.asset.meta),
    })
  }
}
