import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Kysely } from 'kysely'
import type { Catalog } from '../../../ports/catalog.ts'
import type { Holdings } from '../../../ports/holdings.ts'
import type { ClockBoard } from '../../../ports/limiter.ts'
import { SqliteAssets } from './assets.ts'
import { checkFile, checkPages, hasLog, isInUse, reasonToCheck } from './check.ts'
import { SqliteClocks } from './clocks.ts'
import { nodeSqlite } from './dialect.ts'
import { isBusy, toCatalogFault } from './faults.ts'
import { SqliteFollows } from './follows.ts'
import { SqliteFrontier } from './frontier.ts'
import { SqliteHoldings } from './holdings.ts'
import { journalMode } from './journal.ts'
import { claimLibrary } from './library.ts'
import type { LibraryPlace } from './library.ts'
import { migrate, requireNewest } from './migrate.ts'
import { Presence } from './presence.ts'
import { SqliteRuns } from './runs.ts'
import type { Tables } from './schema.ts'
import { SqliteSearch } from './search.ts'
import { PrivateStore } from './secrets.ts'
import { Writer } from './writer.ts'

export interface CatalogOptions {
  /** The catalog's file; made, with its folder, where there is none. */
  readonly file: string
  /** The library that is collected into; without it the catalog is only asked. */
  readonly library?: LibraryPlace
  /** What the catalog must not hold, mode 600; made when it is needed. Default: `private.db` beside the catalog. */
  readonly privateFile?: string
  /** Every commit is on the disk before it counts. Without it a power cut may lose the newest commits; a killed process never does. */
  readonly durable: boolean
  /** Seconds to wait for another process's lock. */
  readonly busySeconds: number
}

export interface OpenedCatalog extends Catalog {
  readonly clocks: ClockBoard
  readonly holdings: Holdings
}

/** Milliseconds between two tries to open a catalog that another process is just opening. */
const OPEN_PAUSE_MS = 20

const CACHE_KIB = 4_096
/** Pages of the log (4 KiB each) before a commit writes it back: that stops everything else for a moment. */
const LOG_PAGES = 4_000

/**
 * Opens or makes the catalog of a library. Any number of processes of one machine may have it open. Where nothing can
 * be written it is opened to be asked, and the first write (`runs.begin`) is refused with `DiskRefused`.
 */
export async function openCatalog(options: CatalogOptions): Promise<OpenedCatalog> {
  const { file, busySeconds } = options
  checkFile(file)
  const database = await openDatabase(options)
  const db = new Kysely<Tables>({ dialect: nodeSqlite(database, file, busySeconds) })
  const writer = new Writer(db)
  const secrets = new PrivateStore(options.privateFile ?? join(dirname(file), 'private.db'), busySeconds)
  const runs = new SqliteRuns(db, writer, secrets, new Presence(file))
  return {
    frontier: new SqliteFrontier(db, writer, secrets),
    assets: new SqliteAssets(db, writer, secrets),
    runs,
    follows: new SqliteFollows(db, writer, secrets),
    search: new SqliteSearch(db, writer),
    holdings: new SqliteHoldings(db, writer),
    clocks: new SqliteClocks(db, writer),
    close: async () => {
      try {
        await writer.idle()
        await runs.interrupt()
        await db.destroy()
      } finally {
        secrets.close()
        // The last connection to close writes the log into the file and removes it.
        if (database.isOpen) database.close()
      }
    },
  }
}

/** Two processes may open one new catalog at the same moment: the second waits for the first. */
async function openDatabase(options: CatalogOptions): Promise<DatabaseSync> {
  const deadline = performance.now() + options.busySeconds * 1000
  for (;;) {
    try {
      return prepare(options)
    } catch (thrown) {
      if (!isBusy(thrown) || performance.now() > deadline) return openReadOnly(options, thrown)
    }
    await sleep(OPEN_PAUSE_MS)
  }
}

/**
 * A catalog where nothing can be written (a read-only file system or folder) may still be asked; whoever writes is
 * refused then. `immutable`: without it SQLite would have to make files beside it. A log that was left would go unseen,
 * so with one the catalog stays shut.
 */
function openReadOnly({ file, library }: CatalogOptions, why: unknown): DatabaseSync {
  const fault = toCatalogFault(why, file)
  if (fault.code !== 'DiskRefused' || !existsSync(file) || hasLog(file)) throw fault
  const url = pathToFileURL(file)
  url.searchParams.set('immutable', '1')
  try {
    const database = new DatabaseSync(url, { readOnly: true })
    requireNewest(database, fault)
    if (library !== undefined) claimLibrary(database, library, false)
    return database
  } catch (thrown) {
    throw toCatalogFault(thrown, file)
  }
}

function prepare({ file, durable, library }: CatalogOptions): DatabaseSync {
  const reason = reasonToCheck(file)
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: true })
  try {
    if (reason === 'small' || (reason === 'log' && !isInUse(database))) checkPages(database, file)
    database.exec(`
      pragma journal_mode = ${journalMode(file)};
      pragma synchronous = ${durable ? 'full' : 'normal'};
      pragma cache_size = -${CACHE_KIB};
      pragma wal_autocheckpoint = ${LOG_PAGES};`)
    migrate(database, file)
    if (library !== undefined) claimLibrary(database, library, true)
    return database
  } catch (thrown) {
    database.close()
    throw thrown
  }
}
