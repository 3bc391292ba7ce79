import { basename, dirname } from 'node:path/posix'
import { sql } from 'kysely'
import { withoutSecrets } from '../../../core/without-secrets.ts'
import type { FoundHolding, Holder, Holdings, OddItem } from '../../../ports/holdings.ts'
import { fileOf, nearPlaces, ownPlaces, relationOf } from './holders.ts'
import type { Placed } from './holders.ts'
import { placeOf } from './names.ts'
import type { Database, Tx } from './schema.ts'
import type { Writer } from './writer.ts'

const PAGE = 500

/** What the catalog says of the files of its library, over SQLite. */
export class SqliteHoldings implements Holdings {
  readonly #db: Database
  readonly #writer: Writer

  constructor(db: Database, writer: Writer) {
    this.#db = db
    this.#writer = writer
  }

  async holders(paths: readonly string[]): Promise<readonly (Holder | undefined)[]> {
    const own = await this.#placed(paths.flatMap(ownPlaces))
    const files = paths.map((path) => fileOf(path, own))
    const others = paths.filter((_, index) => files[index] === undefined)
    if (others.length === 0) return files
    const near = new Map([...own, ...(await this.#placed(others.flatMap(nearPlaces)))])
    return paths.map((path, index) => files[index] ?? relationOf(path, near))
  }

  async *odd(): AsyncIterable<OddItem> {
    yield* this.#pages(
      sql`state = 'stored' and not exists (select 1 from files where files.asset = assets.id)`,
      'the catalog has no file of it',
    )
    yield* this.#pages(
      sql`state <> 'stored' and state = 'fetching'
        and not exists (select 1 from runs where runs.id = assets.run and runs.state = 'running')`,
      'it is being fetched by a run that has ended',
    )
    yield* this.#shared()
  }

  async targets(keys: readonly string[]): Promise<readonly (number | undefined)[]> {
    const found = await sql<{ key: string; target: number }>`
      select assets.key, max(listings.target) as target
      from json_each(${JSON.stringify(keys)}) as asked cross join assets on assets.key = asked.value
        cross join listings on listings.asset = assets.id
      group by assets.key`.execute(this.#db)
    const targets = new Map(found.rows.map(({ key, target }) => [key, target]))
    return keys.map((key) => targets.get(key))
  }

  async adopt(files: readonly FoundHolding[]): Promise<readonly string[]> {
    if (files.length === 0) return []
    return this.#writer.write(async (tx) => {
      await insertUnknown(tx, files)
      return settleFound(tx, files)
    })
  }

  async #placed(places: readonly number[]): Promise<ReadonlyMap<number, Placed>> {
    const found = await sql<Placed>`
      select assets.place, assets.key, assets.state, files.path, files.kind
      from json_each(${JSON.stringify([...new Set(places)])}) as asked cross join assets on assets.place = asked.value
        left join files on files.asset = assets.id`.execute(this.#db)
    return new Map(found.rows.map((row) => [row.place, row]))
  }

  async *#pages(which: ReturnType<typeof sql>, why: string): AsyncIterable<OddItem> {
    let after = 0
    for (;;) {
      const found = await sql<{ id: number; key: string; state: OddItem['state'] }>`
        select id, key, state from assets where id > ${after} and ${which} order by id limit ${PAGE}`.execute(this.#db)
      for (const { key, state } of found.rows) yield { key, state, why }
      const last = found.rows.at(-1)
      if (last === undefined || found.rows.length < PAGE) return
      after = last.id
    }
  }

  /** Names are unique, so only a catalog that was changed by hand has these. */
  async *#shared(): AsyncIterable<OddItem> {
    const found = await sql<{ key: string; path: string }>`
      select assets.key, files.path from files cross join assets on assets.id = files.asset and assets.state = 'stored'
      where files.path in (select path from files group by path having count(*) > 1) order by files.path`.execute(
      this.#db,
    )
    for (const { key, path } of found.rows)
      yield { key, state: 'stored', why: `its file ${path} is that of another item, too` }
  }
}

/** Assets that no row knows. One whose name another asset has stays unknown. */
async function insertUnknown(tx: Tx, files: readonly FoundHolding[]): Promise<void> {
  const rows = files.map(({ key, source, file, meta }) => {
    const folder = dirname(file.path) === '.' ? '' : dirname(file.path)
    const stem = basename(file.path).replace(/\.[^.]*$/, '')
    const candidates = JSON.stringify(withoutSecrets([{ url: file.url, quality: 'original' }]))
    return [key, source, folder, stem, placeOf(folder, stem), candidates, JSON.stringify(withoutSecrets(meta ?? {}))]
  })
  await sql`
    insert or ignore into assets (
      state, listed, route, position, named, secret, key, source, folder, stem, place, candidates, meta)
    select 'listed', ${Date.now()}, '', 0, 0, 0, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
      value ->> 5, value ->> 6
    from json_each(${JSON.stringify(rows)})`.execute(tx)
}

async function settleFound(tx: Tx, files: readonly FoundHolding[]): Promise<readonly string[]> {
  const rows = JSON.stringify(
    files.map(({ key, file }) => [
      key,
      file.path,
      file.bytes,
      file.sha256,
      file.mime,
      file.kind,
      file.width,
      file.height,
      withoutSecrets(file.url),
      file.etag,
      file.lastModified,
    ]),
  )
  const settled = await sql<{ key: string }>`
    update assets set state = 'stored', run = null, code = null, reason = null, status = null, url = null
    from json_each(${rows}) as found where assets.key = (found.value ->> 0) and assets.state <> 'stored'
    returning assets.key`.execute(tx)
  const keys = settled.rows.map(({ key }) => key)
  await sql`
    insert or replace into files (
      stored, asset, path, bytes, sha256, mime, kind, width, height, url, etag, last_modified)
    select ${Date.now()}, assets.id, value ->> 1, value ->> 2, unhex(value ->> 3), value ->> 4, value ->> 5, value ->> 6,
      value ->> 7, value ->> 8, value ->> 9, value ->> 10
    from json_each(${rows}) cross join assets on assets.key = (value ->> 0)
    where assets.key in (select value from json_each(${JSON.stringify(keys)}))`.execute(tx)
  return keys
}
