import type { Command } from '../measure/measure.ts'
import type { Row, Run } from '../report/report.ts'

/** A row that grows run by run, and the command that it measures. */
export interface Entry {
  readonly row: Row & { readonly runs: Run[] }
  readonly command: Command
}

export function entry(name: string, items: number, command: Command): Entry {
  return { row: { name, version: '', command: written(command), items, runs: [] }, command }
}

/** As a person would type it, but for quotes. */
export function written({ program, args }: Command): string {
  return [program, ...args].join(' ')
}
