import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Json } from '../../core/glossary.ts'
import type { Asset, Candidate } from '../../core/source.ts'
import { filenameOf } from '../../kit/file-names.ts'
import { assetKey, normalizeUrl } from '../../kit/keys.ts'
import { resolveLink } from '../../kit/links.ts'
import type { Query, Result } from './provider.ts'

/** Bytes of a mark: of the few thousand results of a keyword no two come to the same one. */
const MARK_BYTES = 6
/** Marks that are carried along. Providers end at about a thousand results, which have two marks at most. */
const MOST_MARKS = 2000

/** Where the listing of a keyword stands: what a `next` ref carries. */
export interface Place {
  /** Of the provider. */
  readonly at?: Json
  /** Images listed so far. */
  readonly count: number
  /** Short digests of the ids and URLs that were listed. */
  readonly marks: readonly string[]
}

export const START: Place = { count: 0, marks: [] }

export const placeSchema = z.object({ at: z.json(), count: z.number(), marks: z.array(z.string()) })

/** The new images of a page, and where the listing stands behind it. */
export interface Listed {
  readonly assets: readonly Asset[]
  /** Results that no page before had, those without a full-size image included. */
  readonly fresh: number
  /** New results of which only a thumbnail is known, and none is wanted. */
  readonly thumbnailsOnly: number
  readonly place: Place
}

/**
 * Lists the results of a page that no page before had: pages overlap, and some providers repeat their last page
 * without end. `index` counts the images of the keyword.
 */
export function listResults(results: readonly Result[], query: Query, provider: string, options: ListOptions): Listed {
  const { place, thumbnails } = options
  const known = new Set(place.marks)
  const assets: Asset[] = []
  let fresh = 0
  for (const result of results) {
    const marks = marksOf(result)
    const isKnown = marks.length === 0 || marks.some((mark) => known.has(mark))
    for (const mark of marks) known.add(mark)
    if (isKnown) continue
    fresh += 1
    const asset = assetOf(result, query, provider, { index: place.count + assets.length + 1, thumbnails })
    if (asset !== undefined) assets.push(asset)
  }
  return {
    assets,
    fresh,
    thumbnailsOnly: fresh - assets.length,
    place: { count: place.count + assets.length, marks: [...known].slice(-MOST_MARKS) },
  }
}

export interface ListOptions {
  /** Where the listing stood before the page. */
  readonly place: Place
  readonly thumbnails: boolean
}

/** The same whichever provider finds an image for a keyword, so that it is fetched once. */
export function searchKey(keyword: string, url: string): string {
  return assetKey('search', `${keyword}:${hash('sha256', normalizeUrl(url))}`)
}

function assetOf(
  { url, thumbnail, quality = 'full', referer, meta }: Result,
  { keyword }: Query,
  provider: string,
  { index, thumbnails }: { readonly index: number; readonly thumbnails: boolean },
): Asset | undefined {
  const full = resolveLink(url, 'about:blank')
  const small = thumbnails ? resolveLink(thumbnail, 'about:blank') : undefined
  const best = full ?? small
  if (best === undefined) return undefined
  const candidates: Candidate[] = []
  if (full !== undefined) candidates.push({ url: full, quality }, ...withReferer(full, quality, referer))
  if (small !== undefined) candidates.push({ url: small, quality: 'preview' })
  return {
    key: searchKey(keyword, best),
    candidates,
    meta: { ...nameOf(best), ...meta, keyword, provider, kind: 'image' },
    index,
    rules: { expect: 'image' },
  }
}

function nameOf(url: string): { readonly filename?: string } {
  const filename = filenameOf(url)
  return filename === '' ? {} : { filename }
}

/**
 * Many hosts refuse images to whoever does not come from the page that shows them; that page is where this one was
 * found. What the provider says of it is a stranger's text: as a header goes only a URL, without user information.
 */
function withReferer(url: string, quality: Candidate['quality'], page: string | undefined): readonly Candidate[] {
  const referer = resolveLink(page, 'about:blank')
  if (referer === undefined || referer.startsWith('data:') || url.startsWith('data:')) return []
  const parsed = new URL(referer)
  parsed.username = ''
  parsed.password = ''
  return [{ url, quality, headers: { referer: parsed.href } }]
}

/** What tells a result from others: the provider's id and the URL; of one without full-size image its thumbnail. */
function marksOf({ id, url, thumbnail }: Result): readonly string[] {
  const address = resolveLink(url, 'about:blank') ?? resolveLink(thumbnail, 'about:blank')
  return [...(id === undefined ? [] : [markOf(`id ${id}`)]), ...(address === undefined ? [] : [markOf(address)])]
}

function markOf(text: string): string {
  return hash('sha256', text, 'buffer').subarray(0, MARK_BYTES).toString('base64url')
}
