/** The middle one; of an even number the mean of the two in the middle. Nothing for none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((one, other) => one - other)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2
}

/** Seconds of one run, and for how many files. */
export interface Lap {
  readonly wall: number
  readonly items: number
}

/**
 * How many times as long as another program, per file: the median over the rounds, each compared with the same round of
 * the other, so that a machine that slows down meanwhile slows both. A round that one of them did not finish is left out.
 */
export function medianRatio(
  laps: readonly (Lap | undefined)[],
  others: readonly (Lap | undefined)[],
): number | undefined {
  return median(
    laps.flatMap((lap, round) => {
      const other = others[round]
      return lap === undefined || other === undefined ? [] : [lap.wall / lap.items / (other.wall / other.items)]
    }),
  )
}
