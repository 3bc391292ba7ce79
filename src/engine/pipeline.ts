import { Fault, toFault } from '../core/errors.ts'
import type { EndEvent } from '../core/events.ts'
import type { AssetState, JsonObject } from '../core/glossary.ts'
import { redactUrl } from '../core/redact.ts'
import type { VisitMode } from '../ports/catalog.ts'
import type { Ended } from './dispatch.ts'
import { Dispatcher } from './dispatch.ts'
import { Explorer } from './explore.ts'
import type { EngineParts, RunSettings, TargetInput } from './parts.ts'
import { Recorder } from './record.ts'
import { Refresher } from './refresh.ts'
import { loseTarget } from './remarks.ts'
import { Tally } from './tally.ts'
import { Visit } from './visit.ts'
import type { VisitOptions } from './visit.ts'

const HEARTBEAT_MS = 10_000
const PROGRESS_MS = 500

/** What to work on. */
export interface Job {
  readonly mode: VisitMode
  /** Targets that the catalog knows (resume, retry). */
  readonly known: readonly number[]
  /** Targets as the user named them; a `Fault` in place of one is a line that cannot be read. */
  readonly named: AsyncIterable<TargetInput | Fault> | Iterable<TargetInput | Fault>
  /** `retry`: states that are tried again. */
  readonly again: readonly AssetState[]
  /** Keys of what alone is fetched again, by target (`verify --repair`); nothing is explored then. */
  readonly repairs?: ReadonlyMap<number, readonly string[]>
  /** Kept with the run, so that `resume` can do the same. Without secrets. */
  readonly plan: JsonObject
  /** What the `run` event tells. */
  readonly announce: { readonly version: string; readonly library: string; readonly targets: readonly string[] }
}

export interface Signals {
  /** Aborted with the exit status of the interruption: nothing new is begun, what runs may end. */
  readonly closing: AbortSignal
  /** Aborted: what runs is cut off. */
  readonly cut: AbortSignal
}

/** How a run ended: `fault` is the local trouble that ended it early. */
export interface Collected {
  readonly end: EndEvent
  readonly fault?: Fault
}

/**
 * One run, from its targets to the summary:
 *
 *     targets → Visit (explore, plan, admit) → queue → Dispatcher (fetch, verify, screen, store) → Recorder
 *
 * Visits run side by side; each holds at most about a thousand ids of assets. The run ends when every visit has
 * ended, the queue is empty and the last group is committed.
 */
export async function collect(
  job: Job,
  parts: EngineParts,
  settings: RunSettings,
  signals: Signals,
): Promise<Collected> {
  const begun = await parts.catalog.runs.begin(job.plan)
  parts.emit({
    event: 'run',
    run: begun.id,
    ...job.announce,
    ...((job.mode === 'resume' || job.mode === 'retry') && { resumed: true }),
  })
  return new Run(begun.id, job, parts, settings, signals).collect()
}

class Run {
  readonly #id: number
  readonly #job: Job
  readonly #parts: EngineParts
  readonly #settings: RunSettings
  readonly #closing: AbortSignal
  readonly #cut: AbortSignal
  readonly #trouble = new AbortController()
  readonly #tally = new Tally()
  readonly #visits = new Map<number, Visit>()
  /** All that were opened. */
  readonly #targets = new Set<number>()
  readonly #recorder: Recorder
  readonly #dispatcher: Dispatcher
  readonly #visitOptions: VisitOptions
  #total: number | undefined = 0
  #fault: Fault | undefined

  constructor(id: number, job: Job, parts: EngineParts, settings: RunSettings, signals: Signals) {
    this.#id = id
    this.#job = job
    this.#parts = parts
    this.#settings = settings
    this.#closing = AbortSignal.any([signals.closing, signals.cut, this.#trouble.signal])
    this.#cut = AbortSignal.any([signals.cut, this.#trouble.signal])
    const explorer = new Explorer(parts, (source) => settings.rules(source).options, this.#closing)
    const tally = this.#tally
    const onFault = (thrown: unknown): void => this.#stop(thrown)
    this.#recorder = new Recorder(parts, id, onFault)
    this.#visitOptions = { parts, settings, run: id, tally, explorer, closing: this.#closing }
    this.#dispatcher = new Dispatcher({
      parts,
      settings,
      run: id,
      recorder: this.#recorder,
      tally,
      refresher: new Refresher(explorer),
      signal: this.#cut,
      closing: this.#closing,
      onEnded: (target, asset, ended: Ended) => this.#visits.get(target)?.ended(asset, ended),
      onPage: (target, ref, answer) => this.#visits.get(target)?.answer(ref, answer),
      onFault,
    })
  }

  async collect(): Promise<Collected> {
    const { runs } = this.#parts.catalog
    const heartbeat = setInterval(
      () => void runs.beat(this.#id).catch((thrown: unknown) => this.#stop(thrown)),
      HEARTBEAT_MS,
    )
    const progress = setInterval(() => this.#progress(), PROGRESS_MS)
    try {
      const dispatching = this.#dispatcher.run().catch((thrown: unknown) => this.#stop(thrown))
      await this.#visitAll()
      await this.#parts.queue.close()
      await dispatching
      await this.#recorder.drain()
    } catch (thrown) {
      this.#stop(thrown)
    } finally {
      clearInterval(heartbeat)
      clearInterval(progress)
    }
    return this.#end()
  }

  async #visitAll(): Promise<void> {
    const inputs = this.#inputs()
    // A list on standard input may never end: an interruption does not wait for its next line.
    const closed = new Promise<undefined>((resolve) => {
      if (this.#closing.aborted) resolve(undefined)
      else this.#closing.addEventListener('abort', () => resolve(undefined), { once: true })
    })
    const worker = async (): Promise<void> => {
      for (;;) {
        const next = await Promise.race([inputs.next(), closed])
        if (next === undefined || next.done === true || this.#closing.aborted) return
        await this.#visit(next.value)
      }
    }
    const count = Math.max(8, this.#settings.jobs)
    await Promise.all(Array.from({ length: count }, () => worker().catch((thrown: unknown) => this.#stop(thrown))))
  }

  async *#inputs(): AsyncGenerator<TargetInput | Fault | number, undefined> {
    yield* this.#job.known
    yield* this.#job.named
    return undefined
  }

  /** An update that went on with an interrupted visit has not looked at what is new: the next visit follows. */
  async #visit(input: TargetInput | Fault | number): Promise<void> {
    const visit = await this.#visitOnce(input)
    const again = this.#job.mode === 'update' && visit?.continued === true && visit.whole
    const last = again ? await this.#visitOnce(input) : visit
    if (last?.whole !== true || typeof input === 'number' || input instanceof Fault || input.follow === undefined)
      return
    await this.#parts.catalog.follows.visited(input.follow.id, Date.now())
  }

  async #visitOnce(input: TargetInput | Fault | number): Promise<Visit | undefined> {
    const visit = await this.#open(input)
    if (visit === undefined || this.#visits.has(visit.id)) return undefined
    this.#visits.set(visit.id, visit)
    this.#targets.add(visit.id)
    this.#total = this.#total === undefined || visit.total === undefined ? undefined : this.#total + visit.total
    try {
      const repairs = this.#job.repairs?.get(visit.id)
      if (repairs === undefined) await visit.run(this.#job.mode === 'retry' ? this.#job.again : [])
      else await visit.repair(repairs)
    } finally {
      if (visit.pending === 0) this.#visits.delete(visit.id)
    }
    return visit
  }

  async #open(input: TargetInput | Fault | number): Promise<Visit | undefined> {
    const mode = this.#job.mode
    if (typeof input === 'number') return Visit.reopen(input, mode === 'retry' ? 'retry' : 'resume', this.#visitOptions)
    if (input instanceof Fault) {
      const { where: place = '' } = input.evidence
      loseTarget({ text: place, place }, input, this.#tally)
      return undefined
    }
    try {
      return await Visit.open(input, mode === 'retry' ? 'resume' : mode, this.#visitOptions)
    } catch (thrown) {
      loseTarget(
        { text: redactUrl(input.target.text), ...(input.place !== undefined && { place: input.place }) },
        thrown,
        this.#tally,
      )
      return undefined
    }
  }

  /** Local trouble, or a bug: the run ends, what is settled is safe. The first one is told. */
  #stop(thrown: unknown): void {
    const fault = toFault(thrown)
    if (fault.code === 'Cancelled') return
    this.#fault ??= fault
    this.#trouble.abort(fault)
  }

  #progress(): void {
    const hosts = this.#dispatcher.lanes
      .filter((lane) => lane.busy > 0 || lane.items.length > 0)
      .map((lane) => ({ host: lane.scope, active: lane.busy, waiting: lane.items.length + lane.resting }))
    this.#parts.emit({
      event: 'progress',
      counts: { ...this.#tally.counts },
      listed: this.#tally.listed,
      ...(this.#total !== undefined && this.#total > 0 && Number.isFinite(this.#total) && { total: this.#total }),
      bytes: this.#tally.bytes,
      bytesPerSecond: this.#tally.speed(),
      active: hosts.reduce((sum, host) => sum + host.active, 0),
      hosts,
    })
  }

  /**
   * A process that was killed between a commit and what follows it leaves parts of files that are recorded. Which those
   * are is certain once the targets of all killed runs have been worked on.
   */
  async #tidy(): Promise<void> {
    const unfinished = await this.#parts.catalog.runs.unfinished()
    if (unfinished.every((run) => run.targets.every((target) => this.#targets.has(target))))
      await this.#parts.store.settle('published')
  }

  async #end(): Promise<Collected> {
    const interrupted = this.#closing.aborted
    const exit = this.#fault?.exit ?? (interrupted ? interruptionExit(this.#closing.reason) : this.#tally.exit)
    const end = { ...this.#tally.end(this.#id, interrupted), exit }
    const { counts, reasons } = this.#tally
    const state = interrupted ? 'interrupted' : 'finished'
    try {
      await this.#parts.catalog.runs.end(this.#id, { state, exit, counts, reasons })
      if (!interrupted) await this.#tidy()
    } catch (thrown) {
      this.#fault ??= toFault(thrown)
    }
    this.#parts.emit(end)
    return { end, ...(this.#fault && { fault: this.#fault }) }
  }
}

function interruptionExit(reason: unknown): number {
  return typeof reason === 'number' ? reason : 130
}
