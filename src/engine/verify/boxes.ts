import type { Reader } from './reader.ts'

/** A box of an ISO base media file (ISO/IEC 14496-12), and of JPEG XL and JPEG 2000, which borrowed them. */
export interface Box {
  readonly name: string
  /** Where its content begins. */
  readonly body: number
  readonly end: number
}

/** More than any real file has; without a bound, a large file of empty boxes would keep a thread for seconds. */
export const MOST_BOXES = 1_000_000

const NAME = /^[\x20-\x7e\xa9]{4}$/

/**
 * The box at a place; nothing where none can be. A length of 0 means: to `limit`, the end of what holds it. A box may
 * claim to end beyond `limit`; who walks the file decides what that means.
 */
export function boxAt(file: Reader, at: number, limit: number): Box | undefined {
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
  for (let at = from, count = 0; count < MOST_BOXES; count += 1) {
    const box = boxAt(file, at, limit)
    if (box === undefined) return
    yield box
    at = box.end
  }
}

/** The first box of a name inside another. */
export function childOf(file: Reader, parent: Pick<Box, 'body' | 'end'>, name: string): Box | undefined {
  for (const box of boxesIn(file, parent.body, parent.end)) if (box.name === name) return box
  return undefined
}

/** The outermost boxes of a file, and why they do not fill it. */
export interface Outline {
  readonly boxes: ReadonlyMap<string, Box>
  readonly why?: string
}

/** From box to box; the lengths must add up to the size of the file. The first box of each name is noted. */
export function outline(file: Reader): Outline {
  const boxes = new Map<string, Box>()
  let at = 0
  for (let count = 0; at < file.size; count += 1) {
    const box = boxAt(file, at, file.size)
    if (box === undefined) return isPadding(file, at) ? { boxes } : { boxes, why: `there is no box at byte ${at}` }
    if (box.end > file.size) {
      return { boxes, why: `its box ${box.name} goes on to byte ${box.end}, the file ends at ${file.size}` }
    }
    if (count === MOST_BOXES) return { boxes, why: `it has more than ${MOST_BOXES} boxes` }
    if (!boxes.has(box.name)) boxes.set(box.name, box)
    at = box.end
  }
  return { boxes }
}

/** Old QuickTime writers end a list with four zero bytes; some servers pad. */
function isPadding(file: Reader, at: number): boolean {
  const length = Math.min(64, file.size - at)
  return file.view(at, length).every((byte) => byte === 0)
}
