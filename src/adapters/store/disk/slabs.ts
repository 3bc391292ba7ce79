import { SLAB_BYTES } from './messages.ts'

/** The memory through which bytes reach a writer thread. Who uses which slab is known to the main thread alone. */
export class Slabs {
  readonly memory: SharedArrayBuffer
  readonly #bytes: Buffer
  readonly #free: number[]
  readonly #reserve: number

  /** Half of them are kept for chunks that arrive after a sender was asked to hold back. */
  constructor(count: number) {
    this.memory = new SharedArrayBuffer(count * SLAB_BYTES)
    this.#bytes = Buffer.from(this.memory)
    this.#free = Array.from({ length: count }, (_, index) => count - 1 - index)
    this.#reserve = count / 2
  }

  /** How many senders may go on, one slab each. */
  get room(): number {
    return this.#free.length - this.#reserve
  }

  /** -1 when all are taken. */
  take(): number {
    return this.#free.pop() ?? -1
  }

  give(slabs: readonly number[]): void {
    this.#free.push(...slabs)
  }

  /** Copies as much as fits behind `used` bytes of a slab; the number of bytes copied. */
  fill(slab: number, used: number, chunk: Uint8Array): number {
    const fits = Math.min(chunk.length, SLAB_BYTES - used)
    const at = slab * SLAB_BYTES + used
    // `set` and `copy` move shared memory word by word, `fill` as fast as there is: a third of the time.
    this.#bytes.fill(chunk, at, at + fits)
    return fits
  }
}
