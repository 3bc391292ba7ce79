import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { copyCatalog } from '../adapters/catalog/sqlite/copy.ts'
import type { Settings } from '../config/settings.ts'
import { makeFolder } from './make-folder.ts'

/** Where a library and its catalog are. */
export interface Place {
  readonly root: string
  readonly catalog: string
}

export function catalogFile(settings: Settings): string {
  return settings.catalog === undefined
    ? join(resolve(settings.to), '.bowerbird', 'catalog.db')
    : resolve(settings.catalog)
}

/** A dry run works in a folder of its own, on a copy of the catalog, and leaves nothing behind. */
export async function placeOf(settings: Settings, closers: (() => Promise<void>)[]): Promise<Place> {
  if (!settings.dryRun) {
    const place = { root: resolve(settings.to), catalog: catalogFile(settings) }
    for (const folder of [place.root, dirname(place.catalog)]) makeFolder(folder)
    return place
  }
  const root = await mkdtemp(join(tmpdir(), 'bowerbird-dry-'))
  closers.push(() => rm(root, { recursive: true, force: true }))
  const catalog = join(root, 'catalog.db')
  await copyCatalog(catalogFile(settings), catalog)
  return { root, catalog }
}
