import { toFault } from '../core/errors.ts'

interface Waiter {
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
  readonly signal: AbortSignal | undefined
}

/** So many at once, in order of arrival. */
export class Semaphore {
  #free: number
  readonly #waiting: Waiter[] = []

  constructor(size: number) {
    this.#free = size
  }

  /** Rejects with a `Cancelled` fault when the signal has fired by the time its turn comes. */
  async take(signal?: AbortSignal): Promise<void> {
    if (this.#free > 0) {
      this.#free--
      return
    }
    await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject, signal }))
  }

  give(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (!next.signal?.aborted) {
        next.resolve()
        return
      }
      next.reject(toFault(next.signal.reason, 'Cancelled'))
    }
    this.#free++
  }
}
