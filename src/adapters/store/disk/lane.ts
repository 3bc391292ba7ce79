import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { Fault } from '../../../core/errors.ts'
import { unpackFault } from './messages.ts'
import type { CallName, Calls, Order, Ready, Report, Setup } from './messages.ts'
import { Slabs } from './slabs.ts'

/** 9 MiB: some 5 ms of work for the thread, and every one of 100 transfers may hold a slab. */
const SLABS = 144
/** The thread keeps no bytes of its own: a small heap that is tidied often is as fast, and costs 6 MB less. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 512 }

/**
 * Calls of an import after which V8 compiles a wrapper for it: never. V8 shares these wrappers between threads and may
 * free one that another thread is taking, which ends the process (docs/adr/0005). Undici's parser and Node's stripping
 * of types are WebAssembly.
 */
export const NO_SHARED_WRAPPERS = '--wasm-wrapper-tiering-budget=1000000000'

/** Runs as it stands: from source, or built. */
const THREAD = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url)

/** A file that sends its bytes through a lane. */
export interface Sender {
  /** Sends the bytes it holds in a slab that is not full. */
  pass(): void
  /** There is room again. */
  goOn(): void
  /** All further bytes are thrown away. */
  fail(fault: Fault): void
}

interface Call {
  readonly resolve: (answer: unknown) => void
  readonly reject: (fault: Fault) => void
}

/** The main thread's end of one writer thread: orders are collected and sent once per turn of the event loop. */
export class Lane {
  readonly slabs: Slabs
  readonly leftovers: readonly string[]
  readonly #worker: Worker
  readonly #calls = new Map<number, Call>()
  readonly #senders = new Map<number, Sender>()
  /** Senders with a slab that is not full. */
  readonly #holding = new Set<Sender>()
  /** Senders that were asked to hold back, in order of arrival. */
  readonly #waiting = new Set<Sender>()
  #orders: Order[] = []
  #lastCall = 0
  #lastFile = 0
  #closing = false
  #ended: Fault | undefined

  private constructor(worker: Worker, slabs: Slabs, ready: Ready) {
    this.#worker = worker
    this.slabs = slabs
    this.leftovers = ready.leftovers
    worker.on('message', (report: Report) => this.#receive(report))
    worker.on('error', (error) => this.#end(crashed(error)))
    worker.on('exit', () =>
      this.#end(new Fault('Internal', this.#closing ? 'the store is closed' : 'the writer thread ended')),
    )
  }

  static async start(setup: Omit<Setup, 'slabs'>): Promise<Lane> {
    const slabs = new Slabs(SLABS)
    const workerData: Setup = { ...setup, slabs: slabs.memory }
    setFlagsFromString(NO_SHARED_WRAPPERS)
    const worker = new Worker(THREAD, { workerData, name: 'writer', resourceLimits: THREAD_LIMITS })
    const ready = await new Promise<Ready>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', (error) => reject(crashed(error)))
      worker.once('exit', () => reject(crashed('it ended')))
    })
    return new Lane(worker, slabs, ready)
  }

  /** A number for a new file, and someone to tell about it. */
  enter(sender: Sender): number {
    this.#lastFile += 1
    if (this.#ended === undefined) this.#senders.set(this.#lastFile, sender)
    else sender.fail(this.#ended)
    return this.#lastFile
  }

  leave(file: number, sender: Sender): void {
    this.#senders.delete(file)
    this.#holding.delete(sender)
    this.#waiting.delete(sender)
  }

  hold(sender: Sender): void {
    this.#holding.add(sender)
  }

  release(sender: Sender): void {
    this.#holding.delete(sender)
  }

  /** Whether the sender may go on at once; otherwise it is told when. Slabs that are not full are not waited for. */
  mayGoOn(sender: Sender): boolean {
    if (this.slabs.room > 0) return true
    for (const holder of this.#holding) holder.pass()
    this.#waiting.add(sender)
    return false
  }

  send(order: Order): void {
    if (this.#ended !== undefined) return
    if (this.#orders.length === 0) setImmediate(() => this.#flush())
    this.#orders.push(order)
  }

  call<Name extends CallName>(name: Name, ask: Calls[Name]['ask']): Promise<Calls[Name]['answer']> {
    return new Promise<Calls[Name]['answer']>((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended)
      this.#lastCall += 1
      this.#calls.set(this.#lastCall, { resolve: resolve as Call['resolve'], reject })
      this.send({ do: 'call', call: this.#lastCall, name, ask })
    })
  }

  /** Ends what is under way, then the thread. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve))
    try {
      await this.call('close', null)
    } finally {
      this.#closing = true
      this.#worker.postMessage('end')
      await exited
    }
  }

  #flush(): void {
    const orders = this.#orders
    this.#orders = []
    this.#worker.postMessage(orders)
  }

  #receive({ freed, answers, failures }: Report): void {
    this.slabs.give(freed)
    for (const { file, fault } of failures) this.#senders.get(file)?.fail(unpackFault(fault))
    for (const answer of answers) {
      const call = this.#calls.get(answer.call)
      this.#calls.delete(answer.call)
      if ('fault' in answer) call?.reject(unpackFault(answer.fault))
      else call?.resolve(answer.value)
    }
    if (this.#waiting.size > 0) this.#wake()
  }

  /** As many as there is room for. They may have nothing to send now, so the others are looked at again next turn. */
  #wake(): void {
    let room = this.slabs.room
    if (room <= 0) return
    for (const sender of this.#waiting) {
      if (room === 0) break
      room -= 1
      this.#waiting.delete(sender)
      sender.goOn()
    }
    if (this.#waiting.size > 0) setImmediate(() => this.#wake())
  }

  #end(fault: Fault): void {
    if (this.#ended !== undefined) return
    this.#ended = fault
    for (const call of this.#calls.values()) call.reject(fault)
    this.#calls.clear()
    for (const sender of this.#senders.values()) sender.fail(fault)
    this.#waiting.clear()
  }
}

function crashed(error: unknown): Fault {
  const why = error instanceof Error ? error.message : String(error)
  return new Fault('Internal', `the writer thread broke down: ${why}`, { cause: error })
}
