import type { Inspection } from '../../core/files.ts'
import type { Format } from './found.ts'
import { damaged, image, sound } from './found.ts'
import type { Reader } from './reader.ts'

const PSD = image('vnd.adobe.photoshop', 'psd')
const PSB = image('vnd.adobe.photoshop', 'psb')

const HEADER_BYTES = 26
const MOST_CHANNELS = 56
const RAW = 0
const RUN_LENGTHS = 1

/** Section behind section by their lengths, then the flattened picture: raw, or as a list of packed rows. */
function inspectPsd(file: Reader): Inspection {
  const large = file.u16(4) === 2
  const type = large ? PSB : PSD
  const channels = file.u16(12)
  const size = { width: file.u32(18), height: file.u32(14) }
  if (size.width === 0 || size.height === 0) return damaged(type, 'it has no width or no height')
  if (channels === 0 || channels > MOST_CHANNELS) return damaged(type, 'it has no channels', size)
  let at = HEADER_BYTES
  at += 4 + file.u32(at)
  at += 4 + file.u32(at)
  at += large ? 8 + file.u64(at) : 4 + file.u32(at)
  const rows = channels * size.height
  const packing = file.u16(at)
  at += 2
  if (packing === RAW) at += rows * Math.ceil((size.width * file.u16(22)) / 8)
  if (packing === RUN_LENGTHS) at = behindRows(file, at, rows, large)
  if (at > file.size) return damaged(type, `it should have ${at} bytes and has ${file.size}`, size)
  return sound(type, size)
}

/** The lengths of all packed rows, then the rows. */
function behindRows(file: Reader, at: number, rows: number, large: boolean): number {
  const width = large ? 4 : 2
  const start = at + rows * width
  file.demand(start)
  let end = start
  for (let row = 0; row < rows; row += 1) end += large ? file.u32(at + row * width) : file.u16(at + row * width)
  return end
}

export const psd: Format = { type: PSD, inspect: inspectPsd }
