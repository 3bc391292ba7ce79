/** `npm run bench`: bowerbird beside its peers, in turns, in one run. README.md says how to read what it prints. */
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { readOptions, USAGE, type BenchOptions } from './options.ts'
import { bowerbird } from './peers/bowerbird.ts'
import { installedPeers, PEER_NAMES, type InstalledPeer } from './peers/installed.ts'
import { disturbance, disturbanceLine, lookAtMachine, machineLine, type Machine } from './report/machine.ts'
import type { Report } from './report/report.ts'
import { printed } from './report/table.ts'
import { SCENARIOS } from './scenarios/scenarios.ts'
import { openWorkplace } from './workplace.ts'

const ROOT = resolve(import.meta.dirname, '..')
const RESULTS = resolve(import.meta.dirname, 'results')
/** Beside the project, so on a real disk; git ignores it. */
const WORK = resolve(ROOT, '.bench')
const QUICK_DIVISOR = 20

const run = promisify(execFile)

async function main(args: readonly string[]): Promise<void> {
  const ids = SCENARIOS.map(({ id }) => id)
  const options = readOptions(args, ids, PEER_NAMES)
  if (options === 'help') {
    console.log(USAGE)
    return
  }
  if (options.build) await run(process.execPath, ['scripts/build.ts'], { cwd: ROOT })
  const peers = await installedPeers(options.peers)
  if (!peers.some(({ peer }) => peer === bowerbird)) throw new Error('bowerbird itself does not start; npm run build')
  const missing = (options.peers ?? PEER_NAMES).filter(
    (name) => !peers.some(({ peer }) => peer.name.toLowerCase().startsWith(name)),
  )
  if (missing.length > 0) console.log(`not installed: ${missing.join(', ')}`)
  if (options.quick) console.log('A try with few files: it shows that all works, and nothing about speed.')
  const machine = await lookAtMachine()
  console.log(`${machineLine(machine)}\n`)
  const about = { date: new Date().toISOString(), commit: await describeCommit() }
  const file = await measureAll(options, peers, machine, (reports) => save(about, options, machine, reports))
  console.log(`all values: ${relative(process.cwd(), file)}`)
}

/** Saves after each scenario: what fails after half an hour must not take along what was measured before. */
async function measureAll(
  options: BenchOptions,
  peers: readonly InstalledPeer[],
  machine: Machine,
  keep: (reports: readonly Report[]) => Promise<string>,
): Promise<string> {
  const workplace = await openWorkplace(WORK)
  const setting = {
    workplace,
    peers,
    rounds: options.rounds,
    divisor: options.quick ? QUICK_DIVISOR : 1,
    say: (line: string): void => console.error(line),
  }
  const reports: Report[] = []
  let file = ''
  try {
    for (const scenario of SCENARIOS.filter(({ id }) => options.only.includes(id))) {
      const report = await scenario.run(setting)
      reports.push(report)
      console.log(`\n${printed(report)}\n`)
      const disturbed = disturbanceLine(machine.busy, disturbance([report], machine))
      if (disturbed !== undefined) console.log(`${disturbed}\n`)
      file = await keep(reports)
    }
    return file
  } finally {
    await workplace.close()
  }
}

function describeCommit(): Promise<string> {
  return run('git', ['describe', '--always', '--dirty'], { cwd: ROOT }).then(
    ({ stdout }) => stdout.trim(),
    () => 'unknown',
  )
}

async function save(
  { date, commit }: { readonly date: string; readonly commit: string },
  { name, quick, rounds }: BenchOptions,
  machine: Machine,
  reports: readonly Report[],
): Promise<string> {
  const measured = 'npm run build, then the built JavaScript with the flags of its first line, as installed'
  const disturbed = { ...machine, busyDuring: disturbance(reports, machine) }
  const result = { date, commit, quick, rounds, bowerbird: measured, machine: disturbed, reports }
  const file = join(RESULTS, `${name ?? date.slice(0, 16).replace(':', '')}${quick ? '-quick' : ''}.json`)
  await mkdir(RESULTS, { recursive: true })
  await writeFile(file, withoutPaths(`${JSON.stringify(result, null, 2)}\n`))
  return file
}

/** Commands are kept, but not where this machine has its folders. */
function withoutPaths(text: string): string {
  return text.replaceAll(process.execPath, 'node').replaceAll(`${ROOT}/`, '')
}

try {
  await main(process.argv.slice(2))
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown)
  process.exitCode = 1
}
