import { installedBowerbird } from '../peers/bowerbird.ts'
import { medianOf, verdict, type Report } from '../report/report.ts'
import { entry } from './entry.ts'
import { lap } from './lap.ts'
import type { Scenario, Setting } from './scenario.ts'

/** Short runs vary more, and cost little. */
const TIMES_AS_MANY = 4
const MOST_MILLISECONDS = 150

/** How long `--help` takes, beside Node with nothing to do. */
export const help: Scenario = { id: 'help', run }

async function run(setting: Setting): Promise<Report> {
  const empty = { program: process.execPath, args: ['--eval', ''] }
  const rows = [entry('bowerbird --help', 0, installedBowerbird(['--help'])), entry('node alone', 0, empty)]
  // The first call fills the compile cache, as the first call after an installation does.
  for (const { command } of rows) await lap(command, setting.workplace)
  for (let round = 0; round < setting.rounds * TIMES_AS_MANY; round += 1) {
    for (const { row, command } of rows) row.runs.push(await lap(command, setting.workplace))
  }
  setting.say(`(help) ${setting.rounds * TIMES_AS_MANY} rounds`)
  const [ours] = rows
  const wall = medianOf(ours?.row, (each) => each.wall)
  return {
    id: 'help',
    title: 'time of --help',
    rows: rows.map(({ row }) => row),
    goals: [
      verdict(
        { about: 'bowerbird --help, wall time', limit: MOST_MILLISECONDS, at: 'most', unit: ' ms' },
        wall && wall * 1000,
      ),
    ],
  }
}
