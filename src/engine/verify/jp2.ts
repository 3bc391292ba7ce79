import type { Inspection } from '../../core/files.ts'
import { childOf, outline } from './boxes.ts'
import type { Format, Size } from './found.ts'
import { damaged, image, sound } from './found.ts'
import type { Reader } from './reader.ts'

const JP2 = image('jp2', 'jp2')
const CODESTREAM = image('j2c', 'j2c')
const END_OF_CODESTREAM = 0xffd9

/** JPEG 2000 in its boxes (ISO/IEC 15444-1, annex I). */
function inspectJp2(file: Reader): Inspection {
  const { boxes, why } = outline(file)
  const header = boxes.get('jp2h')
  const properties = header && childOf(file, header, 'ihdr')
  if (properties === undefined) return damaged(JP2, why ?? 'its header is missing')
  const size = { width: file.u32(properties.body + 4), height: file.u32(properties.body) }
  if (size.width === 0 || size.height === 0) return damaged(JP2, 'it has no width or no height')
  if (why !== undefined) return damaged(JP2, why, size)
  const data = boxes.get('jp2c')
  if (data === undefined) return damaged(JP2, 'its image data are missing', size)
  const ends = data.end - 2 >= data.body && file.u16(data.end - 2) === END_OF_CODESTREAM
  return ends ? sound(JP2, size) : damaged(JP2, 'the image data are cut off: there is no end marker', size)
}

/** The bare code stream: SOC, SIZ … EOC. */
function inspectJ2c(file: Reader): Inspection {
  const size: Size = { width: file.u32(8) - file.u32(16), height: file.u32(12) - file.u32(20) }
  if (size.width <= 0 || size.height <= 0) return damaged(CODESTREAM, 'it has no width or no height')
  if (file.u16(file.size - 2) === END_OF_CODESTREAM) return sound(CODESTREAM, size)
  return damaged(CODESTREAM, 'the image data are cut off: there is no end marker', size)
}

export const jp2: Format = { type: JP2, inspect: inspectJp2 }

export const j2c: Format = { type: CODESTREAM, inspect: inspectJ2c }
