import { existsSync } from 'node:fs'
import { basename, normalize, relative, resolve, sep } from 'node:path'
import type { Settings } from '../config/settings.ts'
import { Fault } from '../core/errors.ts'
import type { AssetState, Json } from '../core/glossary.ts'
import { hostOf } from '../engine/plan.ts'
import { assetFields } from '../expr/fields.ts'
import type { Fields } from '../expr/fields.ts'
import type { FoundAsset, Search } from '../ports/catalog.ts'
import { catalogFile } from './place.ts'

export type { FoundAsset }

/** A process that collects at the same time is waited for. */
const BUSY_SECONDS = 30

/** Throws where nothing was ever collected: a mistyped folder is not to become a library. */
export function requireLibrary(settings: Settings): void {
  if (existsSync(catalogFile(settings))) return
  throw new Fault('Usage', `there is no library at ${settings.to}`, {
    advice: 'name the folder that was collected into with --to DIR',
  })
}

/** Opens the catalog of a library to ask it. */
export async function openSearch(
  settings: Settings,
): Promise<{ readonly search: Search; readonly close: () => Promise<void> }> {
  requireLibrary(settings)
  const { openCatalog } = await import('../adapters/catalog/sqlite/open.ts')
  const catalog = await openCatalog({ file: catalogFile(settings), durable: true, busySeconds: BUSY_SECONDS })
  return { search: catalog.search, close: () => catalog.close() }
}

/** Items of the catalog that hold all words, are in one of the states, and for which `--where` holds; newest first. */
export async function* findAssets(
  search: Search,
  settings: Settings,
  query: { readonly words: readonly string[]; readonly states?: readonly AssetState[] },
): AsyncGenerator<FoundAsset> {
  for await (const found of search.find(query)) {
    if (settings.where === undefined || settings.where.judgeFile(storedFields(found))) yield found
  }
}

/** The item with this key, or whose file stands at this path: from the current folder, or from the library. */
export async function findItem(search: Search, settings: Settings, name: string): Promise<FoundAsset | undefined> {
  const found = await search.show(name)
  if (found !== undefined) return found
  const inLibrary = relative(resolve(settings.to), resolve(name))
  const paths = [name, inLibrary].map((path) => normalize(path).split(sep).join('/').normalize('NFC'))
  for await (const each of search.find({ words: [basename(name)] })) {
    if (each.file !== undefined && paths.includes(each.file.path.normalize('NFC'))) return each
  }
  return undefined
}

/** What `--where` sees of an item of the catalog: what was listed, and over it what the file told. */
function storedFields({ key, source, url, candidates, meta, file }: FoundAsset): Fields {
  const asset = { key, meta, candidates: candidates.map((each) => ({ url: each, quality: 'original' as const })) }
  const { index: _index, route: _route, ...listed } = assetFields(asset, { source, route: '', url, position: 0 })
  return {
    ...listed,
    host: hostOf(url),
    ...(file &&
      defined({ bytes: file.bytes, mime: file.mime, kind: file.kind, width: file.width, height: file.height })),
  }
}

function defined(fields: Readonly<Record<string, Json | undefined>>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
