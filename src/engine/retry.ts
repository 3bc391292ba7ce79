import type { Fault } from '../core/errors.ts'
import type { AssetRules } from '../core/source.ts'

/** Longest pause between two tries, milliseconds. */
const LONGEST_PAUSE_MS = 30_000
const FIRST_PAUSE_MS = 500
/** After so many requests to wait an asset is left for a later run. */
const MOST_WAITS = 30

/** What is known when a try of a transfer went wrong. */
export interface TryState {
  /** Tries of this candidate so far, this one included. */
  readonly tries: number
  readonly retries: number
  /** How often the host has asked for patience with this asset. */
  readonly waits: number
  /** A fresh URL was asked for already in this run. */
  readonly refreshed: boolean
  readonly canRefresh: boolean
  /** The host has served other files since the last try. */
  readonly othersServed: boolean
  readonly moreCandidates: boolean
  /** A login that served files in this run can be renewed while it goes on. */
  readonly mayRenewLogin: boolean
  readonly rules: AssetRules
}

/**
 * What to do next:
 * - `again`: the same candidate after a pause, going on where it stopped if that is sound;
 * - `wait`: the same candidate; the host asked for patience, which the limiter already keeps. Costs no try;
 * - `outage`: the same candidate after a pause; the host, which had answered before, is out of reach for a while, as when a
 *   router restarts. Costs no try, for the few minutes that the network layer has patience;
 * - `login`: the login that served files before has ended: the host rests until there is a new one. Costs no try;
 * - `refresh`: ask the asset's ref for a fresh URL;
 * - `next`: the next candidate;
 * - `missing`, `fail`: the end of the asset; `abort`: the end of the run.
 */
export type Move = 'again' | 'wait' | 'outage' | 'login' | 'refresh' | 'next' | 'missing' | 'fail' | 'abort'

const EXPIRY_STATUSES: ReadonlySet<number> = new Set([401, 403, 404, 410])

/** DESIGN section 6, rule 3, as a pure function. */
export function nextMove(fault: Fault, state: TryState): Move {
  if (fault.disposition === 'abort') return 'abort'
  if (fault.disposition === 'later') return later(fault, state)
  if (fault.evidence.outage !== undefined && state.retries > 0) return 'outage'
  if (mayHaveExpired(fault, state.rules) && state.canRefresh && !state.refreshed) return 'refresh'
  if (fault.disposition === 'retry' && state.tries <= state.retries) return 'again'
  return exhausted(fault, state)
}

/** A 503 while the host serves other files is the trouble of this file alone, and costs its tries. */
function later(fault: Fault, state: TryState): Move {
  if (isParked(fault) || state.waits >= MOST_WAITS) return exhausted(fault, state)
  if (fault.evidence.status !== 503 || !state.othersServed) return 'wait'
  return state.tries <= state.retries ? 'again' : exhausted(fault, state)
}

function exhausted(fault: Fault, state: TryState): Move {
  if (state.moreCandidates) return 'next'
  if (fault.code === 'NeedsLogin' && state.mayRenewLogin) return 'login'
  return endOf(fault, state) === 'missing' ? 'missing' : 'fail'
}

/** How an asset ends with its last fault. */
export function endOf(fault: Fault, { rules }: { readonly rules: AssetRules }): 'missing' | 'failed' {
  return rules.enumerated === true && isAbsent(fault) ? 'missing' : 'failed'
}

/**
 * The host wants more patience than a run has: the network layer refused to wait, and says how long it would be. Nothing was
 * sent, so it is no try.
 */
export function isParked(fault: Fault): boolean {
  return fault.evidence.retryAfter !== undefined
}

function mayHaveExpired(fault: Fault, rules: AssetRules): boolean {
  const { status } = fault.evidence
  if (status === undefined) return false
  return EXPIRY_STATUSES.has(status) || (rules.expiredStatuses?.includes(status) ?? false)
}

function isAbsent(fault: Fault): boolean {
  return fault.code === 'Gone'
}

/** Exponential with full jitter (0 to the bound), so that many failures do not come back as one wave. */
export function pauseBefore(tries: number, random: () => number = Math.random): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1)) * (0.2 + 0.8 * random())
}
