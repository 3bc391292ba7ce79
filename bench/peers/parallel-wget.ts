import { JOBS, plainPlace, type Peer } from './peer.ts'

/** GNU parallel with one wget per URL. */
export const parallelWget: Peer = {
  name: 'parallel + wget',
  installed: [
    ['parallel', '--version'],
    ['wget', '--version'],
  ],
  place: plainPlace,
  command: async ({ list, output, known }) => ({
    program: 'parallel',
    args: [
      ...['--will-cite', `--jobs=${JOBS}`, `--arg-file=${list}`],
      ...['wget', '--quiet', ...(known ? ['--no-clobber'] : []), `--directory-prefix=${output}`, '{}'],
    ],
  }),
}
