import { z } from 'zod'
import type { Browser } from '../../core/browser.ts'
import { Fault } from '../../core/errors.ts'
import type { ExploreContext } from '../../core/source.ts'
import { OPENED_AT_ONCE, openResults, readPage } from './google-visit.ts'
import type { Harvest } from './google-visit.ts'
import { optionsOf } from './options.ts'
import type { SearchOptions } from './options.ts'
import type { Answered, Provider, Query, SearchPage } from './provider.ts'
import { filtersOf, queryOf } from './targets.ts'

const ORIGIN = 'https://www.google.com'

/** The domains of countries lead to .com since 2025; links of older days name them. These are of the most visitors. */
const COUNTRIES = 'at be ca ch co.in co.jp co.uk com.au com.br com.mx de es fr it nl pl se'
const HOSTS = [
  'www.google.com',
  'google.com',
  'images.google.com',
  ...COUNTRIES.split(' ').map((country) => `www.google.${country}`),
]

/** Parameters that narrow a search or choose its language; all others are of the page and the visit. */
const FILTERS = ['tbs', 'hl', 'gl', 'lr', 'cr', 'safe', 'as_sitesearch', 'as_filetype']

/** Part of `tbs` (known from tools of 2019 to 2025, unverified). */
const SIZES = { small: 'isz:i', medium: 'isz:m', large: 'isz:l', huge: 'isz:lt,islt:4mp' } as const

/** Where a listing stands: results seen in the page's data, or results opened one by one. */
const placeSchema = z.union([z.object({ seen: z.number() }), z.object({ opened: z.number() })])
type Place = z.output<typeof placeSchema>

export const google: Provider = {
  name: 'google',
  about: 'Google Images in a browser that this program drives (Chromium), or its result page',
  hosts: HOSTS,
  // No limit is known; captchas come by address, after few searches (2023 to 2026).
  limits: [{ scope: 'www.google.com', hosts: ['www.google.com', 'consent.google.com'], slots: 1, perSecond: 0.5 }],
  also: [
    'https://www.google.com/search?tbm=isch&q=satin+bowerbird',
    'https://www.google.com/search?udm=2&q=satin+bowerbird&tbs=isz:l',
  ],
  way: 'browser',
  uses: 'browser',
  readPageUrl(url) {
    if (!HOSTS.includes(url.hostname)) return undefined
    const { pathname, searchParams } = url
    const isImages = searchParams.get('tbm') === 'isch' || searchParams.get('udm') === '2'
    if (!(pathname === '/search' && isImages) && pathname !== '/images') return undefined
    return queryOf(searchParams.get('q'), filtersOf(url, FILTERS))
  },
  async page(query, at, context) {
    const url = addressOf(query, optionsOf(context))
    const place: Place = at === undefined ? { seen: 0 } : placeSchema.parse(at)
    const browser = browserOf(context)
    if ('opened' in place) return opened(browser, url, place.opened)
    const read = await browser.visit({ url }, async (page) => checked(await readPage(page, place.seen), page.status))
    // What the data does not tell, clicks may: the images have to be loaded for that.
    if (read.reading.kind === 'thumbnails') return opened(browser, url, 0)
    return { url: read.url, page: pageOf(read, (results) => ({ seen: results })) }
  },
}

async function opened(browser: Browser, url: string, from: number): Promise<Answered> {
  const read = await browser.visit({ url, pictures: true }, async (page) =>
    checked(await openResults(page, from), page.status),
  )
  return { url: read.url, page: pageOf(read, () => ({ opened: from + OPENED_AT_ONCE })) }
}

function pageOf({ reading, isWhole }: Harvest, next: (results: number) => Place): SearchPage {
  switch (reading.kind) {
    case 'results':
    case 'thumbnails': {
      const { results } = reading
      return { kind: 'results', results, ...(!isWhole && { next: next(results.length) }) }
    }
    default:
      return reading
  }
}

/** An error that is no wall with a name: what the server says of it is all there is to tell. */
function checked(harvest: Harvest, status: number): Harvest {
  const { kind } = harvest.reading
  if (status < 400 || (kind !== 'unknown-layout' && kind !== 'script-shell')) return harvest
  const code = status === 403 ? 'Blocked' : status === 429 || status === 503 ? 'RateLimited' : 'HttpStatus'
  throw new Fault(code, `google answers with an error (status ${status})`, { url: harvest.url, status })
}

function browserOf({ browser }: ExploreContext): Browser {
  if (browser === undefined) throw new Fault('Internal', 'the search at google was given no browser')
  return browser
}

function addressOf({ keyword, filters }: Query, options: SearchOptions): string {
  const url = new URL('/search', ORIGIN)
  url.search = new URLSearchParams({
    q: keyword,
    udm: '2',
    // Whether there is nothing is told in words.
    hl: 'en',
    ...safety(options),
    ...filters,
    ...tbs(filters['tbs'] ?? '', options),
  }).toString()
  return url.href
}

function safety({ safe }: SearchOptions): { readonly safe?: string } {
  return safe === 'moderate' ? {} : { safe: safe === 'strict' ? 'active' : 'off' }
}

/** Filters of the page's URL, and those of the options that it does not set itself. */
function tbs(given: string, { license, size }: SearchOptions): { readonly tbs?: string } {
  if (license !== 'any' && license !== 'share') {
    throw new Fault('Usage', `google knows no more of licences than Creative Commons (search.license=${license})`, {
      advice: 'use search.license=share, or another provider: search:openverse/…',
    })
  }
  const all = [
    ...(given === '' ? [] : [given]),
    ...(license === 'share' && !/\bil:/.test(given) ? ['il:cl'] : []),
    ...(size !== 'any' && !/\bisz:/.test(given) ? [SIZES[size]] : []),
  ]
  return all.length === 0 ? {} : { tbs: all.join(',') }
}
