import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openShelf, writeShelf, type Shelf } from '../corpus/shelf.ts'
import type { Command } from '../measure/measure.ts'
import type { InstalledPeer } from '../peers/installed.ts'
import type { Job } from '../peers/peer.ts'
import { verdict, type Baseline, type Report, type Row, type Rows, type Run, type Verdict } from '../report/report.ts'
import { urlOf, type Demand, type Server } from '../server/server.ts'
import { startServer } from '../server/start.ts'
import { written } from './entry.ts'
import { lap } from './lap.ts'
import { scaled, type Scenario, type Setting } from './scenario.ts'

/** So few can be deleted between two runs. */
const FEW_FILES = 100

export interface Goal extends Omit<Verdict, 'value' | 'met'> {
  readonly value: (rows: Rows) => number | undefined
}

/** A scenario in which all programs fetch the same files, in turns. */
export interface Race {
  readonly id: string
  readonly title: (items: string) => string
  readonly demand: Demand
  /** The files are there already. */
  readonly known?: boolean
  /** Slow programs, and for how many files they are measured. */
  readonly fewer?: Readonly<Record<string, number>>
  readonly leaveOut?: readonly string[]
  readonly baseline?: Baseline
  readonly goals: readonly Goal[]
}

/** A program that takes part. */
interface Runner extends InstalledPeer {
  readonly job: Job
  readonly command: Command | string
  readonly runs: Run[]
}

export function race(description: Race): Scenario {
  return { id: description.id, run: (setting) => hold(description, setting) }
}

async function hold(description: Race, setting: Setting): Promise<Report> {
  const { workplace } = setting
  const demand = { ...description.demand, items: scaled(description.demand.items, setting) }
  const shelf = await openShelf(demand.shelf)
  setting.say(`(${description.id}) preparing the server`)
  const server = await startServer(demand, workplace)
  try {
    const runners: Runner[] = []
    for (const each of setting.peers) {
      if (description.leaveOut?.includes(each.peer.name) === true) continue
      runners.push(await enter(each, description, demand.items, server, shelf, setting))
    }
    for (let round = 1; round <= setting.rounds; round += 1) await runAll(runners, round, description, server, setting)
    const rows = runners.map((runner) => rowOf(runner, demand.items))
    return {
      id: description.id,
      title: description.title(demand.items.toLocaleString('en')),
      server: server.name,
      ...(description.baseline && { baseline: description.baseline }),
      ...(description.known === true && { known: true }),
      rows,
      goals: description.goals.map(({ value, ...goal }) => verdict(goal, value(rows))),
    }
  } finally {
    await server.close()
  }
}

/** Prepares what a program needs before its first run. */
async function enter(
  { peer, version }: InstalledPeer,
  description: Race,
  items: number,
  server: Server,
  shelf: Shelf,
  setting: Setting,
): Promise<Runner> {
  const scratch = join(setting.workplace.folder, description.id, peer.name.replaceAll(/\W+/g, '-'))
  await mkdir(scratch, { recursive: true })
  const fewer = description.fewer?.[peer.name]
  const job: Job = {
    origin: server.origin,
    shelf,
    items: fewer === undefined ? items : Math.min(items, scaled(fewer, setting)),
    list: join(scratch, 'urls.txt'),
    output: join(scratch, 'output'),
    scratch,
    known: description.known === true,
  }
  const urls = Array.from({ length: job.items }, (_, index) => urlOf(server.origin, shelf, index + 1))
  await writeFile(job.list, `${urls.join('\n')}\n`)
  const command = await peer.command(job, version)
  if (job.known && typeof command !== 'string') {
    setting.say(`(${description.id}) ${peer.name} comes to know ${job.items} files`)
    const learn = await peer.learn?.(job)
    if (learn === undefined) await writeShelf(shelf, job.items, job.output, (number) => peer.place(job, number))
    else await firstRun(learn, job, server, setting)
  }
  return { peer, version, job, command, runs: [] }
}

async function firstRun(
  command: Command,
  { output, items, shelf }: Job,
  server: Server,
  setting: Setting,
): Promise<void> {
  const expected = { folder: output, files: items, bytes: items * shelf.bytes }
  const { problem } = await lap(command, setting.workplace, server, expected)
  if (problem !== undefined) throw new Error(`there can be no second run, the first one failed: ${problem}`)
}

/**
 * Every program once, one after the other. What they brought stays until all scenarios are through, unless it is a few
 * files: for some minutes ext4 does not use the inodes of deleted files again, and looks past all of them whenever a
 * file is made.
 */
async function runAll(
  runners: readonly Runner[],
  round: number,
  { id, known }: Race,
  server: Server,
  setting: Setting,
): Promise<void> {
  for (const { peer, job, command, runs } of runners) {
    if (typeof command === 'string') continue
    if (known !== true) await mkdir(job.output, { recursive: true })
    const expected = { folder: job.output, files: job.items, bytes: job.items * job.shelf.bytes }
    const run = await lap(command, setting.workplace, server, expected)
    runs.push(run)
    if (known !== true) await putAway(job, round)
    const trouble = run.problem === undefined ? '' : ` (${run.problem})`
    setting.say(`(${id}) round ${round} of ${setting.rounds}: ${peer.name} ${run.wall.toFixed(2)} s${trouble}`)
  }
}

async function putAway({ items, output, scratch }: Job, round: number): Promise<void> {
  if (items <= FEW_FILES) await rm(output, { recursive: true })
  else await rename(output, join(scratch, `output-${round}`))
}

function rowOf({ peer, version, job, command, runs }: Runner, items: number): Row {
  const row = { name: peer.name, version, items: job.items, ...(job.items < items && { fewer: true }), runs }
  if (typeof command === 'string') return { ...row, command: '', skipped: command }
  return { ...row, command: written(command) }
}
