import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { runCommand } from '../../e2e/program.ts'
import { MAIN } from '../../program.ts'
import type { Finished, StartOptions } from '../../e2e/program.ts'
import type { Library } from '../../engine/library.ts'

/** Why a kind of fault cannot be provoked on this machine; empty where it can. Given to `skip(NO_… !== '', NO_…)`. */
export const NO_STRACE = works('strace', ['-o', '/dev/null', 'true']) ? '' : 'strace is missing or not allowed here'
export const NO_MOUNT = works('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']) ? '' : 'mounting needs root'
export const NO_LIMITS = works('prlimit', ['--nofile=64', 'true']) ? '' : 'prlimit is missing'
/** The library that fakes the clock; the `faketime` program itself would stay between us and the process. */
const FAKETIME =
  spawnSync('faketime', ['-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' }).stdout?.trim() ?? ''
export const NO_FAKETIME = FAKETIME === '' ? 'faketime is missing' : ''

function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0
}

/**
 * Starts the program under strace, which lets system calls fail: `{ 'link,linkat': 'error=EPERM:when=3' }`. Calls are
 * counted from 1 in each thread. With `paths`, only those on these very files.
 */
export function failing(
  library: Library,
  calls: Readonly<Record<string, string>>,
  paths: readonly string[] = [],
): StartOptions {
  const injections = Object.entries(calls).flatMap(([names, fault]) => ['-e', `inject=${names}:${fault}`])
  const only = paths.flatMap((path) => ['-P', path])
  const traced = ['-e', `trace=${Object.keys(calls).join(',')}`]
  return {
    through: ['strace', '-f', '--seccomp-bpf', '-qq', '-o', traceOf(library), ...only, ...traced, ...injections],
  }
}

/** How many calls failed because `failing` wanted it. */
export function failed(library: Library): number {
  return readFileSync(traceOf(library), 'utf8').split('(INJECTED)').length - 1
}

function traceOf(library: Library): string {
  return library.beside('trace')
}

/** Starts the program with a wrong wall clock (`+10y`); monotonic time stays as it is. */
export function inAnotherTime(jump: string): StartOptions {
  return { through: ['env', `LD_PRELOAD=${FAKETIME}`, `FAKETIME=${jump}`, 'FAKETIME_DONT_FAKE_MONOTONIC=1'] }
}

/** The environment of a time that passes so many times as fast (0.1: slower), monotonic time as well. */
export function hurriedEnvironment(times: number): Readonly<Record<string, string>> {
  return { LD_PRELOAD: FAKETIME, FAKETIME: `+0 x${times}` }
}

/** Starts the program in such a time. */
export function hurried(times: number): StartOptions {
  return { through: ['env', ...Object.entries(hurriedEnvironment(times)).map(([name, value]) => `${name}=${value}`)] }
}

/** Starts the program with a wall clock that jumps whenever another offset is written to the file. */
export function withClockFile(file: string): StartOptions {
  const variables = [`FAKETIME_TIMESTAMP_FILE=${file}`, 'FAKETIME_NO_CACHE=1', 'FAKETIME_DONT_FAKE_MONOTONIC=1']
  return { through: ['env', `LD_PRELOAD=${FAKETIME}`, ...variables] }
}

/**
 * Runs steps of a shell that has a file system of its own under the library, and copies what is there to the disk at the
 * end. `PROGRAM` is the program, and prints its status.
 */
export async function onOwnDisk(library: Library, options: string, steps: readonly string[]): Promise<Finished> {
  const { root } = library
  mkdirSync(root)
  const copy = library.beside('copy')
  const program = `PROGRAM() { '${process.execPath}' '${MAIN}' "$@" --to '${root}' -q; echo "status $?"; }`
  const mount = `mount -t tmpfs -o ${options} tmpfs '${root}'`
  const script = [program, mount, ...steps, `cp -a '${root}' '${copy}'`].join('\n')
  const finished = await runCommand(['unshare', '-m', 'sh', '-c', script])
  cpSync(copy, root, { recursive: true, preserveTimestamps: true })
  return finished
}
