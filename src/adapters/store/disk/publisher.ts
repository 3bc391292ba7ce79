import { utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Fault } from '../../../core/errors.ts'
import type { Published, PublishSpec } from '../../../ports/store.ts'
import { isOutOfDescriptors } from './descriptors.ts'
import type { Descriptors } from './descriptors.ts'
import type { Folders } from './folders.ts'
import { statIfThere } from './leftovers.ts'
import type { Names, Outcome } from './names.ts'
import { removeIfThere } from './notes.ts'
import type { OlderFiles } from './older.ts'
import type { Parts, Received } from './parts.ts'
import { below, placeOf } from './paths.ts'
import { diskFault } from './trouble.ts'

/** Names tried behind `otherStem`, where every one before is taken by other bytes. */
const MOST_STEMS = 100

interface Placed {
  readonly published: Published
  /** Absolute. */
  readonly final: string
  readonly outcome: Outcome
}

/** A part whose bytes are on the disk and that waits for a name. */
interface Waiting {
  readonly spec: PublishSpec
  readonly resolve: (published: Published) => void
  readonly reject: (fault: unknown) => void
}

/**
 * Publishes received parts. Where durability is asked for, parts that become ready while folders are forced to the
 * disk are named together next, so that one forced folder serves many files.
 */
export class Publisher {
  readonly #parts: Parts
  readonly #folders: Folders
  readonly #names: Names
  readonly #older: OlderFiles
  readonly #descriptors: Descriptors
  readonly #fsync: boolean
  readonly #waiting: Waiting[] = []
  #running = false

  constructor(
    parts: Parts,
    folders: Folders,
    names: Names,
    older: OlderFiles,
    descriptors: Descriptors,
    fsync: boolean,
  ) {
    this.#parts = parts
    this.#folders = folders
    this.#names = names
    this.#older = older
    this.#descriptors = descriptors
    this.#fsync = fsync
  }

  publish(spec: PublishSpec): Published | Promise<Published> {
    return this.#fsync ? this.#publishDurably(spec) : this.#place(spec).published
  }

  async #publishDurably(spec: PublishSpec): Promise<Published> {
    const fault = await this.#received(spec.key).synced
    if (fault !== undefined) {
      this.#parts.remove(spec.key)
      throw fault
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ spec, resolve, reject })
      if (!this.#running) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#running = true
    while (this.#waiting.length > 0) await this.#publishGroup(this.#waiting.splice(0))
    this.#running = false
  }

  async #publishGroup(group: readonly Waiting[]): Promise<void> {
    this.#folders.forget()
    const named: { readonly waiting: Waiting; readonly placed: Placed }[] = []
    for (const waiting of group) {
      try {
        named.push({ waiting, placed: await this.#descriptors.patiently(() => this.#place(waiting.spec)) })
      } catch (error) {
        waiting.reject(error)
      }
    }
    try {
      await this.#folders.sync(named.map(({ placed }) => dirname(placed.final)))
      for (const { waiting, placed } of named) waiting.resolve(placed.published)
    } catch (error) {
      for (const { waiting, placed } of named) this.#takeBack(waiting, placed, error)
    }
  }

  /** The disk refused to keep the name: neither it nor the bytes are trusted any more. */
  #takeBack({ spec, reject }: Waiting, { final, outcome }: Placed, error: unknown): void {
    try {
      if (outcome === 'placed') removeIfThere(final)
      this.#parts.remove(spec.key)
    } catch {
      // The disk that refused before refuses again: `verify` will find what stays.
    }
    reject(error)
  }

  #received(key: string): Received {
    const received = this.#parts.received(key)
    if (received === undefined) throw new Fault('Internal', `${key} is to be published and was not received`)
    return received
  }

  #place(spec: PublishSpec): Placed {
    const part = this.#received(spec.key)
    try {
      checkUnchanged(part)
      if (spec.modified !== undefined) utimesSync(part.path, spec.modified / 1000, spec.modified / 1000)
      const placed = this.#findName(spec, part)
      this.#parts.published(spec.key)
      return placed
    } catch (error) {
      if (isOutOfDescriptors(error)) throw error
      throw diskFault(
        error,
        'publish',
        join(this.#folders.root, below(spec.folder, fileName(spec.stem, spec.extension))),
      )
    }
  }

  #findName(spec: PublishSpec, part: Received): Placed {
    for (const stem of stems(spec)) {
      const path = below(spec.folder, fileName(stem, spec.extension))
      const { folder, name } = placeOf(path)
      const placed = this.#folders.within(folder, (within) => {
        const final = join(within, name)
        return { final, outcome: this.#names.give(part, final, () => this.#isOlder(spec, path, final)) }
      })
      if (placed.outcome !== 'taken') return { ...placed, published: { path, adopted: placed.outcome === 'adopted' } }
    }
    throw new Fault(
      'NameRefused',
      `other files stand under ${spec.stem} and ${MOST_STEMS} more names in ${spec.folder}`,
    )
  }

  #isOlder({ replaces }: PublishSpec, path: string, final: string): boolean {
    return replaces !== undefined && replaces.path === path && this.#older.isStill(replaces, final)
  }
}

/** Another process that works on the same asset may have put its own part there. */
function checkUnchanged(part: Received): void {
  const stat = statIfThere(part.path)
  if (stat !== undefined && stat.ino === part.inode && stat.size === part.bytes) return
  throw new Fault('Damaged', `the part ${part.path} was changed by another program`)
}

function* stems(spec: PublishSpec): Generator<string> {
  yield spec.stem
  yield spec.otherStem
  for (let number = 2; number < MOST_STEMS; number += 1) yield `${spec.otherStem}-${number}`
}

function fileName(stem: string, extension: string): string {
  return extension === '' ? stem : `${stem}.${extension}`
}
