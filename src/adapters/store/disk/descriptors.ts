import { closeSync, constants, openSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { errorCode } from './trouble.ts'

/** Files held open at once by one writer thread at most; more only cost memory. */
const MOST_OPEN = 200
const FEWEST_OPEN = 4

const TRY_AGAIN_MS = 20
/** After half a minute nobody will give a descriptor back. */
const TRIES = 1_500

/** Something that holds a descriptor and can open its file again later. */
export interface Holder {
  /** -1 while closed. */
  fd: number
  /** Why the bytes written so far are lost: some file systems tell when a file is closed. */
  trouble?: unknown
}

/** Opens files, and closes those that were not used for longest when there are too many. */
export class Descriptors {
  /** Least recently used first. */
  readonly #idle = new Set<Holder>()
  #most = MOST_OPEN

  /** A descriptor that the caller closes. Never follows a symbolic link at the end of the path. */
  open(path: string, flags: number, mode = 0o666): number {
    return openSync(path, flags | constants.O_NOFOLLOW, mode)
  }

  /** Does it again and again while there is no descriptor for it. `act` must have changed nothing by then. */
  async patiently<Result>(act: () => Result | Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await act()
      } catch (error) {
        if (!isOutOfDescriptors(error) || tries === TRIES) throw error
        if (this.#idle.size > 0) this.#fewer()
        else await setTimeout(TRY_AGAIN_MS)
      }
    }
  }

  /** The holder has just used its descriptor and will use it again, unless others need it more. */
  keep(holder: Holder): void {
    this.#idle.delete(holder)
    this.#idle.add(holder)
    this.#closeDownTo(this.#most)
  }

  /** The holder's descriptor is no longer anybody else's to close. */
  take(holder: Holder): void {
    this.#idle.delete(holder)
  }

  close(holder: Holder): void {
    this.#idle.delete(holder)
    const { fd } = holder
    holder.fd = -1
    if (fd >= 0) closeSync(fd)
  }

  /** Half of what is open now is what there is room for beside the sockets. */
  #fewer(): void {
    this.#most = Math.min(this.#most, Math.max(FEWEST_OPEN, Math.floor(this.#idle.size / 2)))
    this.#closeDownTo(Math.min(this.#most, this.#idle.size - 1))
  }

  #closeDownTo(count: number): void {
    for (const holder of this.#idle) {
      if (this.#idle.size <= count) return
      try {
        this.close(holder)
      } catch (error) {
        holder.trouble = error
      }
    }
  }
}

/** No descriptor is free in this process, or on this machine; the same will succeed once others were closed. */
export function isOutOfDescriptors(thrown: unknown): boolean {
  const code = errorCode(thrown)
  return code === 'EMFILE' || code === 'ENFILE'
}
