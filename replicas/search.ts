import type { Media } from './harness/media.ts'
import type { Expected, Replica, ReplicaTarget } from './harness/replica.ts'
import { Router } from './harness/router.ts'
import { searchKey } from '../src/sources/search/listing.ts'
import { addBing, BING_HOSTS } from './search/bing.ts'
import { addCommons, COMMONS_HOSTS, uploadOf } from './search/commons.ts'
import { addDuckDuckGo, DUCKDUCKGO_HOSTS } from './search/duckduckgo.ts'
import { addGoogle, GOOGLE, GOOGLE_HOSTS } from './search/google.ts'
import { addGoogleCse, ENGINE, GOOGLE_CSE_HOSTS, KEYS } from './search/google-cse.ts'
import { thumbnailUrl } from './search/google-markup.ts'
import { addImages } from './search/images.ts'
import { addOpenverse, DEEP, OPENVERSE_HOSTS } from './search/openverse.ts'
import { dataUrl, ENDLESS, IMAGE_HOSTS, PICTURES, THUMBNAIL, WALLS } from './search/pictures.ts'
import type { Picture } from './search/pictures.ts'

const { first, second, third, fourth, fifth, sixth, seventh } = PICTURES
const { gone, web, standing, later, proud, inline, small } = PICTURES
const SATIN = [first, second, third, fourth, fifth, sixth, seventh]
const CSE = { 'search.googleApiKey': KEYS.good, 'search.googleEngineId': ENGINE }

/** The files of pictures as a search for the keyword stores them. */
function filesOf(
  keyword: string,
  pictures: readonly Picture[],
  urlOf: (picture: Picture) => string = ({ url }) => url,
): Readonly<Record<string, Media>> {
  return Object.fromEntries(
    pictures.flatMap((picture) =>
      'media' in picture.served ? [[searchKey(keyword, urlOf(picture)), picture.served.media] as const] : [],
    ),
  )
}

/** What engines of the whole web find for `bower ruins`: links that are dead, lead to a page, or want to be referred to. */
const RUINS: Expected = {
  files: filesOf('bower ruins', [standing, inline, proud, later]),
  failed: {
    [searchKey('bower ruins', gone.url)]: 'Gone',
    [searchKey('bower ruins', web.url)]: 'Html',
  },
}

const SMALL_URL = 'media' in small.served && small.served.media.format === 'literal' ? dataUrl(small.served.media) : ''

const needs = 'browser'

const GOOGLE_IMAGES: readonly ReplicaTarget[] = [
  {
    target: `search:google/${GOOGLE.plain}`,
    needs,
    expected: { files: filesOf(GOOGLE.plain, SATIN) },
    demo: true,
  },
  {
    target: 'https://www.google.com/search?tbm=isch&q=bower+with+consent&tbs=isz:l&ei=x',
    needs,
    expected: { files: filesOf(GOOGLE.consent, SATIN) },
  },
  { target: `search:google/${GOOGLE.dialog}`, needs, expected: { files: filesOf(GOOGLE.dialog, SATIN) } },
  { target: `search:google/${GOOGLE.scripts}`, needs, expected: { files: filesOf(GOOGLE.scripts, SATIN) } },
  {
    target: `search:google/${GOOGLE.byHand}`,
    needs,
    expected: { files: filesOf(GOOGLE.byHand, [first, inline, second, third]) },
  },
  {
    target: 'search:google/bower ruins',
    needs,
    expected: {
      ...RUINS,
      files: filesOf('bower ruins', [standing, proud, later]),
    },
  },
  { target: `search:google/${GOOGLE.basic}`, needs, expected: { files: {} } },
  {
    target: `search:google/${GOOGLE.basic}`,
    options: { 'search.thumbnails': 'true' },
    needs,
    expected: {
      files: Object.fromEntries(
        [first, second, third].map((each) => [searchKey(GOOGLE.basic, thumbnailUrl(each)), THUMBNAIL]),
      ),
    },
  },
  { target: 'search:google/nothing at all', needs, expected: { files: {} } },
  { target: `search:google/${WALLS.consent}`, needs, expected: { files: {}, fault: 'Blocked' } },
  { target: `search:google/${WALLS.captcha}`, needs, expected: { files: {}, fault: 'Blocked' } },
  { target: `search:google/${WALLS.shell}`, needs, expected: { files: {}, fault: 'Blocked' } },
  { target: `search:google/${WALLS.unknown}`, needs, expected: { files: {}, fault: 'SiteChanged' } },
]

const BING: readonly ReplicaTarget[] = [
  { target: 'search:bing/satin bowerbird', expected: { files: filesOf('satin bowerbird', SATIN) }, demo: true },
  {
    target: 'https://www.bing.com/images/search?q=satin+bowerbird&qft=+filterui:imagesize-large&form=IRFLTR&first=1',
    expected: { files: filesOf('satin bowerbird', SATIN) },
  },
  { target: `search:bing/${ENDLESS}`, expected: { files: filesOf(ENDLESS, SATIN) } },
  { target: 'search:bing/bower ruins', expected: RUINS },
  {
    target: 'search:bing/bower ruins',
    options: { 'search.thumbnails': 'true' },
    expected: {
      files: {
        ...filesOf('bower ruins', [standing, inline, proud, later]),
        ...filesOf('bower ruins', [small], () => SMALL_URL),
        [searchKey('bower ruins', gone.url)]: { format: 'jpeg', width: 48, height: 36, seed: 799 },
        [searchKey('bower ruins', web.url)]: { format: 'jpeg', width: 48, height: 36, seed: 799 },
      },
    },
  },
  { target: 'search:bing/nothing at all', expected: { files: {} } },
  { target: `search:bing/${WALLS.consent}`, expected: { files: {}, fault: 'Blocked' } },
  { target: `search:bing/${WALLS.captcha}`, expected: { files: {}, fault: 'Blocked' } },
  { target: `search:bing/${WALLS.shell}`, expected: { files: {}, fault: 'Blocked' } },
  { target: `search:bing/${WALLS.unknown}`, expected: { files: {}, fault: 'SiteChanged' } },
]

const DUCKDUCKGO: readonly ReplicaTarget[] = [
  { target: 'search:duckduckgo/satin bowerbird', expected: { files: filesOf('satin bowerbird', SATIN) } },
  {
    target: 'https://duckduckgo.com/?q=satin+bowerbird&iax=images&ia=images&iaf=size%3ALarge&kp=-2',
    expected: { files: filesOf('satin bowerbird', SATIN) },
  },
  { target: 'search:duckduckgo/bower ruins', expected: RUINS },
  { target: 'search:duckduckgo/nothing at all', expected: { files: {} } },
  { target: `search:duckduckgo/${WALLS.captcha}`, expected: { files: {}, fault: 'Blocked' } },
  { target: `search:duckduckgo/${WALLS.shell}`, expected: { files: {}, fault: 'Blocked' } },
  { target: `search:duckduckgo/${WALLS.unknown}`, expected: { files: {}, fault: 'SiteChanged' } },
]

const OPENVERSE: readonly ReplicaTarget[] = [
  {
    target: 'search:openverse/satin bowerbird',
    expected: { files: filesOf('satin bowerbird', SATIN) },
  },
  {
    target: 'https://openverse.org/search/image?q=satin+bowerbird&license=by-sa',
    expected: { files: filesOf('satin bowerbird', SATIN) },
  },
  { target: `search:openverse/${DEEP}`, expected: { files: filesOf(DEEP, SATIN) } },
  { target: 'search:openverse/nothing at all', expected: { files: {} } },
]

const COMMONS: readonly ReplicaTarget[] = [
  {
    target: 'search:commons/satin bowerbird',
    expected: { files: filesOf('satin bowerbird', SATIN, uploadOf) },
    demo: true,
  },
  {
    target: 'https://commons.wikimedia.org/w/index.php?search=satin+bowerbird&title=Special:MediaSearch&type=image',
    expected: { files: filesOf('satin bowerbird', SATIN, uploadOf) },
  },
  { target: 'search:commons/nothing at all', expected: { files: {} } },
]

const GOOGLE_CSE: readonly ReplicaTarget[] = [
  {
    target: 'search:google-cse/satin bowerbird',
    options: CSE,
    expected: { files: filesOf('satin bowerbird', SATIN) },
  },
  { target: 'search:google-cse/nothing at all', options: CSE, expected: { files: {} } },
  {
    target: 'search:google-cse/satin bowerbird',
    options: { ...CSE, 'search.googleApiKey': KEYS.closed },
    expected: { files: {}, fault: 'Blocked' },
  },
]

const HOSTS = [
  ...GOOGLE_HOSTS,
  ...BING_HOSTS,
  ...DUCKDUCKGO_HOSTS,
  ...OPENVERSE_HOSTS,
  ...COMMONS_HOSTS,
  ...GOOGLE_CSE_HOSTS,
]
/** Each adds the routes of one engine: one line here and one in `HOSTS` and `targets`. */
const ENGINES = [addGoogle, addBing, addDuckDuckGo, addOpenverse, addCommons, addGoogleCse]

export const replica: Replica = {
  name: 'search',
  hosts: [...HOSTS, ...IMAGE_HOSTS],
  make: () => {
    const router = new Router()
    for (const add of ENGINES) add(router)
    addImages(router)
    return router.handler
  },
  targets: [...GOOGLE_IMAGES, ...BING, ...DUCKDUCKGO, ...OPENVERSE, ...COMMONS, ...GOOGLE_CSE],
  faults: {
    'too-many': {
      about: 'one answer asks for a second of patience, in its header',
      mishaps: [
        {
          on: 'api.openverse.org/v1/images/',
          times: 1,
          does: {
            kind: 'answer',
            status: 429,
            headers: { 'retry-after': '1', 'content-type': 'application/json' },
            body: '{"detail":"Request was throttled. Expected available in 1 second."}',
          },
        },
      ],
      target: 'search:openverse/satin bowerbird',
      expected: { files: filesOf('satin bowerbird', SATIN) },
    },
    throttled: {
      about: 'the answer asks for an hour of patience, in its text alone',
      mishaps: [
        {
          on: 'api.openverse.org/v1/images/',
          does: {
            kind: 'answer',
            status: 429,
            headers: { 'content-type': 'application/json' },
            body: '{"detail":"Request was throttled. Expected available in 3600 seconds."}',
          },
        },
      ],
      target: 'search:openverse/satin bowerbird',
      expected: { files: {}, fault: 'RateLimited' },
    },
    'page-refused': {
      about: 'a later page is refused: what was found before is collected',
      mishaps: [{ on: 'www.bing.com/images/async', does: { kind: 'answer', status: 403, body: '' } }],
      target: 'search:bing/satin bowerbird',
      expected: { files: filesOf('satin bowerbird', [first, second, third]), fault: 'Blocked' },
    },
  },
}
