import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openShelf, SPARSE } from '../corpus/shelf.ts'
import { bowerbird, installedBowerbird } from '../peers/bowerbird.ts'
import { JOBS } from '../peers/peer.ts'
import { medianOf, verdict, type Report, type Row } from '../report/report.ts'
import { urlOf } from '../server/server.ts'
import { startServer } from '../server/start.ts'
import { entry, type Entry } from './entry.ts'
import { lap } from './lap.ts'
import { scaled, type Scenario, type Setting } from './scenario.ts'

const FEW = 10_000
/** Long runs, and memory varies less than time. */
const MOST_ROUNDS = 3
const MOST_PEAK_MB = 180
const MOST_GROWTH = 1.1

/** The same 10,000 files twice: as all that is listed, and as those of 400,000 listed numbers that exist. */
export const memory: Scenario = { id: 'memory', run }

async function run(setting: Setting): Promise<Report> {
  const [few, many] = [scaled(FEW, setting), scaled(FEW, setting) * SPARSE]
  const shelf = await openShelf('sparse')
  setting.say('(memory) preparing the server')
  const server = await startServer({ shelf: 'sparse', items: many }, setting.workplace)
  const folder = join(setting.workplace.folder, 'output')
  const expected = { folder, files: few, bytes: few * shelf.bytes }
  const listing = (items: number, range: string): Entry => {
    const target = urlOf(server.origin, shelf, range)
    const command = installedBowerbird(['get', '--quiet', '--jobs', String(JOBS), '--to', folder, target])
    return entry(`${items.toLocaleString('en')} listed`, items, command)
  }
  const entries = [listing(few, `[${SPARSE}-${many}:${SPARSE}]`), listing(many, `{1..${many}}`)] as const
  try {
    for (let round = 1; round <= Math.min(MOST_ROUNDS, setting.rounds); round += 1) {
      for (const { row, command } of entries) {
        const one = await lap(command, setting.workplace, server, expected)
        await rm(folder, { recursive: true, force: true })
        row.runs.push(one)
        const trouble = one.problem === undefined ? '' : ` (${one.problem})`
        setting.say(
          `(memory) round ${round}: ${row.name} ${(one.peak / 1e6).toFixed(0)} MB in ${one.wall.toFixed(1)} s${trouble}`,
        )
      }
    }
    return report(entries[0].row, entries[1].row, few, server.name)
  } finally {
    await server.close()
  }
}

function report(few: Row, many: Row, files: number, server: string): Report {
  const base = medianOf(few, (each) => each.peak)
  const peak = medianOf(many, (each) => each.peak)
  return {
    id: 'memory',
    title: `peak memory, ${files.toLocaleString('en')} files collected of more and more listed`,
    server,
    rows: [few, many],
    goals: [
      verdict(
        { about: `${bowerbird.name}, peak of ${few.name}`, limit: MOST_PEAK_MB, at: 'most', unit: ' MB' },
        base && base / 1e6,
      ),
      verdict(
        { about: `${many.name}, peak to ${few.name}`, limit: MOST_GROWTH, at: 'most', unit: ' ×' },
        base && peak && peak / base,
      ),
    ],
  }
}
