import { hash } from 'node:crypto'
import { accessSync, constants, mkdirSync, realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Fault } from '../../../core/errors.ts'
import type {
  Incoming,
  OlderFile,
  Part,
  Published,
  PublishSpec,
  Received,
  Sidecar,
  Staying,
  Store,
} from '../../../ports/store.ts'
import { SlabIncoming, unpack } from './incoming.ts'
import { Lane } from './lane.ts'
import { statIfThere } from './leftovers.ts'
import { partName, removePart } from './notes.ts'
import { diskFault } from './trouble.ts'

export interface DiskStoreOptions {
  /** The folder of the library; made when it does not stand. */
  readonly root: string
  /** Force every file to the disk before `publish` resolves. */
  readonly fsync: boolean
  /** A module whose export `inspect` is an `Inspect`; loaded in the writer threads. */
  readonly inspectModule: URL
  /** Writer threads; one (the default) hashes and writes 9,000 small files, or 900 MB, per second. */
  readonly threads?: number
  /** Publish through hard links (the default); found out by itself where there are none. */
  readonly hardLinks?: boolean
}

/** Opens a local folder as the place that files are collected into. */
export async function openDiskStore(options: DiskStoreOptions): Promise<Store> {
  const setup = {
    root: openRoot(resolve(options.root)),
    fsync: options.fsync,
    hardLinks: options.hardLinks ?? true,
    inspectModule: options.inspectModule.href,
  }
  const starts = await Promise.allSettled(Array.from({ length: options.threads ?? 1 }, () => Lane.start(setup)))
  const lanes = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
  const failed = starts.find((start) => start.status === 'rejected')
  if (failed === undefined) return new DiskStore(partsOf(setup.root), lanes)
  await Promise.all(lanes.map((lane) => lane.close()))
  throw failed.reason
}

/** The folder without symbolic links in its path, with a folder for parts in it that can be written. */
function openRoot(root: string): string {
  const parts = partsOf(root)
  try {
    mkdirSync(parts, { recursive: true })
    if (!statSync(root).isDirectory()) throw new Fault('DiskRefused', `the library ${root} is not a folder`)
    for (const folder of [root, parts]) accessSync(folder, constants.W_OK | constants.X_OK)
    return realpathSync.native(root)
  } catch (error) {
    throw diskFault(error, 'use the library', root)
  }
}

function partsOf(root: string): string {
  return join(root, '.bowerbird', 'parts')
}

class DiskStore implements Store {
  readonly #parts: string
  readonly #lanes: readonly Lane[]
  /** Names of parts that stood there at the beginning or were kept since: others need not be asked for. */
  readonly #leftovers: Set<string>
  #closing: Promise<void> | undefined

  constructor(parts: string, lanes: readonly Lane[]) {
    this.#parts = parts
    this.#lanes = lanes
    this.#leftovers = new Set(lanes.flatMap((lane) => lane.leftovers))
  }

  async part(key: string): Promise<Part | { readonly complete: string } | undefined> {
    if (this.#leftovers.size === 0 || !this.#leftovers.has(partName(key))) return undefined
    return this.#lane(key).call('part', key)
  }

  receive(key: string, resumeAt = 0): Incoming {
    return new SlabIncoming(this.#lane(key), key, resumeAt, () => this.#leftovers.add(partName(key)))
  }

  publish(spec: PublishSpec): Promise<Published> {
    return this.#lane(spec.key).call('publish', spec)
  }

  async settle(keys: readonly string[] | 'published', older: readonly OlderFile[] = []): Promise<readonly Staying[]> {
    if (keys === 'published') return this.#settlePublished()
    const shares = Map.groupBy(keys, (key) => this.#lane(key))
    const staying = Array.from(shares, ([lane, share]) =>
      lane.call('settle', { keys: share, older: older.filter(({ key }) => this.#lane(key) === lane) }),
    )
    const all = await Promise.all(staying)
    if (this.#leftovers.size > 0) for (const key of keys) this.#leftovers.delete(partName(key))
    return all.flat()
  }

  #settlePublished(): readonly Staying[] {
    for (const name of this.#leftovers) {
      const path = join(this.#parts, name)
      if ((statIfThere(path)?.nlink ?? 0) < 2) continue
      removePart(path)
      this.#leftovers.delete(name)
    }
    return []
  }

  write(sidecar: Sidecar): Promise<string | undefined> {
    return this.#lane(sidecar.key).call('write', sidecar)
  }

  async reread(path: string): Promise<Received | undefined> {
    const received = await this.#lane(path).call('reread', path)
    return received === undefined ? undefined : unpack(received)
  }

  async close(): Promise<void> {
    this.#closing ??= Promise.all(this.#lanes.map((lane) => lane.close())).then(() => undefined)
    return this.#closing
  }

  /** All that concerns one key is done by one thread, in order. */
  #lane(key: string): Lane {
    const only = this.#lanes[0]
    if (this.#lanes.length === 1 && only !== undefined) return only
    const lane = this.#lanes[hash('sha256', key, 'buffer').readUInt32LE() % this.#lanes.length]
    if (lane === undefined) throw new Fault('Internal', 'a store without writer threads')
    return lane
  }
}
