import type { Media } from './harness/media.ts'
import type { Replica } from './harness/replica.ts'
import { Router } from './harness/router.ts'
import { addApi } from './imgur/api.ts'
import { SAMPLES, isAlbum, makeSite } from './imgur/site.ts'
import type { Entry, Upload } from './imgur/site.ts'
import { addMedia, addWeb } from './imgur/web.ts'

const { bower, berries, dance, shells, straw, glass, film, stonesAlbum, feathersAlbum, capsAlbum } = SAMPLES

/** The files of entries as the default options store them: of a moving GIF the video. */
function filesOf(...entries: readonly Entry[]): Readonly<Record<string, Media>> {
  const uploads = entries.flatMap((entry): readonly Upload[] => (isAlbum(entry) ? entry.uploads : [entry]))
  return Object.fromEntries(uploads.map((upload) => [`imgur:${upload.id}`, upload.video ?? upload.media]))
}

const overCapacity = JSON.stringify({
  data: { error: 'Imgur is temporarily over capacity. Please try again later.' },
  success: false,
  status: 403,
})

export const replica: Replica = {
  name: 'imgur',
  hosts: ['imgur.com', '*.imgur.com'],
  make: ({ scale }) => {
    const site = makeSite(scale)
    const router = new Router()
    addApi(router, site)
    addWeb(router, site)
    addMedia(router, site)
    return router.handler
  },
  targets: [
    {
      target: 'imgur:r/bowerbirds',
      expected: { files: filesOf(bower, dance, stonesAlbum, berries, feathersAlbum, shells, straw) },
      demo: true,
    },
    { target: 'imgur:user/ghost', expected: { files: filesOf(film, straw, stonesAlbum, bower) }, demo: true },
    { target: 'imgur:user/ghost/favorites', expected: { files: filesOf(berries, feathersAlbum) } },
    {
      target: 'https://imgur.com/r/bowerbirds/top/week',
      expected: { files: filesOf(bower, dance, stonesAlbum, berries, feathersAlbum, shells, straw) },
    },
    { target: 'imgur:t/blue', expected: { files: filesOf(bower, film, feathersAlbum) } },
    { target: 'https://imgur.com/t/blue/top/week', expected: { files: filesOf(bower, film, feathersAlbum) } },
    { target: 'imgur:search/bower', expected: { files: filesOf(bower) } },
    { target: 'https://imgur.com/search/score/all?q=stone', expected: { files: filesOf(...stonesAlbum.uploads) } },
    { target: 'imgur:a/sT0nE', expected: { files: filesOf(stonesAlbum) } },
    { target: 'https://ghost.imgur.com/a/cApS0', expected: { files: filesOf(capsAlbum) } },
    { target: 'https://m.imgur.com/gallery/two-feathers-fEaThRs', expected: { files: filesOf(feathersAlbum) } },
    { target: 'https://imgur.com/r/bowerbirds/s7Raw', expected: { files: filesOf(straw) } },
    { target: 'https://i.imgur.com/s7Rawl.jpg', expected: { files: filesOf(straw) } },
    { target: 'https://imgur.com/fi1mM4x', expected: { files: filesOf(film) } },
    {
      target: 'https://i.imgur.com/dAnc3Rr.gifv',
      options: { 'imgur.gif': 'both' },
      expected: { files: { 'imgur:dAnc3Rr': dance.video ?? dance.media, 'imgur:dAnc3Rr/gif': dance.media } },
    },
    {
      target: 'https://i.imgur.com/dAnc3Rr.gifv',
      options: { 'imgur.gif': 'gif' },
      expected: { files: { 'imgur:dAnc3Rr/gif': dance.media } },
    },
    { target: 'imgur:r/lost', expected: { files: filesOf(glass), failed: { 'imgur:l0sTone': 'Placeholder' } } },
  ],
  faults: {
    'over-capacity': {
      about: 'the API is over capacity for this address: patience is asked for, nothing is lost',
      mishaps: [
        {
          on: 'api.imgur.com/*',
          does: { kind: 'answer', status: 403, headers: { 'content-type': 'application/json' }, body: overCapacity },
        },
      ],
      target: 'imgur:a/sT0nE',
      expected: { files: {}, fault: 'RateLimited' },
    },
    'too-many': {
      about: 'one answer asks for a second of patience',
      mishaps: [
        {
          on: 'api.imgur.com/*',
          times: 1,
          does: {
            kind: 'answer',
            status: 429,
            headers: { 'retry-after': '1', 'content-type': 'application/json' },
            body: '{"errors":[{"id":"legacy-api-1","code":"429","status":"Too Many Requests","detail":"Too Many Requests"}]}',
          },
        },
      ],
      target: 'imgur:a/sT0nE',
      expected: { files: filesOf(stonesAlbum) },
    },
    'api-changed': {
      about: 'the API answers something else: the web site is read in its place',
      mishaps: [
        {
          on: 'api.imgur.com/*',
          does: { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '{"news":true}' },
        },
      ],
      target: 'imgur:r/bowerbirds',
      expected: { files: filesOf(bower, dance, stonesAlbum, berries, feathersAlbum, shells, straw) },
    },
    'no-video': {
      about: 'the video of a moving GIF is not there: the GIF is taken',
      mishaps: [
        {
          on: 'i.imgur.com/dAnc3Rr.mp4',
          does: { kind: 'answer', status: 404, headers: { 'content-type': 'text/html' }, body: '<html></html>' },
        },
      ],
      target: 'imgur:dAnc3Rr',
      expected: { files: { 'imgur:dAnc3Rr': dance.media } },
    },
    cut: {
      about: 'a file breaks off once and is continued',
      mishaps: [{ on: 'i.imgur.com/bWr0001.jpg', times: 1, does: { kind: 'cut', after: 2000 } }],
      target: 'imgur:bWr0001',
      expected: { files: filesOf(bower) },
    },
  },
}
