import { closeSync, openSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { checkPages } from './check.ts'
import { copyCatalog, STALE_MS } from './copy.ts'
import { toCatalogFault } from './faults.ts'
import { force, forceFolder } from './force.ts'

/** Up to this size each run leaves a backup behind: 20 to 80 ms (docs/adr/0090-backup.md). */
const SMALL_BYTES = 8 * 1024 * 1024
/** A larger catalog (15 ms a MiB) is copied once a day. */
const DAY_MS = 24 * 3_600_000

/** Where the last backup of a catalog lies: `catalog.backup.db` beside `catalog.db`. */
export function backupOf(file: string): string {
  return join(dirname(file), `${basename(file, '.db')}.backup.db`)
}

/**
 * Copies a catalog beside itself, for the day when it is damaged: whole and checked before it takes the place of the
 * older copy. `hurry`: only where that takes no time. Throws where the catalog itself turns out to be damaged; where the
 * disk does not want a copy, there is none, and `doctor` tells how old the last one is.
 */
export async function backUpCatalog(
  file: string,
  options: { readonly durable: boolean; readonly hurry: boolean },
): Promise<void> {
  const bytes = sizeOf(file)
  if (!isDue(file, bytes, options.hurry) || !hasRoom(file, bytes)) return
  const fresh = `${backupOf(file)}.new`
  if (!claim(fresh)) return
  try {
    await copyCatalog(file, fresh)
    seal(fresh, file)
    if (options.durable) force(fresh)
    renameSync(fresh, backupOf(file))
    if (options.durable) forceFolder(dirname(file))
  } catch (thrown) {
    const fault = toCatalogFault(thrown, file)
    if (fault.code === 'CatalogDamaged' || fault.code === 'Internal') throw fault
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(fresh + suffix, { force: true })
  }
}

function isDue(file: string, bytes: number, hurry: boolean): boolean {
  if (bytes === 0) return false
  if (bytes <= SMALL_BYTES) return true
  const last = statSync(backupOf(file), { throwIfNoEntry: false })
  return !hurry && (last === undefined || Date.now() - last.mtimeMs > DAY_MS)
}

/** A backup must not take the last room from what is collected. */
function hasRoom(file: string, bytes: number): boolean {
  try {
    const { bavail, blocks, bsize } = statfsSync(dirname(file))
    return blocks === 0 || bavail * bsize > 2 * bytes
  } catch {
    return true
  }
}

/** One process at a time makes a backup. */
function claim(fresh: string): boolean {
  const begun = statSync(fresh, { throwIfNoEntry: false })
  if (begun !== undefined && Math.abs(Date.now() - begun.mtimeMs) < STALE_MS) return false
  try {
    rmSync(fresh, { force: true })
    closeSync(openSync(fresh, 'wx'))
    return true
  } catch {
    return false
  }
}

/** A file of its own, without a log beside it; damage that was copied is found here. */
function seal(fresh: string, file: string): void {
  const database = new DatabaseSync(fresh)
  try {
    // It is forced to the disk as a whole afterwards.
    database.exec('pragma synchronous = off; pragma journal_mode = delete')
    checkPages(database, file)
  } finally {
    database.close()
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
