import { JOBS, plainPlace, type Peer } from './peer.ts'

export const wget2: Peer = {
  name: 'wget2',
  installed: [['wget2', '--version']],
  place: plainPlace,
  command: async ({ list, output, known }) => ({
    program: 'wget2',
    args: [
      ...['--quiet', `--max-threads=${JOBS}`],
      ...(known ? ['--no-clobber'] : []),
      ...[`--directory-prefix=${output}`, `--input-file=${list}`],
    ],
  }),
}
