import { JOBS, plainPlace, type Peer } from './peer.ts'

export const aria2c: Peer = {
  name: 'aria2c',
  installed: [['aria2c', '--version']],
  place: plainPlace,
  command: async ({ list, output, known }) => ({
    program: 'aria2c',
    args: [
      ...['--no-conf', '--quiet', `--max-concurrent-downloads=${JOBS}`, '--max-connection-per-server=1'],
      ...(known ? ['--continue', '--auto-file-renaming=false'] : []),
      ...[`--dir=${output}`, `--input-file=${list}`],
    ],
  }),
}
