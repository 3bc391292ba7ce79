import { foldName } from '../core/names.ts'
import type { ClaimedAsset, Settlement } from '../ports/catalog.ts'
import type { OlderFile } from '../ports/store.ts'
import { sidecarPaths } from './sidecar.ts'

/**
 * The file that an earlier run stored of this asset, and that a newer one takes the place of (`--overwrite`). It goes only
 * while it is what was stored: a picture that its owner has worked on is never lost.
 */
export function olderFile({ key, earlier }: ClaimedAsset): OlderFile | undefined {
  return earlier === undefined ? undefined : { key, ...earlier, sidecars: sidecarPaths(earlier.path, key) }
}

/** The older file that has to go once the row names a newer one: a site may send a PNG where there was a JPEG. */
export function replacedFile(asset: ClaimedAsset, settlement: Settlement): OlderFile | undefined {
  const older = olderFile(asset)
  if (older === undefined || settlement.to !== 'stored') return undefined
  return foldName(older.path) === foldName(settlement.file.path) ? undefined : older
}
