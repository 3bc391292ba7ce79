/**
 * Lets waiters sleep until something has changed. Who looks at a state with an `await` in between takes `rings` before
 * the look: a ring that came meanwhile is then not lost.
 */
export class Bell {
  #rings = 0
  #waiters: (() => void)[] = []

  get rings(): number {
    return this.#rings
  }

  ring(): void {
    this.#rings += 1
    if (this.#waiters.length === 0) return
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }

  /** Resolves with the next ring; at once when there was one since `rings` was this number. */
  heard(since: number = this.#rings): Promise<void> {
    if (since !== this.#rings) return Promise.resolve()
    return new Promise((resolve) => this.#waiters.push(resolve))
  }
}

/** Sleeps; ends early, without a fault, when the signal aborts. */
export function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
  })
}
