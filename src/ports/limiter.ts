/** A place among the requests that a scope takes at once. Given back exactly once. */
export interface Permit {
  release(): void
}

/** What a scope allows. */
export interface Budget {
  /** Requests at once. */
  readonly slots: number
  /** Requests per second (a token bucket that holds one second's worth, at least one); none without it. */
  readonly perSecond?: number
}

export interface ScopeState {
  readonly inFlight: number
  readonly waiting: number
  /** Unix milliseconds until which nobody may start a request, and why. */
  readonly until?: number
  readonly reason?: string
}

/** Milliseconds: who would have to wait longer than this for a clock is told so instead. */
export const LONGEST_WAIT_MS = 10 * 60_000

/** One per library: slots, token bucket and the clock that a host's "later" pushes forward for everybody. */
export interface Limiter {
  /**
   * Waits for a slot, a token and the clock. Rejects with the signal's reason, and with a `RateLimited` fault while the
   * clock stands further away than `LONGEST_WAIT_MS`. Order of arrival is kept.
   */
  take(scope: string, budget: Budget, signal?: AbortSignal): Promise<Permit>
  /** Nobody starts a request in this scope before then; slots are halved. Earlier times never shorten a later one. */
  postpone(scope: string, untilUnixMs: number, reason: string): void
  /** A request went well: slots grow back by one. */
  succeed(scope: string): void
  state(scope: string): ScopeState
  /** Scopes with requests in flight, waiting, or a clock in the future. */
  scopes(): readonly string[]
  close(): Promise<void>
}

/** Where processes that share a library tell each other a host's clock. */
export interface ClockBoard {
  post(scope: string, untilUnixMs: number, reason: string): Promise<void>
  read(): Promise<readonly { readonly scope: string; readonly until: number; readonly reason: string }[]>
}
