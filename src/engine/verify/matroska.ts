import type { Inspection } from '../../core/files.ts'
import type { FileType, Format } from './found.ts'
import { damaged, sound } from './found.ts'
import type { Reader } from './reader.ts'

const WEBM: FileType = { mime: 'video/webm', extension: 'webm', kind: 'video' }
const MKV: FileType = { mime: 'video/matroska', extension: 'mkv', kind: 'video' }

const SEGMENT = 0x18538067
const ID_BYTES = 4

/** EBML header, then one segment that fills the file (RFC 8794, RFC 9559). Live recordings leave its length open. */
function inspectMatroska(file: Reader): Inspection {
  const header = readLength(file, ID_BYTES)
  const end = header.behind + header.length
  const head = file.text(0, Math.min(end, file.size, 256))
  const type = head.includes('webm') ? WEBM : MKV
  if (file.u32(end) !== SEGMENT) return damaged(type, 'its content is missing')
  const segment = readLength(file, end + ID_BYTES)
  const last = segment.behind + segment.length
  return last > file.size ? damaged(type, `it should have ${last} bytes and has ${file.size}`) : sound(type)
}

/** A number of one to eight bytes, as many as the first has leading zeros; all ones: unknown, taken for nothing. */
function readLength(file: Reader, at: number): { readonly behind: number; readonly length: number } {
  const first = file.u8(at)
  const bytes = Math.clz32(first) - 23
  let length = first & (0xff >> bytes)
  let open = length === 0xff >> bytes
  for (let index = 1; index < bytes; index += 1) {
    const byte = file.u8(at + index)
    open &&= byte === 0xff
    length = length * 256 + byte
  }
  return { behind: at + bytes, length: open ? 0 : length }
}

export const matroska: Format = { type: MKV, inspect: inspectMatroska }
