import { openInventory } from '../adapters/store/disk/inventory.ts'
import type { Settings } from '../config/settings.ts'
import { toFault } from '../core/errors.ts'
import type { Fault } from '../core/errors.ts'
import type { FileCounts, FileState, VerifyEvent } from '../core/verify-events.ts'
import type { FoundAsset, Search } from '../ports/catalog.ts'
import type { Holdings } from '../ports/holdings.ts'
import type { Inventory, Look } from '../ports/inventory.ts'
import { resolve } from 'node:path'
import { catalogFile } from './place.ts'
import { findAssets, requireLibrary } from './search.ts'

/** Files that a thread looks at in one go; more of them at once, or a list that is larger, waits. */
const LIST_FILES = 64
const LIST_BYTES = 64 * 2 ** 20
const TOLD_MS = 500
/** A process that collects at the same time is waited for. */
const BUSY_SECONDS = 30

/** Files of the program's own outside its folder. */
const OWN_FILES = new Set(['keyword_urls.json'])

export interface VerifyOptions {
  /** Only items that hold all of these. */
  readonly words: readonly string[]
  readonly tell: (event: VerifyEvent) => Promise<void>
  readonly signal: AbortSignal
}

export interface Verified {
  readonly counts: FileCounts
  /** Keys of the items whose files are missing or changed, or of which the catalog has no file. */
  readonly broken: readonly string[]
}

type Filed = FoundAsset & { readonly file: NonNullable<FoundAsset['file']> }

/**
 * Compares every file of a library with the catalog, in threads of their own; changes nothing. In memory are a few
 * lists of files, and the key of each that is not sound.
 */
export async function verifyLibrary(settings: Settings, options: VerifyOptions): Promise<Verified> {
  requireLibrary(settings)
  const { openCatalog } = await import('../adapters/catalog/sqlite/open.ts')
  const catalog = await openCatalog({ file: catalogFile(settings), durable: true, busySeconds: BUSY_SECONDS })
  const inventory = openInventory(resolve(settings.to))
  const stop = (): void => void inventory.close()
  options.signal.addEventListener('abort', stop)
  try {
    return await new Verification(settings, options, inventory, catalog).run()
  } finally {
    options.signal.removeEventListener('abort', stop)
    await inventory.close()
    await catalog.close()
  }
}

class Verification {
  readonly #settings: Settings
  readonly #options: VerifyOptions
  readonly #inventory: Inventory
  readonly #search: Search
  readonly #holdings: Holdings
  readonly #counts: Record<FileState | 'sound', number> = {
    sound: 0,
    missing: 0,
    changed: 0,
    unreadable: 0,
    foreign: 0,
    odd: 0,
  }
  readonly #broken = new Set<string>()
  readonly #begun = performance.now()
  #looked = 0
  /** A reader that is behind has not taken the last of what was told. */
  #telling = false
  #total: number | undefined

  constructor(
    settings: Settings,
    options: VerifyOptions,
    inventory: Inventory,
    catalog: { readonly search: Search; readonly holdings: Holdings },
  ) {
    this.#settings = settings
    this.#options = options
    this.#inventory = inventory
    this.#search = catalog.search
    this.#holdings = catalog.holdings
  }

  async run(): Promise<Verified> {
    const telling = setInterval(() => this.#tellProgress(), TOLD_MS)
    try {
      await this.#check()
    } finally {
      clearInterval(telling)
    }
    const seconds = Math.round(performance.now() - this.#begun) / 1000
    const counts = { ...this.#counts }
    await this.#options.tell({ event: 'verified', ...counts, bytes: this.#inventory.bytes, seconds })
    return { counts, broken: [...this.#broken] }
  }

  async #check(): Promise<void> {
    const isPart = this.#options.words.length > 0 || this.#settings.where !== undefined
    if (!isPart) this.#total = (await this.#search.counts()).stored
    await this.#checkStored()
    // Of a part nobody can say what is foreign to it.
    if (!isPart) {
      await this.#checkForeign()
      await this.#checkRows()
    }
  }

  async #checkStored(): Promise<void> {
    const { words, signal } = this.#options
    const underWay = new Set<Promise<void>>()
    let list: Filed[] = []
    let trouble: Fault | undefined
    const send = async (): Promise<void> => {
      const checking: Promise<void> = this.#checkList(list)
        .catch((thrown: unknown) => {
          trouble ??= toFault(thrown)
        })
        .finally(() => underWay.delete(checking))
      underWay.add(checking)
      list = []
      // One list more than there are threads, so that none of them waits.
      while (underWay.size > this.#inventory.lanes) await Promise.race(underWay)
      if (trouble !== undefined) throw trouble
    }
    for await (const found of findAssets(this.#search, this.#settings, { words, states: ['stored'] })) {
      signal.throwIfAborted()
      if (found.file === undefined) continue
      list.push({ ...found, file: found.file })
      if (list.length >= LIST_FILES || bytesOf(list) >= LIST_BYTES) await send()
    }
    await send()
    await Promise.all(underWay)
    if (trouble !== undefined) throw trouble
  }

  async #checkList(list: readonly Filed[]): Promise<void> {
    const looks = await this.#inventory.look(list.map(({ file }) => file))
    for (const [index, found] of list.entries()) {
      const look = looks[index]
      if (look === undefined) continue
      await this.#conclude(found, look)
    }
  }

  async #conclude(found: Filed, first: Look): Promise<void> {
    const { file, look } = first.is === 'sound' ? { file: found.file, look: first } : await this.#again(found, first)
    this.#looked += 1
    if (look === undefined) return
    if (look.is === 'sound') {
      this.#counts.sound += 1
      return
    }
    if (look.is !== 'unreadable') this.#broken.add(found.key)
    await this.#tell({ state: look.is, path: file.path, key: found.key, reason: look.why })
  }

  /** Another process may have stored a newer file, or listed the item again, while this one was looking. */
  async #again(found: Filed, first: Look): Promise<{ readonly file: Filed['file']; readonly look: Look | undefined }> {
    const now = (await this.#search.show(found.key))?.file
    if (now === undefined) return { file: found.file, look: undefined }
    if (now.path === found.file.path && now.sha256 === found.file.sha256) return { file: now, look: first }
    const [look] = await this.#inventory.look([now])
    return { file: now, look }
  }

  async #checkForeign(): Promise<void> {
    for await (const paths of this.#inventory.walk()) {
      this.#options.signal.throwIfAborted()
      const holders = await this.#holdings.holders(paths.map((path) => path.normalize('NFC')))
      for (const [index, path] of paths.entries()) {
        const holder = holders[index]
        if (OWN_FILES.has(path) || (holder !== undefined && holder.is !== 'named')) continue
        const reason =
          holder === undefined
            ? 'it belongs to no item'
            : `it has the name of an item that is ${holder.state}, and is not its file`
        await this.#tell({ state: 'foreign', path, ...(holder !== undefined && { key: holder.key }), reason })
      }
    }
  }

  async #checkRows(): Promise<void> {
    for await (const { key, state, why } of this.#holdings.odd()) {
      if (state === 'stored') this.#broken.add(key)
      await this.#tell({ state: 'odd', key, reason: why })
    }
  }

  async #tell(file: Omit<Extract<VerifyEvent, { event: 'file' }>, 'event'>): Promise<void> {
    this.#counts[file.state] += 1
    await this.#options.tell({ event: 'file', ...file })
  }

  #tellProgress(): void {
    if (this.#telling) return
    this.#telling = true
    const total = this.#total === undefined ? {} : { total: this.#total }
    const event = { event: 'verifying', files: this.#looked, ...total, bytes: this.#inventory.bytes } as const
    void this.#options.tell(event).finally(() => (this.#telling = false))
  }
}

function bytesOf(list: readonly Filed[]): number {
  return list.reduce((sum, { file }) => sum + file.bytes, 0)
}
