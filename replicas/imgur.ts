import type { Media } from './harness/media.ts'
import type { Replica } from './harness/replica.ts'
import { Router } from './harness/router.ts'
import { addApi } from './imgur/api.ts'
import { SAMPLES, isAlbum, makeSite } from './imgur/site.ts'
import type { Entry, Upload } from './imgur/site.ts'
import { addMedia, addWeb } from './imgur/web.ts'

const { bower, berries, dance, shells, straw, glass, film, flicker, orphan, stonesAlbum, feathersAlbum, capsAlbum } =
  SAMPLES

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
    {
      target: 'imgur:user/ghost',
      expected: { files: filesOf(film, straw, stonesAlbum, bower, glass, flicker) },
      demo: true,
    },
    {
      target: 'imgur:user/ghost/favorites',
      expected: { files: filesOf(berries, feathersAlbum, shells, dance, film) },
    },
    {
      target: 'https://imgur.com/user/ghost/favorites/folder/12345/stones',
      expected: { files: filesOf(shells, stonesAlbum, glass, feathersAlbum, straw) },
    },
    { target: 'imgur:user/me', expected: { files: {}, fault: 'NeedsLogin' } },
    { target: 'https://imgur.com/user/me/hidden', expected: { files: {}, fault: 'NeedsLogin' } },
    { target: 'imgur:hot', expected: { files: filesOf(glass, shells, feathersAlbum, film, bower) } },
    {
      target: 'https://imgur.com/top/week',
      expected: { files: filesOf(dance, stonesAlbum, berries, straw, shells) },
    },
    { target: 'imgur:new', expected: { files: filesOf(straw, flicker, film, glass, berries) } },
    {
      target: 'https://imgur.com/r/bowerbirds/top/week',
      expected: { files: filesOf(bower, dance, stonesAlbum, berries, feathersAlbum, shells, straw) },
    },
    { target: 'imgur:t/blue', expected: { files: filesOf(bower, film, feathersAlbum, glass, flicker) } },
    {
      target: 'https://imgur.com/t/blue/top/week',
      expected: { files: filesOf(bower, film, feathersAlbum, glass, flicker) },
    },
    { target: 'imgur:search/bower', expected: { files: filesOf(bower) } },
    { target: 'imgur:search/stone', expected: { files: filesOf(...stonesAlbum.uploads) } },
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
    {
      target: 'imgur:r/lost',
      expected: {
        files: filesOf(glass),
        failed: { 'imgur:l0sTone': 'Placeholder', 'imgur:aDr1fts': 'Placeholder' },
      },
    },
    { target: 'https://i.imgur.com/oRpHanXh.jpg', expected: { files: filesOf(orphan) } },
    { target: 'imgur:oRpHanX', expected: { files: {}, fault: 'Gone' } },
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
    'old-layout': {
      about: 'neither the API nor the page tells of an album: the old layout of the page does',
      mishaps: [
        {
          on: 'api.imgur.com/*',
          does: { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '{"news":true}' },
        },
        {
          on: 'imgur.com/ajaxalbums/*',
          does: {
            kind: 'answer',
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: '{"data":{"count":0,"images":null},"success":true,"status":200}',
          },
        },
        {
          on: 'imgur.com/a/sT0nE',
          times: 1,
          does: {
            kind: 'answer',
            status: 200,
            headers: { 'content-type': 'text/html' },
            body: '<div id="root"></div>',
          },
        },
      ],
      target: 'imgur:a/sT0nE',
      expected: { files: filesOf(stonesAlbum) },
    },
    'only-html': {
      about:
        'neither the API nor hit.json lists a subreddit: its piece of HTML does, and the posts come from their pages',
      mishaps: [
        {
          on: 'api.imgur.com/*',
          does: { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '{"news":true}' },
        },
        ...['0', '1', '2', '3', '4'].map(
          (page) =>
            ({
              on: `imgur.com/r/bowerbirds/new/page/${page}/hit.json`,
              does: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' },
            }) as const,
        ),
      ],
      target: 'imgur:r/bowerbirds',
      expected: { files: filesOf(bower, dance, stonesAlbum, berries, feathersAlbum, shells, straw) },
    },
    region: {
      about: 'imgur is closed to British addresses, and says so in place of every answer',
      mishaps: ['api.imgur.com/*', 'imgur.com/*'].map((on) => ({
        on,
        does: {
          kind: 'answer',
          status: 200,
          headers: { 'content-type': 'text/html' },
          body: '<!doctype html><title>Imgur</title><h1>Content not available in your region</h1>',
        } as const,
      })),
      target: 'imgur:a/sT0nE',
      expected: { files: {}, fault: 'Blocked' },
    },
    'refused-at-random': {
      about: 'a file with an old id is refused at its first address, and comes from its second',
      mishaps: [{ on: 'i.imgur.com/s7Raw.jpg', does: { kind: 'answer', status: 403, body: '' } }],
      target: 'imgur:s7Raw',
      expected: { files: filesOf(straw) },
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
