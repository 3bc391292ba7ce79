import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { HttpAnswer } from '../../core/http.ts'
import { optionsOf } from './options.ts'
import type { SearchOptions } from './options.ts'
import type { Provider, Query, Result, SearchPage } from './provider.ts'
import { parseJson } from '../../kit/json.ts'
import { readJson } from './read-json.ts'

const HOST = 'www.googleapis.com'
const ENDPOINT = `https://${HOST}/customsearch/v1`

/** Results of one answer at most. */
const PAGE = 10
/** Results of one search at most: 100 (known from its documentation, not from an answer: unverified). */
const DEEPEST = 100

const ENDS = 'Google ends this API on 2027-01-01, and has taken no new customers since 2026-01-20'

/** Combinations as Google's documentation has them; no recorded answer was filtered so (unverified). */
const RIGHTS = {
  'public-domain': 'cc_publicdomain',
  share: '(cc_publicdomain|cc_attribute|cc_sharealike|cc_noncommercial|cc_nonderived)',
  'share-commercially': '(cc_publicdomain|cc_attribute|cc_sharealike|cc_nonderived).-(cc_noncommercial)',
  modify: '(cc_publicdomain|cc_attribute|cc_sharealike|cc_noncommercial).-(cc_nonderived)',
  'modify-commercially': '(cc_publicdomain|cc_attribute|cc_sharealike).-(cc_noncommercial|cc_nonderived)',
} as const

export const googleCse: Provider = {
  name: 'google-cse',
  about: "Google's Custom Search JSON API, for who has a key (ends 2027-01-01)",
  hosts: [HOST],
  // A hundred calls a day are free; ten of them are all of a keyword.
  limits: [{ scope: `${HOST}/customsearch`, hosts: [HOST], path: '/customsearch/', slots: 1, perSecond: 2 }],
  also: [],
  way: 'api',
  // The pages of such an engine stand on the sites of its owners.
  readPageUrl: () => undefined,
  async page(query, at, context) {
    const options = optionsOf(context)
    requireKey(options)
    const start = typeof at === 'number' ? at : 1
    const answer = await context.http.request({
      url: addressOf(query, start, options),
      accept: [400, 401, 403, 404, 429],
    })
    if (answer.status >= 400) throw refusal(answer)
    const page = await readCustomSearch(answer.text())
    return { url: ENDPOINT, page: start === 1 ? withNote(page) : page }
  },
}

/** The end is told once per search. */
function withNote(page: SearchPage): SearchPage {
  return page.kind === 'results' || page.kind === 'none' ? { ...page, note: ENDS } : page
}

function requireKey({ googleApiKey, googleEngineId }: SearchOptions): void {
  const missing = [
    ...(googleApiKey === '' ? ['search.googleApiKey (the API key)'] : []),
    ...(googleEngineId === '' ? ['search.googleEngineId (the cx of the engine)'] : []),
  ]
  if (missing.length === 0) return
  throw new Fault('Usage', `google-cse needs ${missing.join(' and ')}`, {
    advice: `set them in the configuration file or with --option, or use search:bing/…; ${ENDS}`,
  })
}

function addressOf({ keyword }: Query, start: number, options: SearchOptions): string {
  const { safe, size, license, googleApiKey, googleEngineId } = options
  const url = new URL(ENDPOINT)
  url.search = new URLSearchParams({
    key: googleApiKey,
    cx: googleEngineId,
    q: keyword,
    searchType: 'image',
    num: String(PAGE),
    start: String(start),
    safe: safe === 'off' ? 'off' : 'active',
    ...(size !== 'any' && { imgSize: size }),
    ...(license !== 'any' && { rights: RIGHTS[license] }),
  }).toString()
  return url.href
}

const errorSchema = z.object({
  error: z.object({
    message: z.string(),
    status: z.string().optional(),
    errors: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
})

/** Google's own words, and what to do. The recorded one is `PERMISSION_DENIED`; the others are from its documentation (unverified). */
function refusal(answer: HttpAnswer): Fault {
  const { status } = answer
  const error = errorSchema.safeParse(parseJson(answer.text())).data?.error
  const reason = error?.errors?.[0]?.reason ?? ''
  const says = `google-cse: ${error?.message ?? `status ${status}`}`
  const evidence = { url: ENDPOINT, status }
  if (status === 429 || /limitexceeded$/i.test(reason)) {
    const advice = 'a hundred searches a day are free, counted until midnight Pacific time: `bowerbird resume` then'
    return new Fault('RateLimited', says, { ...evidence, advice })
  }
  if (status === 400 || status === 404) {
    const advice = 'check search.googleApiKey and search.googleEngineId (cx)'
    return new Fault('Usage', says, { ...evidence, advice })
  }
  const advice = `the key's project must have had the API before, and have it enabled; ${ENDS}`
  return new Fault('Blocked', says, { ...evidence, advice })
}

const itemSchema = z.object({
  link: z.string(),
  title: z.string().optional(),
  snippet: z.string().optional(),
  image: z
    .object({
      contextLink: z.string().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      thumbnailLink: z.string().optional(),
    })
    .optional(),
})

const pageSchema = z.object({
  queries: z.object({ nextPage: z.array(z.object({ startIndex: z.number() })).optional() }),
  items: z.array(itemSchema).optional(),
})

/** Reads an answer of the API. `items` is absent where nothing is found. */
export async function readCustomSearch(text: string): Promise<SearchPage> {
  const read = await readJson(pageSchema, text)
  if (!read.ok) return read.page
  const { items = [], queries } = read.value
  if (items.length === 0) return { kind: 'none' }
  const start = queries.nextPage?.[0]?.startIndex
  const goesOn = start !== undefined && start + PAGE - 1 <= DEEPEST
  return { kind: 'results', results: items.map(resultOf), ...(goesOn && { next: start }) }
}

function resultOf({ link, title, snippet, image = {} }: z.output<typeof itemSchema>): Result {
  const { contextLink: page, width, height, thumbnailLink } = image
  return {
    url: link,
    ...(thumbnailLink !== undefined && { thumbnail: thumbnailLink }),
    ...(page !== undefined && { referer: page }),
    meta: {
      ...(title !== undefined && { title }),
      ...(snippet !== undefined && snippet !== title && { description: snippet }),
      ...(page !== undefined && { page }),
      ...(width !== undefined && height !== undefined && { width, height }),
    },
  }
}
