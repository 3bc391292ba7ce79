import { statSync } from 'node:fs'
import { Fault } from '../../../core/errors.ts'

/**
 * Makes sure that the catalog's file is still the one that was opened. A database whose folder is moved or removed goes
 * on without an error, and everything that it takes is lost.
 */
export class Presence {
  readonly #file: string
  readonly #inode: bigint | undefined

  constructor(file: string) {
    this.#file = file
    this.#inode = inodeOf(file)
  }

  check(): void {
    if (this.#inode === undefined || inodeOf(this.#file) === this.#inode) return
    throw new Fault('DiskRefused', `the catalog ${this.#file} was moved or removed while it was in use`, {
      advice: 'put the folder of the library back, or start again: files that stand there are not fetched twice',
    })
  }
}

function inodeOf(file: string): bigint | undefined {
  try {
    return statSync(file, { bigint: true }).ino
  } catch {
    return undefined
  }
}
