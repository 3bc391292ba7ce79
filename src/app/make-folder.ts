import { mkdirSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { dirname } from 'node:path'
import { Fault } from '../core/errors.ts'

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'the system does not allow it',
  EROFS: 'the file system is read-only',
  ENOENT: 'nothing can be made there',
  ENOTDIR: 'a file stands where a folder is needed',
}

/**
 * Makes a folder and those above it, one by one: the recursive `mkdir` of Node 24 never comes back where a folder cannot be made
 * inside one that exists (`/proc`).
 */
export function makeFolder(path: string): void {
  const there = statOf(path)
  if (there?.isDirectory() === true) return
  if (there !== undefined) {
    throw new Fault('DiskRefused', `${path} is a file, and a folder is needed there`, {
      advice: 'move the file away, or name another place',
    })
  }
  const above = dirname(path)
  if (above !== path) makeFolder(above)
  try {
    mkdirSync(path)
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
    // Another process was quicker.
    if (code === 'EEXIST') return
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new Fault('DiskFull', `there is no room left to make the folder ${path}`, { cause: thrown })
    throw new Fault('DiskRefused', `the folder ${path} cannot be made: ${WHY[code] ?? code}`, {
      advice: 'check who owns the place, or name another one',
      cause: thrown,
    })
  }
}

/** Nothing where a part of the path is no folder: the part itself is looked at next. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
