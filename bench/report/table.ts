import { medianOf, ratioToBaseline, soundRuns, type Report, type Row, type Verdict } from './report.ts'

const MEGABYTE = 1e6
const NONE = '–'

/** A report as a person reads it: a table, what went wrong, and the goals. */
export function printed(report: Report): string {
  const base = report.baseline
  const title = `(${report.id}) ${report.title}${report.server === undefined ? '' : `; ${report.server}`}`
  const to = base === undefined ? 'ratio' : 'row' in base ? `× ${base.row}` : '× ideal'
  const head = ['program', 'runs', 'files', 'median s', 'min–max s', 'files/s', to, 'CPU s', 'peak MB']
  const most = Math.max(...report.rows.map(({ items }) => items))
  const cells = report.rows.map((row) => cellsOf(row, report, row.items < most))
  const notes = report.rows.flatMap(notesOf)
  if (report.rows.some(({ items, skipped }) => items < most && skipped === undefined)) {
    notes.unshift('* slow, so measured on fewer files; its ratio compares seconds per file')
  }
  const goals = aligned(report.goals.map(goalCells))
  return [title, ...aligned([head, ...cells]), ...notes, ...goals].join('\n')
}

function cellsOf(row: Row, report: Report, fewer: boolean): string[] {
  const { name, version, items, skipped } = row
  const label = `${name} ${version}${fewer ? ' *' : ''}`
  const runs = soundRuns(row)
  const wall = medianOf(row, (run) => run.wall)
  if (skipped !== undefined || wall === undefined) return [label, '0', ...Array.from({ length: 7 }, () => NONE)]
  const walls = runs.map((run) => run.wall)
  return [
    label,
    String(runs.length),
    items === 0 ? NONE : grouped(items),
    wall.toFixed(2 + (wall < 1 ? 1 : 0)),
    `${Math.min(...walls).toFixed(2)}–${Math.max(...walls).toFixed(2)}`,
    items === 0 ? NONE : grouped(Math.round(items / wall)),
    number(ratioToBaseline(report, row)),
    number(medianOf(row, ({ user, system }) => user + system)),
    number((medianOf(row, ({ peak }) => peak) ?? 0) / MEGABYTE, 1),
  ]
}

function notesOf({ name, runs, skipped }: Row): string[] {
  if (skipped !== undefined) return [`${name}: not measured: ${skipped}`]
  return runs.flatMap(({ problem }, round) =>
    problem === undefined ? [] : [`${name}: run ${round + 1} does not count: ${problem}`],
  )
}

function goalCells({ about, value, limit, at, unit, met }: Verdict): string[] {
  const outcome = met === undefined ? 'not measured' : met ? 'met' : 'MISSED'
  return [`goal: ${about}`, number(value), `at ${at} ${limit}${unit}`, outcome]
}

/** Columns side by side: the first to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  )
}

function number(value: number | undefined, digits = 2): string {
  return value === undefined ? NONE : value.toFixed(digits)
}

function grouped(value: number): string {
  return value.toLocaleString('en')
}
