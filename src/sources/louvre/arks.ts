/** `cl010062370`: the permanent identifier of a record, which is a number of nine digits. */
const ARK = /^cl(\d{9})$/

export function arkNumber(ark: string): number | undefined {
  const digits = ARK.exec(ark)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

export function arkOf(number: number): string {
  return `cl${String(number).padStart(9, '0')}`
}

/** Numbers from `first` to `last`, both included. */
export interface ArkRange {
  readonly first: number
  readonly last: number
}

/**
 * The two spans that records stand in, with gaps: all departments but drawings, and the drawings. The highest numbers
 * seen in a list of all 506,207 records (May 2024) were about cl010496000 and cl020605105; a little is added.
 */
export const ARK_RANGES: readonly ArkRange[] = [
  { first: 10_000_006, last: 10_550_000 },
  { first: 20_000_001, last: 20_620_000 },
]
