import type { Flags } from '../config/settings.ts'

/** One call of a command, as it was written. */
export interface Call {
  readonly command: string
  readonly args: readonly string[]
  /** Options of the table (config/options.ts). */
  readonly flags: Flags
  /** Options that only this command has, such as `--rejected` of `retry`. */
  readonly own: Readonly<Record<string, unknown>>
}

/** Resolves to the exit status. */
export type Command = (call: Call) => Promise<number>
