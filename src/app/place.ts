import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { copyCatalog } from '../adapters/catalog/sqlite/copy.ts'
import type { LibraryPlace } from '../adapters/catalog/sqlite/library.ts'
import type { Settings } from '../config/settings.ts'
import { makeFolder } from './make-folder.ts'

/** Where a library and its catalog are. */
export interface Place {
  readonly root: string
  readonly catalog: string
  /** What the user named, where a dry run stands in for it. */
  readonly library: LibraryPlace
}

export function catalogFile(settings: Settings): string {
  return settings.catalog === undefined
    ? join(resolve(settings.to), '.bowerbird', 'catalog.db')
    : resolve(settings.catalog)
}

/** A dry run works in a folder of its own, on a copy of the catalog, and leaves nothing behind. */
export async function placeOf(settings: Settings, closers: (() => Promise<void>)[]): Promise<Place> {
  const named = { root: resolve(settings.to), catalog: catalogFile(settings) }
  const library = { ...named, untouched: settings.dryRun }
  if (!settings.dryRun) {
    for (const folder of [named.root, dirname(named.catalog)]) makeFolder(folder)
    return { ...named, library }
  }
  const root = await mkdtemp(join(tmpdir(), 'bowerbird-dry-'))
  closers.push(() => rm(root, { recursive: true, force: true }))
  const catalog = join(root, 'catalog.db')
  await copyCatalog(named.catalog, catalog)
  return { root, catalog, library }
}
