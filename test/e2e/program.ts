import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { BYSTANDERS, sieve } from '../cli/sieve.ts'
import { MAIN } from '../program.ts'

export interface Finished {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly child: ChildProcess
  readonly finished: Promise<Finished>
}

export interface StartOptions {
  readonly input?: string
  /** Standard input stays open. */
  readonly keepsInput?: boolean
  readonly cwd?: string
  /** A program that starts the real one, such as `prlimit`, with its arguments. */
  readonly through?: readonly string[]
}

/** Starts the real program, away from the settings of whoever runs the tests. */
export function start(args: readonly string[], options: StartOptions = {}): Started {
  return startCommand([...(options.through ?? []), process.execPath, MAIN, ...args], options)
}

function startCommand(
  [command = '', ...rest]: readonly string[],
  { input = '', keepsInput, cwd }: StartOptions = {},
): Started {
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    TMPDIR: process.env['TMPDIR'],
    NO_COLOR: '1',
    ...BYSTANDERS,
  }
  const child = spawn(command, rest, { env, ...(cwd !== undefined && { cwd }) })
  child.stdin.on('error', () => undefined)
  if (keepsInput !== true) child.stdin.end(input)
  const ended = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolveEnd, reject) => {
    child.on('error', reject)
    child.on('close', (status, signal) => resolveEnd([status, signal]))
  })
  const finished = Promise.all([ended, text(child.stdout), text(child.stderr)]).then(
    ([[status, signal], stdout, stderr]) => {
      sieve(rest, stdout, stderr)
      return { status, signal, stdout, stderr }
    },
  )
  return { child, finished }
}

export function run(args: readonly string[], options?: StartOptions): Promise<Finished> {
  return start(args, options).finished
}

/** Any other command, in the same surroundings. */
export function runCommand(words: readonly string[]): Promise<Finished> {
  return startCommand(words).finished
}
