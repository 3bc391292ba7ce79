import type { Params, Target } from '../../core/source.ts'
import { pathParts } from '../../kit/paths.ts'

/** Hosts of the site itself, which are no blogs. */
const RESERVED = new Set(['www', 'i', 'uls', 's', 'api'])

/** `total`, `month`, `week` and `date` are rankings: of all times, a month, a week, a day. */
const RANKINGS = new Set(['hot', 'total', 'month', 'week', 'date'])

/** A blog is the whole name of a host below lofter.com. */
const BLOG = /^[\w-]+$/
/** hex(id of the blog)_hex(id of the post). */
const PERMALINK = /^[0-9a-f]+_[0-9a-f]+$/i

/** Where a target points to within Lofter, whichever way it was written. */
interface Place {
  /** Absent on `www.lofter.com`. */
  readonly blog?: string
  /** Parts of the path, decoded, none empty. */
  readonly parts: readonly string[]
  readonly parameters: URLSearchParams
}

/** BLOG.lofter.com/post/ID, /front/post/ID, www.lofter.com/front/post/ID, `lofter:BLOG/ID`. */
export function matchPost(target: Target): Params | undefined {
  const { blog, parts } = placeOf(target) ?? { parts: [] }
  const [kind, id, ...others] = parts[0] === 'front' ? parts.slice(1) : parts
  const known = blog === undefined ? {} : { blog }
  if (kind === 'post' && id !== undefined && PERMALINK.test(id)) return { permalink: id.toLowerCase(), ...known }
  const isShort = target.kind === 'short' && blog !== undefined && id === undefined && others.length === 0
  return isShort && kind !== undefined && PERMALINK.test(kind) ? { permalink: kind.toLowerCase(), ...known } : undefined
}

/** `lofter:BLOG`, BLOG.lofter.com, its /view, and the three ways to a blog on www.lofter.com; a blog's number, too. */
export function matchBlog(target: Target): Params | undefined {
  const place = placeOf(target)
  if (place === undefined) return undefined
  const { blog, parts, parameters } = place
  if (blog !== undefined) return parts.length === 0 || isPath(parts, 'view') ? { blog } : undefined
  if (isPath(parts, 'mentionredirect.do')) return numbered(parameters.get('blogId'))
  const [first, second, third] = parts[0] === 'front' ? parts.slice(1) : parts
  if (first === 'blog' && second === 'home-page') return named(third)
  return (first === 'blog' || first === 'app') && third === undefined ? named(second) : undefined
}

/** `lofter:BLOG/tag/TAG`, BLOG.lofter.com/tag/TAG. */
export function matchBlogTag(target: Target): Params | undefined {
  const { blog, parts } = placeOf(target) ?? { parts: [] }
  const [kind, tag, other] = parts
  return blog !== undefined && kind === 'tag' && tag !== undefined && other === undefined ? { blog, tag } : undefined
}

/** `lofter:tag/TAG`, www.lofter.com/tag/TAG, /tag/TAG/new. */
export function matchTag(target: Target): Params | undefined {
  const found = tagOf(target)
  return found === undefined || found.sort !== 'new' ? undefined : { tag: found.tag }
}

/** www.lofter.com/tag/TAG/total, /month, /week, /date, /hot. */
export function matchTagTop(target: Target): Params | undefined {
  const found = tagOf(target)
  return found === undefined || !RANKINGS.has(found.sort) ? undefined : found
}

/** A link that leads on: s.lofter.com/-s/…, as the app shares it. */
export function matchLink(target: Target): Params | undefined {
  if (target.kind !== 'url') return undefined
  const { hostname, pathname, href } = target.url
  return hostname === 's.lofter.com' && pathname !== '/' ? { url: href } : undefined
}

function tagOf(target: Target): { readonly tag: string; readonly sort: string } | undefined {
  const { blog, parts } = placeOf(target) ?? { parts: [] }
  const [kind, tag, sort = 'new', other] = parts
  return blog === undefined && kind === 'tag' && tag !== undefined && other === undefined ? { tag, sort } : undefined
}

function placeOf(target: Target): Place | undefined {
  if (target.kind === 'short') return target.source === 'lofter' ? placeOfShort(target.rest) : undefined
  return target.kind === 'url' ? placeOfUrl(target.url) : undefined
}

function placeOfShort(rest: string): Place | undefined {
  if (/^https?:/i.test(rest)) {
    const url = URL.parse(rest)
    return url === null ? undefined : placeOfUrl(url)
  }
  const parameters = new URLSearchParams()
  const parts = pathParts(rest)
  const [blog = '', ...others] = parts
  if (blog === 'tag') return { parts, parameters }
  const name = blog.toLowerCase().replace(/\.lofter\.com$/, '')
  return isBlog(name) ? { blog: name, parts: others, parameters } : undefined
}

function placeOfUrl(url: URL): Place | undefined {
  const host = /^(?:([\w-]+)\.)?lofter\.com$/.exec(url.hostname)
  if (host === null) return undefined
  const name = host[1] ?? 'www'
  const inner = name === 'uls' ? URL.parse(url.searchParams.get('h5url') ?? '') : null
  if (inner !== null && inner.hostname !== url.hostname) return placeOfUrl(inner)
  const place = { parts: pathParts(url.pathname), parameters: url.searchParams }
  if (name === 'www') return place
  return isBlog(name) ? { blog: name, ...place } : undefined
}

function isBlog(name: string): boolean {
  return BLOG.test(name) && !RESERVED.has(name)
}

function isPath(parts: readonly string[], only: string): boolean {
  return parts.length === 1 && parts[0] === only
}

function named(blog: string | undefined): Params | undefined {
  return blog !== undefined && isBlog(blog.toLowerCase()) ? { blog: blog.toLowerCase() } : undefined
}

function numbered(id: string | null): Params | undefined {
  return id !== null && /^\d{1,15}$/.test(id) ? { blogId: Number(id) } : undefined
}
