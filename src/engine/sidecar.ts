import type { StoredFile } from '../core/files.ts'
import { toFault } from '../core/errors.ts'
import { keyHash8 } from '../core/keys.ts'
import { collisionStem } from '../core/names.ts'
import type { ClaimedAsset } from '../ports/catalog.ts'
import type { EngineParts } from './parts.ts'
import { plainMeta } from './plan.ts'

/** The names of a file's sidecar: `a.jpg.json`, and `a.jpg~hhhhhhhh.json` for where that is somebody else's. */
export function sidecarPaths(path: string, key: string): readonly string[] {
  const cut = path.lastIndexOf('/') + 1
  return [`${path}.json`, `${path.slice(0, cut)}${collisionStem(path.slice(cut), keyHash8(key))}.json`]
}

/** `--sidecar`: what is known of a file, beside it. A file of somebody else stays, and a note says so. */
export async function writeSidecar(
  asset: ClaimedAsset,
  file: StoredFile,
  { store, emit }: Pick<EngineParts, 'store' | 'emit'>,
): Promise<void> {
  const { key, source, meta } = asset
  const paths = sidecarPaths(file.path, key)
  const [first = ''] = paths
  const content = `${JSON.stringify({ key, source, ...file, meta: plainMeta(meta) }, undefined, 2)}\n`
  const warn = (message: string): void => emit({ event: 'note', level: 'warning', message })
  try {
    const path = await store.write({ key, paths, content })
    if (path === first) return
    const where = path === undefined ? 'is not written: all its names are taken' : `is in ${path}`
    warn(`${first} is not a sidecar of this program and stays as it is; the sidecar of ${file.path} ${where}`)
  } catch (thrown) {
    // The file itself is stored and sound.
    const fault = toFault(thrown)
    if (fault.disposition === 'abort') throw fault
    warn(`the sidecar of ${file.path} is not written: ${fault.story}`)
  }
}
