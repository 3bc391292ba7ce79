import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { ExpectedFile, Look } from '../../../ports/inventory.ts'
import { diskFault, errorCode } from './trouble.ts'

const BLOCK_BYTES = 1 << 20

/** What is answered where nothing stands. */
const NOTHING = new Set(['ENOENT', 'ENOTDIR'])

const SOUND: Look = { is: 'sound', why: '' }

/** Looks at files one after the other; `count` is told how many bytes were read. */
export class Looker {
  readonly #root: string
  readonly #count: (bytes: number) => void
  readonly #block = Buffer.allocUnsafeSlow(BLOCK_BYTES)

  constructor(root: string, count: (bytes: number) => void) {
    this.#root = root
    this.#count = count
  }

  /** A link in place of a file is followed: whoever moved it to another disk still has it. */
  look(expected: ExpectedFile): Look {
    const path = join(this.#root, expected.path)
    try {
      // A pipe in place of a file would keep an ordinary `open` waiting.
      const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
      try {
        return this.#compare(fd, expected)
      } finally {
        closeSync(fd)
      }
    } catch (error) {
      if (NOTHING.has(errorCode(error))) return { is: 'missing', why: 'nothing stands there' }
      return { is: 'unreadable', why: diskFault(error, 'read', path).message }
    }
  }

  #compare(fd: number, { bytes, sha256 }: ExpectedFile): Look {
    const stat = fstatSync(fd)
    if (!stat.isFile()) return { is: 'changed', why: `a ${stat.isDirectory() ? 'folder' : 'device'} stands there` }
    if (stat.size !== bytes) return { is: 'changed', why: `it has ${stat.size} bytes, and ${bytes} were stored` }
    return this.#hash(fd, bytes) === sha256 ? SOUND : { is: 'changed', why: 'its bytes are others than were stored' }
  }

  #hash(fd: number, bytes: number): string {
    const sum = createHash('sha256')
    for (let position = 0; position < bytes;) {
      const read = readSync(fd, this.#block, 0, Math.min(BLOCK_BYTES, bytes - position), position)
      if (read === 0) break
      sum.update(this.#block.subarray(0, read))
      position += read
      this.#count(read)
    }
    return sum.digest('hex')
  }
}
