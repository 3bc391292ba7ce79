import type { Inspection } from '../../core/files.ts'
import { outline } from './boxes.ts'
import type { Format, Size } from './found.ts'
import { damaged, image, sound } from './found.ts'
import type { Reader } from './reader.ts'

const JXL = image('jxl', 'jxl')
const CODESTREAM = 0xff0a
/** The longest size header. */
const SIZE_BYTES = 9

/** JPEG XL in its boxes (ISO/IEC 18181-2): the code stream whole (`jxlc`) or in parts (`jxlp`). */
function inspectJxlBoxes(file: Reader): Inspection {
  const { boxes, why } = outline(file)
  const whole = boxes.get('jxlc')
  const part = boxes.get('jxlp')
  // A part begins with its number.
  const start = whole?.body ?? (part && part.body + 4)
  if (start === undefined) return damaged(JXL, why ?? 'its image data are missing')
  if (start + 2 > file.size || file.u16(start) !== CODESTREAM) return damaged(JXL, why ?? 'its image data are missing')
  const size = readSize(file, start + 2)
  return why === undefined ? sound(JXL, size) : damaged(JXL, why, size)
}

/** The bare code stream says nothing of its length: its end cannot be checked without decoding it. */
function inspectJxlStream(file: Reader): Inspection {
  return sound(JXL, readSize(file, 2))
}

/** Width over height where the header gives one side only. */
const RATIOS: readonly (readonly [number, number])[] = [
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
]

/** The bundle SizeHeader of ISO/IEC 18181-1: bits from the lowest up. */
function readSize(file: Reader, at: number): Size {
  const bytes = file.view(at, Math.min(SIZE_BYTES, file.size - at))
  let bit = 0
  const take = (count: number): number => {
    let value = 0
    for (let place = 0; place < count; place += 1, bit += 1) {
      value += (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) * 2 ** place
    }
    return value
  }
  const small = take(1) === 1
  const side = (): number => (small ? (take(5) + 1) * 8 : 1 + take([9, 13, 18, 30][take(2)] ?? 0))
  const height = side()
  const ratio = RATIOS[take(3) - 1]
  return { height, width: ratio === undefined ? side() : Math.floor((height * ratio[0]) / ratio[1]) }
}

export const jxlBoxes: Format = { type: JXL, inspect: inspectJxlBoxes }

export const jxlStream: Format = { type: JXL, inspect: inspectJxlStream }
