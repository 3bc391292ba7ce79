/** Lets one or more waiters sleep until something has changed. */
export class Bell {
  #waiters: (() => void)[] = []

  ring(): void {
    if (this.#waiters.length === 0) return
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }

  heard(): Promise<void> {
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
