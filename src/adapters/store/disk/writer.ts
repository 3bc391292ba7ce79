import { join } from 'node:path'
import type { Inspect } from '../../../core/files.ts'
import type { Staying } from '../../../ports/store.ts'
import { receiveAgain } from './bytes.ts'
import { Descriptors } from './descriptors.ts'
import { Folders } from './folders.ts'
import { Leftovers } from './leftovers.ts'
import { SLAB_BYTES, packFault, pieceOf } from './messages.ts'
import type { CallName, CallOrder, Calls, Order, Piece, PlainReceived, Report, Setup } from './messages.ts'
import { Names } from './names.ts'
import { OlderFiles } from './older.ts'
import { Parts } from './parts.ts'
import { placeOf } from './paths.ts'
import { Publisher } from './publisher.ts'
import { Sidecars } from './sidecars.ts'
import { diskFault, errorCode } from './trouble.ts'

/** Reports go out in lots: often enough to keep the senders busy, rarely enough to cost nothing. */
const LOT = 32

/** What an open answers where no file can be read: nothing there, or something of another kind. */
const NO_FILE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'])

/** Calls that later orders need not wait for. */
const DETACHED: ReadonlySet<CallName> = new Set(['publish', 'write', 'reread'])

const NO_BYTES = new Uint8Array(0)

type Duties = {
  readonly [Name in CallName]: (ask: Calls[Name]['ask']) => Calls[Name]['answer'] | Promise<Calls[Name]['answer']>
}

/**
 * Carries out orders, one after the other: file calls, hashing, inspection. It never waits for a slab, so slabs always
 * come back, however many files are under way.
 */
export class Writer {
  readonly #root: string
  readonly #slabs: Uint8Array
  readonly #inspect: Inspect
  readonly #post: (report: Report) => void
  readonly #descriptors = new Descriptors()
  readonly #folders: Folders
  readonly #parts: Parts
  readonly #publisher: Publisher
  readonly #sidecars: Sidecars
  readonly #older: OlderFiles
  readonly #leftovers: Leftovers
  readonly #duties: Duties
  readonly #batches: (readonly Order[])[] = []
  readonly #detached = new Set<Promise<void>>()
  #working = false
  #sending = false
  #report: Report = { freed: [], answers: [], failures: [] }

  constructor(setup: Setup, inspect: Inspect, post: (report: Report) => void) {
    this.#root = setup.root
    this.#slabs = new Uint8Array(setup.slabs)
    this.#inspect = inspect
    this.#post = post
    this.#folders = new Folders(setup.root, this.#descriptors)
    this.#parts = new Parts(join(setup.root, '.bowerbird', 'parts'), setup.fsync, this.#descriptors, inspect)
    const names = new Names(this.#descriptors, setup.fsync, setup.hardLinks)
    this.#older = new OlderFiles(this.#folders, this.#descriptors)
    this.#publisher = new Publisher(this.#parts, this.#folders, names, this.#older, this.#descriptors, setup.fsync)
    this.#sidecars = new Sidecars(this.#parts.folder, this.#folders, names, this.#descriptors, setup.fsync)
    this.#leftovers = new Leftovers(setup.root, this.#parts.folder)
    this.#duties = this.#assign()
  }

  /** Names of parts that stood there at the beginning. */
  get leftovers(): readonly string[] {
    return this.#leftovers.names
  }

  take(batch: readonly Order[]): void {
    this.#batches.push(batch)
    if (!this.#working) void this.#work()
  }

  #assign(): Duties {
    return {
      finish: (piece) => this.#parts.finish(piece.file, this.#view(piece)),
      abort: ({ file, keep, key }) => this.#abort(file, keep, key),
      part: (key) => this.#leftovers.find(key),
      publish: (spec) => this.#publisher.publish(spec),
      settle: (asked) => this.#settle(asked),
      write: (sidecar) => this.#sidecars.write(sidecar),
      reread: (path) => this.#reread(path),
      close: () => this.#close(),
    }
  }

  async #work(): Promise<void> {
    this.#working = true
    for (let batch = this.#batches.shift(); batch !== undefined; batch = this.#batches.shift()) {
      this.#folders.forget()
      for (const order of batch) await this.#carryOut(order)
    }
    this.#working = false
  }

  async #carryOut(order: Order): Promise<void> {
    try {
      await this.#descriptors.patiently(() => this.#perform(order))
    } catch (error) {
      this.#failed(order, error)
    }
    const slab = pieceOf(order)?.slab ?? -1
    if (slab >= 0) this.#report.freed.push(slab)
    this.#sendSoon()
  }

  #perform(order: Order): void | Promise<void> {
    switch (order.do) {
      case 'begin':
        return this.#parts.begin(order)
      case 'bytes':
        return this.#parts.append(order.file, this.#view(order))
      case 'spill':
        return this.#parts.append(order.file, order.chunk)
      case 'call':
        return this.#call(order.name, order)
    }
  }

  #call<Name extends CallName>(name: Name, { call, ask }: CallOrder<Name>): void | Promise<void> {
    const value = this.#duties[name](ask)
    if (!(value instanceof Promise)) return this.#answer(call, value)
    const answered = value.then((done) => this.#answer(call, done))
    if (!DETACHED.has(name)) return answered
    const ended = answered
      .catch((error: unknown) => this.#refuse(call, error))
      .finally(() => this.#detached.delete(ended))
    this.#detached.add(ended)
  }

  #answer(call: number, value: Calls[CallName]['answer']): void {
    this.#report.answers.push({ call, value })
    this.#sendSoon()
  }

  #refuse(call: number, error: unknown): void {
    this.#report.answers.push({ call, fault: packFault(diskFault(error, 'work in', this.#root)) })
    this.#sendSoon()
  }

  #failed(order: Order, error: unknown): void {
    if (order.do !== 'call') return this.#fail(order.file, error)
    const file = pieceOf(order)?.file
    this.#refuse(order.call, file === undefined ? error : this.#parts.end(file, error))
  }

  #fail(file: number, error: unknown): void {
    this.#report.failures.push({ file, fault: packFault(this.#parts.fail(file, error)) })
  }

  #abort(file: number, keep: boolean, key: string): boolean {
    const kept = this.#parts.abort(file, keep)
    if (kept) this.#leftovers.add(key)
    return kept
  }

  #settle({ keys, older }: Calls['settle']['ask']): readonly Staying[] {
    for (const key of keys) {
      this.#parts.forget(key)
      this.#leftovers.remove(key)
    }
    return older.flatMap((file) => this.#older.remove(file) ?? [])
  }

  async #reread(path: string): Promise<PlainReceived | undefined> {
    const { folder, name } = placeOf(path)
    const file = join(this.#root, folder, name)
    try {
      return await this.#descriptors.patiently(() => receiveAgain(file, this.#descriptors, this.#inspect))
    } catch (error) {
      if (NO_FILE.has(errorCode(error))) return undefined
      throw diskFault(error, 'read', file)
    }
  }

  async #close(): Promise<undefined> {
    await Promise.all(this.#detached)
    await this.#parts.synced()
    this.#parts.closeAll()
  }

  #view({ slab, bytes }: Piece): Uint8Array {
    return slab < 0 ? NO_BYTES : this.#slabs.subarray(slab * SLAB_BYTES, slab * SLAB_BYTES + bytes)
  }

  /** What there is to tell is collected until the thread has looked at all that was sent to it, or makes a lot. */
  #sendSoon(): void {
    if (this.#report.freed.length >= LOT || this.#report.answers.length >= LOT) return this.#send()
    if (this.#sending) return
    this.#sending = true
    setImmediate(() => {
      this.#sending = false
      this.#send()
    })
  }

  #send(): void {
    const { freed, answers, failures } = this.#report
    if (freed.length + answers.length + failures.length === 0) return
    this.#post(this.#report)
    this.#report = { freed: [], answers: [], failures: [] }
  }
}
