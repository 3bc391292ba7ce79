import type { Receiver, ResponseHead } from '../core/http.ts'
import type { Origin } from './origins.ts'

/** One request on its way through the layers. Every hop of a redirect is a new one. */
export interface Outgoing {
  /** Without fragment and user information. */
  readonly url: URL
  readonly origin: Origin
  readonly method: 'GET' | 'POST' | 'HEAD'
  /** Lower-case names. What the caller asked for, until the headers layer has written all of them. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** A file of `engine/fetch`, which counts among the jobs, or a small request of a source. */
  readonly kind: 'transfer' | 'explore'
  /** May go to a private address. */
  readonly named: boolean
  /** A redirect left https for http on the way: nothing secret is sent any more. */
  readonly downgraded: boolean
  /** Redirects so far. */
  readonly redirects: number
  /** Bytes of the body at most, encoded or decoded; without it the limits for files. */
  readonly maxBytes?: number
  readonly signal?: AbortSignal
  /** Ends the waiting for the host's slot, rate and clock; without it `signal` does. */
  readonly waiting?: AbortSignal
}

/**
 * The one function type of this folder: sends a request, feeds the receiver, and resolves with the head at the end of
 * the body. Rejects with a `Fault`, or with what the receiver's `start` threw.
 */
export type Exchange = (request: Outgoing, receiver: Receiver) => Promise<ResponseHead>

/** A concern of every request, wrapped around what is below it. */
export type Layer = (next: Exchange) => Exchange
