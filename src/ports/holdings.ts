import type { StoredFile } from '../core/files.ts'
import type { AssetState } from '../core/glossary.ts'
import type { Meta } from '../core/source.ts'

/**
 * What a path is to the catalog:
 * - `file`: the file of an asset;
 * - `sidecar`: by its name, the sidecar of one;
 * - `unpacked`: it lies in the folder that a stored archive is unpacked into;
 * - `named`: an asset would have its file there, but its row does not say so.
 */
export interface Holder {
  readonly is: 'file' | 'sidecar' | 'unpacked' | 'named'
  readonly key: string
  readonly state: AssetState
}

/** An item whose rows do not fit together. */
export interface OddItem {
  readonly key: string
  readonly state: AssetState
  readonly why: string
}

/** A sound file that stands in the library, and whose it is. */
export interface FoundHolding {
  readonly key: string
  readonly source: string
  readonly file: StoredFile
  /** Known only where a sidecar tells it. */
  readonly meta?: Meta
}

/** What the catalog says of the files of its library. */
export interface Holdings {
  /** One for each path (relative, `/`-separated, NFC), in their order; nothing for what belongs to no asset. */
  holders(paths: readonly string[]): Promise<readonly (Holder | undefined)[]>
  /** Stored items without a file, several items of one file, items that are being fetched by a run that has ended. */
  odd(): AsyncIterable<OddItem>
  /** For each key a target that lists the item; nothing for one that belongs to none. */
  targets(keys: readonly string[]): Promise<readonly (number | undefined)[]>
  /**
   * Files that stand there become those of their assets, which are `stored` from then on; an asset that no row knows
   * gets one, which belongs to no target. What is stored already stays as it is. Comes back with the keys it took.
   */
  adopt(files: readonly FoundHolding[]): Promise<readonly string[]>
}
