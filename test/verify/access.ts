import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { RandomAccess } from '../../src/core/files.ts'

const SUITES = join(process.env['BOWERBIRD_SHARED'] ?? resolve(import.meta.dirname, '../../../shared'), 'suites')

/** Memory as the strictest store gives it: 64 KiB at once, and gone with the next call. */
export class Bytes implements RandomAccess {
  readonly size: number
  reads = 0
  readonly #bytes: Uint8Array
  readonly #copy = new Uint8Array(65_536)

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.size = bytes.length
  }

  read(offset: number, length: number): Uint8Array {
    if (length > this.#copy.length) throw new Error(`${length} bytes were asked for at once`)
    this.reads += 1
    const piece = this.#bytes.subarray(offset, offset + length)
    this.#copy.fill(0xaa)
    this.#copy.set(piece)
    return this.#copy.subarray(0, piece.length)
  }
}

export interface SuiteFile {
  /** Relative to the suites. */
  readonly name: string
  readonly path: string
}

/** All files below a folder of the shared suites; none where they are missing. */
export function suiteFiles(folder: string): readonly SuiteFile[] {
  const root = join(SUITES, folder)
  if (!existsSync(root)) return []
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/LICENSE|README|copyright/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(SUITES, path), path }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

export interface HangCase {
  readonly name: string
  readonly ext: string
  readonly bytes: Buffer
}

/** Bytes that made other parsers loop or allocate without end. */
export function hangCases(): readonly HangCase[] {
  const path = join(SUITES, 'images/hang-cases.json')
  if (!existsSync(path)) return []
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: { name: string; ext: string; hex: string }[] }
  return cases.map(({ name, ext, hex }) => ({ name, ext, bytes: Buffer.from(hex, 'hex') }))
}

export const HAVE_SUITES = existsSync(join(SUITES, 'images'))

/** For the name of what is skipped. */
export const WHY_SKIPPED = HAVE_SUITES ? '' : ' (skipped: ../shared/suites is not beside this checkout)'
