import type { Params, Target } from '../../core/source.ts'

/** Where a target points to within imgur, whichever way it was written. */
interface Place {
  /** `page`: imgur.com; `media`: i.imgur.com; `vanity`: USER.imgur.com; `short`: `imgur:…`. */
  readonly host: 'page' | 'media' | 'vanity' | 'short'
  readonly user: string
  /** Parts of the path, decoded, none empty. */
  readonly parts: readonly string[]
  readonly query: string
}

/** First parts of paths that are pages of the site itself, though they look like ids. */
const PAGES = new Set([
  'about',
  'privacy',
  'emerald',
  'memegen',
  'account',
  'rules',
  'login',
  'store',
  'press',
  'random',
  'gallery',
  'topic',
  'search',
  'upload',
  'signin',
  'register',
  'viral',
  'popular',
  'user',
  'hot',
  'top',
  'new',
  'jobs',
  'apps',
  'vidgif',
])

const SORTS = new Set(['viral', 'top', 'time', 'new', 'score', 'relevance', 'all'])
const WINDOWS = new Set(['day', 'week', 'month', 'year', 'all'])

/** `imgur:ID`, i.imgur.com/ID.EXT and its thumbnails, imgur.com/ID, /download/ID. */
export function matchImage(target: Target): Params | undefined {
  const place = placeOf(target)
  if (place === undefined || place.host === 'vanity') return undefined
  const parts = place.parts[0] === 'download' ? place.parts.slice(1, 2) : place.parts
  const [name, ...others] = parts
  if (name === undefined || others.length > 0 || (place.host === 'page' && PAGES.has(name))) return undefined
  return withId(place.host === 'page' ? idOfSlug(name) : idOfFile(name))
}

/** `imgur:a/ID`, /a/ID, /a/some-words-ID, USER.imgur.com/a/ID. */
export function matchAlbum(target: Target): Params | undefined {
  const [kind, name] = placeOf(target)?.parts ?? []
  return kind === 'a' && name !== undefined ? withId(idOfSlug(name)) : undefined
}

/** /gallery/ID, /t/TAG/ID, /r/SUB/ID, /topic/NAME/ID: album or image, the address does not tell. */
export function matchPost(target: Target): Params | undefined {
  const [kind, first, second] = placeOf(target)?.parts ?? []
  if (kind === 'gallery' && first !== undefined) return withId(idOfSlug(first))
  if (!['t', 'r', 'topic'].includes(kind ?? '') || second === undefined || SORTS.has(second)) return undefined
  return withId(idOfSlug(second))
}

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
  return kind === 'user' && user !== undefined && isPosts ? { user } : undefined
}

/** `imgur:user/NAME/favorites`, /user/NAME/favorites. */
export function matchFavorites(target: Target): Params | undefined {
  const [kind, user, what, folder] = placeOf(target)?.parts ?? []
  return kind === 'user' && user !== undefined && what === 'favorites' && folder === undefined ? { user } : undefined
}

function placeOf(target: Target): Place | undefined {
  if (target.kind === 'short')
    return target.source === 'imgur' ? { host: 'short', user: '', parts: split(target.rest), query: '' } : undefined
  if (target.kind !== 'url') return undefined
  const sub = /^(?:([\w-]+)\.)?imgur\.(?:com|io)$/.exec(target.url.hostname)
  if (sub === null) return undefined
  const name = sub[1] ?? 'www'
  if (name === 'api') return undefined
  const host = name === 'i' ? 'media' : name === 'www' || name === 'm' ? 'page' : 'vanity'
  return { host, user: name, parts: split(target.url.pathname), query: target.url.searchParams.get('q') ?? '' }
}

function split(path: string): readonly string[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map(decode)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function withId(id: string | undefined): Params | undefined {
  return id === undefined ? undefined : { id }
}

/** Since 2024 words may stand before the id: `some-words-AbC1234`. */
function idOfSlug(name: string): string | undefined {
  const id = name.slice(name.lastIndexOf('-') + 1).replace(/\.\w+$/, '')
  return /^(?:[a-z0-9]{5}|[a-z0-9]{7})$/i.test(id) ? id : undefined
}

/**
 * Ids have 5 or 7 letters and digits; one more is a thumbnail's letter (`AbC1234h.jpg`), and `_d` or `_lq` marks
 * another rendering. Sources name six to eight letters; taken are all eight.
 */
function idOfFile(name: string): string | undefined {
  const stem = name.replace(/\.\w+$/, '').replace(/_(?:d|lq)$/, '')
  return /^([a-z0-9]{5}|[a-z0-9]{7})[bghlmrst]?$/i.exec(stem)?.[1]
}

interface Listing {
  readonly name: string
  readonly sort: 'time' | 'top' | 'viral'
  readonly window: { readonly window?: string }
}

function matchListing(target: Target, kind: 'r' | 't'): Listing | undefined {
  const [first, name, sort, window] = placeOf(target)?.parts ?? []
  if (first !== kind || name === undefined || (sort !== undefined && !SORTS.has(sort))) return undefined
  return { name, sort: sortOf(sort), window: windowOf(window) }
}

function readSearch(target: Target): (Omit<Listing, 'name'> & { readonly query: string }) | undefined {
  const place = placeOf(target)
  const [first, ...rest] = place?.parts ?? []
  if (place === undefined || first !== 'search') return undefined
  if (place.host === 'short') return rest.length === 0 ? undefined : { query: rest.join('/'), sort: 'time', window: {} }
  const [sort, window] = rest
  return place.query === '' ? undefined : { query: place.query, sort: sortOf(sort), window: windowOf(window) }
}

/** The web site says `new`, `score` and `relevance` where the API says `time`, `top` and (best fitting) `viral`. */
function sortOf(name: string | undefined): Listing['sort'] {
  if (name === 'top' || name === 'score') return 'top'
  return name === 'viral' || name === 'relevance' ? 'viral' : 'time'
}

function windowOf(name: string | undefined): { readonly window?: string } {
  return name !== undefined && WINDOWS.has(name) ? { window: name } : {}
}
