import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { StoredFile } from '../core/files.ts'
import { redactUrl } from '../core/redact.ts'
import { sidecarPaths } from '../engine/sidecar.ts'
import type { AssetState } from '../core/glossary.ts'
import type { Search } from '../ports/catalog.ts'
import type { FoundHolding, Holder, Holdings } from '../ports/holdings.ts'
import type { Store } from '../ports/store.ts'

/** A JSON file that is larger than this is no sidecar. */
const MOST_BYTES = 16 * 2 ** 20

/** What `--sidecar` writes; its `path` is where the file was then. */
const SIDECAR = z.object({
  key: z.string().min(1),
  source: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  url: z.string(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  meta: z.record(z.string(), z.json()).default({}),
})

type SidecarContent = z.infer<typeof SIDECAR>

/** An item whose file may be the one that stands under its name: one that was never stored, as far as is known. */
const OPEN: ReadonlySet<AssetState> = new Set(['listed', 'fetching', 'failed', 'missing'])

export interface AdoptionParts {
  readonly root: string
  readonly store: Pick<Store, 'reread'>
  readonly search: Search
  readonly holdings: Holdings
}

/**
 * Takes up files that a catalog without memory has no row for: by the sidecar that stands beside them, if it tells of
 * these very bytes; else by the name that an item has in its row, if the file is sound (under a final name stands
 * nothing else, unless somebody put it there). Comes back with what was taken, path by key.
 */
export async function adopt(
  paths: readonly string[],
  parts: AdoptionParts,
): Promise<readonly { readonly key: string; readonly path: string }[]> {
  const holders = await parts.holdings.holders(paths.map((path) => path.normalize('NFC')))
  const found: FoundHolding[] = []
  for (const [index, path] of paths.entries()) {
    const holding = await holdingOf(path, holders[index], parts)
    if (holding !== undefined) found.push(holding)
  }
  const taken = new Set(await parts.holdings.adopt(found))
  return found.filter(({ key }) => taken.has(key)).map(({ key, file }) => ({ key, path: file.path }))
}

async function holdingOf(
  path: string,
  holder: Holder | undefined,
  { root, store, search }: AdoptionParts,
): Promise<FoundHolding | undefined> {
  const named = holder?.is === 'named' && OPEN.has(holder.state) ? await search.show(holder.key) : undefined
  const sidecar = await sidecarOf(root, path, named?.key)
  if (sidecar === undefined && named === undefined) return undefined
  const received = await store.reread(path)
  if (received === undefined) return undefined
  const { inspection, bytes, sha256 } = received
  const { mime, kind, width, height, damage } = inspection
  const size = { ...(width !== undefined && { width }), ...(height !== undefined && { height }) }
  const file = { path: path.normalize('NFC'), bytes, sha256, mime, kind, ...size }
  if (sidecar?.sha256 === sha256) return fromSidecar(sidecar, file)
  if (named === undefined || damage !== undefined || bytes === 0) return undefined
  return { key: named.key, source: named.source, file: { ...file, url: named.candidates[0] ?? named.url } }
}

function fromSidecar(sidecar: SidecarContent, file: Omit<StoredFile, 'url'>): FoundHolding {
  const { key, source, url, etag, lastModified, meta } = sidecar
  const validators = { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) }
  return { key, source, file: { ...file, url: redactUrl(url), ...validators }, meta }
}

/** The sidecar of a file; with `key` also under the name that it has where another file took the first one. */
async function sidecarOf(root: string, path: string, key = ''): Promise<SidecarContent | undefined> {
  for (const name of sidecarPaths(path, key)) {
    const content = await readSidecar(join(root, name))
    if (content !== undefined) return content
  }
  return undefined
}

async function readSidecar(path: string): Promise<SidecarContent | undefined> {
  try {
    if ((await stat(path)).size > MOST_BYTES) return undefined
    return SIDECAR.safeParse(JSON.parse(await readFile(path, 'utf8'))).data
  } catch {
    // There is none, or it is somebody else's.
    return undefined
  }
}
