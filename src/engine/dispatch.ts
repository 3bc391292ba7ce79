import { Fault, toFault } from '../core/errors.ts'
import type { RefSpec } from '../core/source.ts'
import type { HttpAnswer } from '../core/http.ts'
import { redactUrl } from '../core/redact.ts'
import type { ClaimedAsset, Settlement } from '../ports/catalog.ts'
import type { Lease } from '../ports/queue.ts'
import type { FetchContext, Fetched } from './attempt.ts'
import { Bell } from './bell.ts'
import { fetchAsset } from './fetch.ts'
import { adopt, keep, verify } from './keep.ts'
import { Lane, restingRoom } from './lane.ts'
import type { LaneItem } from './lane.ts'
import { LoginPause } from './login-pause.ts'
import { replacedFile } from './older.ts'
import type { EngineParts, RunSettings } from './parts.ts'
import { scopeOf } from './plan.ts'
import type { Recorder } from './record.ts'
import type { Refresher } from './refresh.ts'
import { eventOf, settlementOf } from './settlement.ts'
import type { Ending } from './settlement.ts'
import type { Tally } from './tally.ts'
import { Twins } from './twins.ts'

/** Assets whose bytes are in and that have not ended, for each job. More gain nothing: they only live longer in memory. */
const MOST_KEPT_PER_JOB = 1.5

/** Why a wait for a lease ended; made once, as a fresh one costs a stack trace. */
const NO_WAIT = new Error('a lane has room again, or the run ends')

/** Told to the visit of the asset's target when an asset has come to its end. */
export type Ended = 'stored' | 'rejected' | 'missing' | 'failed' | 'page' | 'listed' | 'seen'

export interface DispatchOptions {
  readonly parts: EngineParts
  readonly settings: RunSettings
  readonly run: number
  readonly recorder: Recorder
  readonly tally: Tally
  readonly refresher: Refresher
  /** Aborted: nothing new is begun, what runs is cut off. */
  readonly signal: AbortSignal
  /** Nothing new is begun, what runs may end. */
  readonly closing: AbortSignal
  readonly onEnded: (target: number, asset: number, ended: Ended) => void
  /** The answer to an asset was a page: its body waits for the ref. */
  readonly onPage: (target: number, ref: RefSpec, answer: HttpAnswer) => void
  readonly onFault: (thrown: unknown) => void
}

/**
 * Takes leases from the queue, claims their assets in the catalog, and runs them through the lanes of their scopes:
 * fetch → verify → screen → store → record. An asset holds a slot only while its bytes come in; what follows is
 * bounded by `#mostKept`.
 */
export class Dispatcher {
  readonly #options: DispatchOptions
  readonly #lanes = new Map<string, Lane>()
  readonly #left = new Map<Lease, number>()
  readonly #context: FetchContext
  readonly #mostKept: number
  readonly #changed = new Bell()
  readonly #twins = new Twins()
  #running = 0
  #pumping = false
  /** Ends the wait for a lease of some other scope when a lane that was full has room again, and at the end of the run. */
  #waiting: { readonly full: ReadonlySet<string>; readonly again: AbortController } | undefined

  constructor(options: DispatchOptions) {
    this.#options = options
    this.#mostKept = options.settings.jobs * MOST_KEPT_PER_JOB
    const { parts, settings } = options
    this.#context = {
      parts,
      settings,
      refresher: options.refresher,
      signal: options.signal,
      closing: options.closing,
      onBytes: (count) => options.tally.transfer(count),
      verify: (asset, received, head) => verify(asset, received, head, { parts }),
    }
    // One listener, where `AbortSignal.any` for each wait would leave a signal for the garbage collector each time.
    options.closing.addEventListener('abort', () => this.#waiting?.again.abort(NO_WAIT), { once: true })
  }

  get lanes(): readonly Lane[] {
    return [...this.#lanes.values()]
  }

  /** Runs until the queue is closed and every claimed asset has ended. */
  async run(): Promise<void> {
    for (;;) {
      const lease = await this.#next()
      if (lease === 'again') continue
      if (lease === undefined) break
      await this.#accept(lease)
    }
    if (this.#options.closing.aborted) this.#giveBack()
    while (this.#running > 0 || this.lanes.some((lane) => lane.items.length > 0)) await this.#changed.heard()
  }

  async #next(): Promise<Lease | undefined | 'again'> {
    const { parts, closing } = this.#options
    if (closing.aborted) return undefined
    const full = new Set(this.lanes.filter((lane) => lane.items.length >= lane.slots).map((lane) => lane.scope))
    const again = new AbortController()
    this.#waiting = { full, again }
    try {
      return await parts.queue.take(full, again.signal)
    } catch (thrown) {
      if (closing.aborted) return undefined
      if (again.signal.aborted) return 'again'
      throw thrown
    } finally {
      this.#waiting = undefined
    }
  }

  async #accept(lease: Lease): Promise<void> {
    const { parts, run } = this.#options
    const claimed = await parts.catalog.assets.claim(lease.task.assets, run)
    const ids = new Set(claimed.map((asset) => asset.id))
    for (const id of lease.task.assets) if (!ids.has(id)) this.#options.onEnded(lease.task.target, id, 'listed')
    if (claimed.length === 0) return parts.queue.done(lease)
    this.#left.set(lease, claimed.length)
    const lane = this.#lane(lease.task.scope, claimed[0])
    for (const asset of claimed) lane.items.push({ asset, lease })
    this.#pump(lane)
  }

  #lane(scope: string, sample: ClaimedAsset | undefined): Lane {
    let lane = this.#lanes.get(scope)
    if (lane === undefined) {
      const { parts, settings, closing } = this.#options
      const scoped = scopeOf(parts.http, sample?.candidates[0]?.url ?? '')
      const slots = Math.max(1, Math.min(scoped.slots, settings.jobs))
      const pause = parts.login && new LoginPause(scope, restingRoom(slots), parts.login, closing)
      const made = new Lane(scope, slots, () => this.#pump(made), pause)
      this.#lanes.set(scope, made)
      lane = made
    }
    return lane
  }

  /** Begins what may begin. An asset that ends at once calls this again from within: the loop sees to it. */
  #pump(lane: Lane): void {
    if (this.#pumping) return
    this.#pumping = true
    while (lane.hasRoom && this.#keeping < this.#mostKept && !this.#options.closing.aborted) {
      const item = lane.items.shift()
      if (item === undefined) break
      if (lane.items.length < lane.slots && this.#waiting?.full.has(lane.scope) === true)
        this.#waiting.again.abort(NO_WAIT)
      lane.enter()
      this.#running += 1
      void this.#process(item, lane)
    }
    this.#pumping = false
  }

  /** Assets whose bytes are in and that are being verified, stored, recorded. */
  get #keeping(): number {
    let keeping = this.#running
    for (const lane of this.#lanes.values()) keeping -= lane.busy + lane.resting
    return keeping
  }

  #pumpAll(): void {
    for (const lane of this.#lanes.values()) this.#pump(lane)
  }

  async #process(item: LaneItem, lane: Lane): Promise<void> {
    const { asset } = item
    try {
      if (lane.broken !== undefined) {
        lane.leave()
        this.#end(item, { to: 'failed', fault: lane.broken, url: asset.candidates[0]?.url ?? '', attempts: 0 })
        return
      }
      const fetched = await fetchAsset(asset, lane, this.#context)
      const ending = await this.#keep(asset, fetched)
      lane.note(ending.to === 'failed' ? ending.fault : undefined)
      this.#end(item, ending)
    } catch (thrown) {
      const fault = toFault(thrown)
      const local = fault.disposition === 'abort'
      const url = asset.candidates[0]?.url ?? ''
      this.#end(item, local ? { to: 'listed' } : { to: 'failed', fault, url, attempts: 1 })
      if (local) this.#options.onFault(fault)
    } finally {
      this.#running -= 1
      this.#pumpAll()
      if (this.#running === 0) this.#options.recorder.hurry()
      this.#changed.ring()
    }
  }

  async #keep(asset: ClaimedAsset, fetched: Fetched): Promise<Ending> {
    const { parts, settings } = this.#options
    const context = { parts, settings, twins: this.#twins }
    if (fetched.to === 'arrived') {
      const kept = await keep(asset, fetched.received, fetched.head, context)
      return { ...kept, attempts: fetched.attempts }
    }
    if (fetched.to === 'published') {
      const file = await adopt(asset, fetched.path, context)
      if (file !== undefined) return { to: 'stored', file, attempts: 0 }
      await parts.store.settle([asset.key])
      const fault = new Fault('Damaged', `${fetched.path}, which a killed run left, was changed since`, {
        advice: 'run `bowerbird retry`: it fetches the file again',
      })
      return { to: 'failed', fault, url: asset.candidates[0]?.url ?? '', attempts: 0 }
    }
    return fetched
  }

  #end(item: LaneItem, ending: Ending): void {
    const { asset, lease } = item
    const settlement = settlementOf(asset, lease.task.target, ending)
    this.#options.recorder.add(settlement, replacedFile(asset, settlement), () => {
      if (settlement.to === 'stored') this.#twins.recorded(settlement.file.sha256, settlement.file.path)
      if (ending.to === 'page')
        this.#options.onPage(lease.task.target, ending.ref, this.#options.parts.http.answer(ending.head, ending.bytes))
      this.#report(settlement, redactUrl(asset.candidates[0]?.url ?? ''))
      this.#options.onEnded(lease.task.target, asset.id, ending.to)
      this.#finishLease(lease)
    })
  }

  #finishLease(lease: Lease): void {
    const left = (this.#left.get(lease) ?? 1) - 1
    if (left > 0) {
      this.#left.set(lease, left)
      return
    }
    this.#left.delete(lease)
    this.#options.parts.queue.done(lease).catch(this.#options.onFault)
  }

  /** Claimed, but not begun when the run was told to end. */
  #giveBack(): void {
    for (const lane of this.#lanes.values()) {
      for (const item of lane.items.splice(0)) this.#end(item, { to: 'listed' })
    }
  }

  #report(settlement: Settlement, listedUrl: string): void {
    const { tally, parts } = this.#options
    switch (settlement.to) {
      case 'stored':
        tally.count('stored')
        tally.store(settlement.file.bytes)
        break
      case 'rejected':
      case 'missing':
        tally.count(settlement.to)
        break
      case 'failed':
        tally.fail(settlement.code, 3)
        break
      case 'page':
      case 'listed':
        return
    }
    const event = eventOf(settlement, listedUrl)
    if (event !== undefined) parts.emit(event)
  }
}
