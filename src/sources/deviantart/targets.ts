import type { Params, Target } from '../../core/source.ts'
import { assetKey } from '../../kit/keys.ts'
import { pathParts } from '../../kit/paths.ts'
import { idOfShort } from './addresses.ts'

/** Where a target points to within the site, as if it were written as a path of www.deviantart.com. */
interface Place {
  /** Parts of the path, decoded, none empty. */
  readonly parts: readonly string[]
  readonly query: URLSearchParams
}

/** First parts of paths that are pages of the site itself, though they look like artists. */
const PAGES = new Set([
  ...['about', 'account', 'api', 'art', 'browse', 'chat', 'collections', 'core', 'core-membership', 'critiques'],
  ...['daily-deviations', 'daily', 'deviation', 'deviations', 'developers', 'download', 'dreamup', 'forum', 'group'],
  ...['groups', 'help', 'join', 'journal', 'legal', 'messages', 'morelikethis', 'newest', 'notifications', 'oauth2'],
  ...['popular', 'posts', 'prints', 'search', 'settings', 'shop', 'signup', 'stash', 'status-update', 'studio'],
  ...['submit', 'subscriptions', 'tag', 'topic', 'undiscovered', 'users', 'view', 'view.php', 'view-full.php', 'watch'],
  ...['whats-hot', '_puppy', '_napi'],
])

/** Hosts below deviantart.com that are no artists. */
const SERVICES = new Set([
  'backend',
  'chat',
  'comments',
  'forum',
  'groups',
  'help',
  'my',
  'news',
  'portfolio',
  'prints',
  'shop',
  'today',
])

const USER = /^[a-z0-9][\w-]{0,39}$/i
const WORDS = new Set(['art', 'journal', 'status-update', 'view', 'deviation'])

/** Periods of the rankings, and what they have been called in addresses since 2010. */
const PERIODS: Readonly<Record<string, string>> = {
  now: '8h',
  '8h': '8h',
  '8-hours': '8h',
  '24h': '24h',
  '24-hours': '24h',
  today: '24h',
  '3d': '3d',
  '3-days': '3d',
  '1w': '1w',
  '1-week': '1w',
  week: '1w',
  'this-week': '1w',
  '1m': '1m',
  '1-month': '1m',
  month: '1m',
  'this-month': '1m',
  all: 'all',
  'all-time': 'all',
}

/** `deviantart:ID`, every address of one work since 2000, fav.me. */
export function matchDeviation(target: Target): Params | undefined {
  const place = placeOf(target)
  if (place === undefined) return undefined
  const { parts, query } = place
  const [first = '', second, third] = parts
  if (/^view(?:-full)?\.php$/.test(first)) return withId(query.get('id') ?? undefined)
  if (first === 'download') return withId(second)
  if (target.kind === 'short' && parts.length === 1 && /^\d+$/.test(first)) return withId(first)
  if (WORDS.has(first)) return parts.length === 2 ? withId(numberOf(second)) : undefined
  return isUser(first) && WORDS.has(second ?? '') && parts.length === 3 ? withId(numberOf(third)) : undefined
}

/** What the work that such a target names is called in the catalog; further files of it have a part behind a `/`. */
export function workKey({ id }: Params): string | undefined {
  return typeof id === 'number' ? assetKey('deviantart', id) : undefined
}

/** sta.sh/0… and /2…, /stash/…. */
export function matchStash(target: Target): Params | undefined {
  const [first, id, third] = placeOf(target)?.parts ?? []
  return first === 'stash' && id !== undefined && third === undefined && /^[0-9][0-9a-z]+$/.test(id)
    ? { id }
    : undefined
}

/** `deviantart:NAME`, /NAME, /NAME/gallery, /NAME/gallery/all: all but the scraps, newest first. */
export function matchGallery(target: Target): Params | undefined {
  const found = within(target, 'gallery', true)
  if (found === undefined || found.query.has('q') || found.query.get('catpath') === 'scraps') return undefined
  const [folder, ...others] = found.rest
  const isAll = folder === undefined || folder === 'all'
  return isAll && others.length === 0 && oldFolderOf(found.query) === undefined ? { user: found.user } : undefined
}

/** /NAME/gallery/NUMBER/WORDS and the older /gallery/?NUMBER: as its artist has ordered it. */
export function matchFolder(target: Target): Params | undefined {
  return folderIn(within(target, 'gallery'))
}

/** `deviantart:NAME/scraps`, /NAME/gallery/scraps, /NAME/gallery/?catpath=scraps. */
export function matchScraps(target: Target): Params | undefined {
  const own = within(target, 'scraps')
  if (own !== undefined) return own.rest.length === 0 ? { user: own.user } : undefined
  const found = within(target, 'gallery')
  const isScraps = found?.rest.join('/') === 'scraps' || found?.query.get('catpath') === 'scraps'
  return found !== undefined && isScraps ? { user: found.user } : undefined
}

/** /NAME/gallery?q=WORDS. */
export function matchGallerySearch(target: Target): Params | undefined {
  const found = within(target, 'gallery')
  const query = found?.query.get('q') ?? ''
  return found !== undefined && query !== '' && found.rest.length === 0 ? { user: found.user, query } : undefined
}

/** /NAME/favourites, /NAME/favourites/all. */
export function matchFavourites(target: Target): Params | undefined {
  const found = within(target, 'favourites')
  if (found === undefined || oldFolderOf(found.query) !== undefined) return undefined
  return found.rest.length === 0 || found.rest.join('/') === 'all' ? { user: found.user } : undefined
}

/** /NAME/favourites/NUMBER/WORDS. */
export function matchFavouritesFolder(target: Target): Params | undefined {
  return folderIn(within(target, 'favourites'))
}

/** /NAME/posts, /NAME/posts/journals, /NAME/journal. */
export function matchJournals(target: Target): Params | undefined {
  const posts = within(target, 'posts')
  if (posts !== undefined) return ['', 'journals'].includes(posts.rest.join('/')) ? { user: posts.user } : undefined
  const journal = within(target, 'journal')
  return journal?.rest.length === 0 ? { user: journal.user } : undefined
}

/** `deviantart:tag/NAME`, /tag/NAME. */
export function matchTag(target: Target): Params | undefined {
  const [first, tag, third] = placeOf(target)?.parts ?? []
  return first === 'tag' && tag !== undefined && third === undefined ? { tag } : undefined
}

/** `deviantart:search/WORDS`, /search?q=WORDS, /search/deviations?q=WORDS: newest first. */
export function matchSearch(target: Target): Params | undefined {
  const { query, period } = readSearch(target)
  return query === '' || period !== undefined ? undefined : { query }
}

/** `deviantart:popular/1-week`, /popular-24-hours, /search?order=popular-1-month: a ranking, of a search too. */
export function matchPopular(target: Target): Params | undefined {
  const place = placeOf(target)
  if (place === undefined) return undefined
  const search = readSearch(target)
  const [first = '', second] = place.parts
  const ordered =
    search.period ?? (first === '' || first === 'deviations' ? periodOf(place.query.get('order')) : undefined)
  const named =
    first === 'popular'
      ? second === undefined || second === 'deviations'
        ? (periodOf(place.query.get('order')) ?? '1w')
        : periodOf(`popular-${second}`)
      : periodOf(first)
  const period = ordered ?? named
  if (period === undefined) return undefined
  const query = place.query.get('q') ?? search.query
  return { period, ...(query !== '' && { query }) }
}

/** `deviantart:daily`, `deviantart:daily/2024-05-01`, /daily-deviations, /daily-deviations/2024-05-01. */
export function matchDaily(target: Target): Params | undefined {
  const place = placeOf(target)
  const [first, second, third] = place?.parts ?? []
  if ((first !== 'daily-deviations' && first !== 'daily') || third !== undefined) return undefined
  const date = second ?? place?.query.get('date') ?? undefined
  if (date === undefined) return {}
  return /^\d{4}-\d\d-\d\d$/.test(date) ? { date } : undefined
}

interface Within {
  readonly user: string
  readonly rest: readonly string[]
  readonly query: URLSearchParams
}

/** A place of an artist below the given part; `orBare`: the artist's own page too. */
function within(target: Target, part: string, orBare = false): Within | undefined {
  const place = placeOf(target)
  if (place === undefined) return undefined
  const { parts, query } = place
  const [user = '', below, ...rest] = parts
  if (!isUser(user) || (target.kind === 'short' && parts.length === 1 && /^\d+$/.test(user))) return undefined
  const fits = below === part || (orBare && below === undefined)
  return fits ? { user: user.toLowerCase(), rest, query } : undefined
}

function folderIn(found: Within | undefined): Params | undefined {
  if (found === undefined) return undefined
  const [number, slug] = found.rest
  const folder = number ?? oldFolderOf(found.query)
  if (folder === undefined || !/^\d+$/.test(folder)) return undefined
  return { user: found.user, folder, ...(slug !== undefined && { slug }) }
}

/** Until 2019 a folder stood as `?123456`. */
function oldFolderOf(query: URLSearchParams): string | undefined {
  return Array.from(query.keys()).find((name) => /^\d+$/.test(name))
}

function readSearch(target: Target): { readonly query: string; readonly period?: string } {
  const place = placeOf(target)
  const [first, ...rest] = place?.parts ?? []
  if (place === undefined || first !== 'search') return { query: '' }
  const words = rest[0] === 'deviations' ? rest.slice(1) : rest
  const query = place.query.get('q') ?? words.join('/')
  const period = periodOf(place.query.get('order'))
  return { query, ...(period !== undefined && { period }) }
}

/** `popular-1-week` as orders and old addresses have it. */
function periodOf(order: string | null): string | undefined {
  const name = /^popular-([\w-]+)$/.exec(order ?? '')?.[1]
  return name !== undefined && Object.hasOwn(PERIODS, name) ? PERIODS[name] : undefined
}

function isUser(name: string): boolean {
  return USER.test(name) && !PAGES.has(name.toLowerCase()) && periodOf(name) === undefined
}

function withId(digits: string | undefined): Params | undefined {
  return digits !== undefined && /^\d{1,15}$/.test(digits) ? { id: Number(digits) } : undefined
}

/** `Misty-510056679` and `510056679`. */
function numberOf(slug: string | undefined): string | undefined {
  return /(?:^|-)(\d+)$/.exec(slug ?? '')?.[1]
}

function placeOf(target: Target): Place | undefined {
  if (target.kind === 'template') return undefined
  if (target.kind === 'short') {
    const url = URL.parse(`https://www.deviantart.com/${target.rest.trim().replace(/^\/+/, '')}`)
    return target.source === 'deviantart' && url !== null ? placeIn(url) : undefined
  }
  const { url } = target
  const [first] = pathParts(url.pathname)
  if (url.hostname === 'fav.me') {
    const id = idOfShort(first ?? '')
    return id === undefined ? undefined : { parts: ['view', String(id)], query: url.searchParams }
  }
  if (/^(?:www\.)?sta\.sh$/.test(url.hostname))
    return { parts: ['stash', ...pathParts(url.pathname)], query: url.searchParams }
  const sub = /^(?:([\w-]+)\.)?deviantart\.com$/.exec(url.hostname)
  if (sub === null) return undefined
  const name = sub[1] ?? 'www'
  if (name === 'www' || name === 'm') return placeIn(url)
  return SERVICES.has(name) ? undefined : { parts: [name, ...pathParts(url.pathname)], query: url.searchParams }
}

function placeIn(url: URL): Place {
  return { parts: pathParts(url.pathname), query: url.searchParams }
}
