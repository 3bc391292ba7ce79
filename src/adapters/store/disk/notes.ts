import { hash } from 'node:crypto'
import { readFileSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PartNote } from '../../../ports/store.ts'
import { errorCode } from './trouble.ts'

/**
 * What lies in the folder of parts, for each asset under the hash of its key: `<name>` the bytes, `<name>.json` what
 * makes them resumable, `<name>.claim` the path of a placeholder (only without hard links), `<name>.new` a second link
 * on its way over an older file. `<pid>-<count>.tmp` is a small file of the program's own before its rename.
 */
const SUFFIXES = ['.json', '.claim', '.new', '']

const TEMPORARY = /^(\d+)-\d+\.tmp$/

/** The file name of an asset's part. */
export function partName(key: string): string {
  return hash('sha256', key).slice(0, 32)
}

/** The note goes before the bytes, so that it never comes to stand beside other ones. */
export function removePart(path: string): void {
  for (const suffix of SUFFIXES) removeIfThere(path + suffix)
}

export function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}

/** Records what makes a part resumable. Without a note it is fetched again from its first byte: no reason to fail. */
export function writeNote(part: string, note: PartNote): void {
  try {
    writeFileSync(`${part}.json`, JSON.stringify(note))
  } catch {
    removeIfThere(`${part}.json`)
  }
}

/** The note of a part; nothing when there is none or it was not written to its end. */
export function readNote(part: string): PartNote | undefined {
  try {
    return asNote(JSON.parse(readFileSync(`${part}.json`, 'utf8')))
  } catch {
    return undefined
  }
}

function asNote(json: unknown): PartNote | undefined {
  if (typeof json !== 'object' || json === null || !('validator' in json) || !('url' in json)) return undefined
  const { validator, url } = json
  if (typeof validator !== 'string' || typeof url !== 'string') return undefined
  const total = 'total' in json && typeof json.total === 'number' ? { total: json.total } : {}
  return { validator, url, ...total }
}

/** The names of all parts that stand there; temporary files of processes that are gone are removed on the way. */
export function listParts(folder: string): string[] {
  const names = new Set<string>()
  for (const entry of readdirSync(folder)) {
    const process = TEMPORARY.exec(entry)?.[1]
    if (process === undefined) names.add(entry.replace(/\.\w+$/, ''))
    else if (!isAlive(Number(process))) removeIfThere(join(folder, entry))
  }
  return [...names]
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}
