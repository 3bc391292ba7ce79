import type { ExploreContext, Params, Strategy } from '../../core/source.ts'
import { textParam } from '../../kit/params.ts'
import { readList } from './api-v3.ts'
import { listingStrategy } from './explore.ts'
import { askApi, askWeb, gone } from './requests.ts'
import { readHitPage } from './web-2017.ts'

/** Where a page of a listing is; parameters come encoded. */
type PathOf = (params: Readonly<Record<string, string>>, page: number) => string

/** A listing by `api.imgur.com/3`. */
export function apiListing(route: string, pathOf: PathOf): Strategy {
  return listingStrategy('api', route, async (params, page, context) => {
    const path = pathOf(encoded(params, context), page)
    const answer = await askApi(context, path, typeof params['query'] === 'string' ? { q: params['query'] } : {})
    if (answer === undefined && page === 0) throw gone('such listing', `https://api.imgur.com${path}`)
    return answer === undefined ? [] : readList(answer.value, answer.url)
  })
}

/**
 * The newest images of a subreddit as the web site listed them in 2017, 100 a page. Nobody is known to have asked
 * for it since 2019, so it stands behind the API. (Of its `top` form the time it looks back on is not known, so that
 * it could not promise the same images: left out.)
 */
export const webSubreddit: Strategy = listingStrategy('web', 'subreddit', async (params, page, context) => {
  const path = `/r/${encodeURIComponent(textParam(params, 'subreddit'))}/new/page/${page}/hit.json`
  const answer = await askWeb(context, path)
  if (answer === undefined && page === 0) throw gone('such subreddit', `https://imgur.com${path}`)
  return answer === undefined ? [] : readHitPage(answer.json(), answer.url)
})

function encoded(params: Params, context: ExploreContext): Readonly<Record<string, string>> {
  const all = Object.entries({ window: context.options['window'], ...params })
  return Object.fromEntries(
    all.flatMap(([name, value]) => (typeof value === 'string' ? [[name, encodeURIComponent(value)]] : [])),
  )
}
