import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Emit } from '../core/events.ts'
import type { Login } from '../engine/login-pause.ts'

/** How often the file is looked at while a host waits for it. */
const LOOK_MS = 500

/** The cookies that the user brought, as a file that may be written anew while the run goes on. */
export interface CookieFile {
  readonly path: string
  /** Reads the file into the jar of the run; throws while it is half written. */
  read(): Promise<void>
  /** A cookie goes with a request for this URL. */
  isFor(url: string): boolean
}

/** What tells a file that was written from one that was not; nothing for a pipe, which can be read but once. */
export async function stampOf(path: string): Promise<string | undefined> {
  const found = await stat(path)
  return found.isFile() ? `${found.mtimeMs} ${found.size} ${found.ino}` : undefined
}

/** Waits for new cookies in the file of `--cookies`, so that a run outlives the login it began with. */
export class LoginRenewal implements Login {
  readonly #file: CookieFile
  readonly #patience: number
  readonly #emit: Emit
  /** Of the file as it was read last. */
  #stamp: string

  /** `patience`: milliseconds. */
  constructor(file: CookieFile, stamp: string, patience: number, emit: Emit) {
    this.#file = file
    this.#stamp = stamp
    this.#patience = patience
    this.#emit = emit
  }

  isFor(url: string): boolean {
    return this.#file.isFor(url)
  }

  /** `true` as soon as there are new cookies; `false` when patience or the run ends before. */
  async renewed(host: string, signal: AbortSignal): Promise<boolean> {
    const end = performance.now() + this.#patience
    const before = this.#stamp
    if (await this.#isNew(before)) return true
    this.#tell(host)
    while (!signal.aborted && performance.now() < end) {
      await sleep(Math.min(LOOK_MS, this.#patience), undefined, { signal }).catch(() => undefined)
      if (await this.#isNew(before)) return true
    }
    return false
  }

  /** Several hosts may wait: the first to look reads for all. */
  async #isNew(before: string): Promise<boolean> {
    try {
      const now = await stampOf(this.#file.path)
      if (now === undefined || now === before) return false
      if (now === this.#stamp) return true
      await this.#file.read()
      this.#stamp = now
      return true
    } catch {
      // Gone or half written: whoever writes it is not done.
      return false
    }
  }

  #tell(host: string): void {
    const seconds = Math.ceil(this.#patience / 1000)
    const wait = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`
    const message = `the login at ${host} has ended, and its items wait: write new cookies to ${this.#file.path} within ${wait}, and they go on; other hosts are not concerned`
    this.#emit({ event: 'note', level: 'warning', message })
  }
}
