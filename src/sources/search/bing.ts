import { htmlText } from '../../kit/html.ts'
import { readBing } from './bing-page.ts'
import { optionsOf } from './options.ts'
import type { SearchOptions } from './options.ts'
import type { Provider, Query } from './provider.ts'
import { filtersOf, queryOf } from './targets.ts'

const ORIGIN = 'https://www.bing.com'
const HOSTS = ['www.bing.com', 'bing.com', 'cn.bing.com']

/** Parameters that narrow a search or choose its market; all others are of the page and the visit. */
const FILTERS = ['qft', 'adlt', 'mkt', 'setlang', 'cc']

/** Licences of Creative Commons and the public domain by number, as the filter of the page combines them. */
const LICENSES = {
  'public-domain': 'license-L1',
  share: 'license-L2_L3_L4_L5_L6_L7',
  'share-commercially': 'license-L2_L3_L4',
  modify: 'license-L2_L3_L5_L6',
  'modify-commercially': 'license-L2_L3',
} as const

const SIZES = { small: 'small', medium: 'medium', large: 'large', huge: 'wallpaper' } as const

/** A result page is about a megabyte. */
const MOST_BYTES = 8 * 1024 * 1024

export const bing: Provider = {
  name: 'bing',
  about: 'Bing image search, or its result page',
  hosts: HOSTS,
  limits: [
    // No limit is known; a page holds 35 images, which take longer than a second. All recorded answers were given to
    // clients that call themselves a browser; how others are treated is not known (unverified).
    { scope: 'www.bing.com', hosts: HOSTS, slots: 1, perSecond: 1, userAgent: 'Mozilla/5.0 (compatible; bowerbird)' },
  ],
  also: ['https://www.bing.com/images/search?q=satin+bowerbird&qft=+filterui:imagesize-large'],
  way: 'html',
  readPageUrl(url) {
    const isPage = HOSTS.includes(url.hostname) && /^\/images\/(?:search|async)\/?$/i.test(url.pathname)
    // A page about one of the results.
    if (!isPage || url.searchParams.get('view')?.startsWith('detail') === true) return undefined
    return queryOf(url.searchParams.get('q'), filtersOf(url, FILTERS))
  },
  async page(query, at, context) {
    const url = typeof at === 'string' ? nextPage(at) : firstPage(query, optionsOf(context))
    const answer = await context.http.request({ url, maxBytes: MOST_BYTES })
    return { url: answer.url, page: await readBing(htmlText(answer), answer.url) }
  },
}

function firstPage(query: Query, options: SearchOptions): string {
  const url = new URL('/images/search', ORIGIN)
  url.search = new URLSearchParams({
    q: query.keyword,
    // Counts images, not pages.
    first: '1',
    form: 'HDRSC2',
    ...(options.safe !== 'moderate' && { adlt: options.safe }),
    ...query.filters,
    ...qft(query.filters['qft'] ?? '', options),
  }).toString()
  return url.href
}

/** Filters of the page, and of the options those that the page's URL does not set itself. Each begins with a blank. */
function qft(given: string, { license, size }: SearchOptions): { readonly qft?: string } {
  const added = [
    ...(license !== 'any' && !/filterui:license/i.test(given) ? [` filterui:${LICENSES[license]}`] : []),
    ...(size !== 'any' && !/filterui:imagesize/i.test(given) ? [` filterui:imagesize-${SIZES[size]}`] : []),
  ]
  const all = given + added.join('')
  return all === '' ? {} : { qft: all }
}

/** The address that the page before gave stands on Bing, whatever it says. */
function nextPage(address: string): string {
  const { pathname, search } = new URL(address, ORIGIN)
  return new URL(pathname + search, ORIGIN).href
}
