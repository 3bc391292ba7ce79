import type { Inspection } from '../../core/files.ts'
import type { FileType, Format, Size } from './found.ts'
import { damaged, image, sound } from './found.ts'
import type { Reader } from './reader.ts'

const ICO = image('x-icon', 'ico')
const CUR = image('x-win-bitmap', 'cur')

const HEADER_BYTES = 6
const ENTRY_BYTES = 16
const BITMAP_HEADER_BYTES = 40

/** The magic number is weak (three zeros of four bytes): the list of pictures must also be one. */
export function icoFormat(file: Reader): Format | undefined {
  const type = icoType(file)
  return type && { type, inspect: inspectIco }
}

function icoType(file: Reader): FileType | undefined {
  if (file.size < HEADER_BYTES + ENTRY_BYTES || file.u16le(0) !== 0) return undefined
  const kind = file.u16le(2)
  const count = file.u16le(4)
  if ((kind !== 1 && kind !== 2) || count === 0) return undefined
  const first = file.u32le(HEADER_BYTES + 12)
  if (file.u8(HEADER_BYTES + 3) !== 0 || first < HEADER_BYTES + count * ENTRY_BYTES) return undefined
  return kind === 1 ? ICO : CUR
}

/** Every picture of the list must lie in the file; the size is that of the largest. */
function inspectIco(file: Reader, type: FileType): Inspection {
  const count = file.u16le(4)
  let size: Size | undefined
  for (let entry = 0; entry < count; entry += 1) {
    const at = HEADER_BYTES + entry * ENTRY_BYTES
    // One byte for a side; 0 stands for 256.
    const side = { width: file.u8(at) || 256, height: file.u8(at + 1) || 256 }
    if (size === undefined || side.width > size.width) size = side
    const bytes = file.u32le(at + 8)
    const place = file.u32le(at + 12)
    if (place + bytes > file.size) return damaged(type, `its picture ${entry + 1} goes on beyond the end`, size)
    if (bitmapBytes(file, place) > bytes) return damaged(type, `its picture ${entry + 1} has too few bytes`, size)
  }
  return sound(type, size)
}

/** What a bitmap in the list needs by its own header; its height counts the mask too, which may be missing. */
function bitmapBytes(file: Reader, place: number): number {
  if (file.u32le(place) !== BITMAP_HEADER_BYTES) return 0
  const row = Math.ceil((file.u32le(place + 4) * file.u16le(place + 14)) / 32) * 4
  return BITMAP_HEADER_BYTES + row * Math.floor(file.u32le(place + 8) / 2)
}
