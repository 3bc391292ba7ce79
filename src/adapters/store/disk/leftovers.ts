import { lstatSync, readdirSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Part } from '../../../ports/store.ts'
import { readNote } from './notes.ts'

/** A clock may be set and file systems round: a folder counts as changed since a moment that is this much later. */
const CLOCK_SLACK_MS = 3_000

/** What an earlier try left of an asset, if its bytes are of use. */
export function findLeftover(root: string, path: string): Part | { readonly complete: string } | undefined {
  const stat = statIfThere(path)
  if (stat === undefined || !stat.isFile() || stat.size === 0) return undefined
  if (stat.nlink > 1) {
    const final = findLink(root, stat)
    if (final !== undefined) return { complete: relative(root, final).split(sep).join('/') }
  }
  const note = readNote(path)
  return note === undefined ? undefined : { bytes: stat.size, ...note }
}

export function statIfThere(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}

/**
 * The other name of a file, below a folder. A new name changes its folder's time, so folders that are older than the
 * file's last change cannot hold it, and their files are not looked at. Only needed after a run that was killed
 * between publishing and recording.
 */
function findLink(folder: string, wanted: Stats): string | undefined {
  const recent = lstatSync(folder).mtimeMs >= wanted.ctimeMs - CLOCK_SLACK_MS
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === '.bowerbird') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      const found = findLink(path, wanted)
      if (found !== undefined) return found
    } else if (recent && entry.isFile() && isSame(lstatSync(path), wanted)) {
      return path
    }
  }
  return undefined
}

function isSame(one: Stats, other: Stats): boolean {
  return one.ino === other.ino && one.dev === other.dev
}
