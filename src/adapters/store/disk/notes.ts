import { hash } from 'node:crypto'
import { readFileSync, readdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PartNote } from '../../../ports/store.ts'
import { errorCode } from './trouble.ts'

/**
 * What lies in the folder of parts, for each asset under the hash of its key: `<name>` the bytes, `<name>.json` what
 * makes them resumable, `<name>.claim` the path of a placeholder (only without hard links), `<name>.new` a second link
 * on its way over an older file. `<random>.tmp` is a small file of the program's own before its rename.
 */
const SUFFIXES = ['.json', '.claim', '.new', '']

/** With a claim or a second link of its own, maybe. */
const TEMPORARY = /\.tmp(?:\.|$)/

/** A temporary file that is older than this is nobody's any more. */
const STALE_MS = 3_600_000

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
export function writeNote(part: string, note: PartNote): boolean {
  try {
    writeFileSync(`${part}.json`, JSON.stringify(note))
    return true
  } catch {
    removeIfThere(`${part}.json`)
    return false
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

/** The names of all parts that stand there; temporary files that a killed process left are removed on the way. */
export function listParts(folder: string): string[] {
  const names = new Set<string>()
  for (const entry of readdirSync(folder)) {
    if (!TEMPORARY.test(entry)) names.add(entry.replace(/\.\w+$/, ''))
    else if (isStale(join(folder, entry))) removeIfThere(join(folder, entry))
  }
  return [...names]
}

function isStale(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > STALE_MS
}
