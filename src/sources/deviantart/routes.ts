import { Fault } from '../../core/errors.ts'
import type { Params, Route } from '../../core/source.ts'
import { textParam } from '../../kit/params.ts'
import { apiListing } from './api.ts'
import { feedListing, NEWEST, POPULAR } from './backend.ts'
import { folderUuid } from './folders.ts'
import { pageListing, puppyListing } from './web.ts'
import { SITE } from './web-requests.ts'

type Strategies = Route['strategies']

/** Works a page, the most that the API gives of galleries. */
const API_PAGE = 24

const user = (params: Params): string => textParam(params, 'user')
const folder = (params: Params): string => textParam(params, 'folder')

/** Where the site shows a gallery or collection; lists are asked for with the token of that page. */
function pageOf(params: Params, kind: 'gallery' | 'favourites', rest = ''): string {
  return `${SITE}/${encodeURIComponent(user(params))}/${kind}${rest}`
}

function gallection(params: Params, kind: 'gallery' | 'collection', query: Readonly<Record<string, string>>) {
  return {
    path: 'dashared/gallection/contents',
    query: { username: user(params), type: kind, ...query },
    page: pageOf(params, kind === 'gallery' ? 'gallery' : 'favourites'),
  }
}

export const gallery: Strategies = [
  apiListing('gallery', (params) => ({ path: '/gallery/all', query: { username: user(params) }, limit: API_PAGE })),
  puppyListing('gallery', (params) => gallection(params, 'gallery', { all_folder: 'true' })),
  pageListing('gallery', (params) => pageOf(params, 'gallery', '/all')),
  feedListing('gallery', (params) => ({ q: `gallery:${user(params)}`, order: NEWEST })),
]

export const galleryFolder: Strategies = [
  apiListing('folder', async (params, context) => ({
    path: `/gallery/${await folderUuid('gallery', params, context)}`,
    query: { username: user(params), mode: 'newest' },
    limit: API_PAGE,
  })),
  puppyListing('folder', (params) => gallection(params, 'gallery', { folderid: folder(params) })),
  pageListing('folder', (params) => pageOf(params, 'gallery', `/${folder(params)}/${slugOf(params)}`)),
  feedListing('folder', (params) => ({ q: `gallery:${user(params)}/${folder(params)}`, order: NEWEST })),
]

/** The API has none. */
export const scraps: Strategies = [
  puppyListing('scraps', (params) => gallection(params, 'gallery', { scraps_folder: 'true' })),
  pageListing('scraps', (params) => pageOf(params, 'gallery', '/scraps')),
]

export const gallerySearch: Strategies = [
  puppyListing('gallery-search', (params) => ({
    path: 'dashared/gallection/search',
    query: { username: user(params), type: 'gallery', order: 'most-recent', q: textParam(params, 'query') },
    page: pageOf(params, 'gallery'),
  })),
]

export const favourites: Strategies = [
  apiListing('favourites', (params) => ({
    path: '/collections/all',
    query: { username: user(params) },
    limit: API_PAGE,
  })),
  puppyListing('favourites', (params) => gallection(params, 'collection', { all_folder: 'true' })),
  pageListing('favourites', (params) => pageOf(params, 'favourites', '/all')),
  feedListing('favourites', (params) => ({ q: `favby:${user(params)}`, order: NEWEST })),
]

export const favouritesFolder: Strategies = [
  apiListing('favourites-folder', async (params, context) => ({
    path: `/collections/${await folderUuid('collections', params, context)}`,
    query: { username: user(params) },
    limit: API_PAGE,
  })),
  puppyListing('favourites-folder', (params) => gallection(params, 'collection', { folderid: folder(params) })),
  pageListing('favourites-folder', (params) => pageOf(params, 'favourites', `/${folder(params)}/${slugOf(params)}`)),
  feedListing('favourites-folder', (params) => ({ q: `favby:${user(params)}/${folder(params)}`, order: NEWEST })),
]

/** Posts are journals, status updates and polls; journals alone have pictures in their text that are worth a request. */
export const journals: Strategies = [
  apiListing('journals', (params) => ({
    path: '/user/profile/posts',
    query: { username: user(params) },
    limit: 50,
    keep: ({ page }) => page.includes('/journal/'),
  })),
  pageListing('journals', (params) => `${SITE}/${encodeURIComponent(user(params))}/posts/journals`),
  feedListing('journals', (params) => ({ q: `journal:${user(params)}`, order: NEWEST })),
]

/** The site's list is asked first: it is known to give the newest first, the API's order is not. */
export const tag: Strategies = [
  puppyListing('tag', (params) => ({
    path: 'dabrowse/networkbar/tag/deviations',
    query: { tag: textParam(params, 'tag'), order: 'most-recent' },
    page: `${SITE}/tag/${encodeURIComponent(textParam(params, 'tag'))}`,
  })),
  apiListing('tag', (params) => ({ path: '/browse/tags', query: { tag: textParam(params, 'tag') }, limit: 50 })),
]

/** The API's search was removed. */
export const search: Strategies = [
  puppyListing('search', (params) => searchList(textParam(params, 'query'), 'most-recent')),
  feedListing('search', (params) => ({ q: textParam(params, 'query'), order: NEWEST })),
]

interface Period {
  readonly api: string
  readonly web: string
  /** Of a feed; all of time has no limit. */
  readonly feed: string
}

const PERIODS: Readonly<Record<string, Period>> = {
  '8h': { api: '8hr', web: 'popular-8-hours', feed: ' max_age:8h' },
  '24h': { api: '24hr', web: 'popular-24-hours', feed: ' max_age:24h' },
  '3d': { api: '3days', web: 'popular-3-days', feed: ' max_age:72h' },
  '1w': { api: '1week', web: 'popular-1-week', feed: ' max_age:168h' },
  '1m': { api: '1month', web: 'popular-1-month', feed: ' max_age:744h' },
  all: { api: 'alltime', web: 'popular-all-time', feed: '' },
}

/** Rankings: the site's search in an order of popularity, the API as it was until 2021, feeds (alive in 2026). */
export const popular: Strategies = [
  puppyListing('popular', (params) => searchList(wordsOf(params), periodOf(params).web)),
  apiListing('popular', (params) => ({
    path: '/browse/popular',
    query: { timerange: periodOf(params).api, ...(wordsOf(params) !== '' && { q: wordsOf(params) }) },
    limit: API_PAGE,
  })),
  feedListing('popular', (params) => ({
    q: `boost:popular${periodOf(params).feed} ${wordsOf(params)}`.trim(),
    order: POPULAR,
  })),
]

/** All of a day come in one answer. Feed and page know the newest day alone. */
export const daily: Strategies = [
  apiListing('daily', ({ date }) => ({
    path: '/browse/dailydeviations',
    query: typeof date === 'string' ? { date } : {},
    limit: 0,
  })),
  pageListing('daily', (params) => `${SITE}/daily-deviations${dateOf(params)}`),
  feedListing('daily', (params) => {
    if (params['date'] === undefined) return { q: 'special:dd', order: NEWEST }
    throw new Fault('Blocked', 'the daily deviations of a certain day are known to the API and the site alone', {
      advice: 'set the options deviantart.clientId and deviantart.clientSecret',
    })
  }),
]

function dateOf({ date }: Params): string {
  return typeof date === 'string' ? `/${date}` : ''
}

function searchList(query: string, order: string) {
  return {
    path: 'dabrowse/search/deviations',
    query: { q: query, order },
    page: `${SITE}/search?${new URLSearchParams({ q: query }).toString()}`,
  }
}

function wordsOf({ query }: Params): string {
  return typeof query === 'string' ? query : ''
}

function periodOf(params: Params): Period {
  const period = PERIODS[textParam(params, 'period')]
  if (period === undefined) throw new Fault('Internal', `no period is called ${textParam(params, 'period')}`)
  return period
}

function slugOf({ slug }: Params): string {
  return typeof slug === 'string' ? encodeURIComponent(slug) : ''
}
