import type { Counts, Event, HostProgress } from '../../core/events.ts'

/** What the rate and the time that is left are made from. */
const WINDOW_MS = 15_000
const KEPT_FAILURES = 3

interface Waiting {
  readonly reason: string
  /** Unix milliseconds. */
  readonly until: number
}

export type Failed = Extract<Event, { event: 'failed' }>

const NOTHING: Counts = { stored: 0, known: 0, excluded: 0, rejected: 0, missing: 0, failed: 0 }

/** Where a run stands, as its events tell it: what live view, plain lines and summary show. */
export class Progress {
  counts: Counts = NOTHING
  listed = 0
  total: number | undefined
  bytes = 0
  bytesPerSecond = 0
  active = 0
  hosts: readonly HostProgress[] = []
  /** Refs that were explored. */
  pages = 0
  failures: readonly Failed[] = []
  /** Failed items that a listing only names: they have no key, and are not in the catalog. */
  unlisted = 0
  readonly waits = new Map<string, Waiting>()
  readonly #samples: { readonly at: number; readonly done: number }[] = []

  /** Items that have come to their end, one way or the other. */
  get done(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0)
  }

  /** Items per second over the last seconds. */
  get rate(): number {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)]
    if (first === undefined || last === undefined || last.at === first.at) return 0
    return ((last.done - first.done) / (last.at - first.at)) * 1000
  }

  /** Seconds, where the total is known and things move. */
  get left(): number | undefined {
    if (this.total === undefined || this.rate <= 0) return undefined
    return Math.max(0, this.total - this.done) / this.rate
  }

  /** `now`: milliseconds of a clock that only goes forward. */
  take(event: Event, now: number): void {
    switch (event.event) {
      case 'progress':
        this.#move(event, now)
        break
      case 'failed':
        this.failures = [...this.failures.slice(1 - KEPT_FAILURES), event]
        if (event.key === '') this.unlisted += 1
        break
      case 'wait':
        this.waits.set(event.host, { reason: event.reason, until: Date.parse(event.until) })
        break
      case 'ref':
        if (event.state === 'explored') this.pages += 1
        break
      case 'end':
        this.counts = countsOf(event)
        this.bytes = event.bytes
        break
      case 'run':
      case 'asset':
      case 'stored':
      case 'known':
      case 'excluded':
      case 'rejected':
      case 'missing':
      case 'note':
        break
    }
  }

  #move(event: Extract<Event, { event: 'progress' }>, now: number): void {
    const { counts, listed, total, bytes, bytesPerSecond, active, hosts } = event
    Object.assign(this, { counts, listed, total, bytes, bytesPerSecond, active, hosts })
    this.#samples.push({ at: now, done: this.done })
    while (this.#samples.length > 2 && now - (this.#samples[0]?.at ?? now) > WINDOW_MS) this.#samples.shift()
  }
}

function countsOf({ stored, known, excluded, rejected, missing, failed }: Counts): Counts {
  return { stored, known, excluded, rejected, missing, failed }
}
