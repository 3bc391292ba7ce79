/** A file as the catalog has it. */
export interface ExpectedFile {
  /** Relative to the library, with `/`. */
  readonly path: string
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
}

/** What stands where a file is expected; `why` is empty where all is well. */
export interface Look {
  readonly is: 'sound' | 'missing' | 'changed' | 'unreadable'
  readonly why: string
}

/** The files of a library, to be looked at: nothing is ever changed, also where nothing may be. */
export interface Inventory {
  /** Bytes that have been read so far. */
  readonly bytes: number
  /** How many lists are looked at side by side. */
  readonly lanes: number
  /** Reads every byte of these files; one look for each, in their order. */
  look(files: readonly ExpectedFile[]): Promise<readonly Look[]>
  /**
   * Paths of everything in the library that is no folder, some hundreds at a time, in no order. Links are not followed, and
   * what is the program's own is left out. Throws where a folder cannot be read.
   */
  walk(): AsyncIterable<readonly string[]>
  close(): Promise<void>
}
