import type { Media } from './harness/media.ts'
import type { Misbehaviour } from './harness/mishaps.ts'
import type { Replica } from './harness/replica.ts'
import { Router } from './harness/router.ts'
import { addApi } from './lofter/api.ts'
import { filmIdOf, mediaIdOf, permalinkOf, SAMPLES } from './lofter/site.ts'
import type { SitePost } from './lofter/site.ts'
import { addPages, addStores } from './lofter/web.ts'

const { march, untitled, article, question, glassPost, lostPost, quietPost, film, posterPost } = SAMPLES
const ALL = [march, untitled, article, question, glassPost, lostPost, quietPost]
const TAGGED = [march, article, glassPost, lostPost, posterPost]
/** Eight posts are three pages then, as those of the site's own pages are. */
const PAGES_OF_THREE = { 'lofter.pageSize': '3' }

/** The files of posts: uploads by the app's interface, what is shown by the others, which do not know the uploads. */
function files(posts: readonly SitePost[], best: 'raw' | 'shown'): Readonly<Record<string, Media>> {
  const all = posts.flatMap((post): readonly (readonly [string, Media])[] => {
    const key = `lofter:${permalinkOf(post)}/`
    const pictures = post.pictures.map((picture) => {
      const isRaw = best === 'raw' && picture.lost !== true
      return [key + mediaIdOf(picture), isRaw ? picture.media : picture.shownMedia] as const
    })
    return post.film === undefined ? pictures : [...pictures, [key + filmIdOf(post), post.film]]
  })
  return Object.fromEntries(all)
}

/** The app's interface turns a client away. */
const refusal: Misbehaviour = {
  kind: 'answer',
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"meta":{"status":403,"msg":"没有权限"},"response":null}',
}

const refusedApi = { on: 'api.lofter.com/*', does: refusal }

export const replica: Replica = {
  name: 'lofter',
  hosts: ['lofter.com', '*.lofter.com', '*.lf127.net', 'nos.netease.com', '*.vod.126.net'],
  make: () => {
    const router = new Router()
    addApi(router)
    addPages(router)
    addStores(router)
    return router.handler
  },
  targets: [
    { target: 'lofter:bluebower', options: PAGES_OF_THREE, expected: { files: files(ALL, 'raw') }, demo: true },
    {
      target: 'https://www.lofter.com/mentionredirect.do?blogId=531594311',
      options: PAGES_OF_THREE,
      expected: { files: files(ALL, 'raw') },
    },
    { target: 'lofter:bluebower/tag/plain', expected: { files: files([untitled, question, quietPost], 'raw') } },
    { target: 'https://bluebower.lofter.com/tag/blue', expected: { files: files([march, untitled], 'raw') } },
    { target: 'lofter:tag/凉亭', expected: { files: files(TAGGED, 'raw') }, demo: true },
    { target: 'https://www.lofter.com/tag/凉亭/total', expected: { files: files(TAGGED, 'raw') } },
    { target: `https://bluebower.lofter.com/post/${permalinkOf(march)}`, expected: { files: files([march], 'raw') } },
    { target: `lofter:filmbower/${permalinkOf(film)}`, expected: { files: files([film], 'raw') }, demo: true },
    {
      target: `https://s.lofter.com/-s/${permalinkOf(glassPost)}`,
      expected: { files: files([glassPost], 'raw') },
    },
    { target: 'lofter:shutbower', expected: { files: {}, fault: 'NeedsLogin' } },
    { target: 'lofter:nobower', expected: { files: {}, fault: 'Gone' } },
    { target: 'lofter:bluebower/1faf7c47_1', expected: { files: {}, fault: 'Gone' } },
    { target: `lofter:bluebower/${permalinkOf(SAMPLES.words)}`, expected: { files: {}, fault: 'NothingFound' } },
  ],
  faults: {
    'api-refuses': {
      about: "the app's interface refuses: the pages for phones are read, which show images but not their uploads",
      mishaps: [refusedApi],
      target: 'lofter:bluebower',
      expected: { files: files(ALL, 'shown') },
    },
    'api-refuses-later': {
      about: "the app's interface refuses in the middle of a blog: the listing begins again by the pages for phones",
      // Page 1, five looks for the last page, page 2.
      mishaps: [{ ...refusedApi, after: 7 }],
      target: 'lofter:bluebower/tag/plain',
      options: PAGES_OF_THREE,
      expected: { files: files([untitled, question, quietPost], 'raw') },
    },
    'expired-upload': {
      about: 'an upload is refused with 403, and so is its fresh address: what is shown of it is taken',
      mishaps: [
        {
          on: `${march.pictures[0]?.raw}`,
          does: { kind: 'answer', status: 403, headers: { 'content-type': 'text/html' }, body: '<html></html>' },
        },
      ],
      target: `https://bluebower.lofter.com/post/${permalinkOf(march)}`,
      expected: {
        files: {
          ...files([march], 'raw'),
          ...files([{ ...march, pictures: march.pictures.slice(0, 1) }], 'shown'),
        },
      },
    },
    cut: {
      about: 'a file breaks off once and is continued',
      mishaps: [{ on: `${march.pictures[1]?.raw}`, times: 1, does: { kind: 'cut', after: 2000 } }],
      target: `https://bluebower.lofter.com/post/${permalinkOf(march)}`,
      expected: { files: files([march], 'raw') },
    },
  },
}
