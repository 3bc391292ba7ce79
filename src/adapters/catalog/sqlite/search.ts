import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { toFault } from '../../../core/errors.ts'
import type { AssetState } from '../../../core/glossary.ts'
import type { FoundAsset, Search } from '../../../ports/catalog.ts'
import { foundColumns, foundTables, toFound } from './found.ts'
import type { FoundRecord } from './found.ts'
import type { Database } from './schema.ts'
import { fillWords, matchOf } from './words.ts'
import type { Writer } from './writer.ts'

/** Assets read at a time: no answer is held in memory as a whole, and no read lock outlives a page. */
const PAGE = 200

/** Questions to the catalog over SQLite. */
export class SqliteSearch implements Search {
  readonly #db: Database
  readonly #writer: Writer

  constructor(db: Database, writer: Writer) {
    this.#db = db
    this.#writer = writer
  }

  async *find(query: {
    readonly words: readonly string[]
    readonly states?: readonly AssetState[]
  }): AsyncIterable<FoundAsset> {
    const words = query.words.filter((word) => word.trim() !== '')
    const match = matchOf(words)
    if (words.length > 0 && match === '') return
    const indexed = match !== '' && (await this.#isIndexed())
    const states = query.states
    const wanted =
      states === undefined ? sql`true` : sql`+assets.state in (select value from json_each(${JSON.stringify(states)}))`
    let before = Number.MAX_SAFE_INTEGER
    for (;;) {
      const rows = indexed
        ? await this.#matching(match, before, wanted)
        : await this.#scanned(sql`${wanted} and ${holdsAll(words)}`, before)
      for (const row of rows) yield toFound(row)
      const last = rows.at(-1)
      if (last === undefined || rows.length < PAGE) return
      before = last.id
    }
  }

  async show(key: string): Promise<FoundAsset | undefined> {
    const found = await sql<FoundRecord>`select ${foundColumns} from ${foundTables} where assets.key = ${key}`.execute(
      this.#db,
    )
    const row = found.rows[0]
    return row === undefined ? undefined : toFound(row)
  }

  async counts(): Promise<Readonly<Record<AssetState, number>>> {
    const open = await sql<{ state: AssetState; count: number }>`
      select state, count(*) as count from assets where state <> 'stored' group by state`.execute(this.#db)
    const all = await sql<{ count: number }>`select count(*) as count from assets`.execute(this.#db)
    const counts = { listed: 0, fetching: 0, stored: all.rows[0]?.count ?? 0, rejected: 0, missing: 0, failed: 0 }
    for (const row of open.rows) {
      counts[row.state] = row.count
      counts.stored -= row.count
    }
    return counts
  }

  /** Brings the index up to date; a catalog that cannot be written is walked through instead. */
  async #isIndexed(): Promise<boolean> {
    try {
      await fillWords(this.#db, this.#writer)
      return true
    } catch (thrown) {
      if (toFault(thrown).code === 'DiskRefused') return false
      throw thrown
    }
  }

  async #matching(match: string, before: number, wanted: RawBuilder<unknown>): Promise<readonly FoundRecord[]> {
    const found = await sql<FoundRecord>`
      select ${foundColumns} from words cross join ${foundTables}
      where words match ${match} and words.rowid < ${before} and assets.id = words.rowid and ${wanted}
      order by words.rowid desc limit ${PAGE}`.execute(this.#db)
    return found.rows
  }

  async #scanned(wanted: RawBuilder<unknown>, before: number): Promise<readonly FoundRecord[]> {
    const found = await sql<FoundRecord>`
      select ${foundColumns} from ${foundTables}
      where assets.id < ${before} and ${wanted} order by assets.id desc limit ${PAGE}`.execute(this.#db)
    return found.rows
  }
}

/** Without an index: each word somewhere in the row, with ASCII letters folded. */
function holdsAll(words: readonly string[]): RawBuilder<unknown> {
  const text = sql`assets.key || char(10) || assets.meta || char(10) || assets.folder || '/' || assets.stem`
  const conditions = words.map((word) => sql`instr(lower(${text}), lower(${word})) > 0`)
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}
