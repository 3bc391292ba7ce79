import { copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Fault, toFault } from '../../../core/errors.ts'
import { backupOf } from './backup.ts'
import { checkFile, checkPages, isInUse } from './check.ts'
import { copyCatalog } from './copy.ts'
import { examinePages } from './examine.ts'
import { otherProgram, toCatalogFault } from './faults.ts'
import { force } from './force.ts'
import { APPLICATION_ID, migrate, refuseNewer } from './migrate.ts'
import { salvage } from './salvage.ts'

/** What a rebuilt catalog was made of. */
export interface Rebuilt {
  /** Where the damaged catalog lies now; nothing where there was none. */
  readonly aside?: string
  /** When the backup was made that it begins with (Unix milliseconds); nothing where there is no sound one. */
  readonly backup?: number
  /** Items that the damaged catalog still gave. */
  readonly salvaged: number
}

/** Puts a damaged private store aside. What it held has to be listed again; comes back with where it lies now. */
export function setAsidePrivate(file: string): string | undefined {
  const path = join(dirname(file), 'private.db')
  try {
    examinePages(path)
    return undefined
  } catch (thrown) {
    if (toFault(thrown).code !== 'CatalogDamaged') throw thrown
  }
  const aside = asideOf(path)
  for (const suffix of SUFFIXES) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  return aside
}

const SUFFIXES = ['', '-journal', '-wal', '-shm'] as const

/**
 * Makes a sound catalog in place of a damaged or lost one, of its last backup and every row that can still be read. The
 * damaged one is put aside under a name of its own. `undefined`: the catalog is sound, and nothing was done.
 */
export async function rebuildCatalog(file: string): Promise<Rebuilt | undefined> {
  if (isSound(file)) return undefined
  const fresh = join(dirname(file), `${basename(file, '.db')}.rebuild.db`)
  try {
    for (const suffix of SUFFIXES) rmSync(fresh + suffix, { force: true })
    const backup = await beginWithBackup(file, fresh)
    const salvaged = fill(fresh, file)
    const aside = swap(fresh, file)
    return { salvaged, ...(aside !== undefined && { aside }), ...(backup !== undefined && { backup }) }
  } catch (thrown) {
    throw toCatalogFault(thrown, file)
  } finally {
    for (const suffix of SUFFIXES) rmSync(fresh + suffix, { force: true })
  }
}

/** Every page and every index. Throws where it is no catalog at all, too new, or in use. */
function isSound(file: string): boolean {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0 && !existsSync(`${file}-wal`)) return false
  const isOurs = basename(dirname(file)) === '.bowerbird' || existsSync(backupOf(file))
  try {
    checkFile(file)
    const database = new DatabaseSync(file, { readOnly: true })
    try {
      if (!isOurs && pragma(database, 'application_id') !== APPLICATION_ID) throw otherProgram(file)
      refuseNewer(database, file)
      if (isInUse(database)) throw inUse(file)
      return pragma(database, 'integrity_check') === 'ok' && pragma(database, 'foreign_key_check') === undefined
    } finally {
      database.close()
    }
  } catch (thrown) {
    const fault = toCatalogFault(thrown, file)
    if (fault.code !== 'CatalogDamaged') throw fault
    if (!isOurs) throw otherProgram(file)
    return false
  }
}

/** The first value that it tells. */
function pragma(database: DatabaseSync, name: 'application_id' | 'integrity_check' | 'foreign_key_check'): unknown {
  return Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]
}

function inUse(file: string): Fault {
  return new Fault('CatalogBusy', `a run is working with the catalog ${file}`, {
    advice: 'wait until it has ended, or end it, then start again',
  })
}

/** The last backup, if it is sound; comes back with its time. */
async function beginWithBackup(file: string, fresh: string): Promise<number | undefined> {
  const backup = backupOf(file)
  const stats = statSync(backup, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  try {
    await copyCatalog(backup, fresh)
    const database = new DatabaseSync(fresh)
    try {
      checkPages(database, backup)
      return stats.mtimeMs
    } finally {
      database.close()
    }
  } catch (thrown) {
    if (toFault(thrown).code !== 'CatalogDamaged') throw thrown
    rmSync(fresh, { force: true })
    return undefined
  }
}

function fill(fresh: string, file: string): number {
  const into = new DatabaseSync(fresh, { enableForeignKeyConstraints: false })
  try {
    into.exec('pragma journal_mode = delete')
    migrate(into, fresh)
    into.exec('begin immediate')
    const salvaged = existsSync(file) ? salvageFrom(file, into) : 0
    settle(into)
    into.exec('commit')
    checkPages(into, fresh)
    return salvaged
  } finally {
    into.close()
  }
}

function salvageFrom(file: string, into: DatabaseSync): number {
  try {
    const damaged = new DatabaseSync(file, { readOnly: true })
    try {
      return salvage(damaged, into)
    } finally {
      damaged.close()
    }
  } catch {
    // Not even its first page can be read.
    return 0
  }
}

/** Nobody works on anything, rows that belong to nothing go, and the full-text index is filled by the next question. */
function settle(database: DatabaseSync): void {
  database.exec(`
    update assets set state = 'listed', run = null where state <> 'stored' and state = 'fetching';
    update refs set state = 'waiting', run = null where state <> 'explored' and state = 'exploring';
    update runs set state = 'interrupted', ended = coalesce(ended, heartbeat) where state = 'running';
    delete from files where asset not in (select id from assets);
    delete from run_targets where run not in (select id from runs) or target not in (select id from targets);
    delete from listings where target not in (select id from targets) or asset not in (select id from assets);
    delete from refs where target not in (select id from targets);
    delete from clocks;
    delete from stale;
    insert into words (words) values ('delete-all');`)
  repairRuns(database)
}

/** A target whose run was lost counts as worked on by the newest that is left, which is interrupted. */
function repairRuns(database: DatabaseSync): void {
  const orphans = database.prepare('select 1 from targets where run not in (select id from runs) limit 1').get()
  if (orphans === undefined) return
  database.exec(`
    insert into runs (state, started, ended, plan, host, boot, namespace, pid, birth, heartbeat)
      values ('interrupted', 0, 0, '{}', '', '', '', 0, '', 0);
    update targets set run = (select max(id) from runs) where run not in (select id from runs);`)
}

/** The new catalog takes the place of the damaged one, which gets a name of its own; its log must not stay beside. */
function swap(fresh: string, file: string): string | undefined {
  force(fresh)
  const aside = existsSync(file) ? asideOf(file) : undefined
  for (const suffix of ['-wal', '-journal'] as const) {
    const bytes = statSync(file + suffix, { throwIfNoEntry: false })?.size
    if (bytes === undefined) continue
    // Looking at it has left an empty one.
    if (aside === undefined || bytes === 0) rmSync(file + suffix)
    else renameSync(file + suffix, aside + suffix)
  }
  rmSync(`${file}-shm`, { force: true })
  if (aside !== undefined) keep(file, aside)
  renameSync(fresh, file)
  return aside
}

/** A second name where there are such; the first one is taken by the new catalog in one step. */
function keep(file: string, aside: string): void {
  try {
    linkSync(file, aside)
  } catch {
    copyFileSync(file, aside)
    force(aside)
  }
}

/** `catalog.damaged-20261121T140512Z.db` */
function asideOf(file: string): string {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const name = join(dirname(file), `${basename(file, '.db')}.damaged-${time}`)
  for (let number = 1; ; number += 1) {
    const path = `${name}${number === 1 ? '' : `-${number}`}.db`
    if (!existsSync(path)) return path
  }
}
