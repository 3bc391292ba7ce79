import type { Kind } from './glossary.ts'

/** What a screen is asked about: a fetched, verified file that has no final name yet. */
export interface ScreenedFile {
  readonly key: string
  readonly bytes: number
  readonly sha256: string
  readonly mime: string
  readonly extension: string
  readonly kind: Kind
  readonly width?: number
  readonly height?: number
  /** Another stored file of the library with the same bytes, if there is one. */
  twin(): Promise<string | undefined>
}

export type Verdict = { readonly keep: true } | { readonly keep: false; readonly reason: string }

/** A check on fetched bytes that may reject a file. */
export interface Screen {
  readonly name: string
  judge(file: ScreenedFile): Promise<Verdict>
}
