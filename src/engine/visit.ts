import { Fault, toFault } from '../core/errors.ts'
import type { RefSpec } from '../core/source.ts'
import type { AssetState } from '../core/glossary.ts'
import type { HttpAnswer } from '../core/http.ts'
import { redactUrl } from '../core/redact.ts'
import { namedOrigin, readTarget } from '../core/target.ts'
import type { RefRow, TargetRow, VisitMode } from '../ports/catalog.ts'
import { Admission } from './admit.ts'
import { Bell } from './bell.ts'
import type { Ended } from './dispatch.ts'
import type { Explored, Explorer } from './explore.ts'
import { KnownGround } from './known-ground.ts'
import { listingOf } from './listing.ts'
import type { PlannedListing } from './listing.ts'
import type { EngineParts, RunSettings, TargetInput } from './parts.ts'
import {
  exitOf,
  isLocal,
  loseTarget,
  nothingFound,
  report,
  reportGivenUp,
  reportHeld,
  reportLacking,
  reportOvertaken,
  reportRef,
} from './remarks.ts'
import { resolve } from './resolve.ts'
import { StopPoint } from './stop-point.ts'
import type { Tally } from './tally.ts'
import { ExploringWindow } from './window.ts'
import type { Exploring } from './window.ts'

/** Exploring pauses while so many listed assets of the target wait: a listing never sits in memory. */
const MOST_PENDING = 1_000

export interface VisitOptions {
  readonly parts: EngineParts
  readonly settings: RunSettings
  readonly run: number
  readonly tally: Tally
  readonly explorer: Explorer
  readonly closing: AbortSignal
}

/**
 * One target in one run. Takes its waiting refs in order, explores a few at once, commits them one after the other,
 * and admits what they list. It pauses while enough assets wait or hold the places of `--limit`, and ends when no ref
 * waits and every admitted asset has ended:
 *
 *     open → (explore → commit → admit)* → leftovers of earlier visits → finished | limit reached: the rest is held
 */
export class Visit {
  /** How many assets the target has, where its route knows. */
  total: number | undefined
  readonly #options: VisitOptions
  readonly #changed = new Bell()
  readonly #wake = (): void => this.#changed.ring()
  #text: string
  readonly #place: string | undefined
  #admission: Admission | undefined
  #window: ExploringWindow | undefined
  #row: TargetRow | undefined
  #ground: KnownGround | undefined
  #stop: StopPoint | undefined
  #namedHost: string | undefined
  #position = 0
  #lost = false
  /** A ref was explored, by this run rather than another one that is at work on the target, too. */
  #read = false
  /** Assets, remarks and settled keys that exploring brought; a page in place of an asset takes one away. */
  #found = 0

  private constructor(text: string, place: string | undefined, options: VisitOptions) {
    this.#text = text
    this.#place = place
    this.#options = options
  }

  /** Opens a target that the user named. Throws what is wrong with the target as a `Fault`. */
  static async open(input: TargetInput, mode: Exclude<VisitMode, 'retry'>, options: VisitOptions): Promise<Visit> {
    const { text, kind } = input.target
    const visit = new Visit(redactUrl(text), input.place, options)
    const { spec, route } = resolve(input.target, options.parts.sources)
    const { frontier } = options.parts.catalog
    visit.total = route.total?.(spec.params)
    const named = kind === 'template' || namedOrigin(input.target) !== undefined
    const stop = input.follow?.stop
    const own = optionsOf(spec.source, options.settings)
    const target = { text, root: spec, named, options: own, ...(stop !== undefined && { stop }) }
    visit.#begin(await frontier.open(target, { run: options.run, mode }))
    return visit
  }

  /** Opens a target that the catalog knows. */
  static async reopen(id: number, mode: 'resume' | 'retry', options: VisitOptions): Promise<Visit> {
    const visit = new Visit('', undefined, options)
    const target = { id, options: (source: string) => optionsOf(source, options.settings) }
    visit.#begin(await options.parts.catalog.frontier.open(target, { run: options.run, mode }))
    return visit
  }

  get id(): number {
    return this.#row?.id ?? 0
  }

  get pending(): number {
    return this.#admission?.pending ?? 0
  }

  /** It went on with what an earlier run had begun. */
  get continued(): boolean {
    return this.#row?.continued === true
  }

  /** It came to its end, and its listing could be read. */
  get whole(): boolean {
    return !this.#lost && !this.#options.closing.aborted
  }

  #begin(row: TargetRow): void {
    const { parts, settings, explorer, run } = this.#options
    this.#row = row
    this.#ground = new KnownGround(row, settings, parts.sources)
    if (row.stop !== undefined) this.#stop = new StopPoint(row.stop, parts.sources)
    this.#text = row.text
    this.#position = row.listed
    this.#namedHost = namedHostOf(row.text)
    this.#admission = new Admission(row, this.#options)
    this.#window = new ExploringWindow({ frontier: parts.catalog.frontier, explorer, target: row.id, run })
  }

  /** Runs to the end. What is wrong with the target is tallied; local trouble is thrown. `again`: states to try again. */
  async run(again: readonly AssetState[] = []): Promise<void> {
    const { closing } = this.#options
    const [admission, window] = [this.#admission, this.#window]
    if (admission === undefined || window === undefined || this.#row === undefined) return
    closing.addEventListener('abort', this.#wake)
    try {
      const { continued } = this.#row
      if (again.length > 0) await admission.again(again, () => this.#room())
      else if (continued) await admission.leftovers(() => this.#room())
      await this.#explore(window)
      if (again.length === 0 && !continued) await admission.leftovers(() => this.#room())
      await this.#settle()
      await this.#tellHeld()
      reportLacking(admission.lacking, this.#text, this.#options.parts.emit)
      if (again.length === 0 && !continued) await this.#checkFound()
    } finally {
      closing.removeEventListener('abort', this.#wake)
    }
  }

  /** Fetches these assets of the target again, and explores nothing. */
  async repair(keys: readonly string[]): Promise<void> {
    const { closing } = this.#options
    closing.addEventListener('abort', this.#wake)
    try {
      await this.#admission?.repair(keys, () => this.#room())
      await this.#settle()
    } finally {
      closing.removeEventListener('abort', this.#wake)
    }
  }

  /** Told when one of the target's assets has ended. */
  ended(asset: number, ended: Ended): void {
    const admission = this.#admission
    if (admission === undefined) return
    if (ended === 'page') {
      this.#found -= 1
      this.#position -= 1
    }
    const wasFull = admission.pending >= MOST_PENDING
    admission.ended(asset, ended)
    const changes = ended === 'page' || admission.pending === 0 || admission.limited
    if (changes || (wasFull && admission.pending < MOST_PENDING)) this.#changed.ring()
  }

  /** An asset turned out to be a page, whose body is here already. */
  answer(ref: RefSpec, answer: HttpAnswer): void {
    this.#window?.answer(ref, answer)
  }

  async #explore(window: ExploringWindow): Promise<void> {
    for (;;) {
      const since = this.#changed.rings
      if (!(await this.#room())) break
      if (this.#pastRange) {
        if (this.pending === 0) break
        await this.#changed.heard(since)
        continue
      }
      await window.fill()
      const next = window.shift()
      if (next === undefined) {
        // A page that a direct asset turns into is a new ref: wait for what is under way before it is over.
        if (this.pending > 0) await this.#changed.heard(since)
        else if (!(await this.#more(window))) break
        continue
      }
      await this.#commit(next)
    }
    const interrupted = this.#options.closing.aborted
    await window.putBack(interrupted ? 'waiting' : 'held')
    if (!interrupted && (this.#admission?.reached === true || this.#pastRange)) await window.holdRest()
  }

  /** All of `--range` is listed; what is under way may still turn out to be a page, and free its position. */
  get #pastRange(): boolean {
    const { range } = this.#options.settings
    return range !== undefined && this.#position >= range.to
  }

  async #more(window: ExploringWindow): Promise<boolean> {
    await window.fill()
    return !window.isEmpty
  }

  /** Waits until there is room for more; `false`: no more is wanted. */
  async #room(): Promise<boolean> {
    const { closing } = this.#options
    const admission = this.#admission
    for (;;) {
      const since = this.#changed.rings
      await this.#options.parts.ready(closing)
      if (closing.aborted || admission === undefined || admission.reached) return false
      await admission.advance()
      if (closing.aborted || admission.reached) return false
      if (admission.pending < MOST_PENDING && !admission.full) return true
      await this.#changed.heard(since)
    }
  }

  async #commit({ ref, explored }: Exploring): Promise<void> {
    const { frontier } = this.#options.parts.catalog
    this.#read = true
    const result = await explored
    if (result instanceof Fault) return this.#refFailed(ref, result)
    reportGivenUp(ref, this.#text, result, this.#options.parts.emit)
    if (result.restart) {
      this.#position = 0
      return frontier.restart(ref, result.strategy)
    }
    const { parts, tally } = this.#options
    const planned = await this.#plan(ref, result).catch((thrown: unknown) => toFault(thrown))
    if (planned instanceof Fault) return this.#refFailed(ref, planned)
    const { listing, skipped, notes } = planned
    const committed = await frontier.commit(ref, listing)
    this.#position += listing.assets.length
    this.#found += listing.assets.length + skipped.length + notes.length
    tally.list(listing.assets.length + skipped.length)
    reportRef(ref, this.#text, { found: listing.assets.length, strategy: result.strategy }, parts.emit)
    for (const note of notes) report(note, tally, parts.emit)
    tally.list(notes.filter((note) => note.kind !== 'note').length)
    await this.#admission?.skip(skipped)
    await this.#admission?.admit(listing.assets, committed, ref)
  }

  /** What a ref yielded as rows, up to the stop point, and without the next page where known ground is reached. */
  async #plan(ref: RefRow, explored: Explored): Promise<PlannedListing> {
    const { parts, settings } = this.#options
    const { findings, stopped } = this.#stop?.cut(ref, explored.findings) ?? { ...explored, stopped: false }
    const mayEnd = this.#ground?.mayEnd(ref) === true
    const place = { from: this.#position, namedHost: this.#namedHost, mayEnd }
    const planned = await listingOf(ref, { ...explored, findings }, { parts, settings, ...place })
    const ends = this.#ground?.reached(ref, findings, planned.known) === true
    const { listing } = planned
    const refs = ends ? listing.refs.filter(({ as }) => as !== 'next') : listing.refs
    if (stopped) this.#found += 1
    const isShort = stopped || explored.less === true
    const partial = isShort || (refs.length < listing.refs.length && this.#row?.partial === true)
    return { ...planned, listing: { ...listing, refs, ...(partial && { partial }) } }
  }

  /** A child that is gone is a loss among others; a listing that breaks off is the target's failure. */
  async #refFailed(ref: RefRow, fault: Fault): Promise<void> {
    const { parts, tally, closing } = this.#options
    if (closing.aborted || isLocal(fault)) {
      await parts.catalog.frontier.give(ref, 'waiting')
      if (closing.aborted) return
      throw fault
    }
    await parts.catalog.frontier.give(ref, { code: fault.code, message: fault.message })
    reportRef(ref, this.#text, fault, parts.emit)
    if (ref.depth === 0) this.#lose(fault)
    else tally.fail(fault.code, fault.code === 'Gone' ? 3 : exitOf(fault))
  }

  #lose(fault: Fault): void {
    this.#lost = true
    loseTarget(
      { text: this.#text, ...(this.#place !== undefined && { place: this.#place }) },
      fault,
      this.#options.tally,
    )
  }

  async #settle(): Promise<void> {
    while (!this.#options.closing.aborted) {
      const since = this.#changed.rings
      await this.#admission?.advance()
      if (this.pending === 0) return
      await this.#changed.heard(since)
    }
  }

  async #tellHeld(): Promise<void> {
    const { parts, closing } = this.#options
    // With the limit reached all is as it was asked for.
    if (closing.aborted || this.#row === undefined || this.#admission?.reached === true) return
    const { held } = await parts.catalog.frontier.remaining(this.#row.id)
    reportHeld(held, this.#text, parts.emit)
  }

  async #checkFound(): Promise<void> {
    const { parts, settings, closing } = this.#options
    // With --pages it is the user who left the target's items out.
    if (this.#lost || this.#found > 0 || closing.aborted || settings.pages !== undefined) return
    const others = !this.#read || (await parts.catalog.frontier.isListing(this.id))
    if (others) reportOvertaken(this.#text, parts.emit)
    else this.#lose(nothingFound())
  }
}

/** What a visit must share with the one before, if that is to tell it what is known. */
function optionsOf(source: string, settings: RunSettings): Readonly<Record<string, unknown>> {
  return { ...settings.rules(source).options, ...(settings.cookies && { cookies: true }) }
}

/** The host that a target's text names, if it names one. */
function namedHostOf(text: string): string | undefined {
  try {
    const origin = namedOrigin(readTarget(text))
    return origin === undefined ? undefined : new URL(origin).hostname
  } catch {
    return undefined
  }
}
