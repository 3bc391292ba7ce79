import { plainPlace, type Peer } from './peer.ts'

/** One file after the other, which is all it can do. Its extractor for direct links takes the URLs. */
export const galleryDl: Peer = {
  name: 'gallery-dl',
  installed: [['gallery-dl', '--version']],
  place: plainPlace,
  command: async ({ list, output }) => ({
    program: 'gallery-dl',
    args: ['--quiet', '--directory', output, '--filename', '{filename}.{extension}', '--input-file', list],
  }),
}
