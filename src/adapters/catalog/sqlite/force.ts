import { closeSync, fdatasyncSync, openSync } from 'node:fs'

/** Forces a file to the disk: SQLite does not, where it makes a copy. */
export function force(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fdatasyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Not every file system forces folders to the disk: what was there before is as good then. */
export function forceFolder(folder: string): void {
  try {
    force(folder)
  } catch {
    return
  }
}
