import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from '../measure/measure.ts'
import { urlOf } from '../server/server.ts'
import { JOBS, type Job, type Peer } from './peer.ts'

/** What the package installs as `bowerbird`. */
const BUILT = resolve(import.meta.dirname, '../../dist/program/main.js')

/** bowerbird as it is installed: the built JavaScript and this Node, started as the script's first line has it. */
export function installedBowerbird(args: readonly string[], nodeFlags: readonly string[] = []): Command {
  const { variables, flags } = readShebang(readFileSync(BUILT, 'utf8'))
  return { program: 'env', args: [...variables, process.execPath, ...flags, ...nodeFlags, BUILT, ...args] }
}

/** What stands before and behind the program in `#!/usr/bin/env -S VARIABLE=VALUE node --flag`. */
export function readShebang(script: string): { readonly variables: string[]; readonly flags: string[] } {
  const found = /^#!\/usr\/bin\/env(?: -S)?((?: \w+=\S+)*) node( .*)?$/m.exec(script)
  if (found?.index !== 0) throw new Error(`${BUILT} does not begin with a line that starts Node`)
  const [, variables = '', flags = ''] = found
  return { variables: wordsOf(variables), flags: wordsOf(flags) }
}

function wordsOf(text: string): string[] {
  return text.split(' ').filter((word) => word !== '')
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
