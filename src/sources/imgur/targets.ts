import type { Params, Target } from '../../core/source.ts'
import { assetKey } from '../../kit/keys.ts'
import { isSort, placeOf } from './place.ts'

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

/**
 * `imgur:ID`, i.imgur.com/ID.EXT and its thumbnails, imgur.com/ID, /download/ID. Of a file the ending is kept: where
 * imgur describes it no more, it may still be there.
 */
export function matchImage(target: Target): Params | undefined {
  const place = placeOf(target)
  if (place === undefined || place.host === 'vanity') return undefined
  const parts = place.parts[0] === 'download' ? place.parts.slice(1, 2) : place.parts
  const [name, ...others] = parts
  if (name === undefined || others.length > 0 || (place.host === 'page' && PAGES.has(name))) return undefined
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase()
  // A page's address has no thumbnail's letter, unless it is a file's on the wrong host.
  const id = place.host === 'page' && ending === undefined ? idOfSlug(name) : idOfFile(name)
  if (id === undefined) return undefined
  return ending === undefined ? { id } : { id, ending }
}

/** What the image that such a target names is called in the catalog. */
export function imageKey({ id }: Params): string | undefined {
  return typeof id === 'string' ? assetKey('imgur', id) : undefined
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
  if (!['t', 'r', 'topic'].includes(kind ?? '') || second === undefined || isSort(second)) return undefined
  return withId(idOfSlug(second))
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
