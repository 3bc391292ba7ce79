import type { Shelf } from '../corpus/shelf.ts'
import type { Command } from '../measure/measure.ts'

/** What a program has to fetch: the numbers 1 to `items` of a shelf. */
export interface Job {
  readonly origin: string
  readonly shelf: Shelf
  readonly items: number
  /** A file with one URL a line, for programs that know no ranges. */
  readonly list: string
  /** Where the files go. */
  readonly output: string
  /** For what the program needs besides, such as a generated script. */
  readonly scratch: string
  /** The files are there already: the second run. */
  readonly known: boolean
}

/** A program that fetches files. One file of this folder describes one, or variants of one. */
export interface Peer {
  readonly name: string
  /** Commands that must all work for it to be installed; the first line of the first one tells its version. */
  readonly installed: readonly (readonly [string, ...string[]])[]
  /** A text says why it cannot do this job. */
  command(job: Job, version: string): Promise<Command | string>
  /** Where it puts the file of a number, below the output folder. */
  place(job: Job, number: number): string
  /** How it comes to know files that it did not fetch now; without it, the files lie where it would put them. */
  learn?(job: Job): Promise<Command>
}

/** Transfers at once, for every program that knows such a number. */
export const JOBS = 100

/** `17.jpg`: where programs go by the last part of the URL. */
export function plainPlace({ shelf }: Job, number: number): string {
  return `${number}.${shelf.extension}`
}
