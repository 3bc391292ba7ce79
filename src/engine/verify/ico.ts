import type { Inspection } from '../../core/files.ts'
import type { FileType, Format, Size } from './found.ts'
import { damaged, image, sound } from './found.ts'
import type { Reader } from './reader.ts'

const ICO = image('x-icon', 'ico')
const CUR = image('x-win-bitmap', 'cur')

const HEADER_BYTES = 6
const ENTRY_BYTES = 16

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
    const end = file.u32le(at + 12) + file.u32le(at + 8)
    if (end > file.size) return damaged(type, `its picture ${entry + 1} ends at byte ${end}, the file at ${file.size}`)
  }
  return sound(type, size)
}
