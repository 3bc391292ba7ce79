import { median, medianRatio, type Lap } from '../measure/statistics.ts'

/** One run of one program. */
export interface Run {
  /** Seconds. */
  readonly wall: number
  readonly user: number
  readonly system: number
  /** Bytes. */
  readonly peak: number
  readonly status: number
  /** What lay in the output folder afterwards. */
  readonly files: number
  readonly bytes: number
  /** Requests for files that the server saw. */
  readonly requests?: number
  /** CPU seconds of the server, and of programs that have nothing to do with the run. */
  readonly serverCpu: number
  readonly otherCpu: number
  /** Why this run does not count. */
  readonly problem?: string
}

/** One line of a table. */
export interface Row {
  readonly name: string
  readonly version: string
  /** As a person would type it. */
  readonly command: string
  /** Files of one run; 0 where it is not about files. */
  readonly items: number
  /** It is slow, so these are fewer files than the others had. */
  readonly fewer?: boolean
  readonly runs: readonly Run[]
  /** Why it was not measured. */
  readonly skipped?: string
}

/** A promise of the project, and what was measured. */
export interface Verdict {
  readonly about: string
  readonly limit: number
  readonly at: 'most' | 'least'
  readonly unit: string
  /** Nothing where it could not be measured. */
  readonly value?: number
  readonly met?: boolean
}

/** What ratios compare with: a row, or the time that cannot be beaten. */
export type Baseline = { readonly row: string } | { readonly ideal: number }

export interface Report {
  readonly id: string
  readonly title: string
  readonly server?: string
  readonly baseline?: Baseline
  /** The files were there already: what is still asked for tells as much as the time. */
  readonly known?: boolean
  readonly rows: readonly Row[]
  readonly goals: readonly Verdict[]
}

export type Rows = readonly Row[]

/** The laps of a row; a run with a problem is none. */
function lapsOf({ runs, items }: Row): (Lap | undefined)[] {
  return runs.map(({ wall, problem }) => (problem === undefined ? { wall, items: Math.max(1, items) } : undefined))
}

export function soundRuns({ runs }: Row): Run[] {
  return runs.filter(({ problem }) => problem === undefined)
}

/** Median of some number over the sound runs of a row. */
export function medianOf(row: Row | undefined, value: (run: Run) => number): number | undefined {
  return row && median(soundRuns(row).map(value))
}

export function rowOf(rows: Rows, name: string): Row | undefined {
  return rows.find((row) => row.name === name)
}

/** How many times as long as another row, per file. */
export function ratioOf(rows: Rows, name: string, other: string): number | undefined {
  const [row, base] = [rowOf(rows, name), rowOf(rows, other)]
  return row && base && medianRatio(lapsOf(row), lapsOf(base))
}

/** How many times as long as the baseline. */
export function ratioToBaseline(report: Pick<Report, 'baseline' | 'rows'>, row: Row): number | undefined {
  const { baseline, rows } = report
  if (baseline === undefined) return undefined
  if ('row' in baseline) return ratioOf(rows, row.name, baseline.row)
  const wall = medianOf(row, (run) => run.wall)
  return wall === undefined ? undefined : wall / (baseline.ideal * row.items)
}

/** Compares what was measured with what was promised. */
export function verdict(goal: Omit<Verdict, 'value' | 'met'>, value: number | undefined): Verdict {
  if (value === undefined) return goal
  return { ...goal, value, met: goal.at === 'most' ? value <= goal.limit : value >= goal.limit }
}
