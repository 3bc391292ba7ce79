import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { openDiskStore } from '../adapters/store/disk/store.ts'
import type { Rebuilt } from '../adapters/catalog/sqlite/rebuild.ts'
import type { Settings } from '../config/settings.ts'
import { Fault } from '../core/errors.ts'
import type { FileCounts, VerifyEvent } from '../core/verify-events.ts'
import { INSPECT_MODULE } from '../engine/verify/inspect-module.ts'
import { adopt } from './adopt.ts'
import type { AdoptionParts } from './adopt.ts'
import { catalogFile } from './place.ts'
import { verifyLibrary } from './verify.ts'
import type { Verified, VerifyOptions } from './verify.ts'

/** Files that are taken up in one transaction. */
const BATCH = 100
const BUSY_SECONDS = 30

/**
 * A sound catalog in place of a damaged or lost one; then what it says is compared with the files that stand there, and
 * files that it lacks are taken up. Nothing but the catalog is changed. `undefined`: the catalog is sound.
 */
export async function rebuildLibrary(
  settings: Settings,
  options: Omit<VerifyOptions, 'words'>,
): Promise<Verified | undefined> {
  const root = resolve(settings.to)
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Fault('Usage', `there is no library at ${settings.to}`, { advice: 'name its folder with --to DIR' })
  }
  const file = catalogFile(settings)
  const { rebuildCatalog, setAsidePrivate } = await import('../adapters/catalog/sqlite/rebuild.ts')
  const rebuilt = await rebuildCatalog(file)
  const secrets = setAsidePrivate(file)
  if (secrets !== undefined) await options.tell({ event: 'rebuilt', what: 'private store', aside: secrets })
  if (rebuilt === undefined && secrets === undefined) return undefined
  if (rebuilt !== undefined) await options.tell(told(rebuilt))
  return reconcile(settings, { root, file }, options)
}

function told({ aside, backup, salvaged }: Rebuilt): VerifyEvent {
  return {
    event: 'rebuilt',
    what: 'catalog',
    salvaged,
    ...(aside !== undefined && { aside }),
    ...(backup !== undefined && { backup: new Date(backup).toISOString() }),
  }
}

async function reconcile(
  settings: Settings,
  { root, file }: { readonly root: string; readonly file: string },
  { tell, signal }: Omit<VerifyOptions, 'words'>,
): Promise<Verified> {
  const { openCatalog } = await import('../adapters/catalog/sqlite/open.ts')
  const library = { root, catalog: file, untouched: false }
  const catalog = await openCatalog({ file, library, durable: settings.fsync, busySeconds: BUSY_SECONDS })
  const store = await openDiskStore({ root, fsync: settings.fsync, inspectModule: INSPECT_MODULE })
  try {
    const foreign = new Foreign({ root, store, search: catalog.search, holdings: catalog.holdings }, tell)
    const { where: _where, ...whole } = settings
    const verified = await verifyLibrary(whole, { words: [], signal, tell: (event) => foreign.take(event) })
    return { ...verified, counts: foreign.corrected(verified.counts) }
  } finally {
    await store.close()
    await catalog.close()
  }
}

type FileEvent = Extract<VerifyEvent, { event: 'file' }>

/** Files without a row, on their way into the catalog; those that are nobody's are told. */
class Foreign {
  readonly #parts: AdoptionParts
  readonly #tell: VerifyOptions['tell']
  #waiting: FileEvent[] = []
  /** Maybe sidecars of files that are taken up later. */
  readonly #json: FileEvent[] = []
  #taken = 0
  #described = 0

  constructor(parts: AdoptionParts, tell: VerifyOptions['tell']) {
    this.#parts = parts
    this.#tell = tell
  }

  async take(event: VerifyEvent): Promise<void> {
    if (event.event === 'file' && event.state === 'foreign') {
      if (event.path?.endsWith('.json') === true) this.#json.push(event)
      else this.#waiting.push(event)
      if (this.#waiting.length >= BATCH) await this.#adopt()
      return
    }
    if (event.event !== 'verified') return this.#tell(event)
    await this.#adopt()
    await this.#tellJson()
    await this.#tell({ ...event, ...this.corrected(event) })
  }

  /** What was foreign is sound now, or the sidecar of something sound. */
  corrected(counts: FileCounts): FileCounts {
    const { sound, missing, changed, unreadable, odd } = counts
    const foreign = counts.foreign - this.#taken - this.#described
    return { sound: sound + this.#taken, missing, changed, unreadable, foreign, odd }
  }

  async #tellJson(): Promise<void> {
    const paths = this.#json.map(({ path = '' }) => path.normalize('NFC'))
    for (const [index, holder] of (await this.#parts.holdings.holders(paths)).entries()) {
      const event = this.#json[index]
      if (holder?.is === 'sidecar') this.#described += 1
      else if (event !== undefined) await this.#tell(event)
    }
  }

  async #adopt(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    const taken = await adopt(
      waiting.map(({ path = '' }) => path),
      this.#parts,
    )
    const keys = new Map(taken.map(({ path, key }) => [path, key]))
    for (const event of waiting) {
      const key = keys.get(event.path?.normalize('NFC') ?? '')
      if (key === undefined) await this.#tell(event)
      else await this.#tell({ event: 'adopted', path: event.path ?? '', key })
    }
    this.#taken += taken.length
  }
}
