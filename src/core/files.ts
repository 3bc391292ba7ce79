import type { FaultCode } from './errors.ts'
import type { Kind } from './glossary.ts'

/** Bytes that can be read anywhere, such as a file that has just been received. Synchronous, from the page cache. */
export interface RandomAccess {
  readonly size: number
  /** Up to `length` bytes from `offset`; fewer only at the end. Valid until the next call. */
  read(offset: number, length: number): Uint8Array
}

/** What the bytes of a file are, and whether they are whole. */
export interface Inspection {
  /** `image/jpeg` …; `application/octet-stream` when nothing is recognised. */
  readonly mime: string
  /** Without the dot: `jpg`. Empty when nothing is recognised. */
  readonly extension: string
  readonly kind: Kind
  readonly width?: number
  readonly height?: number
  /** Why the file is not sound; absent when it is. */
  readonly damage?: { readonly code: FaultCode; readonly why: string }
}

/**
 * Looks at the structure of a file from its first bytes to its end; runs wherever the bytes are (a writer thread).
 * A module with this as its `inspect` export is given to a store by URL.
 */
export type Inspect = (bytes: RandomAccess) => Promise<Inspection> | Inspection

/** A file under its final name. */
export interface StoredFile {
  /** Relative to the library, with `/`. */
  readonly path: string
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
  readonly mime: string
  readonly kind: Kind
  readonly width?: number
  readonly height?: number
  /** Where it came from, without secrets. */
  readonly url: string
  readonly etag?: string
  readonly lastModified?: string
}
