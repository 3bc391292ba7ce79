import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { HttpAnswer } from '../../core/http.ts'
import type { ExploreContext } from '../../core/source.ts'
import { headerOf } from '../../kit/answers.ts'
import { optionsOf } from './options.ts'
import type { SearchOptions } from './options.ts'
import type { Provider, Query, Result, SearchPage } from './provider.ts'
import { parseJson } from '../../kit/json.ts'
import { readJson } from './read-json.ts'
import { filtersOf, queryOf } from './targets.ts'

const HOST = 'api.openverse.org'
const ENDPOINT = `https://${HOST}/v1/images/`

/** More at once needs a token (2023). */
const PAGE = 20

/** Parameters that the search page and the interface have in common. That the page names them so is not recorded (unverified). */
const FILTERS = ['license', 'license_type', 'source', 'extension', 'category', 'aspect_ratio', 'size', 'creator']

/** Everything there may be shared, so that `share` needs no filter. */
const LICENSES = {
  'public-domain': 'cc0,pdm',
  'share-commercially': 'by,by-sa,by-nd,cc0,pdm',
  modify: 'by,by-sa,by-nc,by-nc-sa,cc0,pdm',
  'modify-commercially': 'by,by-sa,cc0,pdm',
} as const

const SIZES = { small: 'small', medium: 'medium', large: 'large', huge: 'large' } as const

export const openverse: Provider = {
  name: 'openverse',
  about: 'Openverse, openly licensed images with their licence',
  hosts: ['openverse.org', HOST],
  limits: [
    // Anonymous clients have 20 a minute and 200 a day (headers of 2024-01; 5 an hour in 2023-07).
    { scope: HOST, hosts: [HOST], slots: 1, perSecond: 0.33 },
  ],
  also: [
    'https://openverse.org/search/image?q=satin+bowerbird&license=cc0,pdm',
    'https://openverse.org/search/?q=satin+bowerbird',
  ],
  way: 'api',
  readPageUrl(url) {
    const isPage = url.hostname === 'openverse.org' && /^\/search\/(?:image\/?)?$/.test(url.pathname)
    return isPage ? queryOf(url.searchParams.get('q'), filtersOf(url, FILTERS)) : undefined
  },
  async page(query, at, context) {
    const number = typeof at === 'number' ? at : 1
    const url = addressOf(query, number, optionsOf(context))
    const answer = await ask(url, context)
    return { url, page: answer.status < 400 ? await readOpenverse(answer.text()) : endOrRefusal(answer, number) }
  },
}

function addressOf({ keyword, filters }: Query, number: number, options: SearchOptions): string {
  const { safe, size, license } = options
  const url = new URL(ENDPOINT)
  url.search = new URLSearchParams({
    q: keyword,
    page: String(number),
    page_size: String(PAGE),
    ...(safe === 'off' && { unstable__include_sensitive_results: 'true' }),
    ...(size !== 'any' && { size: SIZES[size] }),
    ...(license !== 'any' && license !== 'share' && { license: LICENSES[license] }),
    ...filters,
  }).toString()
  return url.href
}

/** A throttled answer says in its text how long to wait; where a header says it too, the wait is kept and all is well. */
async function ask(url: string, context: ExploreContext): Promise<HttpAnswer> {
  const answer = await context.http.request({ url, accept: [400, 401, 429] })
  if (answer.status !== 429) return answer
  if (headerOf(answer.headers, 'retry-after') !== undefined) return context.http.request({ url, accept: [400, 401] })
  const { detail = '' } = errorSchema.safeParse(parseJson(answer.text())).data ?? {}
  const seconds = /available in (\d+) second/.exec(detail)?.[1]
  throw new Fault('RateLimited', `openverse asks for patience: ${detail || 'status 429'}`, {
    url,
    status: 429,
    ...(seconds !== undefined && { retryAfter: Number(seconds) * 1000 }),
    advice: '`bowerbird resume` goes on later; anonymous clients had 200 requests a day when last seen',
  })
}

/** 400 and 401 are what pages beyond the depth answer, 240 or 400 images deep. */
function endOrRefusal(answer: HttpAnswer, number: number): SearchPage {
  const { detail = `status ${answer.status}` } = errorSchema.safeParse(parseJson(answer.text())).data ?? {}
  if (number > 1) {
    return { kind: 'none', note: `openverse shows no more than ${(number - 1) * PAGE} images of a search: ${detail}` }
  }
  const evidence = { url: answer.url, status: answer.status }
  if (answer.status === 401) throw new Fault('NeedsLogin', `openverse asks for a token: ${detail}`, evidence)
  throw new Fault('Usage', `openverse does not understand the search: ${detail}`, {
    ...evidence,
    advice: 'check the filters of the URL',
  })
}

const errorSchema = z.object({ detail: z.string() })

const resultSchema = z.object({
  id: z.string(),
  url: z.string(),
  title: z.string().nullish(),
  creator: z.string().nullish(),
  foreign_landing_url: z.string().nullish(),
  license: z.string(),
  license_version: z.string().nullish(),
  license_url: z.string().nullish(),
  attribution: z.string().nullish(),
  source: z.string().nullish(),
  mature: z.boolean().nullish(),
  tags: z.array(z.object({ name: z.string() })).nullish(),
  thumbnail: z.string().nullish(),
})

const pageSchema = z.object({ page_count: z.number(), page: z.number(), results: z.array(resultSchema) })

/** Reads `/v1/images/`. */
export async function readOpenverse(text: string): Promise<SearchPage> {
  const read = await readJson(pageSchema, text)
  if (!read.ok) return read.page
  const { page, page_count: pages, results } = read.value
  if (results.length === 0) return { kind: 'none' }
  return { kind: 'results', results: results.map(resultOf), ...(page < pages && { next: page + 1 }) }
}

/**
 * Width, height and size of file are left out: they are those of the original, while the URL may lead to a smaller
 * rendering (a stock photograph of 6016 by 4016 is linked with 960, recorded 2022).
 */
function resultOf(entry: z.output<typeof resultSchema>): Result {
  const { foreign_landing_url: page, license_url: licenseUrl, tags } = entry
  return {
    id: entry.id,
    url: entry.url,
    ...(entry.thumbnail && { thumbnail: entry.thumbnail }),
    meta: {
      ...(entry.title && { title: entry.title }),
      ...(entry.creator && { author: entry.creator }),
      ...(page && { page }),
      ...(entry.attribution && { credit: entry.attribution }),
      rights: licenseName(entry.license, entry.license_version ?? ''),
      ...(licenseUrl && { licenseUrl }),
      ...(tags && tags.length > 0 && { tags: tags.map(({ name }) => name) }),
      ...(entry.source && { collection: entry.source }),
      ...(typeof entry.mature === 'boolean' && { mature: entry.mature }),
    },
  }
}

/** `CC BY-SA 4.0`, `CC0 1.0`, `Public Domain Mark 1.0`. */
function licenseName(license: string, version: string): string {
  const name = license === 'pdm' ? 'Public Domain Mark' : license === 'cc0' ? 'CC0' : `CC ${license.toUpperCase()}`
  return `${name} ${version}`.trim()
}
