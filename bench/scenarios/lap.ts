import { execFile } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { measure, type Command, type Measured } from '../measure/measure.ts'
import { bystanders, cpuOf, takenBetween } from '../measure/processes.ts'
import type { Run } from '../report/report.ts'
import type { Server } from '../server/server.ts'
import type { Workplace } from '../workplace.ts'

/** What must lie in a folder after a run. */
export interface Expected {
  readonly folder: string
  readonly files: number
  readonly bytes: number
}

/** What belongs to the program rather than to the user. */
const NOT_COLLECTED = '.bowerbird'

/** One run, measured and checked. */
export async function lap(command: Command, workplace: Workplace, server?: Server, expected?: Expected): Promise<Run> {
  // What earlier runs left to be written must not be written at the cost of this one.
  await promisify(execFile)('sync')
  const pids = server?.pids() ?? []
  const before = await server?.requests()
  const own = [process.pid, ...pids]
  const [others, serving] = [bystanders(own), cpuOf(pids)]
  const measured = await measure(command, workplace)
  const serverCpu = cpuOf(pids) - serving
  const otherCpu = takenBetween(others, bystanders(own))
  const after = await server?.requests()
  const { found, problem } = await checked(measured, expected)
  return {
    wall: measured.wall,
    user: measured.user,
    system: measured.system,
    peak: measured.peak,
    status: measured.status,
    ...found,
    ...(before !== undefined && after !== undefined && { requests: after - before }),
    serverCpu,
    otherCpu,
    ...(problem !== undefined && { problem }),
  }
}

interface Found {
  readonly files: number
  readonly bytes: number
}

const NOTHING: Found = { files: 0, bytes: 0 }

interface Checked {
  readonly found: Found
  readonly problem?: string
}

/** Whether a run did what it was for. */
export async function checked(
  { status, said }: Pick<Measured, 'status' | 'said'>,
  expected?: Expected,
): Promise<Checked> {
  const problems = status === 0 ? [] : [`exit status ${status}${said === '' ? '' : `: ${said}`}`]
  const found = expected === undefined ? NOTHING : await collected(expected.folder)
  const { files, bytes } = expected ?? NOTHING
  if (found.files !== files) problems.push(`${found.files} of ${files} files`)
  if (found.bytes !== bytes) problems.push(`${found.bytes} of ${bytes} bytes`)
  return { found, ...(problems.length > 0 && { problem: problems.join('; ') }) }
}

/** Files and bytes below a folder, whatever their names. */
async function collected(folder: string): Promise<Found> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  let [files, bytes] = [0, 0]
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.name === NOT_COLLECTED) continue
    const found = entry.isDirectory() ? await collected(path) : { files: 1, bytes: (await stat(path)).size }
    files += found.files
    bytes += found.bytes
  }
  return { files, bytes }
}
