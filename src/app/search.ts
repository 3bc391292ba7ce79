import { existsSync } from 'node:fs'
import { openCatalog } from '../adapters/catalog/sqlite/open.ts'
import type { Settings } from '../config/settings.ts'
import { Fault } from '../core/errors.ts'
import type { Search } from '../ports/catalog.ts'
import { catalogFile } from './place.ts'

/** Opens the catalog of a library to ask it, without making one where there is none. */
export async function openSearch(
  settings: Settings,
): Promise<{ readonly search: Search; readonly close: () => Promise<void> }> {
  const file = catalogFile(settings)
  if (!existsSync(file)) {
    throw new Fault('Usage', `there is no library at ${settings.to}`, {
      advice: 'name the folder that was collected into with --to DIR',
    })
  }
  const catalog = await openCatalog({ file, durable: true, busySeconds: 30 })
  return { search: catalog.search, close: () => catalog.close() }
}
