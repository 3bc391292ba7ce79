import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Fault } from '../../../core/errors.ts'
import { STALE_MS } from './copy.ts'
import { otherProgram } from './faults.ts'
import { force } from './force.ts'
import { initial } from './migrations/0001-initial.ts'
import { follows } from './migrations/0002-follows.ts'
import { library } from './migrations/0003-library.ts'

/** In order; the number of a migration is its place, from 1. A migration that was ever released is never changed. */
export const MIGRATIONS: readonly string[] = [initial, follows, library]

/** `bowr`: marks the file as a catalog of this program (PRAGMA application_id). */
export const APPLICATION_ID = 0x626f7772

/**
 * Brings a catalog up to the newest schema, in one transaction, so that a killed migration never happened. An older
 * catalog is copied beside itself first (`catalog.db.v1`). Two processes may do it at once: the second finds it done.
 */
export function migrate(database: DatabaseSync, file: string, migrations: readonly string[] = MIGRATIONS): void {
  const before = version(database)
  refuseNewer(database, file, migrations)
  if (before === migrations.length) {
    if (pragma(database, 'application_id') !== APPLICATION_ID) throw otherProgram(file)
    return
  }
  if (before > 0) backUp(database, `${file}.v${before}`, before)
  database.exec('begin immediate')
  try {
    const present = version(database)
    if (present === 0 && hasTables(database)) throw otherProgram(file)
    for (const migration of migrations.slice(present)) database.exec(migration)
    database.exec(`pragma user_version = ${migrations.length}; pragma application_id = ${APPLICATION_ID}`)
    database.exec('commit')
  } catch (thrown) {
    if (database.isTransaction) database.exec('rollback')
    throw thrown
  }
}

export function refuseNewer(database: DatabaseSync, file: string, migrations: readonly string[] = MIGRATIONS): void {
  const found = version(database)
  if (found > migrations.length) throw newer(file, found, migrations.length)
}

/** A catalog that cannot be written cannot be brought up to date either. Throws `otherwise` when it would have to be. */
export function requireNewest(database: DatabaseSync, otherwise: Error): void {
  if (version(database) === MIGRATIONS.length && pragma(database, 'application_id') === APPLICATION_ID) return
  database.close()
  throw otherwise
}

function version(database: DatabaseSync): number {
  return pragma(database, 'user_version')
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`pragma ${name}`).get()?.[name])
}

function hasTables(database: DatabaseSync): boolean {
  return database.prepare('select 1 from sqlite_schema limit 1').get() !== undefined
}

/** Another process may do the same now, or have brought the catalog up to date since it was looked at. */
function backUp(database: DatabaseSync, copy: string, expected: number): void {
  if (existsSync(copy)) return
  const unfinished = `${copy}.${process.pid}`
  try {
    removeUnfinished(copy)
    rmSync(unfinished, { force: true })
    database.prepare('vacuum into ?').run(unfinished)
    force(unfinished)
    if (versionOf(unfinished) === expected) renameSync(unfinished, copy)
  } finally {
    rmSync(unfinished, { force: true })
  }
}

/** What processes that were killed have left of a copy; others may be at work on theirs. Other names are the user's. */
function removeUnfinished(copy: string): void {
  const folder = dirname(copy)
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(basename(copy)) || !/^\.\d+$/.test(name.slice(basename(copy).length))) continue
    const file = join(folder, name)
    const begun = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - begun > STALE_MS) rmSync(file, { force: true })
  }
}

function versionOf(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return version(database)
  } finally {
    database.close()
  }
}

function newer(file: string, found: number, known: number): Fault {
  return new Fault(
    'CatalogNewer',
    `the catalog ${file} has schema ${found}; this version knows schemas up to ${known}`,
    {
      advice: 'use the newer version of bowerbird that wrote it, or another library',
    },
  )
}
