import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { HttpAnswer } from '../../core/http.ts'
import { leadsToLogin } from '../../core/login-page.ts'
import type {
  Asset,
  Candidate,
  Cursor,
  ExploreContext,
  Finding,
  Meta,
  Params,
  Source,
  Target,
} from '../../core/source.ts'
import { readTarget } from '../../core/target.ts'
import { headerOf, isHtml } from '../../kit/answers.ts'
import { dispositionFilename } from '../../kit/content-disposition.ts'
import { filenameOf, stemOf } from '../../kit/file-names.ts'
import { elements, htmlText, loadHtml, type HtmlDocument } from '../../kit/html.ts'
import { directKey, normalizeUrl } from '../../kit/keys.ts'
import { baseOf, resolveLink, sameHost } from '../../kit/links.ts'
import { likelyKind } from '../../kit/media-types.ts'
import { textParam } from '../../kit/params.ts'
import { childRef, nextRef } from '../../kit/refs.ts'
import { bodyMedia } from './body.ts'
import { distinct, type Found } from './found.ts'
import { headMedia, pageDetails } from './head.ts'

const OPTIONS = z.object({
  depth: z.int().min(0).max(20).default(0).describe('how many links away from the target further pages are read'),
  scope: z.enum(['host', 'any']).default('host').describe('which pages are read: those of the same host, or any'),
  minimum: z
    .int()
    .min(0)
    .default(3)
    .describe('pixels; pictures that the page declares smaller are spacers and counters'),
  dataBytes: z
    .int()
    .min(0)
    .default(1024)
    .describe('pictures inside the page (data: URLs) with fewer bytes are left out'),
  backgrounds: z.boolean().default(true).describe('take the background pictures of style sheets in the page'),
})

type Options = z.infer<typeof OPTIONS>

/** Findings of one ref. A longer page is read again for the rest. */
const WINDOW = 1_000
/** Versions of one picture that are worth trying. */
const MOST_CANDIDATES = 12
/** Links to these are neither pages nor anything to collect. */
const NO_PAGE = /\.(?:pdf|docx?|xlsx?|pptx?|epub|txt|css|js|json|xml|rss|atom|ico|woff2?|ttf|exe|dmg|apk)$/i

/** Not `image/svg+xml`. */
const TEXT_TYPE = /^\s*(?:text\/|application\/(?:json|xml|javascript|pdf|[\w.-]+\+(?:json|xml))\s*(?:;|$))/i

function match(target: Target): Params | undefined {
  if (target.kind !== 'short' || target.source !== 'page') return undefined
  const inner = readTarget(target.rest, { globoff: true })
  return inner.kind === 'url' ? { url: normalizeUrl(inner.url.href) } : undefined
}

async function* explore(params: Params, cursor: Cursor | undefined, context: ExploreContext): AsyncIterable<Finding> {
  const options = OPTIONS.parse(context.options)
  const url = textParam(params, 'url')
  // Asked of the context: with the depth among its params a page would be another ref, and read again, at each depth.
  const goesOn = context.depth < options.depth
  const answer = await read(url, context)
  if (answer === undefined || !isPage(answer)) {
    yield* fileAt(url, answer)
    return
  }
  const $ = await loadHtml(htmlText(answer))
  const findings = [...assets($, answer.url, options), ...(goesOn ? pages($, answer.url, options) : [])]
  const from = typeof cursor === 'number' ? cursor : 0
  yield* findings.slice(from, from + WINDOW)
  if (from + WINDOW < findings.length) yield nextRef({ source: 'page', route: 'page', params, cursor: from + WINDOW })
}

/** Nothing where the answer is too large for any page. */
async function read(url: string, { http }: ExploreContext): Promise<HttpAnswer | undefined> {
  try {
    const answer = await http.request({ url })
    if (!leadsToLogin(url, answer.url)) return answer
    throw new Fault('NeedsLogin', `the site asks for a login in place of the page: ${answer.url}`, {
      url,
      advice: 'give the cookies of a login: --cookies FILE or --cookies-from-browser NAME',
    })
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'TooLarge') return undefined
    throw thrown
  }
}

/** By its type, and where that says little by how it begins. */
function isPage(answer: HttpAnswer): boolean {
  const type = headerOf(answer.headers, 'content-type') ?? ''
  if (isHtml(type)) return !isBinary(answer)
  return (
    /^\s*(?:$|text\/plain|application\/octet-stream)/i.test(type) &&
    /^\s*<(?:!doctype html|html)\b/i.test(headOf(answer))
  )
}

/** A NUL in what does not begin as markup, and is not UTF-16. */
function isBinary(answer: HttpAnswer): boolean {
  const head = headOf(answer)
  return head.includes('\0') && !/^(?:\s*<|\xff\xfe|\xfe\xff)/.test(head)
}

/** How an answer begins, latin1, without a byte order mark of UTF-8. */
function headOf({ bytes }: HttpAnswer): string {
  return Buffer.from(bytes.subarray(0, 1024))
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
}

/** A link led to a file after all. Text that is no page holds nothing to collect. */
function* fileAt(url: string, answer: HttpAnswer | undefined): Iterable<Finding> {
  const header = (name: string): string | undefined => answer && headerOf(answer.headers, name)
  if (answer !== undefined && TEXT_TYPE.test(header('content-type') ?? '') && !isBinary(answer)) return
  const given = dispositionFilename(header('content-disposition'))
  const filename = given === undefined ? filenameOf(url) : stemOf(given)
  yield {
    kind: 'asset',
    asset: {
      key: directKey(url),
      candidates: [{ url, quality: 'original' }],
      meta: { filename, pageHost: new URL(url).hostname },
    },
  }
}

function assets($: HtmlDocument, url: string, options: Options): readonly Finding[] {
  const base = baseOf($, url)
  const found = distinct([...bodyMedia($, { base, ...options }), ...headMedia($, base)])
  const details = pageDetails($)
  const shared: Meta = {
    page: normalizeUrl(url),
    pageHost: new URL(url).hostname,
    ...(details.title !== undefined && { pageTitle: details.title }),
    ...(details.author !== undefined && { author: details.author }),
    ...(details.date !== undefined && { date: details.date }),
  }
  return found.map((each, position) => ({ kind: 'asset', asset: assetOf(each, position + 1, shared) }))
}

function assetOf({ versions, title }: Found, index: number, shared: Meta): Asset {
  const page = String(shared.page)
  const [best, ...others] = versions.slice(0, MOST_CANDIDATES)
  const url = best?.url ?? ''
  const candidates: readonly Candidate[] = [
    { url, quality: 'full', ...refererFor(url, page) },
    ...others.map((other) => ({ url: other.url, quality: 'preview' as const, ...refererFor(other.url, page) })),
  ]
  const meta = {
    ...shared,
    filename: filenameOf(url) || 'inline',
    ...(title !== undefined && { title }),
    ...(best?.width !== undefined && { width: best.width }),
  }
  return { key: directKey(url), candidates, meta, index }
}

/** What browsers send by default: the page to its own origin, the origin to others, nothing from https to http. */
function refererFor(url: string, page: string): Pick<Candidate, 'headers'> {
  const [to, from] = [new URL(url), new URL(page)]
  if (to.protocol === 'data:' || (from.protocol === 'https:' && to.protocol === 'http:')) return {}
  if (to.origin !== from.origin) return { headers: { referer: `${from.origin}/` } }
  from.username = ''
  from.password = ''
  return { headers: { referer: from.href } }
}

function pages($: HtmlDocument, url: string, { scope }: Options): readonly Finding[] {
  const base = baseOf($, url)
  const links = elements($, 'a[href], area[href]').flatMap((element) => resolveLink(element.attr('href'), base) ?? [])
  const wanted = links.filter(
    (link) => isPageLink(link) && (scope === 'any' || sameHost(link, url)) && link !== normalizeUrl(url),
  )
  return [...new Set(wanted)].map((link) => childRef({ source: 'page', route: 'page', params: { url: link } }))
}

function isPageLink(url: string): boolean {
  return /^https?:/.test(url) && likelyKind(url) === undefined && !NO_PAGE.test(new URL(url).pathname)
}

export const source: Source = {
  name: 'page',
  about: 'the pictures, videos and archives of any web page, in the largest version that it names',
  hosts: [],
  options: OPTIONS,
  limits: [],
  routes: [
    {
      name: 'page',
      example: 'page:https://example.org/gallery/harbour.html',
      about: 'one page, and with page.depth those it links to',
      match,
      strategies: [{ name: 'html', explore }],
    },
  ],
  fields: { pageHost: 'the host of the page', pageTitle: 'the title of the page' },
  folder: '{pageHost}/{pageTitle|max:80}',
  filename: '{filename}',
  generic: true,
}
