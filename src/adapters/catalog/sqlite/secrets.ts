import { closeSync, existsSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { nodeSqlite } from './dialect.ts'
import { toCatalogFault } from './faults.ts'
import type { WholeAsset } from './sanitise.ts'

interface PrivateTables {
  readonly secrets: { readonly name: string; readonly value: string }
}

interface Opened {
  readonly database: DatabaseSync
  readonly db: Kysely<PrivateTables>
}

/** Names in the private store. */
export const privateName = {
  asset: (key: string): string => `asset:${key}`,
  ref: (target: number, identity: string): string => `ref:${target}:${identity}`,
  plan: (nonce: string): string => `plan:${nonce}`,
  follow: (identity: string): string => `follow:${identity}`,
}

/** Milliseconds that making the store waits for another process that is just writing to it; statements wait otherwise. */
const OPEN_WAIT_MS = 1000

/** Wholes that live in memory only: a few explored pages ahead of the transfers. */
const REMEMBERED = 10_000

/**
 * What rows of the catalog lack because it is secret, in a file of its own with mode 600 that is made when it is
 * needed. Put here before the catalog's transaction ends, removed after: a crash between leaves an orphan, never a gap.
 */
export class PrivateStore {
  readonly #file: string
  readonly #busySeconds: number
  #opened: Opened | undefined
  /** By key: assets that a refresh ref gives again, so no disk is needed. */
  readonly #remembered = new Map<string, WholeAsset>()

  constructor(file: string, busySeconds: number) {
    this.#file = file
    this.#busySeconds = busySeconds
  }

  remember(key: string, whole: WholeAsset): void {
    this.#remembered.delete(key)
    this.#remembered.set(key, whole)
    if (this.#remembered.size <= REMEMBERED) return
    for (const oldest of this.#remembered.keys()) {
      this.#remembered.delete(oldest)
      return
    }
  }

  recall(key: string): WholeAsset | undefined {
    return this.#remembered.get(key)
  }

  forget(keys: readonly string[]): void {
    for (const key of keys) this.#remembered.delete(key)
  }

  async put(entries: readonly (readonly [name: string, value: unknown])[]): Promise<void> {
    if (entries.length === 0) return
    const rows = JSON.stringify(entries.map(([name, value]) => [name, JSON.stringify(value)]))
    await sql`insert or replace into secrets (name, value) select value ->> 0, value ->> 1 from json_each(${rows})`.execute(
      this.#open().db,
    )
  }

  async get(names: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    if (names.length === 0 || !this.#exists()) return new Map()
    const found = await sql<{ name: string; value: string }>`
      select name, value from secrets where name in (select value from json_each(${JSON.stringify(names)}))`.execute(
      this.#open().db,
    )
    return new Map(found.rows.map((row) => [row.name, JSON.parse(row.value) as unknown]))
  }

  async remove(names: readonly string[]): Promise<void> {
    if (names.length === 0 || !this.#exists()) return
    await sql`delete from secrets where name in (select value from json_each(${JSON.stringify(names)}))`.execute(
      this.#open().db,
    )
  }

  /** Names behind another one, in order. */
  async names(after: string, count: number): Promise<readonly string[]> {
    if (!this.#exists()) return []
    const rows = await this.#open()
      .db.selectFrom('secrets')
      .select('name')
      .where('name', '>', after)
      .orderBy('name')
      .limit(count)
      .execute()
    return rows.map((row) => row.name)
  }

  close(): void {
    this.#opened?.database.close()
    this.#opened = undefined
  }

  #exists(): boolean {
    return this.#opened !== undefined || existsSync(this.#file)
  }

  #open(): Opened {
    this.#opened ??= openPrivate(this.#file, this.#busySeconds)
    return this.#opened
  }
}

/** A rollback journal and `secure_delete`: what is removed is overwritten, and no log keeps it. */
function openPrivate(file: string, busySeconds: number): Opened {
  try {
    closeSync(openSync(file, 'a', 0o600))
    const database = new DatabaseSync(file, { timeout: OPEN_WAIT_MS })
    database.exec(`
      pragma journal_mode = delete;
      pragma secure_delete = on;
      pragma synchronous = full;
      create table if not exists secrets (name text primary key, value text not null) strict, without rowid;`)
    // Left by a killed process. A write takes it away, and what it holds of removed secrets with it.
    if (existsSync(`${file}-journal`)) database.exec('pragma user_version = 1')
    return { database, db: new Kysely<PrivateTables>({ dialect: nodeSqlite(database, file, busySeconds) }) }
  } catch (thrown) {
    throw toCatalogFault(thrown, file)
  }
}
