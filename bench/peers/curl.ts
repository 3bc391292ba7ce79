import { urlOf } from '../server/server.ts'
import { JOBS, plainPlace, type Peer } from './peer.ts'

/** The first version with --skip-existing. */
const SKIPS = [8, 10] as const

export const curl: Peer = {
  name: 'curl',
  installed: [['curl', '--version']],
  place: plainPlace,
  command: async ({ origin, shelf, items, output, known }, version) => {
    if (known && !skipsExisting(version)) return `it has no --skip-existing before ${SKIPS.join('.')}`
    return {
      program: 'curl',
      args: [
        ...['--silent', '--show-error', '--fail', '--parallel', '--parallel-max', String(JOBS)],
        ...(known ? ['--skip-existing'] : []),
        ...['--create-dirs', '--output-dir', output, '--output', `#1.${shelf.extension}`],
        urlOf(origin, shelf, `[1-${items}]`),
      ],
    }
  },
}

function skipsExisting(version: string): boolean {
  const [major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? []
  return major > SKIPS[0] || (major === SKIPS[0] && minor >= SKIPS[1])
}
