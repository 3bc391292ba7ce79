import type { Fault } from '../../../core/errors.ts'
import type { Incoming, PartNote, Received } from '../../../ports/store.ts'
import type { Lane, Sender } from './lane.ts'
import { SLAB_BYTES } from './messages.ts'
import type { PlainReceived } from './messages.ts'

/** A file on its way through a lane. A small one is one slab, and two orders. */
export class SlabIncoming implements Incoming, Sender {
  readonly #lane: Lane
  readonly #file: number
  readonly #key: string
  readonly #resumeAt: number
  readonly #onKept: () => void
  readonly #listeners: (() => void)[] = []
  #note: PartNote | undefined
  #begun = false
  /** Finished or aborted: chunks that are still on their way are of no use. */
  #ended = false
  #slab = -1
  #used = 0
  #fault: Fault | undefined
  #finished: Promise<Received> | undefined

  /** `onKept` is called when an aborted part stays for a later try. */
  constructor(lane: Lane, key: string, resumeAt: number, onKept: () => void) {
    this.#lane = lane
    this.#file = lane.enter(this)
    this.#key = key
    this.#resumeAt = resumeAt
    this.#onKept = onKept
  }

  write(chunk: Uint8Array): boolean {
    if (this.#ended) return true
    if (this.#fault !== undefined) throw this.#fault
    for (let from = 0; from < chunk.length;) from += this.#take(from === 0 ? chunk : chunk.subarray(from))
    return this.#lane.mayGoOn(this)
  }

  onDrain(listener: () => void): void {
    this.#listeners.push(listener)
  }

  note(note: PartNote): void {
    this.#note = note
  }

  finish(): Promise<Received> {
    this.#ended = true
    this.#begin()
    this.#lane.leave(this.#file, this)
    const piece = { file: this.#file, slab: this.#slab, bytes: this.#used }
    this.#slab = -1
    this.#finished = this.#lane.call('finish', piece).then(unpack)
    return this.#finished
  }

  async abort(keep: boolean): Promise<void> {
    if (this.#finished !== undefined) return this.#discard(this.#finished, keep)
    this.#ended = true
    if (keep && (this.#note !== undefined || this.#resumeAt > 0)) this.pass()
    if (this.#slab >= 0) this.#lane.slabs.give([this.#slab])
    this.#slab = -1
    this.#lane.leave(this.#file, this)
    if (!this.#begun) return this.#leave(keep)
    const kept = await this.#lane.call('abort', { file: this.#file, keep, key: this.#key })
    if (kept) this.#onKept()
  }

  pass(): void {
    if (this.#slab < 0) return
    this.#begin()
    this.#lane.release(this)
    this.#lane.send({ do: 'bytes', file: this.#file, slab: this.#slab, bytes: this.#used })
    this.#slab = -1
  }

  goOn(): void {
    for (const listener of this.#listeners) listener()
  }

  fail(fault: Fault): void {
    this.#fault = fault
    this.goOn()
  }

  /** Takes what fits into one slab; the number of bytes taken. */
  #take(chunk: Uint8Array): number {
    if (this.#slab < 0 && !this.#reserve()) return this.#spill(chunk)
    const taken = this.#lane.slabs.fill(this.#slab, this.#used, chunk)
    this.#used += taken
    if (this.#used === SLAB_BYTES) this.pass()
    return taken
  }

  #reserve(): boolean {
    this.#slab = this.#lane.slabs.take()
    this.#used = 0
    if (this.#slab >= 0) this.#lane.hold(this)
    return this.#slab >= 0
  }

  /** More senders than slabs, and none of them could stop at once: the chunk goes by itself. */
  #spill(chunk: Uint8Array): number {
    this.#begin()
    this.#lane.send({ do: 'spill', file: this.#file, chunk: Uint8Array.from(chunk) })
    return chunk.length
  }

  #begin(): void {
    if (this.#begun) return
    this.#begun = true
    this.#lane.send({ do: 'begin', file: this.#file, key: this.#key, resumeAt: this.#resumeAt, note: this.#note })
  }

  /** Not a slab was sent: what an earlier try left stands as it was. */
  async #leave(keep: boolean): Promise<void> {
    if (!keep && this.#resumeAt > 0) await this.#lane.call('settle', { keys: [this.#key], older: [] })
  }

  /** Aborted when all bytes had been received: the part goes all the same. */
  async #discard(finished: Promise<Received>, keep: boolean): Promise<void> {
    const received = await finished.catch(() => undefined)
    if (received !== undefined && !keep) await this.#lane.call('settle', { keys: [this.#key], older: [] })
  }
}

export function unpack({ magic, ...received }: PlainReceived): Received {
  return { ...received, magic: Buffer.from(magic, 'latin1') }
}
