import { closeSync, constants, openSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { errorCode } from './trouble.ts'

/** Files held open at once by one writer thread at most; more only cost memory. */
const MOST_OPEN = 200

/** No descriptor is free now; the same will succeed once other files or sockets were closed. */
export class NoDescriptor extends Error {
  /** As the system says it. */
  readonly code = 'EMFILE'
}

const TRY_AGAIN_MS = 20
/** After half a minute nobody will give a descriptor back. */
const TRIES = 1_500

/** Does it again and again while there is no descriptor for it. `act` must have changed nothing by then. */
export async function patiently<Result>(act: () => Result | Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof NoDescriptor) || tries === TRIES) throw error
      await setTimeout(TRY_AGAIN_MS)
    }
  }
}

/** Something that holds a descriptor and can open it again later. */
export interface Holder {
  /** -1 while closed. */
  fd: number
}

/** Opens files, and closes those that were not used for longest when there are too many. */
export class Descriptors {
  /** Least recently used first. */
  readonly #idle = new Set<Holder>()
  #most = MOST_OPEN

  /** A descriptor that the caller closes. Never follows a symbolic link at the end of the path. */
  open(path: string, flags: number, mode = 0o666): number {
    for (;;) {
      try {
        return openSync(path, flags | constants.O_NOFOLLOW, mode)
      } catch (error) {
        const code = errorCode(error)
        if (code !== 'EMFILE' && code !== 'ENFILE') throw error
        this.#fewer()
      }
    }
  }

  /** The holder has just used its descriptor and will use it again, unless others need it more. */
  keep(holder: Holder): void {
    this.#idle.delete(holder)
    this.#idle.add(holder)
    while (this.#idle.size > this.#most) this.#closeOldest()
  }

  /** The holder's descriptor is no longer anybody else's to close. */
  take(holder: Holder): void {
    this.#idle.delete(holder)
  }

  close(holder: Holder): void {
    this.#idle.delete(holder)
    if (holder.fd >= 0) closeSync(holder.fd)
    holder.fd = -1
  }

  #fewer(): void {
    if (this.#idle.size === 0) throw new NoDescriptor()
    this.#most = Math.max(4, Math.floor(this.#idle.size / 2))
    while (this.#idle.size > this.#most) this.#closeOldest()
    this.#closeOldest()
  }

  #closeOldest(): void {
    for (const holder of this.#idle) return this.close(holder)
  }
}
