import { chmod, copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Fault, toFault } from '../../core/errors.ts'
import { EXPORT_ADVICE } from './advice.ts'

/** What SQLite keeps beside a database while changes are not in it yet. */
const COMPANIONS = ['', '-wal', '-journal']

/** A busy browser writes every few seconds; so many copies in a row that it disturbs are no accident any more. */
const MOST_COPIES = 5

/**
 * Reads a browser's database from a copy: the browser may be running, holds locks, and has its newest changes in the
 * write-ahead log. The copy is readable by its owner alone and is gone when this ends.
 */
export async function readDatabase<T>(file: string, browser: string, read: (database: DatabaseSync) => T): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bowerbird-cookies-'))
  try {
    const copy = join(folder, 'cookies.db')
    await copyUndisturbed(file, copy)
    const database = new DatabaseSync(copy)
    try {
      return read(database)
    } finally {
      database.close()
    }
  } catch (thrown) {
    throw new Fault('Usage', `${browser}'s cookies in ${file} cannot be read: ${toFault(thrown).message}`, {
      advice: EXPORT_ADVICE,
      cause: thrown,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** When the database last changed, in Unix milliseconds; `undefined` where there is none. */
async function lastChange(file: string): Promise<number | undefined> {
  const [main, ...others] = await Promise.all(COMPANIONS.map((end) => stat(file + end).catch(() => undefined)))
  if (main?.isFile() !== true) return undefined
  return Math.max(main.mtimeMs, ...others.map((other) => other?.mtimeMs ?? 0))
}

/** Of several databases the one that changed last: an older one is what a move or another package left behind. */
export async function newest(files: readonly string[]): Promise<string | undefined> {
  const found = await Promise.all(files.map(async (file) => ({ file, at: await lastChange(file) })))
  return found.filter(({ at }) => at !== undefined).toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))[0]?.file
}

/** Database and log fit together only when neither changed while both were copied. */
async function copyUndisturbed(file: string, copy: string): Promise<void> {
  for (let tried = 1; ; tried++) {
    const before = await stamp(file)
    for (const end of COMPANIONS) await copyCompanion(file + end, copy + end, end === '')
    if ((await stamp(file)) === before) return
    if (tried === MOST_COPIES) throw new Error('the browser keeps writing to it; close the browser and try again')
  }
}

async function stamp(file: string): Promise<string> {
  const found = await Promise.all(COMPANIONS.map((end) => stat(file + end, { bigint: true }).catch(() => undefined)))
  return found.map((one) => (one === undefined ? '-' : `${one.ino} ${one.size} ${one.mtimeNs}`)).join(', ')
}

async function copyCompanion(from: string, to: string, needed: boolean): Promise<void> {
  await rm(to, { force: true })
  try {
    await copyFile(from, to)
  } catch (thrown) {
    if (!needed && thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return
    throw thrown
  }
  await chmod(to, 0o600)
}
