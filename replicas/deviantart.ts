import { addApi, CLIENT } from './deviantart/api.ts'
import { addBackend } from './deviantart/backend.ts'
import { addMedia } from './deviantart/media.ts'
import { makeSite, SAMPLES } from './deviantart/site.ts'
import type { Artwork } from './deviantart/site.ts'
import { addWeb } from './deviantart/web.ts'
import type { Media } from './harness/media.ts'
import type { Replica } from './harness/replica.ts'
import { Router } from './harness/router.ts'

const { bower, feather, shell, dance, blink, film, triptych, brushes, inks, poster, icon, owl, journals, crowd } =
  SAMPLES

/** What a visitor gets of works: uploads where they are shown, else the best rendering. */
function filesOf(...works: readonly Artwork[]): Readonly<Record<string, Media>> {
  return Object.fromEntries(works.flatMap((work) => shownOf(work).map((media, index) => [keyOf(work, index), media])))
}

/** What is got with a login, or through the API: the uploads behind download buttons too. */
function originalsOf(...works: readonly Artwork[]): Readonly<Record<string, Media>> {
  const own = works.flatMap((work): readonly (readonly [string, Media])[] =>
    work.downloadable === true && 'upload' in work.shown ? [[keyOf(work, 0), work.shown.upload]] : [],
  )
  return { ...filesOf(...works), ...Object.fromEntries(own) }
}

/** The pictures in texts are named by the ids of their files. */
function keyOf({ id, shown }: Artwork, index: number): string {
  if (shown.as !== 'text') return index === 0 ? `deviantart:${id}` : `deviantart:${id}/${6999 + index}`
  return `deviantart:${id}/0000000${index + 1}`
}

function shownOf({ shown, more = [] }: Artwork): readonly Media[] {
  switch (shown.as) {
    case 'upload':
      return [shown.upload, ...more]
    case 'rendering':
      return [shown.best]
    case 'gif':
      return [shown.upload]
    case 'film':
      return shown.encodings.slice(-1).map((encoding) => encoding.film)
    case 'file':
      return [shown.preview]
    case 'text':
      return shown.pictures
  }
}

const MIRA = [bower, feather, shell, dance, blink, film, triptych]
const SOME = crowd.slice(0, 7)
const API = { 'deviantart.clientId': CLIENT.id, 'deviantart.clientSecret': CLIENT.secret }

/** What was left of the weekly quota in March 2026. */
const noQuota = JSON.stringify({
  error: 'invalid_request',
  error_description: 'Free download limit reached.',
  error_code: 2,
  status: 'error',
})

export const replica: Replica = {
  name: 'deviantart',
  hosts: ['www.deviantart.com', 'backend.deviantart.com', 'sta.sh', '*.wixmp.com'],
  make: ({ scale }) => {
    const site = makeSite(scale)
    const router = new Router()
    addApi(router, site)
    addBackend(router, site)
    addMedia(router, site)
    addWeb(router, site)
    return router.handler
  },
  targets: [
    { target: 'deviantart:mira', expected: { files: filesOf(...MIRA) }, demo: true },
    { target: 'https://www.deviantart.com/mira/gallery', options: API, expected: { files: originalsOf(...MIRA) } },
    { target: 'https://mira.deviantart.com/gallery/?101', expected: { files: filesOf(...SOME) } },
    { target: 'deviantart:mira/gallery/101/fan-art', options: API, expected: { files: filesOf(...SOME) } },
    { target: 'deviantart:mira/scraps', expected: { files: filesOf(...SOME) } },
    { target: 'deviantart:mira/gallery?q=dance', expected: { files: filesOf(dance) } },
    { target: 'deviantart:mira/favourites', expected: { files: filesOf(...SOME) }, demo: true },
    { target: 'deviantart:mira/favourites/102/cities', expected: { files: filesOf(...SOME) } },
    { target: 'deviantart:quill/posts/journals', expected: { files: filesOf(...journals, bower) } },
    { target: 'deviantart:tag/bower', expected: { files: filesOf(...SOME) } },
    { target: 'deviantart:search/study', expected: { files: filesOf(...SOME) } },
    { target: 'deviantart:popular/1-week', expected: { files: filesOf(...SOME) } },
    { target: 'deviantart:daily', expected: { files: filesOf(...crowd.slice(0, 7)) } },
    { target: 'https://sta.sh/21jf51j7pzl2', expected: { files: filesOf(SAMPLES.stashed, SAMPLES.stashedToo) } },
    { target: `https://www.deviantart.com/mira/art/Triptych-${triptych.id}`, expected: { files: filesOf(triptych) } },
    { target: `https://fav.me/d${bower.id.toString(36)}`, expected: { files: filesOf(bower) } },
    { target: 'deviantart:tools', expected: { files: filesOf(brushes, inks, poster, icon) } },
    {
      target: 'deviantart:tools/gallery/all',
      options: API,
      expected: { files: originalsOf(brushes, inks, poster, icon) },
    },
    { target: 'deviantart:nightjar', expected: { files: filesOf(owl), failed: { '': 'Gone' } } },
    { target: `deviantart:${SAMPLES.nude.id}`, expected: { files: {}, fault: 'NeedsLogin' } },
    { target: `deviantart:${SAMPLES.draft.id}`, expected: { files: {}, fault: 'NeedsLogin' } },
    { target: `deviantart:${SAMPLES.lost.id}`, expected: { files: {}, fault: 'Gone' } },
    { target: 'deviantart:nobody', expected: { files: {}, fault: 'Gone' } },
  ],
  faults: {
    'expired-download': {
      about: 'the link behind the download button is over when its turn comes: a fresh one is asked for',
      mishaps: [
        {
          on: 'wixmp-ed30a86b8c4ca887773594c2.wixmp.com/*',
          times: 1,
          does: { kind: 'answer', status: 401, headers: { 'content-type': 'text/plain' }, body: 'unauthorized' },
        },
      ],
      target: `deviantart:${brushes.id}`,
      options: API,
      expected: { files: originalsOf(brushes) },
    },
    'no-quota': {
      about: 'the weekly quota of downloads is used up: the largest rendering is taken',
      mishaps: [
        {
          on: 'www.deviantart.com/api/v1/oauth2/deviation/download/*',
          does: { kind: 'answer', status: 400, headers: { 'content-type': 'application/json' }, body: noQuota },
        },
      ],
      target: `deviantart:${poster.id}`,
      options: API,
      expected: { files: filesOf(poster) },
    },
    'token-expired': {
      about: 'the API does not take its token any more: it is asked for again',
      mishaps: [
        {
          on: 'www.deviantart.com/api/v1/oauth2/gallery/all',
          after: 1,
          times: 1,
          does: {
            kind: 'answer',
            status: 401,
            headers: { 'content-type': 'application/json' },
            body: '{"error":"invalid_token","error_description":"Expired oAuth2 user token. The client should request a new one with an access code or a refresh token.","status":"error"}',
          },
        },
      ],
      target: 'https://www.deviantart.com/mira/gallery',
      expected: { files: originalsOf(...MIRA) },
    },
    'too-many': {
      about: 'the API asks for fewer requests, without saying for how long',
      mishaps: [
        {
          on: 'www.deviantart.com/api/v1/oauth2/gallery/all',
          times: 1,
          does: {
            kind: 'answer',
            status: 429,
            headers: { 'content-type': 'application/json' },
            body: '{"error":"user_api_threshold","error_description":"User request limit reached.","status":"error"}',
          },
        },
      ],
      target: 'https://www.deviantart.com/mira/gallery',
      expected: { files: originalsOf(...MIRA) },
    },
    'credentials-refused': {
      about: "the API's credentials are wrong: the site's own lists are read",
      mishaps: [],
      target: 'deviantart:mira/favourites',
      options: { 'deviantart.clientId': '1', 'deviantart.clientSecret': 'wrong' },
      expected: { files: filesOf(...SOME) },
    },
    'old-token': {
      about: 'the token of the page is not taken any more: the page is read again',
      mishaps: [
        {
          on: 'www.deviantart.com/_puppy/dashared/gallection/contents',
          after: 1,
          times: 1,
          does: {
            kind: 'answer',
            status: 400,
            headers: { 'content-type': 'application/json' },
            body: '{"error":"invalid_request","errorDescription":"Invalid or expired form submission","errorDetails":{"csrf":"invalid"},"status":"error"}',
          },
        },
      ],
      target: 'deviantart:mira/favourites',
      expected: { files: filesOf(...SOME) },
    },
    'lists-changed': {
      about: "the site's lists answer something else: its pages are read in their place",
      mishaps: [
        {
          on: 'www.deviantart.com/_puppy/*',
          does: { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '{"news":true}' },
        },
      ],
      target: 'deviantart:mira/favourites',
      expected: { files: filesOf(...SOME) },
    },
    blocked: {
      about: 'the site refuses this client altogether: its feeds are read',
      mishaps: [
        {
          on: 'www.deviantart.com/*',
          does: {
            kind: 'answer',
            status: 403,
            headers: { 'content-type': 'text/html' },
            body: "<html><h1>403 ERROR</h1>Request blocked. We can't connect to the server</html>",
          },
        },
      ],
      target: 'deviantart:mira/favourites',
      expected: { files: filesOf(...SOME) },
    },
    'raised-quality-refused': {
      about: 'a rendering is not given at full quality: the usual one is taken',
      mishaps: [
        {
          on: `images-wixmp-ed30a86b8c4ca887773594c2.wixmp.com/f/9ad8fbc8-aee8-4e92-a04b-000000000000/d${shell.id.toString(36)}-00000000-2222-4333-8444-555555555555.jpg/v1/fill/w_180,h_120,q_100*`,
          does: { kind: 'answer', status: 403, headers: { 'content-type': 'text/plain' }, body: 'forbidden' },
        },
      ],
      target: `deviantart:${shell.id}`,
      expected: { files: { [`deviantart:${shell.id}`]: usualOf(shell) } },
    },
    cut: {
      about: 'a file breaks off once and is continued',
      mishaps: [
        {
          on: `images-wixmp-ed30a86b8c4ca887773594c2.wixmp.com/*`,
          times: 1,
          does: { kind: 'cut', after: 2000 },
        },
      ],
      target: `deviantart:${bower.id}`,
      expected: { files: filesOf(bower) },
    },
  },
}

function usualOf({ shown, title }: Artwork): Media {
  if (shown.as !== 'rendering') throw new Error(`${title} has no rendering`)
  return shown.usual
}
