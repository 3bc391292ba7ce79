import { opendir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { Fault } from '../../../core/errors.ts'
import type { ExpectedFile, Inventory, Look } from '../../../ports/inventory.ts'
import { NO_SHARED_WRAPPERS } from './lane.ts'
import type { LookSetup } from './look-thread.ts'
import { diskFault } from './trouble.ts'

/** One thread hashes about 1 GB a second: more than these wait for the disk. */
const MOST_LANES = 8
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 }
const WALK_BATCH = 500
/** Entries that the system is asked for at once. */
const FOLDER_BUFFER = 512

/** Runs as it stands: from source, or built. */
const THREAD = new URL(import.meta.url.endsWith('.ts') ? './look-thread.ts' : './look-thread.js', import.meta.url)

/** Opens a folder to be looked at; it may be read-only. */
export function openInventory(root: string): Inventory {
  return new DiskInventory(resolve(root), Math.max(2, Math.min(MOST_LANES, availableParallelism())))
}

interface Job {
  readonly files: readonly ExpectedFile[]
  readonly resolve: (looks: readonly Look[]) => void
  readonly reject: (fault: Fault) => void
}

class DiskInventory implements Inventory {
  readonly lanes: number
  readonly #root: string
  readonly #read = new SharedArrayBuffer(8)
  readonly #counter = new BigInt64Array(this.#read)
  /** Started when they are needed. */
  readonly #idle: Worker[] = []
  readonly #busy = new Map<Worker, Job>()
  readonly #waiting: Job[] = []
  #closed = false

  constructor(root: string, lanes: number) {
    this.#root = root
    this.lanes = lanes
  }

  get bytes(): number {
    return Number(Atomics.load(this.#counter, 0))
  }

  look(files: readonly ExpectedFile[]): Promise<readonly Look[]> {
    if (files.length === 0) return Promise.resolve([])
    return new Promise((done, reject) => {
      this.#waiting.push({ files, resolve: done, reject })
      this.#deal()
    })
  }

  async *walk(): AsyncIterable<readonly string[]> {
    let batch: string[] = []
    const folders = ['']
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for await (const { name, isFolder } of this.#entries(folder)) {
        const path = folder === '' ? name : `${folder}/${name}`
        if (path === '.bowerbird') continue
        if (isFolder) folders.push(path)
        else batch.push(path)
        if (batch.length < WALK_BATCH) continue
        yield batch
        batch = []
      }
    }
    if (batch.length > 0) yield batch
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#idle, ...this.#busy.keys()].map((worker) => worker.terminate()))
  }

  async *#entries(folder: string): AsyncIterable<{ readonly name: string; readonly isFolder: boolean }> {
    const path = join(this.#root, folder)
    try {
      const entries = await opendir(path, { bufferSize: FOLDER_BUFFER })
      for await (const entry of entries) yield { name: entry.name, isFolder: entry.isDirectory() }
    } catch (error) {
      throw diskFault(error, 'read the folder', path)
    }
  }

  #deal(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? (this.#busy.size < this.lanes && !this.#closed ? this.#start() : undefined)
      if (worker === undefined) return
      const job = this.#waiting.shift()
      if (job === undefined) return
      this.#busy.set(worker, job)
      worker.postMessage(job.files)
    }
  }

  #start(): Worker {
    const workerData: LookSetup = { root: this.#root, read: this.#read }
    setFlagsFromString(NO_SHARED_WRAPPERS)
    const worker = new Worker(THREAD, { workerData, name: 'looker', resourceLimits: THREAD_LIMITS })
    worker.on('message', (looks: readonly Look[]) => {
      const job = this.#busy.get(worker)
      this.#busy.delete(worker)
      this.#idle.push(worker)
      job?.resolve(looks)
      this.#deal()
    })
    worker.on('error', (error) => this.#end(worker, `a thread that looks at files broke down: ${String(error)}`))
    worker.on('exit', () => this.#end(worker, 'a thread that looks at files ended'))
    return worker
  }

  #end(worker: Worker, why: string): void {
    const job = this.#busy.get(worker)
    this.#busy.delete(worker)
    job?.reject(new Fault(this.#closed ? 'Cancelled' : 'Internal', why))
  }
}
