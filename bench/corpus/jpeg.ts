import sharp from 'sharp'
import { BLANK, moldAt, type Mold } from './mold.ts'
import { noise } from './noise.ts'

/** The first table of every JPEG; comments may stand before it. */
const QUANTIZATION = Buffer.from([0xff, 0xdb])
/** A comment's marker and length. */
const COMMENT_OVERHEAD = 4

/**
 * A sound JPEG of noise with exactly `bytes` bytes. One comment holds the number, a second one fills up.
 * @param side of the square, in pixels; the encoded picture must be a little smaller than `bytes`
 */
export async function jpegMold(seed: string, side: number, bytes: number): Promise<Mold> {
  const pixels = noise(seed, side * side * 3)
  const picture = await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality: 80 })
    .toBuffer()
  const tables = picture.indexOf(QUANTIZATION)
  const numbered = comment(Buffer.from(`bowerbird ${BLANK}`))
  const fill = bytes - picture.length - numbered.length - COMMENT_OVERHEAD
  if (fill < 0 || fill > 60_000)
    throw new Error(`a picture of ${side} × ${side} has ${picture.length} bytes, not about ${bytes}`)
  const head = Buffer.concat([picture.subarray(0, tables), numbered])
  const file = Buffer.concat([head, comment(Buffer.alloc(fill, 0x20)), picture.subarray(tables)])
  return moldAt(file, head.length - BLANK.length)
}

function comment(text: Buffer): Buffer {
  const segment = Buffer.from([0xff, 0xfe, 0, 0])
  segment.writeUInt16BE(text.length + 2, 2)
  return Buffer.concat([segment, text])
}
