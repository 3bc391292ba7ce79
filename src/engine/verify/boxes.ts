import type { Reader } from './reader.ts'

/** A box of an ISO base media file (ISO/IEC 14496-12), and of JPEG XL and JPEG 2000, which borrowed them. */
export interface Box {
  readonly name: string
  /** Where its content begins. */
  readonly body: number
  readonly end: number
}

const NAME = /^[\x20-\x7e\xa9]{4}$/

/**
 * The box at a place; nothing where none can be. A length of 0 means: to `limit`, the end of what holds it. A box may
 * claim to end beyond `limit`; who walks the file decides what that means.
 */
function boxAt(file: Reader, at: number, limit: number): Box | undefined {
  if (at + 8 > limit) return undefined
  const length = file.u32(at)
  const name = file.text(at + 4, 4)
  if (!NAME.test(name)) return undefined
  if (length === 0) return { name, body: at + 8, end: limit }
  if (length === 1) return { name, body: at + 16, end: Math.max(at + 16, at + file.u64(at + 8)) }
  return length < 8 ? undefined : { name, body: at + 8, end: at + length }
}

/** The boxes inside another, as far as they make sense. */
export function* boxesIn(file: Reader, from: number, to: number): Generator<Box> {
  const limit = Math.min(to, file.size)
  for (let box = boxAt(file, from, limit); box !== undefined; box = boxAt(file, box.end, limit)) yield box
}

/** The first box of a name inside another. */
export function childOf(file: Reader, parent: Pick<Box, 'body' | 'end'>, name: string): Box | undefined {
  for (const box of boxesIn(file, parent.body, parent.end)) if (box.name === name) return box
  return undefined
}

/** The outermost boxes of a file, and why the last of them is not whole. */
export interface Outline {
  readonly boxes: ReadonlyMap<string, Box>
  readonly why?: string
}

/**
 * From box to box to the end of the file; the first of each name is noted. What follows the last one and is no box is
 * left alone (padding, trailers): whether all that matters is there, the formats know.
 */
export function outline(file: Reader): Outline {
  const boxes = new Map<string, Box>()
  for (let at = 0; at < file.size;) {
    const box = boxAt(file, at, file.size)
    if (box === undefined) return isHalfHeader(file, at) ? { boxes, why: 'it is cut off between two boxes' } : { boxes }
    if (box.end > file.size) {
      return { boxes, why: `its box ${box.name} goes on to byte ${box.end}, the file ends at ${file.size}` }
    }
    if (!boxes.has(box.name)) boxes.set(box.name, box)
    at = box.end
  }
  return { boxes }
}

/** Too few bytes for a header; zeros are padding (old QuickTime writers end a list with four). */
function isHalfHeader(file: Reader, at: number): boolean {
  const left = file.size - at
  return left < 8 && file.view(at, left).some((byte) => byte !== 0)
}
