import type { Inspection } from '../../core/files.ts'
import type { FileType, Format, Size } from './found.ts'
import { damaged, image, sound } from './found.ts'
import type { Reader } from './reader.ts'

const WEBP = image('webp', 'webp')
const AVI: FileType = { mime: 'video/x-msvideo', extension: 'avi', kind: 'video' }
const WAV: FileType = { mime: 'audio/wav', extension: 'wav', kind: 'audio' }

const HEADER_BYTES = 12
/** Recorders that could not go back to write the length leave this. */
const OPEN_LENGTH = 0xffffffff

/** The length at the front must be there; what lies behind it is left alone. */
function inspectWebp(file: Reader): Inspection {
  const end = 8 + file.u32le(4)
  if (end > file.size) return damaged(WEBP, cutOff(end, file.size))
  let size: Size | undefined
  let data = false
  for (let at = HEADER_BYTES; at + 8 <= end;) {
    const name = file.text(at, 4)
    const length = file.u32le(at + 4)
    // The last chunk's padding byte may be missing.
    if (at + 8 + length > end) return damaged(WEBP, `its chunk at byte ${at} is longer than the file`, size)
    if (name === 'VP8X') size = { width: file.u24le(at + 12) + 1, height: file.u24le(at + 15) + 1 }
    else if (name === 'VP8 ' || name === 'VP8L') {
      const own = name === 'VP8 ' ? lossySize(file, at + 8) : losslessSize(file, at + 8)
      if (own === undefined || length < 5) return damaged(WEBP, 'its image data do not begin as they should', size)
      size ??= own
      data = true
    } else if (name === 'ANMF') data = true
    at += 8 + length + (length & 1)
  }
  if (!data || size === undefined) return damaged(WEBP, 'it has no image data', size)
  return sound(WEBP, size)
}

/** A key frame's header (RFC 6386, 9.1); the upper two bits of each side are a scale. */
function lossySize(file: Reader, at: number): Size | undefined {
  if ((file.u8(at) & 1) !== 0 || file.u24le(at + 3) !== 0x2a019d) return undefined
  const width = file.u16le(at + 6) & 0x3fff
  const height = file.u16le(at + 8) & 0x3fff
  return width === 0 || height === 0 ? undefined : { width, height }
}

function losslessSize(file: Reader, at: number): Size | undefined {
  if (file.u8(at) !== 0x2f) return undefined
  const bits = file.u32le(at + 1)
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}

/** Films longer than 1 GB go on in further RIFF lists. */
function inspectAvi(file: Reader): Inspection {
  const size = file.text(24, 4) === 'avih' ? { width: file.u32le(64), height: file.u32le(68) } : undefined
  for (let at = 0; at + 8 <= file.size && file.text(at, 4) === 'RIFF';) {
    const length = file.u32le(at + 4)
    if (length === 0 || length === OPEN_LENGTH) break
    const end = at + 8 + length
    if (end > file.size) return damaged(AVI, cutOff(end, file.size), size)
    at = end + (length & 1)
  }
  return sound(AVI, size)
}

function inspectWav(file: Reader): Inspection {
  const length = file.u32le(4)
  const end = 8 + length
  const known = length !== 0 && length !== OPEN_LENGTH
  return known && end > file.size ? damaged(WAV, cutOff(end, file.size)) : sound(WAV)
}

function cutOff(end: number, size: number): string {
  return `it should have ${end} bytes and has ${size}`
}

export const webp: Format = { type: WEBP, inspect: inspectWebp }

export const avi: Format = { type: AVI, inspect: inspectAvi }

export const wav: Format = { type: WAV, inspect: inspectWav }
