import type { InstalledPeer } from '../peers/installed.ts'
import type { Report } from '../report/report.ts'
import type { Workplace } from '../workplace.ts'

export interface Setting {
  readonly workplace: Workplace
  readonly peers: readonly InstalledPeer[]
  /** Rounds: in each, every program runs once. */
  readonly rounds: number
  /** Every number of files is divided by it: 1, or more for a try. */
  readonly divisor: number
  say(line: string): void
}

export interface Scenario {
  readonly id: string
  run(setting: Setting): Promise<Report>
}

/** A number of files, or fewer for a try. */
export function scaled(items: number, { divisor }: Pick<Setting, 'divisor'>): number {
  return Math.max(1, Math.ceil(items / divisor))
}
