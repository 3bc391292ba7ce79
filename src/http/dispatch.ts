import type { Dispatcher } from 'undici'
import { Fault, toFault } from '../core/errors.ts'
import type { Receiver, ResponseHead, ResponseHeaders } from '../core/http.ts'
import type { Reading } from './connect/reading.ts'
import { exchangeFault, hopFault } from './faults.ts'
import type { Origins } from './origins.ts'
import type { Exchange, Outgoing } from './outgoing.ts'
import { newPace } from './watch.ts'
import type { Watch, Watched } from './watch.ts'

/** A refused body up to this many bytes is read and thrown away, because a new connection costs more. */
const DRAIN_BYTES = 64 * 1024

/** Interim answers (1xx) to one request. */
const MAX_INTERIM = 32

type Resolve = (head: ResponseHead) => void
type Reject = (reason: unknown) => void

/** What all running requests report to. */
interface Trade {
  readonly reading: Reading
  release(running: Running): void
}

/** One request that undici works on: its handler, and what the watch looks at. */
class Running implements Dispatcher.DispatchHandler, Watched {
  readonly request: Outgoing
  pace = newPace()
  phase: Watched['phase'] = 'connecting'
  bytes = 0
  readonly #receiver: Receiver
  readonly #resolve: Resolve
  readonly #reject: Reject
  readonly #trade: Trade
  #controller: Dispatcher.DispatchController | undefined
  #head: ResponseHead | undefined
  #interim = 0
  /** Why the receiver does not want the body; what is left of it is drained. */
  #refused: { readonly reason: unknown; bytesLeft: number } | undefined
  #settled = false

  constructor(request: Outgoing, receiver: Receiver, resolve: Resolve, reject: Reject, trade: Trade) {
    this.request = request
    this.#receiver = receiver
    this.#resolve = resolve
    this.#reject = reject
    this.#trade = trade
  }

  get paused(): boolean {
    return this.#controller?.paused ?? false
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#settled) controller.abort(new Fault('Cancelled', 'the request was given up before it began'))
    else this.phase = 'waiting'
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (status < 200) {
      if (++this.#interim > MAX_INTERIM)
        controller.abort(hopFault('BadResponse', 'interim answers came without end', this.request))
      return
    }
    this.phase = 'body'
    this.#trade.reading.body()
    this.#head = { url: this.request.url.href, status, headers, redirects: this.request.redirects }
    try {
      this.#receiver.start(this.#head, controller)
    } catch (reason) {
      this.#refuse(reason, controller)
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.bytes += chunk.length
    this.#trade.reading.body()
    if (this.#refused !== undefined) {
      this.#refused.bytesLeft -= chunk.length
      if (this.#refused.bytesLeft < 0) controller.abort(toFault(this.#refused.reason))
      return
    }
    try {
      this.#receiver.data(chunk)
    } catch (reason) {
      this.fail(reason)
    }
    if (controller.paused) this.#trade.reading.pause()
  }

  onResponseEnd(): void {
    this.#trade.reading.end()
    if (this.#refused !== undefined) this.#settle(this.#refused.reason)
    else this.#settle(undefined)
  }

  onResponseError(_controller: unknown, error: unknown): void {
    this.#settle(this.#refused?.reason ?? exchangeFault(error, this.request, this.#head !== undefined))
  }

  /** Ends the exchange from outside, at once. */
  fail(reason: unknown): void {
    this.#settle(this.#refused?.reason ?? reason)
    this.#controller?.abort(toFault(reason))
  }

  #refuse(reason: unknown, controller: Dispatcher.DispatchController): void {
    this.#refused = { reason, bytesLeft: DRAIN_BYTES }
    if (controller.paused) controller.resume()
    if (Number(this.#head?.headers['content-length'] ?? 0) > DRAIN_BYTES) controller.abort(toFault(reason))
  }

  #settle(reason: unknown): void {
    if (this.#settled) return
    this.#settled = true
    this.#trade.release(this)
    if (reason === undefined && this.#head !== undefined) this.#resolve(this.#head)
    else this.#reject(reason ?? hopFault('BadResponse', 'the answer had no head', this.request))
  }
}

/** Who must be told when a signal fires: one listener per signal, however many requests share it. */
class Signals {
  readonly #groups = new WeakMap<AbortSignal, Set<Running>>()

  add(signal: AbortSignal, running: Running): void {
    let group = this.#groups.get(signal)
    if (group === undefined) {
      const members = new Set<Running>()
      group = members
      this.#groups.set(signal, group)
      signal.addEventListener(
        'abort',
        () => {
          for (const member of [...members]) member.fail(toFault(signal.reason, 'Cancelled'))
        },
        { once: true },
      )
    }
    group.add(running)
  }

  delete(signal: AbortSignal, running: Running): void {
    this.#groups.get(signal)?.delete(running)
  }
}

/** The innermost exchange: undici, over the pool of the request's origin. */
export function dispatching(origins: Origins, watch: Watch, reading: Reading): Exchange {
  const signals = new Signals()
  const trade: Trade = {
    reading,
    release(running) {
      watch.delete(running)
      origins.leave(running.request.origin)
      if (running.request.signal !== undefined) signals.delete(running.request.signal, running)
    },
  }
  return (request, receiver) =>
    new Promise((resolve, reject) => {
      const { signal, url, origin } = request
      if (signal?.aborted) {
        reject(toFault(signal.reason, 'Cancelled'))
        return
      }
      const running = new Running(request, receiver, resolve, reject, trade)
      origins.enter(origin)
      watch.add(running)
      if (signal !== undefined) signals.add(signal, running)
      const path = `${url.pathname}${url.search}`
      origins.pool(origin, request.named).dispatch(
        {
          path: origin.route.kind === 'forward' ? `${origin.name}${path}` : path,
          method: request.method,
          headers: request.headers,
          body: request.body ?? null,
        },
        running,
      )
    })
}
