import { Fault, toFault } from '../../core/errors.ts'
import type { Flow, Receiver, ResponseHead } from '../../core/http.ts'
import type { Limiter } from '../../ports/limiter.ts'
import type { Origins } from '../origins.ts'
import type { Outages } from '../outages.ts'
import type { Layer } from '../outgoing.ts'
import { budgetReset, retryAfter, tellsBudget } from '../retry-after.ts'
import type { Scope } from '../scopes.ts'
import type { Semaphore } from '../semaphore.ts'
import type { Wait } from '../settings.ts'

/** The longest pause that a host gets without having asked for one. */
const LONGEST_BACKOFF_MS = 60_000

/** Shorter pauses are nobody's news. */
const WORTH_TELLING_MS = 1000

/** How a scope has answered lately. */
interface Mood {
  /** Rounds of refusals since the last success; all refusals of requests that were under way together are one round. */
  strikes: number
  /** Monotonic milliseconds of the last strike. */
  struck: number
}

interface Politeness {
  readonly limiter: Limiter
  readonly jobs: Semaphore
  readonly origins: Origins
  readonly outages: Outages
  readonly onWait: ((wait: Wait) => void) | undefined
}

/** Reads from the head of an answer what the host asks of everybody. */
class Manners implements Receiver {
  readonly #receiver: Receiver
  readonly #scope: Scope
  readonly #mood: Mood
  readonly #limits: Politeness
  readonly #began = performance.now()

  constructor(receiver: Receiver, scope: Scope, mood: Mood, limits: Politeness) {
    this.#receiver = receiver
    this.#scope = scope
    this.#mood = mood
    this.#limits = limits
  }

  start(head: ResponseHead, flow: Flow): void {
    this.#limits.outages.answered(this.#scope.name)
    if (head.status === 429 || head.status === 503) this.#refused(head)
    else this.#answered(head)
    this.#receiver.start(head, flow)
  }

  data(chunk: Uint8Array): void {
    this.#receiver.data(chunk)
  }

  #answered(head: ResponseHead): void {
    if (head.status < 400) {
      this.#mood.strikes = 0
      this.#limits.limiter.succeed(this.#scope.name)
    }
    const reset = tellsBudget(head.headers) ? budgetReset(head.headers, Date.now()) : undefined
    if (reset !== undefined && reset > 0) this.#postpone(reset, 'its budget of requests is used up')
  }

  #refused(head: ResponseHead): void {
    const now = performance.now()
    if (this.#began >= this.#mood.struck) {
      this.#mood.strikes++
      this.#mood.struck = now
    }
    const asked = retryAfter(head.headers, Date.now()) ?? budgetReset(head.headers, Date.now())
    this.#postpone(asked ?? backoff(head.status, this.#mood.strikes), `it answered ${head.status}`)
  }

  #postpone(milliseconds: number, reason: string): void {
    const { limiter, onWait } = this.#limits
    const until = Date.now() + milliseconds
    const before = limiter.state(this.#scope.name).until ?? 0
    limiter.postpone(this.#scope.name, until, reason)
    if (milliseconds >= WORTH_TELLING_MS && until > before + WORTH_TELLING_MS) {
      onWait?.({ host: this.#scope.name, reason, until: new Date(until).toISOString() })
    }
  }
}

/** The limiter rejects with whatever the signal was fired with. */
export function cancelled(reason: unknown): never {
  throw toFault(reason, 'Cancelled')
}

/** One 503 alone only halves the slots: many sites have single broken files. A 429 is meant for everybody at once. */
function backoff(status: number, strikes: number): number {
  const doublings = status === 429 ? strikes - 1 : strikes - 2
  if (doublings < 0) return 0
  const longest = Math.min(LONGEST_BACKOFF_MS, 1000 * 2 ** Math.min(doublings, 10))
  return longest * (0.5 + Math.random() / 2)
}

/**
 * Waits for the scope (slot, rate, clock), and for a transfer then for one of the jobs; both are given back at the end
 * of the body. 429, 503, `Retry-After` and used-up budgets push the scope's clock forward for everybody. What says that the
 * scope is out of reach says for how long.
 */
export function politeness(limits: Politeness): Layer {
  const moods = new Map<string, Mood>()
  return (next) => async (request, receiver) => {
    const scope = limits.origins.scope(request.origin, request.url.pathname)
    let mood = moods.get(scope.name)
    if (mood === undefined) moods.set(scope.name, (mood = { strikes: 0, struck: 0 }))
    const { waiting = request.signal } = request
    const permit = await limits.limiter.take(scope.name, scope.budget, waiting).catch(cancelled)
    try {
      if (request.kind === 'explore') return await next(request, new Manners(receiver, scope, mood, limits))
      await limits.jobs.take(waiting)
      try {
        return await next(request, new Manners(receiver, scope, mood, limits))
      } finally {
        limits.jobs.give()
      }
    } catch (thrown) {
      throw thrown instanceof Fault ? limits.outages.judge(scope.name, thrown) : thrown
    } finally {
      permit.release()
    }
  }
}
