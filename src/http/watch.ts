import type { Fault } from '../core/errors.ts'
import { hopFault } from './faults.ts'
import { scopeOf } from './origins.ts'
import type { Outgoing } from './outgoing.ts'

/** One exchange as the watch sees it. Its owner moves `phase` and `bytes`; the rest belongs to the watch. */
export interface Watched {
  readonly request: Outgoing
  /** `connecting` is limited by the connector itself. */
  readonly phase: 'connecting' | 'waiting' | 'body'
  /** Bytes of the body so far. */
  readonly bytes: number
  /** The receiver holds the body back: that silence is ours. */
  readonly paused: boolean
  /** What the last look saw. */
  pace: Pace
  fail(fault: Fault): void
}

interface Pace {
  phase: Watched['phase']
  bytes: number
  /** Monotonic milliseconds of the last progress. */
  moved: number
  /** Where the present window of `minSpeed` began. */
  windowBytes: number
  windowStart: number
}

interface WatchLimits {
  /** Milliseconds. */
  readonly firstByte: number
  readonly idle: number
  readonly speedWindow: number
  /** Bytes per second; 0 is none. */
  readonly minSpeed: number
}

export function newPace(): Pace {
  const now = performance.now()
  return { phase: 'connecting', bytes: 0, moved: now, windowBytes: 0, windowStart: now }
}

/**
 * Time limits of all running exchanges by one coarse clock (every 500 ms, or finer for shorter limits), so that a
 * chunk costs no timer and no clock reading. A limit may be overrun by one tick. Time in which this process stood still
 * (stopped, asleep, on a machine that had no time for it) is not counted: what came meanwhile has not been read yet.
 */
export class Watch {
  readonly #limits: WatchLimits
  readonly #tick: number
  readonly #running = new Set<Watched>()
  #timer: NodeJS.Timeout | undefined
  /** Monotonic milliseconds of the last look. */
  #looked = 0

  constructor(limits: WatchLimits) {
    this.#limits = limits
    this.#tick = Math.max(10, Math.min(500, Math.min(limits.firstByte, limits.idle, limits.speedWindow) / 5))
  }

  add(exchange: Watched): void {
    this.#running.add(exchange)
    if (this.#timer !== undefined) return
    this.#looked = performance.now()
    this.#timer = setInterval(() => this.#look(), this.#tick).unref()
  }

  delete(exchange: Watched): void {
    this.#running.delete(exchange)
  }

  close(reason: Fault): void {
    for (const exchange of [...this.#running]) exchange.fail(reason)
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    if (this.#running.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
      return
    }
    const now = performance.now()
    const late = now - this.#looked - this.#tick
    this.#looked = now
    for (const exchange of [...this.#running]) {
      if (late > this.#tick) forgive(exchange.pace, late, now)
      const fault = this.#judge(exchange, now)
      if (fault !== undefined) exchange.fail(fault)
    }
  }

  #judge(exchange: Watched, now: number): Fault | undefined {
    const { pace, request } = exchange
    if (exchange.paused || pace.phase !== exchange.phase) {
      exchange.pace = {
        phase: exchange.phase,
        bytes: exchange.bytes,
        moved: now,
        windowBytes: exchange.bytes,
        windowStart: now,
      }
      return undefined
    }
    if (exchange.bytes !== pace.bytes) {
      pace.bytes = exchange.bytes
      pace.moved = now
    }
    if (exchange.phase === 'waiting') {
      const { timeout = this.#limits.firstByte } = scopeOf(request.origin, request.url.pathname)
      return now - pace.moved > timeout
        ? hopFault('Timeout', `no answer came within ${timeout / 1000} s`, request)
        : undefined
    }
    return exchange.phase === 'body' ? this.#judgeBody(exchange, now) : undefined
  }

  #judgeBody({ pace, request }: Watched, now: number): Fault | undefined {
    const { minSpeed, speedWindow } = this.#limits
    const { timeout = this.#limits.idle } = scopeOf(request.origin, request.url.pathname)
    if (now - pace.moved > timeout) return hopFault('Timeout', `the body stood still for ${timeout / 1000} s`, request)
    const elapsed = now - pace.windowStart
    if (elapsed < speedWindow) return undefined
    const speed = ((pace.bytes - pace.windowBytes) / elapsed) * 1000
    if (speed < minSpeed) {
      return hopFault(
        'TooSlow',
        `the transfer ran at ${Math.round(speed)} bytes/s, below --min-speed ${minSpeed}`,
        request,
      )
    }
    pace.windowStart = now
    pace.windowBytes = pace.bytes
    return undefined
  }
}

/** The clocks of an exchange stand still for so many milliseconds. */
function forgive(pace: Pace, milliseconds: number, now: number): void {
  pace.moved = Math.min(now, pace.moved + milliseconds)
  pace.windowStart = Math.min(now, pace.windowStart + milliseconds)
}
