import type { Inspection } from '../../core/files.ts'
import type { Format, Size } from './found.ts'
import { damaged, image, sound } from './found.ts'
import type { Reader } from './reader.ts'

const GIF = image('gif', 'gif')

const EXTENSION = 0x21
const IMAGE = 0x2c
const TRAILER = 0x3b
const HEADER_BYTES = 13
const IMAGE_HEADER_BYTES = 10
/** Codes have 12 bits at most, so a root code has fewer. */
const MOST_ROOT_BITS = 11

/** The whole walk, block by block: lengths are single bytes, so there is no shorter way to the end. */
function inspectGif(file: Reader): Inspection {
  const size = { width: file.u16le(6), height: file.u16le(8) }
  if (size.width === 0 || size.height === 0) return damaged(GIF, 'it has no width or no height')
  file.readAll()
  let images = 0
  for (let at = HEADER_BYTES + tableBytes(file.u8(10)); ;) {
    const block = file.u8(at)
    if (block === TRAILER) break
    if (block === EXTENSION) at = behindData(file, at + 2)
    else if (block === IMAGE) {
      const why = checkImage(file, at, size)
      if (why !== undefined) return damaged(GIF, why, size)
      images += 1
      at += IMAGE_HEADER_BYTES + tableBytes(file.u8(at + 9))
      at = behindData(file, at + 1)
    } else if (block === 0) at += 1
    else return damaged(GIF, `there is no block at byte ${at}`, size)
  }
  return images > 0 ? sound(GIF, size) : damaged(GIF, 'it has no image', size)
}

function tableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 << ((flags & 0x07) + 1)
}

function behindData(file: Reader, start: number): number {
  let at = start
  for (let length = file.u8(at); length > 0; length = file.u8(at)) at += 1 + length
  return at + 1
}

/**
 * Frames may stick out a little, and viewers then widen the picture. One that is far larger than the picture is made to
 * exhaust whoever decodes it.
 */
function checkImage(file: Reader, at: number, screen: Size): string | undefined {
  const width = file.u16le(at + 5)
  const height = file.u16le(at + 7)
  const right = file.u16le(at + 1) + width
  const bottom = file.u16le(at + 3) + height
  if (width === 0 || height === 0) return 'a frame has no width or no height'
  const canvas = Math.max(right, screen.width) * Math.max(bottom, screen.height)
  if (canvas > 64 * screen.width * screen.height && canvas > 2 ** 28) return 'a frame is far larger than the picture'
  const root = file.u8(at + IMAGE_HEADER_BYTES + tableBytes(file.u8(at + 9)))
  return root < 1 || root > MOST_ROOT_BITS ? 'the data of a frame are not LZW' : undefined
}

export const gif: Format = { type: GIF, inspect: inspectGif }
