import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely'
import { isBusy, toCatalogFault } from './faults.ts'

/** Milliseconds between two tries for a lock that another process holds; half of it is chance, so that two never march in step. */
const LOCK_PAUSE_MS = 16

interface Prepared {
  readonly statement: StatementSync
  readonly reads: boolean
}

/**
 * The one connection of a catalog file. Waits for another process's lock without blocking the event loop (SQLite's own
 * busy timeout would stop all transfers), and turns SQLite's errors into faults.
 */
class Connection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #file: string
  readonly #busyMs: number
  /** By SQL text: every text comes from this folder's code, so there are few. */
  readonly #prepared = new Map<string, Prepared>()

  constructor(database: DatabaseSync, file: string, busySeconds: number) {
    this.#database = database
    this.#file = file
    this.#busyMs = busySeconds * 1000
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const rows = await this.run(query.sql, query.parameters)
    return rows as QueryResult<R>
  }

  async run(sql: string, parameters: readonly unknown[]): Promise<QueryResult<unknown>> {
    const deadline = performance.now() + this.#busyMs
    for (;;) {
      try {
        return this.#once(sql, parameters)
      } catch (thrown) {
        if (!isBusy(thrown) || performance.now() > deadline) throw toCatalogFault(thrown, this.#file)
      }
      await sleep(LOCK_PAUSE_MS * (0.5 + Math.random() / 2))
    }
  }

  // oxlint-disable-next-line require-yield -- Kysely wants an iterator; this catalog reads in pages instead.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the catalog reads in pages, it does not stream')
  }

  #once(sql: string, parameters: readonly unknown[]): QueryResult<unknown> {
    const { statement, reads } = this.#prepare(sql)
    const values = parameters as readonly SQLInputValue[]
    if (reads) return { rows: statement.all(...values) }
    return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) }
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    const statement = this.#database.prepare(sql)
    const prepared = { statement, reads: statement.columns().length > 0 }
    this.#prepared.set(sql, prepared)
    return prepared
  }
}

/** Every transaction takes the write lock at its start: one that reads first could not be retried when it wants to write. */
class ImmediateDriver implements Driver {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  async beginTransaction(): Promise<void> {
    await this.#connection.run('begin immediate', [])
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.run('commit', [])
  }

  /** A full or failing disk has ended the transaction already. */
  async rollbackTransaction(): Promise<void> {
    if (this.#connection.inTransaction) await this.#connection.run('rollback', [])
  }

  async releaseConnection(): Promise<void> {}

  /** The database is closed by whoever opened it. */
  async destroy(): Promise<void> {}
}

/** Kysely over `node:sqlite`. */
export function nodeSqlite(database: DatabaseSync, file: string, busySeconds: number): Dialect {
  return {
    createDriver: () => new ImmediateDriver(new Connection(database, file, busySeconds)),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}
