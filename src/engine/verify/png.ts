import { crc32 } from 'node:zlib'
import type { Inspection } from '../../core/files.ts'
import type { Format, Size } from './found.ts'
import { damaged, image, sound } from './found.ts'
import { Frames } from './png-frames.ts'
import type { Reader } from './reader.ts'

const PNG = image('png', 'png')
/** What shows PNG files shows these too, under the same extension. */
const APNG = image('apng', 'png')

const SIGNATURE_BYTES = 8
/** Length, type and checksum of a chunk. */
const FRAME_BYTES = 12
const MOST_CHUNK_BYTES = 0x7fffffff

const IHDR = tag('IHDR')
const PLTE = tag('PLTE')
const IDAT = tag('IDAT')
const IEND = tag('IEND')
const ACTL = tag('acTL')
const FCTL = tag('fcTL')
const FDAT = tag('fdAT')

/** Bit depths that each colour type may have (PNG specification, table 12). */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

/** From chunk to chunk by their lengths. Checksums of image data are left to `--verify decode`. */
function inspectPng(file: Reader): Inspection {
  const header = readHeader(file)
  if ('why' in header) return damaged(PNG, header.why)
  const { size } = header
  const frames = new Frames()
  let palette = false
  let data = 0
  for (let at = SIGNATURE_BYTES + FRAME_BYTES + 13; ;) {
    const length = file.u32(at)
    const type = file.u32(at + 4)
    if (length > MOST_CHUNK_BYTES || !isTag(type)) return damaged(PNG, `there is no chunk at byte ${at}`, size)
    const next = at + FRAME_BYTES + length
    file.demand(next)
    if (type === IEND) break
    if (type === PLTE) palette = true
    else if (type === IDAT) {
      if (data === 0 && length > 1 && !isDeflate(file.u16(at + 8))) return damaged(PNG, 'its data are not zlib', size)
      frames.data()
      data += length
    } else if (type === ACTL) frames.control(file, at + 8, length, data > 0)
    else if (type === FCTL) frames.frame(file, at + 8, length, size)
    else if (type === FDAT) frames.frameData(file, at + 8, length)
    at = next
  }
  if (data === 0) return damaged(PNG, 'it has no image data', size)
  if (header.indexed && !palette) return damaged(PNG, 'its palette is missing', size)
  const why = frames.verdict()
  const found = frames.animated ? APNG : PNG
  return why === undefined ? sound(found, size) : damaged(found, why, size)
}

function readHeader(file: Reader): { readonly size: Size; readonly indexed: boolean } | { readonly why: string } {
  if (file.u32(8) !== 13 || file.u32(12) !== IHDR) return { why: 'it does not begin with its header' }
  if (crc32(file.view(12, 17)) !== file.u32(29)) return { why: 'the checksum of its header is wrong' }
  const size = { width: file.u32(16), height: file.u32(20) }
  if (size.width === 0 || size.height === 0) return { why: 'it has no width or no height' }
  if (size.width > MOST_CHUNK_BYTES || size.height > MOST_CHUNK_BYTES) return { why: 'its size is out of range' }
  const colour = file.u8(25)
  if (DEPTHS[colour]?.includes(file.u8(24)) !== true) return { why: 'its colour type is none' }
  return { size, indexed: colour === 3 }
}

/** The two bytes before deflated data (RFC 1950, 2.2). */
function isDeflate(header: number): boolean {
  return ((header >> 8) & 0x0f) === 8 && header % 31 === 0
}

function tag(name: string): number {
  return Buffer.from(name, 'latin1').readUInt32BE(0)
}

/** Four letters. */
function isTag(value: number): boolean {
  for (let shift = 0; shift < 32; shift += 8) {
    const letter = (value >>> shift) & 0xdf
    if (letter < 0x41 || letter > 0x5a) return false
  }
  return true
}

export const png: Format = { type: PNG, inspect: inspectPng }
