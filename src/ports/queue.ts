/** Up to 100 assets of one scope; never one file alone when more wait. */
export interface Task {
  /** Same id, same task: offering twice is harmless. */
  readonly id: string
  readonly target: number
  readonly scope: string
  /** Catalog ids of assets. */
  readonly assets: readonly number[]
}

export interface Lease {
  readonly task: Task
  /** Grows with every lease of a task; the catalog refuses results under an older one. */
  readonly fence: number
}

/** Deals out leases of work that stands in the catalog; the catalog is the truth. */
export interface Queue {
  offer(tasks: readonly Task[]): Promise<void>
  /** The oldest task whose scope is not in `except`; waits for one. `undefined` once closed. */
  take(except: ReadonlySet<string>, signal?: AbortSignal): Promise<Lease | undefined>
  extend(lease: Lease): Promise<void>
  done(lease: Lease): Promise<void>
  /** Gives a task back for another worker. */
  release(lease: Lease): Promise<void>
  close(): Promise<void>
}
