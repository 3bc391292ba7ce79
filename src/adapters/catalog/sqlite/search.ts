import { sql } from 'kysely'
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
    if (match !== '') await fillWords(this.#db, this.#writer)
    let before = Number.MAX_SAFE_INTEGER
    for (;;) {
      const rows = await this.#page(match, query.states, before)
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

  async #page(
    match: string,
    states: readonly AssetState[] | undefined,
    before: number,
  ): Promise<readonly FoundRecord[]> {
    const wanted =
      states === undefined ? sql`true` : sql`+assets.state in (select value from json_each(${JSON.stringify(states)}))`
    const page =
      match === ''
        ? sql<FoundRecord>`
            select ${foundColumns} from ${foundTables}
            where assets.id < ${before} and ${wanted} order by assets.id desc limit ${PAGE}`
        : sql<FoundRecord>`
            select ${foundColumns} from words cross join ${foundTables}
            where words match ${match} and words.rowid < ${before} and assets.id = words.rowid and ${wanted}
            order by words.rowid desc limit ${PAGE}`
    const found = await page.execute(this.#db)
    return found.rows
  }
}
