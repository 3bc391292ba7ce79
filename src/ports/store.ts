import type { Inspection } from '../core/files.ts'

/** What an earlier try left behind, if it may be continued. */
export interface Part {
  readonly bytes: number
  /** Strong: an ETag without `W/`, or a Last-Modified at least 60 s older than the answer's Date. */
  readonly validator: string
  /** Length of the whole file, if the server said so. */
  readonly total?: number
  /** The candidate it came from, without secrets. */
  readonly url: string
}

/** What makes a part resumable; recorded beside it. */
export type PartNote = Omit<Part, 'bytes'>

/** A file that is being received. Bytes are hashed on the way. */
export interface Incoming {
  /** Copies the chunk. `false`: hold back until `onDrain` has been called. Throws the `Fault` that ended the part. */
  write(chunk: Uint8Array): boolean
  onDrain(listener: () => void): void
  /** Records what makes the part resumable; before the first `write`. */
  note(note: PartNote): void
  /** All bytes are in: hash, inspect, and (unless --no-fsync) begin to force them to the disk. */
  finish(): Promise<Received>
  /** Ends the try. `keep`: the part and its note stay for a later one, if it has a note. */
  abort(keep: boolean): Promise<void>
}

export interface Received {
  /** Absolute path of the bytes on this machine, for a full decode or unpacking; good until published or settled. */
  readonly file: string
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
  readonly inspection: Inspection
  /** The first bytes, up to 16. */
  readonly magic: Uint8Array
}

/** A file of an asset, as an earlier run recorded it. */
export interface OlderFile {
  readonly key: string
  /** Relative to the library. */
  readonly path: string
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
  /** Where its sidecar may stand. */
  readonly sidecars: readonly string[]
}

/** An older file that does not go: somebody has changed it, or it cannot be removed. */
export interface Staying {
  readonly path: string
  readonly why: string
}

export interface PublishSpec {
  readonly key: string
  readonly sha256: string
  /** Relative, safe, `/`-separated, may be empty. */
  readonly folder: string
  /** Without extension. */
  readonly stem: string
  /** Used where another file stands under `stem`. */
  readonly otherStem: string
  /** Without the dot. */
  readonly extension: string
  /** The asset's own older file: replaced in one step where the name is the same and its bytes are still the stored ones. */
  readonly replaces?: OlderFile
  /** Unix milliseconds for the modification time, if the site told one. */
  readonly modified?: number
}

export interface Published {
  /** Relative to the library. */
  readonly path: string
  /** The same bytes stood there already. */
  readonly adopted: boolean
}

/** A small JSON file of the program's own beside a stored one. */
export interface Sidecar {
  /** Of the asset. The content has it as `key`, which tells an older version of itself from a file of somebody else. */
  readonly key: string
  /** Relative to the library, best first: the next is for where a file of somebody else stands. */
  readonly paths: readonly string[]
  readonly content: string
}

/** The place that files are collected into. Nothing under its final name is ever incomplete. */
export interface Store {
  /** What an earlier try left of this asset. `complete`: all bytes are here already (published, but not recorded). */
  part(key: string): Promise<Part | { readonly complete: string } | undefined>
  /** Begins or, with `resumeAt`, continues a part. */
  receive(key: string, resumeAt?: number): Incoming
  /** Gives a received part its final name without replacing anything. Durable when it resolves, unless --no-fsync. */
  publish(spec: PublishSpec): Promise<Published>
  /**
   * After the rows are committed: what is left of these parts goes, and so do older files that the rows name no longer,
   * if their bytes are still those that were stored. Comes back with those that stay. `published`: the parts of all that
   * were published before this store was opened, by a process that died before it could say so.
   */
  settle(keys: readonly string[] | 'published', older?: readonly OlderFile[]): Promise<readonly Staying[]>
  /**
   * Writes a sidecar, whole or not at all, over an older version of itself and over nothing else. Comes back with the
   * path it got; with none where files of somebody else stand under all of them.
   */
  write(sidecar: Sidecar): Promise<string | undefined>
  /** Reads stored bytes again (hash and inspection), or `undefined` where nothing stands. */
  reread(path: string): Promise<Received | undefined>
  close(): Promise<void>
}
