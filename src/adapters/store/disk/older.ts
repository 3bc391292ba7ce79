import { closeSync, constants, fstatSync } from 'node:fs'
import { join } from 'node:path'
import type { OlderFile, Staying } from '../../../ports/store.ts'
import { hashFile } from './bytes.ts'
import type { Descriptors } from './descriptors.ts'
import type { Folders } from './folders.ts'
import { statIfThere } from './leftovers.ts'
import { removeIfThere } from './notes.ts'
import { placeOf } from './paths.ts'
import { isSidecarOf } from './sidecars.ts'
import { diskFault } from './trouble.ts'

const CHANGED = 'it is not what was stored there'

/** The files that newer ones of the same assets take the place of, as long as they are what was stored. */
export class OlderFiles {
  readonly #folders: Folders
  readonly #descriptors: Descriptors

  constructor(folders: Folders, descriptors: Descriptors) {
    this.#folders = folders
    this.#descriptors = descriptors
  }

  /** Whether the file at an absolute path has the bytes that were stored: nobody has worked on it since. */
  isStill({ bytes, sha256 }: OlderFile, path: string): boolean {
    const there = statIfThere(path)
    if (there === undefined || !there.isFile() || there.size !== bytes) return false
    const fd = this.#descriptors.open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      return hashFile(fd, fstatSync(fd).size) === sha256
    } finally {
      closeSync(fd)
    }
  }

  /** The file and its sidecars go. Comes back where something stays in its place. */
  remove(older: OlderFile): Staying | undefined {
    const path = this.#find(older.path)
    if (path === undefined || statIfThere(path) === undefined) return undefined
    if (!this.isStill(older, path)) return { path: older.path, why: CHANGED }
    try {
      removeIfThere(path)
      for (const sidecar of older.sidecars) this.#removeSidecar(older.key, sidecar)
    } catch (error) {
      return { path: older.path, why: diskFault(error, 'remove', path).message }
    }
    return undefined
  }

  #removeSidecar(key: string, sidecar: string): void {
    const path = this.#find(sidecar)
    if (path !== undefined && isSidecarOf(key, path)) removeIfThere(path)
  }

  /** Where a path of the library leads; nothing where its folder is gone, or a link leads out. */
  #find(path: string): string | undefined {
    const { folder, name } = placeOf(path)
    const within = this.#folders.find(folder)
    return within === undefined ? undefined : join(within, name)
  }
}
