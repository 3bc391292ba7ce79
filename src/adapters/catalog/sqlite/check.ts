import { closeSync, fstatSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { damaged, refused, toCatalogFault } from './faults.ts'
import { isDead, thisProcess } from './owner.ts'

/** https://sqlite.org/fileformat.html#the_database_header */
const HEADER_BYTES = 100
const MAGIC = 'SQLite format 3\0'

/** Up to this size every opening checks all pages (3 to 4 ms per MB); a larger file only after an unclean end. */
const CHECKED_BYTES = 16 * 1024 * 1024

/** Refuses, before SQLite touches it, what cannot be a catalog. Makes the folder where there is none. */
export function checkFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    const stats = statSync(file, { throwIfNoEntry: false })
    if (stats === undefined) return
    if (!stats.isFile()) throw refused(file, stats.isDirectory() ? 'it is a folder' : 'it is no ordinary file')
    if (stats.size > 0) checkHeader(file, hasLog(file))
  } catch (thrown) {
    throw toCatalogFault(thrown, file)
  }
}

/** A log or journal with content: somebody has the catalog open, or did not close it. */
export function hasLog(file: string): boolean {
  return ['-wal', '-journal'].some((end) => {
    const log: Stats | undefined = statSync(`${file}${end}`, { throwIfNoEntry: false })
    return log !== undefined && log.size > 0
  })
}

function checkHeader(file: string, logged: boolean): void {
  const descriptor = openSync(file, 'r')
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    const read = readSync(descriptor, header, 0, HEADER_BYTES, 0)
    if (read < HEADER_BYTES || header.toString('latin1', 0, 16) !== MAGIC)
      throw damaged(file, 'it does not begin as a SQLite database does')
    const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
    const expected = pageSize * header.readUInt32BE(28)
    const { size } = fstatSync(descriptor)
    // With a log the pages may still stand there.
    if (!logged && size < expected) throw damaged(file, `it is cut off: ${size} of ${expected} bytes are there`)
  } finally {
    closeSync(descriptor)
  }
}

/** Why all pages are to be checked, if they are: asked before SQLite opens the file and takes the log over. */
export function reasonToCheck(file: string): 'small' | 'log' | undefined {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats === undefined || stats.size === 0) return undefined
  if (stats.size <= CHECKED_BYTES) return 'small'
  return hasLog(file) ? 'log' : undefined
}

/** A log is no sign of an unclean end while a live run is writing it. */
export function isInUse(database: DatabaseSync): boolean {
  if (database.prepare(`select 1 from sqlite_schema where name = 'runs'`).get() === undefined) return false
  const running = database.prepare(
    `select host, boot, namespace, pid, birth, heartbeat from runs where state <> 'finished' and state = 'running'`,
  )
  const self = thisProcess()
  return running.all().some((row) => {
    const owner = {
      host: String(row['host']),
      boot: String(row['boot']),
      namespace: String(row['namespace']),
      pid: Number(row['pid']),
      birth: String(row['birth']),
    }
    return !isDead(owner, Number(row['heartbeat']), self, Date.now())
  })
}

/** Every page, the order of every tree, every constraint; not whether indexes agree with their tables. */
export function checkPages(database: DatabaseSync, file: string): void {
  const found = database.prepare('pragma quick_check(1)').get()?.['quick_check']
  if (found !== 'ok') throw damaged(file, String(found).replaceAll(/\s+/g, ' '))
}
