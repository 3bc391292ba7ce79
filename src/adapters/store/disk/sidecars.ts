import { hash, randomUUID } from 'node:crypto'
import { closeSync, constants, fdatasync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sidecar } from '../../../ports/store.ts'
import { writeFully } from './bytes.ts'
import { isOutOfDescriptors } from './descriptors.ts'
import type { Descriptors } from './descriptors.ts'
import type { Folders } from './folders.ts'
import { statIfThere } from './leftovers.ts'
import type { Names, Nameless } from './names.ts'
import { removeIfThere } from './notes.ts'
import { placeOf } from './paths.ts'
import { diskFault } from './trouble.ts'

/** A JSON file that is larger than this is none of ours, and not read. */
const MOST_BYTES = 16 * 2 ** 20

/** The small JSON files beside stored ones. They take the place of an older version of themselves, and of nothing else. */
export class Sidecars {
  /** Where they are written before they get their name. */
  readonly #parts: string
  readonly #folders: Folders
  readonly #names: Names
  readonly #descriptors: Descriptors
  readonly #fsync: boolean

  constructor(parts: string, folders: Folders, names: Names, descriptors: Descriptors, fsync: boolean) {
    this.#parts = parts
    this.#folders = folders
    this.#names = names
    this.#descriptors = descriptors
    this.#fsync = fsync
  }

  /**
   * Its bytes are forced to the disk before its name: a power cut leaves the older version, or none, and never half of
   * one. Nothing comes back where files of somebody else stand under all of its paths.
   */
  async write(sidecar: Sidecar): Promise<string | undefined> {
    const path = join(this.#parts, `${randomUUID()}.tmp`)
    const bytes = Buffer.from(sidecar.content)
    try {
      await this.#writeTemporary(path, bytes)
      const nameless = { path, bytes: bytes.length, sha256: hash('sha256', bytes) }
      return await this.#descriptors.patiently(() => this.#findName(sidecar, nameless))
    } catch (error) {
      throw diskFault(error, 'write', join(this.#folders.root, sidecar.paths[0] ?? ''))
    } finally {
      removeIfThere(path)
    }
  }

  async #writeTemporary(path: string, bytes: Uint8Array): Promise<void> {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL
    const fd = await this.#descriptors.patiently(() => this.#descriptors.open(path, flags))
    try {
      writeFully(fd, bytes, 0)
      if (this.#fsync) await forceFile(fd)
    } finally {
      closeSync(fd)
    }
  }

  #findName({ key, paths }: Sidecar, nameless: Nameless): string | undefined {
    return paths.find((path) => {
      const { folder, name } = placeOf(path)
      const outcome = this.#folders.within(folder, (within) => {
        const final = join(within, name)
        return this.#names.give(nameless, final, () => isSidecarOf(key, final))
      })
      return outcome !== 'taken'
    })
  }
}

/** Whether a file tells of this asset, as only this program's do. */
export function isSidecarOf(key: string, path: string): boolean {
  const stat = statIfThere(path)
  if (stat === undefined || !stat.isFile() || stat.size > MOST_BYTES) return false
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof json === 'object' && json !== null && 'key' in json && json.key === key
  } catch (error) {
    // What cannot be read or is no JSON is somebody else's.
    if (isOutOfDescriptors(error)) throw error
    return false
  }
}

function forceFile(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(fd, (error) => (error === null ? resolve() : reject(error)))
  })
}
