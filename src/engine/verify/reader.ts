import type { RandomAccess } from '../../core/files.ts'

/** The bytes ended where the structure promised more. Thrown by `Reader`, caught once, in `inspect.ts`. */
export class CutOff extends Error {
  constructor(at: number, size: number) {
    super(`it ends at byte ${size}, but its structure goes on to byte ${at}`)
    this.name = 'CutOff'
  }
}

/** A structure of so many pieces that walking it would take seconds. No picture has one; it is caught like `CutOff`. */
export class TooIntricate extends Error {
  constructor() {
    super('it has more pieces than any real file')
    this.name = 'TooIntricate'
  }
}

/** Looks at a file before it is given up; a look takes a few nanoseconds, one that must be read takes microseconds. */
const MOST_LOOKS = 2 ** 26
const LOOKS_OF_A_READ = 64
const LOOKS_OF_A_TEXT = 32

/** What a single look takes in; headers of most formats lie within it. */
const NEAR = 1024
/** The most that is looked at in one piece; a promise to `RandomAccess`, which may copy. */
export const FAR = 65_536

/**
 * Numbers of a file, anywhere in it, read through a window. Every look beyond the end throws `CutOff`, so no parser can
 * forget a bound.
 */
export class Reader {
  readonly size: number
  readonly #bytes: RandomAccess
  #ahead = NEAR
  #window: Uint8Array
  #from = 0
  #looks = 0

  constructor(bytes: RandomAccess) {
    this.#bytes = bytes
    this.size = bytes.size
    this.#window = bytes.read(0, NEAR)
  }

  /** From here on the file is read from one end to the other: windows are as large as they may be. */
  readAll(): void {
    this.#ahead = FAR
  }

  u8(at: number): number {
    const index = this.#reach(at, 1)
    return this.#window[index] ?? 0
  }

  u16(at: number): number {
    const index = this.#reach(at, 2)
    const window = this.#window
    return ((window[index] ?? 0) << 8) | (window[index + 1] ?? 0)
  }

  u16le(at: number): number {
    const index = this.#reach(at, 2)
    const window = this.#window
    return (window[index] ?? 0) | ((window[index + 1] ?? 0) << 8)
  }

  u24le(at: number): number {
    return this.u16le(at) | (this.u8(at + 2) << 16)
  }

  u32(at: number): number {
    const index = this.#reach(at, 4)
    const window = this.#window
    const high = ((window[index] ?? 0) << 8) | (window[index + 1] ?? 0)
    return high * 0x10000 + (((window[index + 2] ?? 0) << 8) | (window[index + 3] ?? 0))
  }

  u32le(at: number): number {
    const index = this.#reach(at, 4)
    const window = this.#window
    const high = ((window[index + 3] ?? 0) << 8) | (window[index + 2] ?? 0)
    return high * 0x10000 + (((window[index + 1] ?? 0) << 8) | (window[index] ?? 0))
  }

  /** Exact up to 2^53; beyond, it is larger than any file all the same. */
  u64(at: number): number {
    return this.u32(at) * 2 ** 32 + this.u32(at + 4)
  }

  u64le(at: number): number {
    return this.u32le(at + 4) * 2 ** 32 + this.u32le(at)
  }

  /** Up to `FAR` bytes as latin1. */
  text(at: number, length: number): string {
    this.#looks += LOOKS_OF_A_TEXT
    const index = this.#reach(at, length)
    return Buffer.from(this.#window.buffer, this.#window.byteOffset + index, length).toString('latin1')
  }

  /** Bytes that are valid until the next call of any method. */
  view(at: number, length: number): Uint8Array {
    const index = this.#reach(at, length)
    return this.#window.subarray(index, index + length)
  }

  /** The next place at or behind `at` where this byte stands; -1 where there is none. */
  find(byte: number, at: number): number {
    for (let from = at; from < this.size; from = this.#from + this.#window.length) {
      const index = this.#reach(from, 1)
      const found = this.#window.indexOf(byte, index)
      if (found >= 0) return this.#from + found
    }
    return -1
  }

  /** Demands that the file reaches to `end`, without looking there. */
  demand(end: number): void {
    if (end > this.size) throw new CutOff(end, this.size)
  }

  /** The index of `at` in a window that holds `length` bytes from there. */
  #reach(at: number, length: number): number {
    this.#looks += 1
    const index = at - this.#from
    if (index >= 0 && index + length <= this.#window.length) return index
    if (at < 0 || at + length > this.size) throw new CutOff(at + length, this.size)
    this.#looks += LOOKS_OF_A_READ
    if (this.#looks > MOST_LOOKS) throw new TooIntricate()
    this.#window = this.#bytes.read(at, Math.max(length, this.#ahead))
    this.#from = at
    if (this.#window.length < length) throw new CutOff(at + length, this.size)
    return 0
  }
}
