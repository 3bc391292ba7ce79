import type { Params, Target } from '../../core/source.ts'
import { isSort, placeOf, sortOf, windowOf } from './place.ts'
import type { Sort } from './place.ts'

/** `imgur:r/NAME`, /r/NAME, /r/NAME/new: the newest first. */
export function matchSubreddit(target: Target): Params | undefined {
  const listing = matchListing(target, 'r')
  return listing?.sort === 'time' ? { subreddit: listing.name } : undefined
}

/** /r/NAME/top, /r/NAME/top/week. */
export function matchSubredditTop(target: Target): Params | undefined {
  const listing = matchListing(target, 'r')
  return listing?.sort === 'top' ? { subreddit: listing.name, ...listing.window } : undefined
}

/** `imgur:t/TAG`, /t/TAG, /t/TAG/time. */
export function matchTag(target: Target): Params | undefined {
  const listing = matchListing(target, 't')
  return listing?.sort === 'time' ? { tag: listing.name } : undefined
}

/** /t/TAG/top/week, /t/TAG/viral. */
export function matchTagTop(target: Target): Params | undefined {
  const listing = matchListing(target, 't')
  return listing === undefined || listing.sort === 'time'
    ? undefined
    : { tag: listing.name, sort: listing.sort, ...listing.window }
}

/** `imgur:search/WORDS`, /search?q=WORDS, /search/time?q=WORDS: the newest first. */
export function matchSearch(target: Target): Params | undefined {
  const search = readSearch(target)
  return search?.sort === 'time' ? { query: search.query } : undefined
}

/** /search/score/week?q=WORDS: the best of a time. */
export function matchSearchTop(target: Target): Params | undefined {
  const search = readSearch(target)
  return search === undefined || search.sort === 'time'
    ? undefined
    : { query: search.query, sort: search.sort, ...search.window }
}

/** `imgur:user/NAME`, /user/NAME, /user/NAME/posts, /user/NAME/submitted, NAME.imgur.com. */
export function matchUser(target: Target): Params | undefined {
  const place = placeOf(target)
  if (place === undefined) return undefined
  if (place.host === 'vanity') return place.parts.length === 0 ? { user: place.user } : undefined
  const [kind, user, what] = place.parts
  const isPosts = what === undefined || what === 'posts' || what === 'submitted'
  return kind === 'user' && user !== undefined && user !== 'me' && isPosts ? { user } : undefined
}

/** `imgur:user/NAME/favorites`, /user/NAME/favorites. */
export function matchFavorites(target: Target): Params | undefined {
  const [kind, user, what, folder] = placeOf(target)?.parts ?? []
  return kind === 'user' && user !== undefined && what === 'favorites' && folder === undefined ? { user } : undefined
}

/** `imgur:user/NAME/favorites/folder/NUMBER`, the same on the web site with the folder's title behind it. */
export function matchFolder(target: Target): Params | undefined {
  const [kind, user, what, word, folder] = placeOf(target)?.parts ?? []
  const isFolder = kind === 'user' && what === 'favorites' && word === 'folder'
  return isFolder && user !== undefined && /^\d+$/.test(folder ?? '') ? { user, folder: folder ?? '' } : undefined
}

/** `imgur:user/me`, /user/me: what the one whose cookies are given has posted and uploaded. */
export function matchOwn(target: Target): Params | undefined {
  const [kind, user, what] = placeOf(target)?.parts ?? []
  const isPosts = what === undefined || what === 'posts' || what === 'submitted'
  return kind === 'user' && user === 'me' && isPosts ? {} : undefined
}

/** `imgur:user/me/hidden`, /user/me/hidden. */
export function matchHidden(target: Target): Params | undefined {
  const [kind, user, what] = placeOf(target)?.parts ?? []
  return kind === 'user' && user === 'me' && what === 'hidden' ? {} : undefined
}

/** What the API calls the parts of the front page, and how it sorts each where the address does not say. */
const SECTIONS: Readonly<Record<string, { readonly section: string; readonly sort: string }>> = {
  hot: { section: 'hot', sort: 'viral' },
  top: { section: 'top', sort: 'top' },
  new: { section: 'user', sort: 'time' },
}

/** `imgur:hot`, /hot/time, /top/week, /new/rising: the front page. */
export function matchFront(target: Target): Params | undefined {
  const place = placeOf(target)
  if (place === undefined || place.host === 'vanity' || place.host === 'media') return undefined
  const [name = '', ...words] = place.parts
  const front = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined
  const window = words.find((word) => windowOf(word).window !== undefined)
  const sort = words.find((word) => word !== window)
  if (front === undefined || words.length > 2 || (sort !== undefined && !isSort(sort))) return undefined
  const isRising = sort === 'rising' && front.section === 'user'
  return {
    section: front.section,
    sort: isRising ? 'rising' : sort === undefined ? front.sort : sortOf(sort),
    ...windowOf(window),
  }
}

interface Listing {
  readonly name: string
  readonly sort: Sort
  readonly window: { readonly window?: string }
}

function matchListing(target: Target, kind: 'r' | 't'): Listing | undefined {
  const [first, name, sort, window] = placeOf(target)?.parts ?? []
  if (first !== kind || name === undefined || (sort !== undefined && !isSort(sort))) return undefined
  return { name, sort: sortOf(sort), window: windowOf(window) }
}

/** What may stand in a search's address; `q` alone is on the page's form, the others on its advanced one. */
const QUERIES = ['q', 'q_all', 'q_any', 'q_exactly', 'q_not', 'q_type', 'q_size_px']

type Search = Omit<Listing, 'name'> & { readonly query: Readonly<Record<string, string>> }

function readSearch(target: Target): Search | undefined {
  const place = placeOf(target)
  const [first, ...rest] = place?.parts ?? []
  if (place === undefined || first !== 'search') return undefined
  if (place.host === 'short')
    return rest.length === 0 ? undefined : { query: { q: rest.join('/') }, sort: 'time', window: {} }
  const [sort, window] = rest
  const given = QUERIES.flatMap((name) => {
    const value = place.search.get(name) ?? ''
    return value === '' ? [] : [[name, value] as const]
  })
  return given.length === 0
    ? undefined
    : { query: Object.fromEntries(given), sort: sortOf(sort), window: windowOf(window) }
}
