import { Fault } from '../../core/errors.ts'
import type { Json, JsonObject } from '../../core/glossary.ts'
import type { ExploreContext } from '../../core/source.ts'
import { answerSchema, mergePages, readPages } from './commons-page.ts'
import type { CommonsAnswer } from './commons-page.ts'
import { optionsOf } from './options.ts'
import type { SearchOptions } from './options.ts'
import type { Provider, Query, SearchPage, WallPage } from './provider.ts'
import { readJson } from './read-json.ts'
import { filtersOf, queryOf } from './targets.ts'

const HOST = 'commons.wikimedia.org'
const ENDPOINT = `https://${HOST}/w/api.php`
const FILES = 'upload.wikimedia.org'

/** With a scaled size, 50 images are the most of an answer. */
const PAGE = 50
/** A width from the ladder that thumbnails are made in. */
const THUMBNAIL_WIDTH = 330
/** Answers of one batch; without large properties it takes one. */
const MOST_ANSWERS = 20

/** What is read of a file's licence and credit; everything would be ten times as much. */
const METADATA = [
  'ObjectName',
  'Artist',
  'ImageDescription',
  'Attribution',
  'Credit',
  'LicenseShortName',
  'LicenseUrl',
  'UsageTerms',
  'DateTimeOriginal',
  'Categories',
].join('|')

/** Filters of the page, which are words of the search below. That the page names them so is not recorded (unverified). */
const FILTERS = ['filemime', 'fileres', 'haslicense']

export const commons: Provider = {
  name: 'commons',
  about: 'Wikimedia Commons, original files with licence and credit',
  hosts: [HOST],
  limits: [
    // One request after the other is asked for; others leave one or two seconds between them.
    { scope: HOST, hosts: [HOST], slots: 1, perSecond: 1 },
    // Two connections for files, by the robot policy (draft of 2025-04).
    { scope: FILES, hosts: [FILES, 'thumb.wikimedia.org'], slots: 2 },
  ],
  also: [
    'https://commons.wikimedia.org/w/index.php?search=satin+bowerbird&title=Special:MediaSearch&type=image',
    'https://commons.wikimedia.org/wiki/Special:Search?search=satin+bowerbird',
  ],
  way: 'api',
  readPageUrl(url) {
    if (url.hostname !== HOST) return undefined
    const title = /^\/wiki\/(.+)$/.exec(url.pathname)?.[1] ?? url.searchParams.get('title') ?? ''
    const isSearch = /^Special:(?:MediaSearch|Search)$/i.test(title) && /^\/(?:wiki\/|w\/index\.php)/.test(url.pathname)
    return isSearch ? queryOf(url.searchParams.get('search'), filtersOf(url, FILTERS)) : undefined
  },
  async page(query, at, context) {
    const options = optionsOf(context)
    refuseFilters(options)
    const first = addressOf(query, at, options)
    const batch = await askBatch(first, context)
    return { url: first, page: 'kind' in batch ? batch : await readBatch(batch) }
  },
}

function refuseFilters({ size, license }: SearchOptions): void {
  if (size !== 'any') {
    const advice = "ask for pixels: --where 'width >= 2000'"
    throw new Fault('Usage', 'commons has no filter by size (search.size)', { advice })
  }
  if (license === 'public-domain') {
    const advice = `ask for it: --where 'rights == "Public domain" || rights == "CC0"'`
    throw new Fault('Usage', 'commons has no filter by public domain (search.license)', { advice })
  }
}

function addressOf({ keyword, filters }: Query, at: Json | undefined, { thumbnails }: SearchOptions): string {
  const words = Object.entries(filters).map(([name, value]) => `${name}:${value}`)
  const url = new URL(ENDPOINT)
  url.search = new URLSearchParams({
    action: 'query',
    format: 'json',
    formatversion: '2',
    generator: 'search',
    // The namespace of files.
    gsrnamespace: '6',
    gsrsearch: ['filetype:bitmap|drawing', ...words, keyword].join(' '),
    gsrlimit: String(PAGE),
    prop: 'imageinfo',
    iiprop: 'url|size|sha1|mime|mediatype|extmetadata',
    iiextmetadatafilter: METADATA,
    ...(thumbnails && { iiurlwidth: String(THUMBNAIL_WIDTH) }),
    continue: '',
    ...textsOf((at ?? {}) as JsonObject),
  }).toString()
  return url.href
}

/** Every answer until the batch is whole. What an answer says to go on with is copied as it is. */
async function askBatch(first: string, context: ExploreContext): Promise<readonly CommonsAnswer[] | WallPage> {
  const answers: CommonsAnswer[] = []
  let url = first
  while (answers.length < MOST_ANSWERS) {
    const read = await readJson(answerSchema, (await context.http.request({ url })).text())
    if (!read.ok) return read.page
    const { error } = read.value
    if (error !== undefined) throw refusal(error, url)
    answers.push(read.value)
    if (read.value.batchcomplete !== undefined || read.value.continue === undefined) return answers
    url = withParameters(first, read.value.continue)
  }
  return { kind: 'unknown-layout', where: '$.batchcomplete', why: `a batch of more than ${MOST_ANSWERS} answers` }
}

function withParameters(address: string, parameters: JsonObject): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(textsOf(parameters))) url.searchParams.set(name, value)
  return url.href
}

function textsOf(values: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

/** Reads the answers of one batch. */
export async function readBatch(answers: readonly CommonsAnswer[]): Promise<SearchPage> {
  const results = await readPages(mergePages(answers))
  const next = answers.at(-1)?.continue
  if (results.length === 0 && next === undefined) return { kind: 'none' }
  return { kind: 'results', results, ...(next !== undefined && { next }) }
}

/** Errors come with status 200. Those that ask for patience are known by name from documentation (unverified). */
function refusal({ code, info = code, lag }: NonNullable<CommonsAnswer['error']>, url: string): Fault {
  const says = `commons refuses the search: ${info} (${code})`
  if (/^(?:maxlag|ratelimited)$|too-busy|too-many/.test(code)) {
    return new Fault('RateLimited', says, {
      url,
      ...(lag !== undefined && { retryAfter: lag * 1000 }),
      advice: '`bowerbird resume` goes on later',
    })
  }
  if (code === 'readapidenied') return new Fault('NeedsLogin', says, { url })
  if (code === 'blocked') return new Fault('Blocked', says, { url })
  return new Fault('SiteChanged', says, {
    url,
    where: '$.error',
    advice: 'look for a newer version of bowerbird, or report this',
  })
}
