import { createHash, hash } from 'node:crypto'
import { closeSync, constants, fstatSync, readSync, writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { Inspect, Inspection, RandomAccess } from '../../../core/files.ts'
import type { Descriptors } from './descriptors.ts'
import type { PlainReceived } from './messages.ts'

/** Read ahead of an inspector that walks through a file. */
const WINDOW_BYTES = 65_536
const HASH_BLOCK_BYTES = 1 << 20
/** A thread that hashes a long file looks after its other work this often. */
const BLOCKS_PER_TURN = 8

/** The bytes of an open file, read through a window. One may be used for many files, one after the other. */
export class FileBytes implements RandomAccess {
  #window = Buffer.alloc(0)
  #from = 0
  #filled = 0
  #fd = -1
  size = 0

  of(fd: number, size: number): this {
    this.#fd = fd
    this.size = size
    this.#filled = 0
    return this
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.size)
    if (offset < 0 || offset >= end) return this.#window.subarray(0, 0)
    if (offset < this.#from || end > this.#from + this.#filled) this.#fill(offset, end - offset)
    return this.#window.subarray(offset - this.#from, Math.min(end - this.#from, this.#filled))
  }

  #fill(offset: number, length: number): void {
    if (this.#window.length < length) this.#window = Buffer.allocUnsafeSlow(Math.max(length, WINDOW_BYTES))
    this.#from = offset
    this.#filled = readFully(this.#fd, this.#window, offset)
  }
}

/**
 * The bytes of a file that lies in memory as a whole. What is read is copied: parsers of strangers need not know that
 * the memory is shared.
 */
export class SlabBytes implements RandomAccess {
  readonly #copy = Buffer.allocUnsafeSlow(WINDOW_BYTES)
  #bytes: Uint8Array = new Uint8Array(0)

  get size(): number {
    return this.#bytes.length
  }

  of(bytes: Uint8Array): this {
    this.#bytes = bytes
    return this
  }

  read(offset: number, length: number): Uint8Array {
    if (offset < 0 || offset >= this.size) return this.#copy.subarray(0, 0)
    const piece = this.#bytes.subarray(offset, offset + length)
    this.#copy.set(piece)
    return this.#copy.subarray(0, piece.length)
  }
}

/** Writes all of it; a system call may take less than it is given. */
export function writeFully(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done)
  }
}

/** Fills the buffer from `position` as far as the file goes; the number of bytes read. */
function readFully(fd: number, buffer: Uint8Array, position: number): number {
  let filled = 0
  while (filled < buffer.length) {
    const read = readSync(fd, buffer, filled, buffer.length - filled, position + filled)
    if (read === 0) break
    filled += read
  }
  return filled
}

/** Feeds the first `bytes` of a file to a sink (a hash), block by block. */
export function* blocks(fd: number, bytes: number): Generator<Uint8Array> {
  const block = Buffer.allocUnsafeSlow(Math.min(bytes, HASH_BLOCK_BYTES))
  for (let position = 0; position < bytes;) {
    const filled = readFully(fd, block.subarray(0, Math.min(block.length, bytes - position)), position)
    if (filled === 0) return
    yield block.subarray(0, filled)
    position += filled
  }
}

/** Hex SHA-256 of a file's first `bytes`. */
export function hashFile(fd: number, bytes: number): string {
  const sum = createHash('sha256')
  for (const block of blocks(fd, bytes)) sum.update(block)
  return sum.digest('hex')
}

/** An inspector's answer; one that breaks on hostile bytes costs this file alone. */
export function inspectSafely(inspect: Inspect, bytes: RandomAccess): Inspection | Promise<Inspection> {
  try {
    const inspection = inspect(bytes)
    return inspection instanceof Promise ? inspection.catch(unreadable) : inspection
  } catch (error) {
    return unreadable(error)
  }
}

function unreadable(error: unknown): Inspection {
  const why = `it cannot be inspected: ${error instanceof Error ? error.message : String(error)}`
  return { mime: 'application/octet-stream', extension: '', kind: 'other', damage: { code: 'Damaged', why } }
}

/** The first bytes of a file, up to 16, as latin1. */
export function magicOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16)).toString('latin1')
}

/** Hash and inspection of a file that stands somewhere; nothing when no regular file does. */
export async function receiveAgain(
  file: string,
  descriptors: Descriptors,
  inspect: Inspect,
): Promise<PlainReceived | undefined> {
  const fd = descriptors.open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) return undefined
    const access = new FileBytes().of(fd, stat.size)
    const sha256 = await hashInTurns(fd, stat.size)
    const inspection = await inspectSafely(inspect, access)
    return { file, bytes: stat.size, sha256, inspection, magic: magicOf(access.read(0, 16)) }
  } finally {
    closeSync(fd)
  }
}

async function hashInTurns(fd: number, bytes: number): Promise<string> {
  if (bytes === 0) return hash('sha256', '')
  const sum = createHash('sha256')
  let count = 0
  for (const block of blocks(fd, bytes)) {
    sum.update(block)
    count += 1
    if (count % BLOCKS_PER_TURN === 0) await setImmediate()
  }
  return sum.digest('hex')
}
