import { sql } from 'kysely'
import type { Selectable } from 'kysely'
import type { AssetState } from '../../../core/glossary.ts'
import type { AssetRules, Meta, RefSpec } from '../../../core/source.ts'
import type { Assets, ClaimedAsset, ListedRow, Settlement } from '../../../ports/catalog.ts'
import { relist } from './relist.ts'
import type { Relisting } from './relist.ts'
import type { PlainCandidate, WholeAsset } from './sanitise.ts'
import type { AssetsTable, Database } from './schema.ts'
import { privateName } from './secrets.ts'
import type { PrivateStore } from './secrets.ts'
import { settleAll } from './settle.ts'
import type { Writer } from './writer.ts'

type AssetRecord = Selectable<AssetsTable>
type EarlierFile = NonNullable<ClaimedAsset['earlier']>

/**
 * Assets between listing and their end, over SQLite: `listed → fetching → stored | rejected | missing | failed`. A
 * fetching row carries the run that claimed it; results under another run are dropped.
 */
export class SqliteAssets implements Assets {
  readonly #db: Database
  readonly #writer: Writer
  readonly #secrets: PrivateStore

  constructor(db: Database, writer: Writer, secrets: PrivateStore) {
    this.#db = db
    this.#writer = writer
    this.#secrets = secrets
  }

  async claim(ids: readonly number[], run: number): Promise<readonly ClaimedAsset[]> {
    if (ids.length === 0) return []
    const claimed = await this.#writer.write((tx) =>
      sql<AssetRecord>`
        update assets set state = 'fetching', run = ${run}
        where id in (select value from json_each(${JSON.stringify(ids)})) and +state = 'listed'
        returning *`.execute(tx),
    )
    const names = claimed.rows.filter((row) => row.secret === 1).map((row) => privateName.asset(row.key))
    const wholes = await this.#secrets.get(names)
    const byId = new Map(claimed.rows.map((row) => [row.id, row]))
    const earlier = await this.#earlier(ids)
    return [...new Set(ids)].flatMap((id) => {
      const row = byId.get(id)
      return row === undefined ? [] : [this.#toClaimed(row, wholes, earlier.get(id))]
    })
  }

  /** Files of these assets that earlier runs stored. */
  async #earlier(ids: readonly number[]): Promise<ReadonlyMap<number, EarlierFile>> {
    const found = await sql<EarlierFile & { readonly asset: number }>`
      select files.asset, files.path, files.bytes, lower(hex(files.sha256)) as sha256
      from json_each(${JSON.stringify(ids)}) as asked cross join files on files.asset = asked.value`.execute(this.#db)
    return new Map(found.rows.map(({ asset, ...file }) => [asset, file]))
  }

  async settle(settlements: readonly Settlement[], run: number): Promise<void> {
    if (settlements.length === 0) return
    const released = await this.#writer.write((tx) => settleAll(tx, this.#secrets, settlements, run))
    this.#secrets.forget(released.map((asset) => asset.key))
    await this.#secrets.remove(
      released.filter((asset) => asset.secret === 1).map((asset) => privateName.asset(asset.key)),
    )
  }

  async listed(target: number, afterId: number, count: number, before?: number): Promise<readonly ListedRow[]> {
    const ofVisit = before === undefined ? sql`true` : sql`listings.visit < ${before}`
    const rows = await sql<AssetRecord>`
      select assets.* from listings cross join assets on assets.id = listings.asset
      where listings.target = ${target} and listings.asset > ${afterId} and +assets.state = 'listed' and ${ofVisit}
      order by listings.asset limit ${count}`.execute(this.#db)
    return rows.rows.map(toListed)
  }

  async relist(which: Relisting): Promise<readonly ListedRow[]> {
    const rows = await this.#writer.write((tx) => relist(tx, which))
    return rows.map(toListed)
  }

  async targets(states: readonly AssetState[]): Promise<readonly number[]> {
    const wanted = JSON.stringify(states)
    const failedRefs = states.includes('failed')
      ? sql`union select target from refs where state <> 'explored' and state = 'failed'`
      : sql``
    const stored = states.includes('stored')
      ? sql`union select listings.target from listings cross join assets on assets.id = listings.asset where assets.state = 'stored'`
      : sql``
    const found = await sql<{ target: number }>`
      select listings.target from assets cross join listings on listings.asset = assets.id
      where assets.state <> 'stored' and assets.state in (select value from json_each(${wanted}))
      ${stored} ${failedRefs} union select null where false order by target`.execute(this.#db)
    return found.rows.map((row) => row.target)
  }

  async twin(sha256: string, exceptKey: string): Promise<string | undefined> {
    const found = await sql<{ path: string }>`
      select files.path from files cross join assets on assets.id = files.asset
      where files.sha256 = unhex(${sha256}) and assets.state = 'stored' and assets.key <> ${exceptKey}
      order by files.asset limit 1`.execute(this.#db)
    return found.rows[0]?.path
  }

  #wholeOf(row: AssetRecord, wholes: ReadonlyMap<string, unknown>): WholeAsset | undefined {
    if (row.secret === 2) return this.#secrets.recall(row.key)
    return wholes.get(privateName.asset(row.key)) as WholeAsset | undefined
  }

  #toClaimed(row: AssetRecord, wholes: ReadonlyMap<string, unknown>, earlier: EarlierFile | undefined): ClaimedAsset {
    const whole = this.#wholeOf(row, wholes) ?? plainWhole(row)
    return {
      id: row.id,
      key: row.key,
      source: row.source,
      candidates: whole.candidates,
      meta: JSON.parse(row.meta) as Meta,
      rules: whole.rules ?? {},
      folder: row.folder,
      stem: row.stem,
      position: row.position,
      route: row.route,
      ...(row.ordinal === null ? {} : { index: row.ordinal }),
      named: row.named === 1,
      ...(earlier !== undefined && { earlier }),
      ...(whole.refresh === undefined ? {} : { refresh: whole.refresh }),
    }
  }
}

function toListed(row: AssetRecord): ListedRow {
  return {
    id: row.id,
    key: row.key,
    source: row.source,
    url: (JSON.parse(row.candidates) as readonly PlainCandidate[])[0]?.url ?? '',
    meta: JSON.parse(row.meta) as Meta,
    position: row.position,
    route: row.route,
    ...(row.ordinal === null ? {} : { index: row.ordinal }),
    folder: row.folder,
    stem: row.stem,
  }
}

/** What the row itself says; candidates whose secrets are not known any more are of no use and left out. */
function plainWhole(row: AssetRecord): WholeAsset {
  const candidates = (JSON.parse(row.candidates) as readonly PlainCandidate[]).filter(
    (candidate) => candidate.secret === undefined,
  )
  return {
    candidates,
    ...(row.refresh === null ? {} : { refresh: JSON.parse(row.refresh) as RefSpec }),
    ...(row.rules === null ? {} : { rules: JSON.parse(row.rules) as AssetRules }),
  }
}
