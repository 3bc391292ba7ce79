import { lstatSync, readdirSync } from 'node:fs'
import type { Dirent, Stats } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Part } from '../../../ports/store.ts'
import { listParts, partName, readNote, removePart } from './notes.ts'

/** A clock may be set and file systems round: a folder counts as changed since a moment that is this much later. */
const CLOCK_SLACK_MS = 3_000

/** The parts that earlier tries left: those that stood there at the beginning, and those kept since. */
export class Leftovers {
  readonly #root: string
  readonly #folder: string
  readonly #names: Set<string>
  /** Absolute final names of parts by what they are; looked for once, when the first part turns out to have one. */
  #finals: ReadonlyMap<string, string> | undefined

  constructor(root: string, folder: string) {
    this.#root = root
    this.#folder = folder
    this.#names = new Set(listParts(folder))
  }

  get names(): readonly string[] {
    return [...this.#names]
  }

  add(key: string): void {
    this.#names.add(partName(key))
  }

  remove(key: string): void {
    if (this.#names.size > 0 && this.#names.delete(partName(key))) removePart(join(this.#folder, partName(key)))
  }

  /** What is left of an asset, if its bytes are of use. */
  find(key: string): Part | { readonly complete: string } | undefined {
    const path = join(this.#folder, partName(key))
    const stat = statIfThere(path)
    if (stat === undefined || !stat.isFile() || stat.size === 0) return undefined
    if (stat.nlink > 1) return this.#findFinal(stat)
    const note = readNote(path)
    return note === undefined ? undefined : { bytes: stat.size, ...note }
  }

  #findFinal(part: Stats): { readonly complete: string } | undefined {
    this.#finals ??= findLinks(this.#root, this.#linked())
    const final = this.#finals.get(identity(part))
    if (final === undefined || identity(statIfThere(final)) !== identity(part)) return undefined
    return { complete: relative(this.#root, final).split(sep).join('/') }
  }

  #linked(): Stats[] {
    const stats = this.names.map((name) => statIfThere(join(this.#folder, name)))
    return stats.filter((stat) => stat !== undefined).filter((stat) => stat.nlink > 1)
  }
}

export function statIfThere(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}

/**
 * The other names of files, below a folder. A new name changes its folder's time, so folders that are older than the
 * files' last changes cannot hold one, and their files are not looked at. Only needed after a run that was killed
 * between publishing and recording; what is not found is fetched again, and adopted.
 */
function findLinks(root: string, wanted: readonly Stats[]): ReadonlyMap<string, string> {
  const identities = new Set(wanted.map(identity))
  const since = Math.min(...wanted.map((stat) => stat.ctimeMs)) - CLOCK_SLACK_MS
  const found = new Map<string, string>()
  for (const folder of folders(root)) {
    if (found.size === identities.size) break
    if ((statIfThere(folder)?.mtimeMs ?? 0) < since) continue
    for (const entry of entries(folder)) {
      const file = entry.isFile() ? identity(statIfThere(join(folder, entry.name))) : ''
      if (identities.has(file)) found.set(file, join(folder, entry.name))
    }
  }
  return found
}

/** What all hard links of a file have in common. */
function identity(stat: Stats | undefined): string {
  return stat === undefined ? '' : `${stat.dev}:${stat.ino}`
}

/** A folder and all below it, without what is the program's own. Links are not followed. */
function* folders(root: string): Generator<string> {
  yield root
  for (const entry of entries(root)) {
    if (entry.isDirectory() && entry.name !== '.bowerbird') yield* folders(join(root, entry.name))
  }
}

/** A folder that cannot be read, or is gone, holds nothing for us. */
function entries(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
