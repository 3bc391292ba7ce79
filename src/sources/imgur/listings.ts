import { Fault } from '../../core/errors.ts'
import type { ExploreContext, Params, Strategy } from '../../core/source.ts'
import { textParam } from '../../kit/params.ts'
import { readFolder, readList } from './api-v3.ts'
import { listingStrategy } from './explore.ts'
import type { Listed } from './model.ts'
import { readPosts } from './post-v1.ts'
import { askApi, askWeb, askWebJson, gone, refuseRegion } from './requests.ts'
import { readHitPage } from './web-2017.ts'
import { readPostList } from './web-list.ts'

type Texts = Readonly<Record<string, string>>

/** Where a page of a listing is; parameters come encoded. */
type PathOf = (params: Texts, page: number) => string

/** A listing by `api.imgur.com/3`; pages count from 0. */
export function apiListing(route: string, pathOf: PathOf): Strategy {
  return listingStrategy('api', route, (params, page, context) =>
    askPage(context, { path: pathOf(encoded(params, context), page), parameters: queryOf(params), page }, readList),
  )
}

/**
 * A tag by post/v1, as the web site asks for it (2024): posts with their cover, so that albums and whatever has none
 * are asked for one by one. Pages count from 1, and the one behind the last answers 404.
 */
export function tagPosts(route: string): Strategy {
  return listingStrategy('posts', route, (params, page, context) => {
    const sort = `-${typeof params['sort'] === 'string' ? params['sort'] : 'time'}`
    const window = params['sort'] === undefined ? 'all' : String(params['window'] ?? context.options['window'])
    const path = `/post/v1/posts/t/${encodeURIComponent(textParam(params, 'tag'))}`
    const parameters = { 'filter[window]': window, include: 'cover', page: String(page + 1), sort }
    return askPage(context, { path, parameters, page }, readPosts)
  })
}

/** A folder of somebody's favorites; the API wants to be asked from the site's own page. */
export const folder: Strategy = listingStrategy('api', 'folder', (params, page, context) => {
  const { user = '', folder: number = '' } = encoded(params, context)
  const path = `/3/account/${user}/folders/${number}/favorites`
  const headers = { origin: 'https://imgur.com' }
  return askPage(context, { path, parameters: { page: String(page), sort: 'newest' }, headers, page }, readFolder)
})

/** What belongs to the one whose cookies are given (`accesstoken`, as the web site sends it); pages count from 1. */
export function ownPosts(route: string, name: string): Strategy {
  return listingStrategy('api', route, async (_params, page, context) => {
    const path = `/post/v1/accounts/me/${name}`
    const parameters = { include: 'media,tags,account', page: String(page + 1), sort: '-created_at' }
    try {
      return await askPage(context, { path, parameters, page }, readPosts)
    } catch (thrown) {
      throw wantsLogin(thrown) ? needsLogin(thrown) : thrown
    }
  })
}

/**
 * The newest images of a subreddit as the web site listed them in 2017, 100 a page. Nobody is known to have asked
 * for it since 2019, so it stands behind the API. (Of its `top` form the time it looks back on is not known, so that
 * it could not promise the same images: left out.)
 */
export const webSubreddit: Strategy = listingStrategy('web', 'subreddit', async (params, page, context) => {
  const path = `/r/${encodeURIComponent(textParam(params, 'subreddit'))}/new/page/${page}/hit.json`
  const answer = await askWebJson(context, path)
  if (answer === undefined && page === 0) throw gone('such subreddit', `https://imgur.com${path}`)
  return answer === undefined ? [] : readHitPage(answer.value, answer.url)
})

/** The same list as a piece of HTML, which does not tell albums from images. */
export const htmlSubreddit: Strategy = listingStrategy('html', 'subreddit', (params, page, context) =>
  askPostList(context, `/r/${encodeURIComponent(textParam(params, 'subreddit'))}/new/page/${page}/hit?scrolled`),
)

/** The search of the web site as a list; whether its pages count from 0 as the API's do is not known. */
export const htmlSearch: Strategy = listingStrategy('html', 'search', (params, page, context) => {
  const form = { scrolled: '', q_size_is_mpx: 'off', qs: 'list', ...queryOf(params) }
  return askPostList(context, `/search/time/all/page/${page}?${new URLSearchParams(form).toString()}`)
})

async function askPostList(context: ExploreContext, path: string): Promise<readonly Listed[]> {
  const answer = await askWeb(context, path)
  if (answer === undefined) return []
  const posts = await readPostList(answer.text())
  if (posts.length === 0) refuseRegion(answer.text(), answer.url)
  return posts
}

interface Page {
  readonly path: string
  readonly parameters: Texts
  readonly headers?: Texts
  /** From 0: whether nothing means the end or no such listing. */
  readonly page: number
}

async function askPage(
  context: ExploreContext,
  { path, page, ...asking }: Page,
  read: (value: unknown, url: string) => readonly Listed[],
): Promise<readonly Listed[]> {
  const answer = await askApi(context, path, asking)
  if (answer === undefined && page === 0) throw gone('such listing', `https://api.imgur.com${path}`)
  return answer === undefined ? [] : read(answer.value, answer.url)
}

/** The words of a search. */
function queryOf(params: Params): Texts {
  const { query } = params
  const words = typeof query === 'object' && query !== null && !Array.isArray(query) ? Object.entries(query) : []
  return Object.fromEntries(words.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
}

function encoded(params: Params, context: ExploreContext): Texts {
  const all = Object.entries({ window: context.options['window'], ...params })
  return Object.fromEntries(
    all.flatMap(([name, value]) => (typeof value === 'string' ? [[name, encodeURIComponent(value)]] : [])),
  )
}

function wantsLogin(thrown: unknown): thrown is Fault {
  return thrown instanceof Fault && (thrown.code === 'Blocked' || thrown.code === 'NeedsLogin')
}

function needsLogin(cause: Fault): Fault {
  return new Fault('NeedsLogin', 'imgur shows this only to its owner', {
    ...cause.evidence,
    advice: 'give the cookies of a session: --cookies FILE or --cookies-from-browser NAME',
    cause,
  })
}
