import { Fault } from '../../../core/errors.ts'

/** Primary result codes of SQLite, https://sqlite.org/rescode.html */
const BUSY = 5
const LOCKED = 6
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26
/** What `backup` of `node:sqlite` says where another process held the source: the code gets lost on the way. */
const UNTOLD = 0

/** The primary result code of an error of `node:sqlite`; the extended one carries details in its upper bytes. */
function primaryCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return undefined
  return thrown.errcode & 0xff
}

export function isBusy(thrown: unknown): boolean {
  const code = primaryCode(thrown)
  return code === BUSY || code === LOCKED
}

/** What went wrong inside SQLite or the file system, as a fault that names the file and says what to do. */
export function toCatalogFault(thrown: unknown, file: string): Fault {
  if (thrown instanceof Fault) return thrown
  const why = thrown instanceof Error ? thrown.message : String(thrown)
  switch (primaryCode(thrown)) {
    case UNTOLD:
    case BUSY:
    case LOCKED:
      return new Fault('CatalogBusy', `another process holds the catalog ${file} for too long`, {
        advice: 'wait until the other process has ended, or end it, then start again',
        cause: thrown,
      })
    case CORRUPT:
    case NOTADB:
      return damaged(file, why, thrown)
    case FULL:
      return diskFull(file, thrown)
    case READONLY:
    case CANTOPEN:
      return refused(file, why, thrown)
    case IOERR:
      return new Fault('DiskFault', `the disk failed while the catalog ${file} was read or written: ${why}`, {
        advice: 'check the disk and its free space, then start again: what was committed is safe',
        cause: thrown,
      })
    default:
      return fromFileSystem(thrown, file, why)
  }
}

function fromFileSystem(thrown: unknown, file: string, why: string): Fault {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(file, thrown)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EEXIST':
      return refused(file, why, thrown)
    case 'EIO':
      return new Fault('DiskFault', `the disk failed at the catalog ${file}: ${why}`, { cause: thrown })
    default:
      return new Fault('Internal', `the catalog ${file} refused a statement: ${why}`, { cause: thrown })
  }
}

export function damaged(file: string, why: string, cause?: unknown): Fault {
  return new Fault('CatalogDamaged', `the catalog ${file} is not a sound database: ${why}`, {
    advice:
      'run `bowerbird doctor --rebuild` with the same --to and --catalog: the damaged catalog is put aside, and a new one ' +
      'is made of its last backup, of what can still be read, and of the files that stand there, which all stay',
    ...(cause === undefined ? {} : { cause }),
  })
}

export function otherProgram(file: string): Fault {
  return new Fault('CatalogDamaged', `${file} is no catalog: it is of another program`, {
    advice: 'name another file with --catalog; if this one was a catalog once, move it away, and a new one is made',
  })
}

export function refused(file: string, why: string, cause?: unknown): Fault {
  return new Fault('DiskRefused', `the catalog ${file} cannot be opened for writing: ${why}`, {
    advice: 'check the permissions of the file and its folder, or name another place with --to or --catalog',
    ...(cause === undefined ? {} : { cause }),
  })
}

function diskFull(file: string, cause: unknown): Fault {
  return new Fault('DiskFull', `there is no room left for the catalog ${file}`, {
    advice: 'make room, then run `bowerbird resume`: what was committed is safe',
    cause,
  })
}
