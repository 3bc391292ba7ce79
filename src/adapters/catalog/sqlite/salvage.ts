import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite'

/** Tables in the order in which their rows need each other, and the column that their rows are walked along. */
const TABLES = [
  ['runs', 'id'],
  ['targets', 'id'],
  ['follows', 'id'],
  ['refs', 'id'],
  ['assets', 'id'],
  ['files', 'asset'],
  ['library', 'id'],
] as const

/** Tables whose key has two columns: walked along the second for each row of another table. */
const PAIRS = [
  ['run_targets', 'run', 'runs', 'target'],
  ['listings', 'target', 'targets', 'asset'],
] as const

const PAGE = 500
/** Behind a place that cannot be read the walk goes on this far at most. */
const FARTHEST = 2 ** 40

type Row = Readonly<Record<string, SQLOutputValue>>

/**
 * Copies every row that a damaged catalog still gives into a sound one of the newest schema, over older versions of
 * themselves. Pages that cannot be read are stepped over. Comes back with how many rows of items there were.
 */
export function salvage(damaged: DatabaseSync, into: DatabaseSync): number {
  let items = 0
  for (const [table, key] of TABLES) {
    const copied = copyRows(damaged, into, table, key, '', [])
    if (table === 'assets') items = copied
  }
  for (const [table, owner, owners, key] of PAIRS) {
    for (const { id } of into.prepare(`select id from ${owners}`).all())
      if (id !== undefined) copyRows(damaged, into, table, key, `${owner} = ? and`, [id])
  }
  return items
}

function copyRows(
  from: DatabaseSync,
  into: DatabaseSync,
  table: string,
  key: string,
  condition: string,
  values: readonly SQLInputValue[],
): number {
  const columns = sharedColumns(from, into, table)
  if (!columns.includes(key)) return 0
  const names = columns.join(', ')
  const write = into.prepare(`insert or replace into ${table} (${names}) values (${columns.map(() => '?').join(', ')})`)
  const page = `select ${names} from ${table} where ${condition} ${key} > ? order by ${key} limit ?`
  let copied = 0
  for (const row of walk(key, (after, count) => from.prepare(page).all(...values, after, count))) {
    if (writeRow(write, columns, row)) copied += 1
  }
  return copied
}

/** What a damaged page gives may break the rules of its table: such a row is none. */
function writeRow(write: ReturnType<DatabaseSync['prepare']>, columns: readonly string[], row: Row): boolean {
  try {
    write.run(...columns.map((name) => row[name] ?? null))
    return true
  } catch {
    return false
  }
}

/** An older catalog lacks columns; one whose schema cannot be read has none. */
function sharedColumns(from: DatabaseSync, into: DatabaseSync, table: string): readonly string[] {
  const known = new Set(columnsOf(from, table))
  return columnsOf(into, table).filter((name) => known.has(name))
}

function columnsOf(database: DatabaseSync, table: string): readonly string[] {
  try {
    return database
      .prepare(`select name from pragma_table_info(?)`)
      .all(table)
      .map(({ name }) => String(name))
  } catch {
    return []
  }
}

/** Rows in the order of their key, page by page, with as little as possible left out where reading fails. */
function* walk(key: string, read: (after: number, count: number) => readonly Row[]): Generator<Row> {
  const attempt = (after: number, count: number): readonly Row[] | undefined => {
    try {
      return read(after, count)
    } catch {
      return undefined
    }
  }
  let after = -1
  for (;;) {
    // A page that fails as a whole may give its first rows one by one.
    const rows = attempt(after, PAGE) ?? attempt(after, 1)
    if (rows === undefined) {
      const next = readableBehind(after, (from) => attempt(from, 1) !== undefined)
      if (next === undefined) return
      after = next
      continue
    }
    yield* rows
    const last = rows.at(-1)?.[key]
    if (typeof last !== 'number') return
    after = last
  }
}

/** The nearest place behind one that fails from where rows can be read again: found by doubling the step, then halving it. */
function readableBehind(after: number, isReadable: (from: number) => boolean): number | undefined {
  let step = 1
  while (!isReadable(after + step)) {
    step *= 2
    if (step > FARTHEST) return undefined
  }
  let unreadable = after + Math.floor(step / 2)
  let readable = after + step
  while (readable - unreadable > 1) {
    const middle = Math.floor((readable + unreadable) / 2)
    if (isReadable(middle)) readable = middle
    else unreadable = middle
  }
  return readable
}
