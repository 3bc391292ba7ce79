import type { Inspection } from '../../core/files.ts'
import type { FileType, Format } from './found.ts'
import { damaged, sound } from './found.ts'
import type { Reader } from './reader.ts'
import { FAR } from './reader.ts'

const ZIP: FileType = { mime: 'application/zip', extension: 'zip', kind: 'archive' }
const EPUB: FileType = { mime: 'application/epub+zip', extension: 'epub', kind: 'archive' }

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END64 = 0x06064b50
const LOCATOR64 = 0x07064b50

const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const END_BYTES = 22
const LOCATOR64_BYTES = 20
const END64_BYTES = 56
const IN_END64 = 0xffffffff
const IN_END64_SHORT = 0xffff

/** Entries whose beginning is looked at; each may cost a read from the disk. */
const MOST_LOOKED_AT = 1000

/** The directory of a zip file: where it lies and what it should hold. */
interface Directory {
  /** Where the record that ends it begins. */
  readonly end: number
  readonly offset: number
  readonly bytes: number
  readonly entries: number
}

/**
 * The end record, then the directory it names, entry by entry: it must lie in the file, hold as many entries as
 * announced, and every entry must lie before it. Bytes behind the end record do no harm.
 */
function inspectZip(file: Reader): Inspection {
  const type = isEpub(file) ? EPUB : ZIP
  const end = findEnd(file)
  if (end < 0) return damaged(type, 'its directory is missing: it is cut off')
  if (file.u16le(end + 4) !== 0) return damaged(type, 'it is one disk of several')
  const directory = readEnd(file, end)
  const why = typeof directory === 'string' ? directory : checkEntries(file, directory)
  return why === undefined ? sound(type) : damaged(type, why)
}

/** The last end record whose comment fits into what follows it; nearly always the last 22 bytes. */
function findEnd(file: Reader): number {
  const last = file.size - END_BYTES
  if (last < 0 || file.u32le(last) === END) return last
  const from = Math.max(0, file.size - FAR)
  const tail = Buffer.from(file.view(from, file.size - from))
  for (let at = tail.length - END_BYTES; at >= 0; at -= 1) {
    at = tail.lastIndexOf('PK\x05\x06', at, 'latin1')
    if (at >= 0 && at + END_BYTES + tail.readUInt16LE(at + 20) <= tail.length) return from + at
  }
  return -1
}

function readEnd(file: Reader, end: number): Directory | string {
  const entries = file.u16le(end + 10)
  const bytes = file.u32le(end + 12)
  const offset = file.u32le(end + 16)
  const large = entries === IN_END64_SHORT || bytes === IN_END64 || offset === IN_END64
  const locator = end - LOCATOR64_BYTES
  if (!large || locator < 0 || file.u32le(locator) !== LOCATOR64) return { end, entries, bytes, offset }
  const end64 = file.u64le(locator + 8)
  if (end64 + END64_BYTES > locator || file.u32le(end64) !== END64) return 'its large directory (zip64) is missing'
  return {
    end: end64,
    entries: file.u64le(end64 + 32),
    bytes: file.u64le(end64 + 40),
    offset: file.u64le(end64 + 48),
  }
}

function checkEntries(file: Reader, directory: Directory): string | undefined {
  const { end, entries, bytes } = directory
  const start = end - bytes
  // What stands before an archive (a self-extracting program) moves everything by as much.
  const shift = start - directory.offset
  if (start < 0 || shift < 0) return 'its directory does not lie where it should'
  const places: number[] = []
  let at = start
  for (let entry = 1; entry <= entries; entry += 1) {
    if (at + CENTRAL_BYTES > end || file.u32le(at) !== CENTRAL) return `entry ${entry} of its directory is broken`
    const offset = file.u32le(at + 42)
    const packed = file.u32le(at + 20)
    const known = offset !== IN_END64 && packed !== IN_END64
    if (known && shift + offset + LOCAL_BYTES + packed > start) return `entry ${entry} lies beyond its end`
    if (known && places.length < MOST_LOOKED_AT) places.push(shift + offset)
    at += CENTRAL_BYTES + file.u16le(at + 28) + file.u16le(at + 30) + file.u16le(at + 32)
  }
  if (at > end) return 'its directory is longer than announced'
  const lost = places.findIndex((place) => file.u32le(place) !== LOCAL)
  return lost < 0 ? undefined : `entry ${lost + 1} is not where the directory says`
}

/** The first entry of an electronic book is its type, not packed (EPUB OCF, 4.3). */
function isEpub(file: Reader): boolean {
  return file.size > 58 && file.text(30, 28) === 'mimetypeapplication/epub+zip'
}

export const zip: Format = { type: ZIP, inspect: inspectZip }
