import { elements, type HtmlDocument } from '../../kit/html.ts'
import { isoDate } from '../../kit/dates.ts'
import { resolveLink } from '../../kit/links.ts'
import { likelyKind } from '../../kit/media-types.ts'
import { parseSrcset } from '../../kit/srcset.ts'
import { inOrder, RANK, type Found, type Version } from './found.ts'

/** What a page says of itself. */
export interface PageDetails {
  readonly title?: string
  readonly author?: string
  /** ISO 8601. */
  readonly date?: string
}

/** Names of `meta` elements that give a picture of the page; the first that is there wins over its like. */
const PREVIEWS = [
  ['og:image', 'og:image:url', 'og:image:secure_url'],
  ['twitter:image', 'twitter:image:src'],
  ['og:video', 'og:video:url', 'og:video:secure_url'],
  ['image', 'thumbnailUrl'],
] as const

/** Deep enough for any graph of schema.org, and a limit for hostile ones. */
const MOST_LEVELS = 12

/** The pictures that a page names for previews, search engines and early loading. */
export function headMedia($: HtmlDocument, base: string): readonly Found[] {
  return [...previews($, base), ...linked($, base), ...structured($, base)]
}

function previews($: HtmlDocument, base: string): readonly Found[] {
  return PREVIEWS.flatMap((names) => {
    const all = names.map((name) => metaContents($, name))
    const urls = all.find((contents) => contents.length > 0) ?? []
    // An `og:video` is mostly the page of a player.
    return urls.flatMap((url) =>
      names[0] === 'og:video' && likelyKind(resolveLink(url, base) ?? '') !== 'video' ? [] : one(url, base),
    )
  })
}

function linked($: HtmlDocument, base: string): readonly Found[] {
  return elements($, 'link[rel~=image_src], link[rel~=preload][as=image], link[itemprop=image]').flatMap((element) => {
    const sizes = parseSrcset(element.attr('imagesrcset') ?? '').flatMap(
      ({ url: written, ...size }): readonly Version[] => {
        const url = resolveLink(written, base)
        return url === undefined ? [] : [{ url, rank: RANK.sized, ...size }]
      },
    )
    const versions = [...sizes, ...one(element.attr('href'), base).flatMap((found) => found.versions)]
    return versions.length === 0 ? [] : [{ versions: inOrder(versions) }]
  })
}

/** `image` and `contentUrl` anywhere in JSON-LD. A logo is none of the page's pictures. */
function structured($: HtmlDocument, base: string): readonly Found[] {
  return elements($, 'script[type="application/ld+json"]').flatMap((element) => {
    try {
      return imagesIn(JSON.parse(element.text()), 0).flatMap((url) => one(url, base))
    } catch {
      return []
    }
  })
}

function imagesIn(value: unknown, level: number): readonly string[] {
  if (level > MOST_LEVELS || typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((each) => imagesIn(each, level + 1))
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    if (name === 'logo' || name === 'publisher') return []
    if (name === 'contentUrl' || name === 'image') return [...urlsIn(member), ...imagesIn(member, level + 1)]
    return imagesIn(member, level + 1)
  })
}

/** An image is a URL, an object with one, or a list of these. */
function urlsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(urlsIn)
  if (typeof value !== 'object' || value === null || 'contentUrl' in value) return []
  return 'url' in value && typeof value.url === 'string' ? [value.url] : []
}

function one(href: string | undefined, base: string): readonly Found[] {
  const url = resolveLink(href, base)
  return url === undefined || url.startsWith('data:') ? [] : [{ versions: [{ url, rank: RANK.shown }] }]
}

export function pageDetails($: HtmlDocument): PageDetails {
  const title = first(metaContents($, 'og:title'), [$('title').first().text()], [$('h1').first().text()])
  const author = first(
    metaContents($, 'author'),
    metaContents($, 'article:author').filter((name) => !/^https?:/.test(name)),
  )
  const date = isoDate(
    first(metaContents($, 'article:published_time'), metaContents($, 'datePublished'), metaContents($, 'date')),
  )
  return {
    ...(title !== undefined && { title }),
    ...(author !== undefined && { author }),
    ...(date !== undefined && { date }),
  }
}

function first(...lists: readonly (readonly string[])[]): string | undefined {
  const texts = lists.flat().map((text) => text.replace(/\s+/g, ' ').trim())
  return texts.find((text) => text !== '')
}

function metaContents($: HtmlDocument, name: string): readonly string[] {
  return elements($, `meta[property="${name}"], meta[name="${name}"], meta[itemprop="${name}"]`).flatMap(
    (element) => element.attr('content') ?? [],
  )
}
