import { spawn } from 'node:child_process'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { onPath, plainEnvironment, type Workplace } from '../workplace.ts'
import { memoryOfSession } from './processes.ts'
import { BASH_TIME_FORMAT, readTimeOutput, TIME_FORMAT, type Usage } from './time-output.ts'

export interface Command {
  readonly program: string
  readonly args: readonly string[]
}

/** What one run of a program used, with all its children. */
export interface Measured extends Usage {
  /** Seconds from its start to its end. */
  readonly wall: number
  /** Bytes: the peak of all its processes together, as far as it was seen; at least that of the largest one. */
  readonly peak: number
  readonly status: number
  /** The end of what it said. */
  readonly said: string
}

/** Milliseconds between two looks at the memory of a program's processes. */
const SAMPLE = 200
const MOST_SAID = 400

export async function measure(command: Command, workplace: Workplace): Promise<Measured> {
  const report = join(workplace.folder, 'usage')
  const log = join(workplace.folder, 'said')
  const output = await open(log, 'w')
  const { program, args } = await timed(command, report)
  const started = performance.now()
  // In a session of its own, so that all its children can be found.
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
    env: plainEnvironment(workplace),
  })
  workplace.adopt(child)
  let seen = 0
  const sampler = setInterval(() => {
    if (child.pid !== undefined) seen = Math.max(seen, memoryOfSession(child.pid))
  }, SAMPLE)
  const { status, wall } = await new Promise<{ status: number; wall: number }>((settle, fail) => {
    child.on('error', fail)
    child.on('exit', (code) => settle({ status: code ?? -1, wall: (performance.now() - started) / 1000 }))
  }).finally(() => clearInterval(sampler))
  await output.close()
  const usage = readTimeOutput(await readFile(report, 'utf8'))
  if (usage === undefined) throw new Error(`no CPU time was measured of ${command.program}`)
  const said = (await readFile(log, 'utf8')).trim().slice(-MOST_SAID)
  await Promise.all([rm(report), rm(log)])
  return { ...usage, wall, peak: Math.max(usage.peak ?? 0, seen), status, said }
}

/** The command, measured by GNU time; where that is not installed, by bash. */
async function timed({ program, args }: Command, report: string): Promise<Command> {
  const gnuTime = await onPath('time')
  if (gnuTime !== undefined) {
    return { program: gnuTime, args: ['-q', '-o', report, '-f', TIME_FORMAT, program, ...args] }
  }
  const script = `TIMEFORMAT='${BASH_TIME_FORMAT}'; exec 3>&2; { time "$@" 2>&3; } 2>"$0"`
  return { program: 'bash', args: ['-c', script, report, program, ...args] }
}
