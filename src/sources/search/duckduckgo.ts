import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { ExploreContext } from '../../core/source.ts'
import { loadHtml } from '../../kit/html.ts'
import { wallFault } from './faults.ts'
import { optionsOf } from './options.ts'
import type { SearchOptions } from './options.ts'
import type { Answered, Provider, Query, Result, SearchPage, WallPage } from './provider.ts'
import { readJson } from './read-json.ts'
import { filtersOf, queryOf } from './targets.ts'
import { wallOf } from './walls.ts'

const ORIGIN = 'https://duckduckgo.com'
const HOSTS = ['duckduckgo.com', 'www.duckduckgo.com']

/** Of the result page: region, safe search, and the filters of images in one. */
const FILTERS = ['kl', 'kp', 'iaf']

/** Six fields, in this order, each empty or `name:Value`. */
const FIELDS = ['time', 'size', 'color', 'type', 'layout', 'license'] as const

const LICENSES = {
  'public-domain': 'Public',
  share: 'Share',
  'share-commercially': 'ShareCommercially',
  modify: 'Modify',
  'modify-commercially': 'ModifyCommercially',
} as const

const SIZES = { small: 'Small', medium: 'Medium', large: 'Large', huge: 'Wallpaper' } as const

const LONGEST_KEYWORD = 500
/** A token is kept for an hour at most. */
const TOKEN_MS = 3_600_000

export const duckduckgo: Provider = {
  name: 'duckduckgo',
  about: 'DuckDuckGo image search, or its result page; easily blocked',
  hosts: HOSTS,
  limits: [
    // A second between requests is advised (2026). Tokens are bound to the agent. Recorded answers were given to
    // clients that call themselves a browser; how others are treated is not known (unverified).
    {
      scope: 'duckduckgo.com',
      hosts: HOSTS,
      slots: 1,
      perSecond: 0.9,
      userAgent: 'Mozilla/5.0 (compatible; bowerbird)',
    },
  ],
  also: [
    'https://duckduckgo.com/?q=satin+bowerbird&iax=images&ia=images',
    'https://duckduckgo.com/?q=satin+bowerbird&iar=images&iaf=size%3ALarge',
  ],
  way: 'i.js',
  readPageUrl(url) {
    const wants = [url.searchParams.get('ia'), url.searchParams.get('iax'), url.searchParams.get('iar')]
    if (!HOSTS.includes(url.hostname) || url.pathname !== '/' || !wants.includes('images')) return undefined
    return queryOf(url.searchParams.get('q'), filtersOf(url, FILTERS))
  },
  async page(query, at, context) {
    if (query.keyword.length > LONGEST_KEYWORD)
      throw new Fault('Usage', `duckduckgo takes keywords of up to ${LONGEST_KEYWORD} characters`)
    const hour = Math.floor(context.now / TOKEN_MS)
    const token = await context.session(`vqd ${hour} ${query.keyword}`, () => askToken(query, context))
    const url = addressOf(query, at, token, optionsOf(context))
    return askImages(url, context)
  },
}

/** The token stands in the page that a browser would open first. */
async function askToken({ keyword }: Query, context: ExploreContext): Promise<string> {
  const url = `${ORIGIN}/?${new URLSearchParams({ q: keyword, iar: 'images', iax: 'images', ia: 'images' }).toString()}`
  const answer = await context.http.request({ url, accept: [403, 418] })
  const read = isRefusal(answer.status) ? refused(answer.status) : await readToken(answer.text())
  if (typeof read === 'string') return read
  throw wallFault(read, url, 'duckduckgo')
}

/** As a script of the page asks: without these headers requests were refused (2025). No language: with one they were, too (2026). */
const SCRIPT_HEADERS = {
  accept: '*/*',
  referer: `${ORIGIN}/`,
  'sec-fetch-dest': 'empty',
  'sec-fetch-mode': 'cors',
  'sec-fetch-site': 'same-origin',
} as const

async function askImages(url: string, context: ExploreContext): Promise<Answered> {
  const answer = await context.http.request({ url, headers: SCRIPT_HEADERS, accept: [403, 418] })
  return { url, page: isRefusal(answer.status) ? refused(answer.status) : await readImages(answer.text()) }
}

/** 403 and a page with status 202 are what too many requests are answered with, and data centres always (2023 to 2026). */
function isRefusal(status: number): boolean {
  return status >= 400 || status === 202
}

function refused(status: number): WallPage {
  return { kind: 'captcha', why: `it answered with status ${status}` }
}

function addressOf(query: Query, at: unknown, token: string, options: SearchOptions): string {
  // The address that the answer before gave lacks the token, and stands on DuckDuckGo whatever it says.
  const given = typeof at === 'string' ? new URL(at, ORIGIN).searchParams : firstPage(query, options)
  given.set('vqd', token)
  return `${ORIGIN}/i.js?${given.toString()}`
}

function firstPage({ keyword, filters }: Query, options: SearchOptions): URLSearchParams {
  return new URLSearchParams({
    q: keyword,
    o: 'json',
    p: isUnfiltered(filters, options) ? '-1' : '1',
    s: '0',
    u: 'bing',
    f: fieldsOf(filters['iaf'] ?? '', options),
    l: filters['kl'] ?? 'wt-wt',
  })
}

/** `kp` of a result page is 1, -1 or -2 for strict, moderate and off; images know on (1) and off (-1) only. */
function isUnfiltered({ kp }: Query['filters'], { safe }: SearchOptions): boolean {
  return kp === undefined ? safe === 'off' : kp === '-2'
}

/** `iaf` of a result page is `size:Large,license:Public`; that it is named so is in no recorded answer (unverified). */
function fieldsOf(given: string, { size, license }: SearchOptions): string {
  const chosen: Record<string, string> = {
    ...(size !== 'any' && { size: SIZES[size] }),
    ...(license !== 'any' && { license: LICENSES[license] }),
  }
  for (const pair of given.split(',')) {
    const [name = '', value = ''] = pair.split(':')
    if (value !== '') chosen[name.trim()] = value.trim()
  }
  return FIELDS.map((name) => (chosen[name] === undefined ? '' : `${name}:${chosen[name]}`)).join(',')
}

/** `vqd="4-…"` now, `vqd='3-…'` and `vqd=…&` before. */
export async function readToken(markup: string): Promise<string | WallPage> {
  const token = /\bvqd=(?:"([\d-]+)"|'([\d-]+)'|([\d-]+)&)/
    .exec(markup)
    ?.slice(1)
    .find((group) => group !== undefined)
  if (token !== undefined) return token
  const wall = wallOf(await loadHtml(markup))
  return wall.kind === 'unknown-layout' ? { ...wall, where: 'vqd', why: 'it holds no token' } : wall
}

const resultSchema = z.object({
  image: z.string(),
  thumbnail: z.string().optional(),
  url: z.string().optional(),
  title: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
})

const pageSchema = z.object({ results: z.array(resultSchema), next: z.string().optional() })

/** Reads `i.js`. `next` is there even behind the last page, so that an empty one ends the list. */
export async function readImages(text: string): Promise<SearchPage> {
  const block = /\bDDG\.deep\.(anomalyDetectionBlock|is506)\b/.exec(text)?.[1]
  if (block !== undefined) return { kind: 'captcha', where: `DDG.deep.${block}`, why: `its answer is ${block}` }
  const read = await readJson(pageSchema, text)
  if (!read.ok) return read.page
  const { results, next } = read.value
  if (results.length === 0) return { kind: 'none' }
  return { kind: 'results', results: results.map(resultOf), ...(next !== undefined && { next }) }
}

function resultOf({ image, thumbnail, url: page, title, width, height }: z.output<typeof resultSchema>): Result {
  return {
    url: image,
    ...(thumbnail !== undefined && { thumbnail }),
    ...(page !== undefined && { referer: page }),
    meta: {
      ...(title !== undefined && { title }),
      ...(page !== undefined && { page }),
      ...(width !== undefined && height !== undefined && { width, height }),
    },
  }
}
