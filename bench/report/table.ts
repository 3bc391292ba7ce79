import { medianOf, ratioToBaseline, soundRuns, type Report, type Row, type Verdict } from './report.ts'

const MEGABYTE = 1e6
const NONE = '–'

/** A report as a person reads it: a table, what went wrong, and the goals. */
export function printed(report: Report): string {
  const base = report.baseline
  const title = `(${report.id}) ${report.title}${report.server === undefined ? '' : `; ${report.server}`}`
  const to = base !== undefined && 'row' in base ? `× ${base.row}` : '× ideal'
  const head = ['program', 'runs', 'files', 'median s', 'min–max s', 'files/s', to, 'CPU s', 'peak MB', 'requests']
  const cells = report.rows.map((row) => cellsOf(row, report))
  const notes = report.rows.flatMap(notesOf)
  if (report.rows.some(({ fewer, skipped }) => fewer === true && skipped === undefined)) {
    notes.unshift('* slow, so measured on fewer files; its ratio compares seconds per file')
  }
  const goals = aligned(report.goals.map(goalCells))
  // What a first run asks for is no news.
  const useless = new Set([...(base === undefined ? [to] : []), ...(report.known === true ? [] : ['requests'])])
  const table = [head, ...cells].map((row) => row.filter((_, column) => !useless.has(head[column] ?? '')))
  return [title, ...aligned(table), ...notes, ...goals].join('\n')
}

function cellsOf(row: Row, report: Report): string[] {
  const { name, version, items, fewer, skipped } = row
  const label = [name, version, fewer === true ? '*' : ''].filter((part) => part !== '').join(' ')
  const runs = soundRuns(row)
  const wall = medianOf(row, (run) => run.wall)
  if (skipped !== undefined || wall === undefined) return [label, '0', ...Array.from({ length: 8 }, () => NONE)]
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
    number(
      medianOf(row, ({ requests }) => requests ?? 0),
      0,
    ),
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
