import type { Counts, EndEvent, Event } from '../core/events.ts'
import type { Outcome } from '../core/glossary.ts'

/** Runs with at least this many equal reasons are not listed one by one. */
const SPEED_WINDOW_MS = 5000

/** Adds up what becomes of everything in one run. */
export class Tally {
  readonly #counts: Record<Outcome, number> = { stored: 0, known: 0, excluded: 0, rejected: 0, missing: 0, failed: 0 }
  readonly #reasons = new Map<string, number>()
  readonly #lost: EndEvent['targets'][number][] = []
  readonly #started = performance.now()
  readonly #samples: { readonly at: number; readonly bytes: number }[] = []
  #bytes = 0
  #transferred = 0
  #listed = 0
  #worst = 0

  count(outcome: Outcome, by = 1): void {
    this.#counts[outcome] += by
  }

  fail(code: string, exit: number): void {
    this.#counts.failed += 1
    this.#reasons.set(code, (this.#reasons.get(code) ?? 0) + 1)
    this.#worsen(exit)
  }

  /** A target that could not be explored. */
  lose(target: EndEvent['targets'][number], exit: number): void {
    this.#lost.push(target)
    this.#worsen(exit)
  }

  list(count: number): void {
    this.#listed += count
  }

  /** Bytes of files that were stored. */
  store(bytes: number): void {
    this.#bytes += bytes
  }

  /** Bytes that came over the network. */
  transfer(bytes: number): void {
    this.#transferred += bytes
  }

  get counts(): Counts {
    return this.#counts
  }

  get listed(): number {
    return this.#listed
  }

  get bytes(): number {
    return this.#bytes
  }

  get seconds(): number {
    return Math.round(performance.now() - this.#started) / 1000
  }

  get reasons(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#reasons)
  }

  get exit(): number {
    return this.#worst
  }

  /** Bytes per second over the last seconds; call it about twice a second. */
  speed(): number {
    const now = performance.now()
    this.#samples.push({ at: now, bytes: this.#transferred })
    while (this.#samples.length > 2 && now - (this.#samples[0]?.at ?? now) > SPEED_WINDOW_MS) this.#samples.shift()
    const first = this.#samples[0]
    if (first === undefined || now - first.at < 1) return 0
    return Math.round(((this.#transferred - first.bytes) / (now - first.at)) * 1000)
  }

  end(run: number, interrupted: boolean): Event & EndEvent {
    return {
      event: 'end',
      run,
      ...this.#counts,
      bytes: this.#bytes,
      seconds: this.seconds,
      reasons: this.reasons,
      targets: this.#lost,
      interrupted,
      exit: this.#worst,
    }
  }

  /** Of several exit statuses 1 (a bug) wins, else the highest. */
  #worsen(exit: number): void {
    if (this.#worst === 1 || exit === 1) this.#worst = 1
    else this.#worst = Math.max(this.#worst, exit)
  }
}
