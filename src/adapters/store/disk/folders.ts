import { closeSync, constants, fsync, mkdirSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { Fault } from '../../../core/errors.ts'
import type { Descriptors } from './descriptors.ts'
import { diskFault, errorCode } from './trouble.ts'

/** What a file system answers that cannot force a folder to the disk; its files are all that can be had then. */
const CANNOT_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EBADF'])

/** The folders of a library: made when needed, and never outside of it, through a link either. */
export class Folders {
  readonly root: string
  readonly #descriptors: Descriptors
  /** Absolute paths without links by relative ones, found sound in the present batch of work. */
  readonly #sound = new Map<string, string>()
  /** Folders that got a new folder inside, which is not on the disk yet. */
  readonly #changed = new Set<string>()

  constructor(root: string, descriptors: Descriptors) {
    this.root = root
    this.#descriptors = descriptors
  }

  /** Look again: somebody may have removed or replaced folders since. */
  forget(): void {
    this.#sound.clear()
  }

  /** Where a folder of the library stands, free of links; it exists now. */
  ensure(folder: string): string {
    const known = this.#sound.get(folder)
    if (known !== undefined) return known
    const path = join(this.root, folder)
    const real = realPath(path) ?? this.#make(folder, path)
    if (!this.#isInside(real)) {
      throw new Fault('DiskRefused', `the folder ${path} is a link that leads out of the library, to ${real}`, {
        advice: 'remove the link, or name another folder with --folder',
      })
    }
    this.#sound.set(folder, real)
    return real
  }

  /** Where a folder stands, free of links, if it does and lies in the library. */
  find(folder: string): string | undefined {
    const real = realPath(join(this.root, folder))
    return real !== undefined && this.#isInside(real) ? real : undefined
  }

  /** Does something in a folder, which is made once more when it is removed meanwhile. */
  within<Result>(folder: string, act: (path: string) => Result): Result {
    const path = this.ensure(folder)
    try {
      return act(path)
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error
      this.forget()
      return act(this.ensure(folder))
    }
  }

  /** Makes the names in these folders durable, and new folders themselves. Rejects when that is not certain. */
  async sync(folders: Iterable<string>): Promise<void> {
    const all = new Set([...folders, ...this.#changed])
    this.#changed.clear()
    await Promise.all([...all].map((folder) => this.#syncOne(folder)))
  }

  #isInside(real: string): boolean {
    return real === this.root || real.startsWith(this.root.endsWith(sep) ? this.root : this.root + sep)
  }

  #make(folder: string, path: string): string {
    if (folder === '') {
      mkdirSync(path, { recursive: true })
      return path
    }
    const parent = this.ensure(parentOf(folder))
    this.#mkdir(path)
    this.#changed.add(parent)
    const real = realPath(path)
    if (real === undefined) {
      throw new Fault('DiskRefused', `a folder cannot be made at ${path}: a link that leads nowhere stands there`, {
        advice: 'remove the link',
      })
    }
    return real
  }

  #mkdir(path: string): void {
    try {
      mkdirSync(path)
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw diskFault(error, 'make the folder', path)
    }
  }

  /** Nothing where somebody has moved the folder away with what is in it, out of a library that still stands. */
  async #open(folder: string): Promise<number | undefined> {
    try {
      return await this.#descriptors.patiently(() => this.#descriptors.open(folder, constants.O_RDONLY))
    } catch (error) {
      if (errorCode(error) === 'ENOENT' && folder !== this.root && realPath(this.root) !== undefined) return undefined
      throw error
    }
  }

  async #syncOne(folder: string): Promise<void> {
    const fd = await this.#open(folder)
    if (fd === undefined) return
    await new Promise<void>((resolve, reject) => {
      fsync(fd, (error) => {
        closeSync(fd)
        if (error === null || CANNOT_SYNC.has(errorCode(error))) resolve()
        else reject(diskFault(error, 'force to the disk', folder))
      })
    })
  }
}

function parentOf(folder: string): string {
  const parent = dirname(folder)
  return parent === '.' ? '' : parent
}

/** Where a path leads when all links are followed; nothing when nothing stands there. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw diskFault(error, 'use the folder', path)
  }
}
