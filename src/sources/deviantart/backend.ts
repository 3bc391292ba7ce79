import { z } from 'zod'
import type { Cursor, ExploreContext, Params, Strategy } from '../../core/source.ts'
import { numberParam } from '../../kit/params.ts'
import { readShape } from '../../kit/shape.ts'
import { readFeed } from './feed.ts'
import { wholeFindings } from './findings.ts'
import { listingStrategy } from './listing.ts'
import { candidatesOf, isBlurred } from './media-url.ts'
import type { Work } from './model.ts'
import { compact } from '../../kit/compact.ts'
import { goneFault, wallFault } from './refusals.ts'
import { wallOf } from './walls.ts'
import { SITE } from './web-requests.ts'

const BACKEND = 'https://backend.deviantart.com'

/** Works a page of a feed, the most that it gives. */
const PAGE = 60

export const NEWEST = '5'
export const POPULAR = '9'

/** What a feed is asked for. */
export interface FeedQuery {
  readonly q: string
  readonly order: typeof NEWEST | typeof POPULAR
}

/**
 * A list by its feed, the last resort: it knows neither the artists' originals nor what is shown to members. Often
 * refused to the addresses of data centres (2026).
 */
export function feedListing(route: string, queryOf: (params: Params) => FeedQuery): Strategy {
  return listingStrategy('rss', route, load, { lists: 'less' })

  async function load(params: Params, cursor: Cursor | undefined, context: ExploreContext) {
    const url = cursor === undefined ? firstUrl(queryOf(params)) : z.string().parse(cursor)
    const answer = await context.http.request({ url, accept: [404] })
    if (answer.status === 404) throw goneFault(url, '')
    const { works, next } = readFeed(answer.text(), answer.url)
    return { entries: works, canDownload: false, ...nextOf(next, url) }
  }
}

function firstUrl({ q, order }: FeedQuery): string {
  const url = new URL('/rss.xml', BACKEND)
  url.search = new URLSearchParams({ type: 'deviation', q, order, limit: String(PAGE) }).toString()
  return url.href
}

/** Only a further page of the same host: a feed does not decide where this program goes. */
function nextOf(next: string | undefined, url: string): { readonly next?: string } {
  const target = next === undefined ? null : URL.parse(next, url)
  if (target === null || target.hostname !== 'backend.deviantart.com') return {}
  target.protocol = 'https:'
  return target.href === url ? {} : { next: target.href }
}

const embedSchema = z.object({
  /** `photo`; of texts and films it is another one. */
  type: z.literal('photo'),
  url: z.string().min(1),
  title: z.string().nullish().catch(undefined),
  author_name: z.string().nullish().catch(undefined),
  pubdate: z.string().nullish().catch(undefined),
  safety: z.string().nullish().catch(undefined),
  /** Numbers as texts. */
  width: z.coerce.number().nullish().catch(undefined),
  height: z.coerce.number().nullish().catch(undefined),
})

/** One picture by what the site gives to those who embed it, the last resort. */
export const embedDeviation: Strategy = {
  name: 'oembed',
  lists: 'less',
  async *explore(params, _cursor, context) {
    const id = numberParam(params, 'id')
    const page = `${SITE}/deviation/${id}`
    const url = new URL('/oembed', BACKEND)
    url.search = new URLSearchParams({ url: page, format: 'json' }).toString()
    const answer = await context.http.request({ url: url.href, accept: [404] })
    if (answer.status === 404) throw goneFault(page, '')
    const work = readEmbed(answer.json(), { id, page, url: url.href })
    if (work.wall !== undefined) throw wallFault(work, work.wall)
    yield* wholeFindings(work)
  },
}

/** Reads an answer of `oembed`: the largest file that visitors are shown. */
export function readEmbed(
  value: unknown,
  at: { readonly id: number; readonly page: string; readonly url: string },
): Work {
  const { id, page, url } = at
  const embed = readShape(embedSchema, value, { what: 'the oEmbed answer of DeviantArt', url })
  const { width, height } = embed
  const blurred = isBlurred(embed.url)
  const wall = wallOf({ isBlurred: blurred })
  return {
    id,
    page,
    isText: false,
    files: { candidates: candidatesOf(embed.url, id), blurred, ...compact({ width, height }) },
    ...compact({
      title: embed.title,
      author: embed.author_name,
      date: embed.pubdate,
      mature: embed.safety === 'adult' ? true : undefined,
    }),
    ...(wall !== undefined && { wall }),
    extras: [],
    embedded: [],
    linked: [],
    hasMore: false,
  }
}
