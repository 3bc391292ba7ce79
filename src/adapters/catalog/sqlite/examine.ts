import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { backupOf } from './backup.ts'
import { checkFile, checkPages, hasLog } from './check.ts'
import { damaged, toCatalogFault } from './faults.ts'
import { MIGRATIONS, refuseNewer } from './migrate.ts'
import { isDead, thisProcess } from './owner.ts'

/** A run that has not ended in the catalog. */
export interface OpenRun {
  readonly id: number
  /** Process id, on `host`. */
  readonly pid: number
  readonly host: string
  /** Unix milliseconds. */
  readonly started: number
  readonly is: 'at work' | 'dead' | 'interrupted'
}

export interface Examined {
  readonly bytes: number
  readonly schema: number
  readonly newestSchema: number
  readonly items: number
  readonly runs: readonly OpenRun[]
  /** Unix milliseconds. */
  readonly backup?: number
}

/**
 * Looks at a catalog without changing it: every page, index and reference, and who works with it. Throws what is wrong
 * with it; `undefined`: there is none.
 */
export function examineCatalog(file: string): Examined | undefined {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  try {
    checkFile(file)
    const database = openToRead(file)
    try {
      refuseNewer(database, file)
      checkWhole(database, file)
      const backup = statSync(backupOf(file), { throwIfNoEntry: false })?.mtimeMs
      return {
        bytes: stats.size,
        schema: Number(first(database, 'pragma user_version')),
        newestSchema: MIGRATIONS.length,
        items: Number(first(database, 'select count(*) from assets')),
        runs: openRuns(database),
        ...(backup !== undefined && { backup }),
      }
    } finally {
      database.close()
    }
  } catch (thrown) {
    throw toCatalogFault(thrown, file)
  }
}

/** A reader alone would leave the log's files behind; where nothing can be written there are none to be left. */
function openToRead(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file)
    database.prepare('select 1 from sqlite_schema').get()
    return database
  } catch (thrown) {
    if (toCatalogFault(thrown, file).code !== 'DiskRefused' || hasLog(file)) throw thrown
    const url = pathToFileURL(file)
    url.searchParams.set('immutable', '1')
    return new DatabaseSync(url, { readOnly: true })
  }
}

/** Throws where a database of the program's own (the private store) is damaged; one that is not there is none. */
export function examinePages(file: string): void {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return
  try {
    checkFile(file)
    const database = openToRead(file)
    try {
      checkPages(database, file)
    } finally {
      database.close()
    }
  } catch (thrown) {
    throw toCatalogFault(thrown, file)
  }
}

function checkWhole(database: DatabaseSync, file: string): void {
  const found = first(database, 'pragma integrity_check(1)')
  if (found !== 'ok') throw damaged(file, String(found).replaceAll(/\s+/g, ' '))
  const orphan = database.prepare('pragma foreign_key_check').get()
  if (orphan !== undefined) throw damaged(file, `a row of ${String(orphan['table'])} belongs to nothing`)
}

function openRuns(database: DatabaseSync): readonly OpenRun[] {
  const self = thisProcess()
  const rows = database.prepare(`select * from runs where state <> 'finished' order by id`).all()
  return rows.map((row) => {
    const owner = {
      host: String(row['host']),
      boot: String(row['boot']),
      namespace: String(row['namespace']),
      pid: Number(row['pid']),
      birth: String(row['birth']),
    }
    const dead = row['state'] === 'running' && isDead(owner, Number(row['heartbeat']), self, Date.now())
    const is = row['state'] === 'interrupted' ? 'interrupted' : dead ? 'dead' : 'at work'
    const host = owner.host.split('/', 1)[0] ?? ''
    return { id: Number(row['id']), pid: owner.pid, host, started: Number(row['started']), is }
  })
}

/** The first value of the first row. */
function first(database: DatabaseSync, query: string): unknown {
  return Object.values(database.prepare(query).get() ?? {})[0]
}
