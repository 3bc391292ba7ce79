import type { Inspection } from '../../core/files.ts'
import type { Format, Size } from './found.ts'
import { damaged, image, sound } from './found.ts'
import type { Reader } from './reader.ts'

const TIFF = image('tiff', 'tif')

const WIDTH = 256
const HEIGHT = 257
/** Where strips or tiles lie, and the tag that holds their lengths. */
const PIECES: readonly (readonly [number, number])[] = [
  [273, 279],
  [324, 325],
]
/** Bytes of a value of each type (TIFF 6.0, section 2; 16 to 18 are BigTIFF's). */
const TYPE_BYTES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
}
const MOST_TAGS = 4096
const MOST_PIECES = 1_000_000

interface Tag {
  readonly type: number
  readonly count: number
  /** Where its values lie. */
  readonly at: number
}

/** TIFF in its four dialects: byte order, and 32 or 64 bits. */
class Dialect {
  readonly file: Reader
  readonly little: boolean
  readonly big: boolean

  constructor(file: Reader) {
    this.file = file
    this.little = file.u8(0) === 0x49
    this.big = this.short(2) === 43
  }

  short(at: number): number {
    return this.little ? this.file.u16le(at) : this.file.u16(at)
  }

  long(at: number): number {
    return this.little ? this.file.u32le(at) : this.file.u32(at)
  }

  /** A place or a length: as wide as the dialect. */
  wide(at: number): number {
    if (!this.big) return this.long(at)
    return this.little ? this.file.u64le(at) : this.file.u64(at)
  }

  value(tag: Tag, index: number): number {
    const width = TYPE_BYTES[tag.type] ?? 0
    const at = tag.at + index * width
    if (width === 1) return this.file.u8(at)
    if (width === 2) return this.short(at)
    return width === 4 || !this.big ? this.long(at) : this.wide(at)
  }
}

/** The first picture: its tags and its strips or tiles must lie in the file. Raw files of cameras are TIFF as well. */
function inspectTiff(file: Reader): Inspection {
  const dialect = new Dialect(file)
  const first = dialect.wide(dialect.big ? 8 : 4)
  const tags = readTags(dialect, first)
  if (typeof tags === 'string') return damaged(TIFF, tags)
  const width = tags.get(WIDTH)
  const height = tags.get(HEIGHT)
  if (width === undefined || height === undefined) return damaged(TIFF, 'it has no width or no height')
  const size: Size = { width: dialect.value(width, 0), height: dialect.value(height, 0) }
  if (size.width === 0 || size.height === 0) return damaged(TIFF, 'it has no width or no height')
  const why = checkPieces(dialect, tags)
  return why === undefined ? sound(TIFF, size) : damaged(TIFF, why, size)
}

function readTags(dialect: Dialect, first: number): ReadonlyMap<number, Tag> | string {
  const { file, big } = dialect
  const start = first + (big ? 8 : 2)
  const entry = big ? 20 : 12
  const inline = big ? 8 : 4
  const count = big ? dialect.wide(first) : dialect.short(first)
  if (count === 0 || count > MOST_TAGS) return 'its list of tags is broken'
  file.demand(start + count * entry)
  const tags = new Map<number, Tag>()
  for (let at = start; at < start + count * entry; at += entry) {
    const type = dialect.short(at + 2)
    const number = dialect.wide(at + 4)
    const bytes = (TYPE_BYTES[type] ?? 0) * number
    const place = bytes <= inline ? at + 4 + inline : dialect.wide(at + 4 + inline)
    const name = dialect.short(at)
    file.demand(place + bytes)
    if (isOurs(name)) {
      if (bytes === 0) return `its tag ${name} has no value`
      tags.set(name, { type, count: number, at: place })
    }
  }
  return tags
}

function isOurs(name: number): boolean {
  return name === WIDTH || name === HEIGHT || PIECES.some((pair) => pair.includes(name))
}

function checkPieces(dialect: Dialect, tags: ReadonlyMap<number, Tag>): string | undefined {
  for (const [offsets, lengths] of PIECES) {
    const places = tags.get(offsets)
    const sizes = tags.get(lengths)
    if (places === undefined || sizes === undefined) continue
    if (places.count !== sizes.count || places.count > MOST_PIECES) return 'the list of its strips is broken'
    for (let piece = 0; piece < places.count; piece += 1) {
      const end = dialect.value(places, piece) + dialect.value(sizes, piece)
      if (end > dialect.file.size) return `its strip ${piece + 1} ends at byte ${end}, the file at ${dialect.file.size}`
    }
    return undefined
  }
  return 'it has no image data'
}

export const tiff: Format = { type: TIFF, inspect: inspectTiff }
