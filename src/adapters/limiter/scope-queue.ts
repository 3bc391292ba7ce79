import { Fault } from '../../core/errors.ts'
import type { Budget, Permit, ScopeState } from '../../ports/limiter.ts'

interface Waiter {
  readonly resolve: (permit: Permit) => void
  readonly reject: (reason: unknown) => void
  /** Stops listening to the signal. */
  readonly forget: () => void
}

class Slot implements Permit {
  #owner: ScopeQueue | undefined

  constructor(owner: ScopeQueue) {
    this.#owner = owner
  }

  release(): void {
    const owner = this.#owner
    this.#owner = undefined
    owner?.released()
  }
}

/**
 * Slots, token bucket and clock of one scope, first come first served. Time inside is monotonic; the wall clock only
 * appears where a moment comes in or goes out, so a jump of it shortens or stretches no wait that has begun.
 */
export class ScopeQueue {
  readonly #name: string
  readonly #longestWait: number
  #budget: Budget = { slots: 1 }
  /** Of the budget's slots, those in use now: halved by a postponement, one more with each success. */
  #slots = Number.POSITIVE_INFINITY
  #tokens = Number.POSITIVE_INFINITY
  /** Monotonic milliseconds: when the bucket was last filled, and before when nobody starts. */
  #filled = 0
  #notBefore = 0
  #reason: string | undefined
  #inFlight = 0
  /** A request began since the slots were last halved: what was under way together is punished once. */
  #startedSinceHalving = true
  readonly #waiting = new Set<Waiter>()
  #timer: NodeJS.Timeout | undefined

  constructor(name: string, longestWait: number) {
    this.#name = name
    this.#longestWait = longestWait
  }

  get busy(): boolean {
    return this.#inFlight > 0 || this.#waiting.size > 0 || this.#notBefore > performance.now()
  }

  take(budget: Budget, signal: AbortSignal | undefined): Promise<Permit> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error)
    if (budget !== this.#budget) this.#adopt(budget)
    const now = performance.now()
    if (this.#notBefore - now > this.#longestWait) return Promise.reject(this.#tooFar(now))
    if (this.#waiting.size === 0 && this.#mayStart(now)) return Promise.resolve(this.#start())
    const waiting = this.#wait(signal)
    this.#wake()
    return waiting
  }

  released(): void {
    this.#inFlight--
    if (this.#waiting.size > 0) this.#wake()
  }

  postpone(untilUnixMs: number, reason: string, halve: boolean): void {
    const now = performance.now()
    const until = now + (untilUnixMs - Date.now())
    if (until > this.#notBefore && until > now) {
      this.#notBefore = until
      this.#reason = reason
    }
    if (halve && this.#startedSinceHalving) {
      this.#slots = Math.max(1, Math.floor(Math.min(this.#slots, this.#budget.slots) / 2))
      this.#startedSinceHalving = false
    }
    if (this.#notBefore - now > this.#longestWait) this.#rejectAll(this.#tooFar(now))
    else if (this.#waiting.size > 0) this.#wake()
  }

  succeed(): void {
    if (this.#slots >= this.#budget.slots) return
    this.#slots++
    if (this.#waiting.size > 0) this.#wake()
  }

  state(): ScopeState {
    const now = performance.now()
    const state = { inFlight: this.#inFlight, waiting: this.#waiting.size }
    if (this.#notBefore <= now) return state
    const until = Math.round(Date.now() + this.#notBefore - now)
    return { ...state, until, ...(this.#reason === undefined ? {} : { reason: this.#reason }) }
  }

  close(reason: Fault): void {
    clearTimeout(this.#timer)
    this.#rejectAll(reason)
  }

  #adopt(budget: Budget): void {
    // Slots that were never halved stand at infinity and follow whatever budget comes.
    this.#fill(performance.now())
    this.#budget = budget
    this.#tokens = Math.min(this.#tokens, capacity(budget))
  }

  #fill(now: number): void {
    const { perSecond } = this.#budget
    if (perSecond !== undefined) {
      this.#tokens = Math.min(capacity(this.#budget), this.#tokens + ((now - this.#filled) / 1000) * perSecond)
    }
    this.#filled = now
  }

  #mayStart(now: number): boolean {
    if (this.#inFlight >= this.#slots || this.#inFlight >= this.#budget.slots || this.#notBefore > now) return false
    if (this.#budget.perSecond === undefined) return true
    this.#fill(now)
    // A timer that fires a hair early must not find the bucket a hair short.
    return this.#tokens > 1 - 1e-6
  }

  #start(): Permit {
    this.#inFlight++
    this.#startedSinceHalving = true
    if (this.#budget.perSecond !== undefined) this.#tokens--
    return new Slot(this)
  }

  #wait(signal: AbortSignal | undefined): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter)
        reject(signal?.reason)
      }
      const waiter: Waiter = { resolve, reject, forget: () => signal?.removeEventListener('abort', leave) }
      this.#waiting.add(waiter)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  /** Starts as many as may start, and sets the timer for the next when only time is in the way. */
  #wake(): void {
    const now = performance.now()
    for (const waiter of this.#waiting) {
      if (!this.#mayStart(now)) break
      this.#waiting.delete(waiter)
      waiter.forget()
      waiter.resolve(this.#start())
    }
    clearTimeout(this.#timer)
    if (this.#waiting.size === 0 || this.#inFlight >= Math.min(this.#slots, this.#budget.slots)) return
    this.#timer = setTimeout(() => this.#wake(), Math.ceil(this.#delay(now)))
  }

  /** Milliseconds until clock and bucket admit the next. */
  #delay(now: number): number {
    const { perSecond } = this.#budget
    const clock = Math.max(0, this.#notBefore - now)
    const bucket = perSecond === undefined ? 0 : Math.max(0, ((1 - this.#tokens) / perSecond) * 1000)
    return Math.max(clock, bucket)
  }

  #rejectAll(reason: Fault): void {
    for (const waiter of this.#waiting) {
      waiter.forget()
      waiter.reject(reason)
    }
    this.#waiting.clear()
  }

  #tooFar(now: number): Fault {
    const wait = Math.round(this.#notBefore - now)
    return new Fault(
      'RateLimited',
      `${this.#name} asks for a pause of ${Math.round(wait / 60_000)} minutes (${this.#reason})`,
      {
        retryAfter: wait,
        advice: 'run `bowerbird retry` then',
      },
    )
  }
}

function capacity(budget: Budget): number {
  return budget.perSecond === undefined ? Number.POSITIVE_INFINITY : Math.max(1, budget.perSecond)
}
