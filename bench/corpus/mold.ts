/**
 * Files that differ from each other in nothing but their number: before + eight digits + after. So a server can send
 * 100,000 different files from memory.
 */
export interface Mold {
  readonly before: Buffer
  readonly after: Buffer
}

const DIGITS = 8

/** Bytes of every file of a mold. */
export function moldSize({ before, after }: Mold): number {
  return before.length + DIGITS + after.length
}

export function digitsOf(number: number): string {
  return String(number).padStart(DIGITS, '0')
}

/** The mold of a file that holds eight zeros at a place. */
export function moldAt(file: Buffer, place: number): Mold {
  return { before: file.subarray(0, place), after: file.subarray(place + DIGITS) }
}

/** What stands in a file until it gets its number. */
export const BLANK = digitsOf(0)
