import type { Inspection } from '../../core/files.ts'
import type { Format } from './found.ts'
import { damaged, image, sound } from './found.ts'
import type { Reader } from './reader.ts'

const BMP = image('bmp', 'bmp')

/** Lengths of the headers that there are: OS/2 1 and 2, Windows 3, and its later versions. */
const HEADERS: readonly number[] = [12, 16, 40, 52, 56, 64, 108, 124]
const DEPTHS: readonly number[] = [1, 2, 4, 8, 16, 24, 32]
const FILE_HEADER_BYTES = 14
/** Pixels follow row by row: BI_RGB, BI_BITFIELDS, BI_ALPHABITFIELDS. */
const PLAIN: readonly number[] = [0, 3, 6]

/** `BM` alone could begin any text. */
export function isBmp(file: Reader): boolean {
  return file.size >= FILE_HEADER_BYTES + 12 && HEADERS.includes(file.u32le(FILE_HEADER_BYTES))
}

/** The announced length of the file is not looked at: writers get it wrong, and nobody reads it. */
function inspectBmp(file: Reader): Inspection {
  const header = file.u32le(FILE_HEADER_BYTES)
  const old = header === 12
  const width = old ? file.u16le(18) : file.u32le(18)
  // Negative (two's complement): rows from the top down.
  const height = old ? file.u16le(20) : Math.abs(file.u32le(22) | 0)
  const depth = file.u16le(old ? 24 : 28)
  const packing = header <= 16 ? 0 : file.u32le(30)
  if (width === 0 || width > 0x7fffffff || height === 0) return damaged(BMP, 'it has no width or no height')
  const size = { width, height }
  // In the header of OS/2 2, 3 is no order of colours but a fax.
  if (!PLAIN.includes(packing) || (header === 64 && packing > 0)) {
    return packing > 6 ? damaged(BMP, 'its packing is none', size) : checkPacked(file, size)
  }
  if (!DEPTHS.includes(depth)) return damaged(BMP, 'its colour depth is none', size)
  const row = Math.ceil((width * depth) / 32) * 4
  const end = file.u32le(10) + row * height
  return end > file.size ? damaged(BMP, `it should have ${end} bytes and has ${file.size}`, size) : sound(BMP, size)
}

function checkPacked(file: Reader, size: { readonly width: number; readonly height: number }): Inspection {
  const end = file.u32le(10) + file.u32le(34)
  return end > file.size ? damaged(BMP, `it should have ${end} bytes and has ${file.size}`, size) : sound(BMP, size)
}

export const bmp: Format = { type: BMP, inspect: inspectBmp }
