import { Fault } from '../../core/errors.ts'
import { LONGEST_WAIT_MS } from '../../ports/limiter.ts'
import type { Budget, ClockBoard, Limiter, Permit, ScopeState } from '../../ports/limiter.ts'
import { ScopeQueue } from './scope-queue.ts'

/** How often the board of other processes is read while any scope is in use. */
const POLL_MS = 1000

/**
 * The limiter of one process. With a board, host clocks are shared with the other processes on the library; slots and
 * rates are each process's own.
 */
export class MemoryLimiter implements Limiter {
  readonly #scopes = new Map<string, ScopeQueue>()
  readonly #board: ClockBoard | undefined
  #poll: NodeJS.Timeout | undefined
  #closed = false

  constructor(board?: ClockBoard) {
    this.#board = board
  }

  take(scope: string, budget: Budget, signal?: AbortSignal): Promise<Permit> {
    if (this.#closed) return Promise.reject(new Fault('Cancelled', 'the limiter is closed'))
    if (this.#board !== undefined) this.#poll ??= this.#startPolling(this.#board)
    return this.#scope(scope).take(budget, signal)
  }

  postpone(scope: string, untilUnixMs: number, reason: string): void {
    this.#scope(scope).postpone(untilUnixMs, reason, true)
    // The board is advice to others: when it cannot be written, the own clock still holds.
    if (untilUnixMs > Date.now()) this.#board?.post(scope, untilUnixMs, reason).catch(() => undefined)
  }

  succeed(scope: string): void {
    this.#scopes.get(scope)?.succeed()
  }

  state(scope: string): ScopeState {
    return this.#scopes.get(scope)?.state() ?? { inFlight: 0, waiting: 0 }
  }

  scopes(): readonly string[] {
    return [...this.#scopes].filter(([, queue]) => queue.busy).map(([name]) => name)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#poll)
    for (const queue of this.#scopes.values()) queue.close(new Fault('Cancelled', 'the limiter is closed'))
  }

  #scope(name: string): ScopeQueue {
    let queue = this.#scopes.get(name)
    if (queue === undefined) {
      queue = new ScopeQueue(name, LONGEST_WAIT_MS)
      this.#scopes.set(name, queue)
    }
    return queue
  }

  #startPolling(board: ClockBoard): NodeJS.Timeout {
    void this.#readBoard(board)
    return setInterval(() => {
      if (this.scopes().length > 0) void this.#readBoard(board)
      else {
        clearInterval(this.#poll)
        this.#poll = undefined
      }
    }, POLL_MS).unref()
  }

  async #readBoard(board: ClockBoard): Promise<void> {
    try {
      for (const { scope, until, reason } of await board.read()) this.#scope(scope).postpone(until, reason, false)
    } catch {
      // The next look may succeed; until then the own clock holds.
    }
  }
}
