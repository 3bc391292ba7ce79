import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from '../measure/measure.ts'
import { urlOf } from '../server/server.ts'
import { JOBS, type Job, type Peer } from './peer.ts'

/** What the package installs as `bowerbird`. */
const BUILT = resolve(import.meta.dirname, '../../dist/program/main.js')

/** bowerbird as it is installed: the built JavaScript, this Node, and the flags of the script's first line. */
export function installedBowerbird(args: readonly string[], nodeFlags: readonly string[] = []): Command {
  return {
    program: process.execPath,
    args: [...shebangFlags(readFileSync(BUILT, 'utf8')), ...nodeFlags, BUILT, ...args],
  }
}

/** The flags behind `#!/usr/bin/env -S node`. */
export function shebangFlags(script: string): string[] {
  const flags = /^#!\/usr\/bin\/env(?: -S)? node(.*)/.exec(script)?.[1]
  if (flags === undefined) throw new Error(`${BUILT} does not begin with a line that starts Node`)
  return flags.split(' ').filter((flag) => flag !== '')
}

function bowerbirdWith(...flags: readonly string[]): Peer {
  return {
    name: ['bowerbird', ...flags].join(' '),
    installed: [[process.execPath, BUILT, '--version']],
    place: ({ origin, shelf }, number) => `${new URL(origin).hostname}/${number}.${shelf.extension}`,
    command: async (job) => collect(job, flags),
    learn: async (job) => collect(job, ['--no-fsync']),
  }
}

/** What all measured runs call. */
export function collect(
  { origin, shelf, items, output }: Job,
  flags: readonly string[],
  nodeFlags?: readonly string[],
): Command {
  const target = urlOf(origin, shelf, `{1..${items}}`)
  const args = ['get', '--quiet', '--jobs', String(JOBS), '--to', output, ...flags, target]
  return installedBowerbird(args, nodeFlags)
}

/** Durable: every file is on the disk before its row. */
export const bowerbird = bowerbirdWith()
export const bowerbirdNoFsync = bowerbirdWith('--no-fsync')
