import type { Lease, Queue, Task } from '../../ports/queue.ts'

interface Taker {
  readonly except: ReadonlySet<string>
  readonly give: (lease: Lease | undefined) => void
}

/**
 * The queue of one process. It holds ids only, and is filled again from the catalog when a process begins, so
 * nothing is lost with it. Oldest task first among the scopes that are wanted.
 */
export class MemoryQueue implements Queue {
  readonly #waiting = new Map<string, Task>()
  readonly #leased = new Set<string>()
  readonly #takers: Taker[] = []
  #fence = 0
  #closed = false

  offer(tasks: readonly Task[]): Promise<void> {
    for (const task of tasks) {
      if (this.#closed || this.#leased.has(task.id)) continue
      this.#waiting.set(task.id, task)
    }
    this.#deal()
    return Promise.resolve()
  }

  take(except: ReadonlySet<string>, signal?: AbortSignal): Promise<Lease | undefined> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    const lease = this.#closed ? undefined : this.#lease(except)
    if (lease !== undefined || this.#closed) return Promise.resolve(lease)
    return new Promise((resolve, reject) => {
      const taker: Taker = {
        except,
        give: (given) => {
          signal?.removeEventListener('abort', abandon)
          resolve(given)
        },
      }
      const abandon = (): void => {
        this.#takers.splice(this.#takers.indexOf(taker), 1)
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', abandon, { once: true })
      this.#takers.push(taker)
    })
  }

  extend(_lease: Lease): Promise<void> {
    // One process: a lease cannot outlive its holder.
    return Promise.resolve()
  }

  done(lease: Lease): Promise<void> {
    this.#leased.delete(lease.task.id)
    return Promise.resolve()
  }

  release(lease: Lease): Promise<void> {
    this.#leased.delete(lease.task.id)
    return this.offer([lease.task])
  }

  close(): Promise<void> {
    this.#closed = true
    this.#waiting.clear()
    for (const taker of this.#takers.splice(0)) taker.give(undefined)
    return Promise.resolve()
  }

  #lease(except: ReadonlySet<string>): Lease | undefined {
    for (const task of this.#waiting.values()) {
      if (except.has(task.scope)) continue
      this.#waiting.delete(task.id)
      this.#leased.add(task.id)
      this.#fence += 1
      return { task, fence: this.#fence }
    }
    return undefined
  }

  #deal(): void {
    for (const taker of this.#takers.slice()) {
      const lease = this.#lease(taker.except)
      if (lease === undefined) continue
      this.#takers.splice(this.#takers.indexOf(taker), 1)
      taker.give(lease)
    }
  }
}
