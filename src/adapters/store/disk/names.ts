import { COPYFILE_EXCL } from 'node:constants'
import {
  closeSync,
  constants,
  copyFileSync,
  fdatasyncSync,
  fstatSync,
  linkSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { hashFile } from './bytes.ts'
import type { Descriptors } from './descriptors.ts'
import { statIfThere } from './leftovers.ts'
import { removeIfThere } from './notes.ts'
import { errorCode } from './trouble.ts'

/** What `link` answers where there are no hard links (vfat, exFAT, many network folders), or no more of one file. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])
/** What `rename` answers while a virus scanner or a backup holds the file. */
const HELD = new Set(['EBUSY', 'EPERM'])
const HELD_TRIES = 5
const HELD_WAIT_MS = 50

/** The bytes that want a name. */
export interface Nameless {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/** `taken`: something else stands there, untouched. */
export type Outcome = 'placed' | 'adopted' | 'taken'

/** Gives received bytes their final name: whole, in one step, and over nothing that is not ours. */
export class Names {
  readonly #descriptors: Descriptors
  readonly #fsync: boolean
  #hardLinks: boolean

  constructor(descriptors: Descriptors, fsync: boolean, hardLinks: boolean) {
    this.#descriptors = descriptors
    this.#fsync = fsync
    this.#hardLinks = hardLinks
  }

  /** `mayReplace` is asked where a file stands there with other bytes: is it our own older one? */
  give(part: Nameless, final: string, mayReplace: () => boolean): Outcome {
    return this.#nearby(part.path, final, (path) => {
      try {
        this.#place(path, final)
        return 'placed'
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error
        return this.#meet({ ...part, path }, final, mayReplace)
      }
    })
  }

  /** A library may reach over several file systems: what cannot be linked there is copied there first. */
  #nearby<Result>(path: string, final: string, act: (path: string) => Result): Result {
    try {
      return act(path)
    } catch (error) {
      if (errorCode(error) !== 'EXDEV') throw error
    }
    const copy = join(dirname(final), `.${basename(path)}.bowerbird`)
    removeIfThere(copy)
    try {
      copyFileSync(path, copy, COPYFILE_EXCL)
      const { atime, mtime } = statSync(path)
      utimesSync(copy, atime, mtime)
      if (this.#fsync) this.#force(copy)
      return act(copy)
    } finally {
      removeIfThere(copy)
    }
  }

  #place(path: string, final: string): void {
    if (this.#hardLinks && this.#link(path, final)) return
    const claim = `${path}.claim`
    const interrupted = isOwnPlaceholder(claim, final)
    writeFileSync(claim, final)
    try {
      if (!interrupted) this.#hold(final)
      this.#fill(path, final)
    } finally {
      removeIfThere(claim)
    }
  }

  /** An empty file keeps the name for us. */
  #hold(final: string): void {
    closeSync(this.#descriptors.open(final, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL))
  }

  /** Whether there are hard links here. */
  #link(path: string, final: string): boolean {
    try {
      linkSync(path, final)
      return true
    } catch (error) {
      if (!NO_LINKS.has(errorCode(error))) throw error
      if (errorCode(error) !== 'EMLINK') this.#hardLinks = false
      return false
    }
  }

  #fill(path: string, placeholder: string): void {
    try {
      renamePatiently(path, placeholder)
    } catch (error) {
      removeIfThere(placeholder)
      throw error
    }
  }

  #meet(part: Nameless, final: string, mayReplace: () => boolean): Outcome {
    const there = statIfThere(final)
    if (there === undefined) return this.give(part, final, mayReplace)
    if (!there.isFile()) return 'taken'
    if (there.size === part.bytes && this.#hash(final) === part.sha256) return 'adopted'
    if (!mayReplace()) return 'taken'
    this.#replace(part.path, final)
    return 'placed'
  }

  #replace(path: string, final: string): void {
    if (!this.#hardLinks) return renamePatiently(path, final)
    const second = `${path}.new`
    removeIfThere(second)
    if (!this.#link(path, second)) return renamePatiently(path, final)
    try {
      renamePatiently(second, final)
    } finally {
      removeIfThere(second)
    }
  }

  /** What is adopted must be as durable as what is published. */
  #hash(file: string): string {
    const fd = this.#descriptors.open(file, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      if (this.#fsync) fdatasyncSync(fd)
      return hashFile(fd, fstatSync(fd).size)
    } finally {
      closeSync(fd)
    }
  }

  #force(file: string): void {
    const fd = this.#descriptors.open(file, constants.O_RDONLY)
    try {
      fdatasyncSync(fd)
    } finally {
      closeSync(fd)
    }
  }
}

/** An empty file that an earlier run put there for this very part, before it could be renamed over it. */
function isOwnPlaceholder(claim: string, final: string): boolean {
  const there = statIfThere(final)
  return there !== undefined && there.isFile() && there.size === 0 && readClaim(claim) === final
}

function readClaim(claim: string): string | undefined {
  try {
    return readFileSync(claim, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function renamePatiently(from: string, to: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      return renameSync(from, to)
    } catch (error) {
      if (!HELD.has(errorCode(error)) || tries === HELD_TRIES) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, HELD_WAIT_MS)
    }
  }
}
