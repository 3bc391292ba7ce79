import { copyFileSync, existsSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'
import { checkFile, hasLog } from './check.ts'
import { toCatalogFault } from './faults.ts'

/** Another process may hold it for a moment, to write the log back. */
const PATIENCE_MS = 5_000
/** A copy that somebody began this long ago and did not finish is given up. */
export const STALE_MS = 3_600_000

/**
 * Copies a catalog as it is at this moment, also while others write to it. Where there is none, nothing is copied.
 * Opened for writing all the same: a reader would leave the log's files behind. In a folder that cannot be written
 * nobody writes, and without a log the file is all there is.
 */
export async function copyCatalog(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  checkFile(from)
  try {
    await backUp(from, to)
  } catch (thrown) {
    const fault = toCatalogFault(thrown, from)
    if (fault.code !== 'DiskRefused' || hasLog(from)) throw fault
    copyFileSync(from, to)
  }
}

async function backUp(from: string, to: string): Promise<void> {
  const database = new DatabaseSync(from, { timeout: PATIENCE_MS })
  try {
    // In one step: page by page it would begin anew whenever another connection commits.
    await backup(database, to, { rate: 2 ** 30 })
  } finally {
    database.close()
  }
}
