import { Fault } from '../../core/errors.ts'
import type { Params, Target } from '../../core/source.ts'
import { arkNumber } from './arks.ts'

export const HOST = 'collections.louvre.fr'
const SITEMAP = `https://${HOST}/sitemap.xml`

/** `louvre:cl010062370`, /ark:/53355/cl010062370 in French and English, and its `.json`. */
export function matchRecord(target: Target): Params | undefined {
  const rest = shortForm(target)
  if (rest !== undefined) return arkNumber(rest) === undefined ? undefined : { ark: rest }
  const ark = /^\/(?:en\/)?ark:\/53355\/(cl\d{9})(?:\.json)?\/?$/.exec(pathOf(target))?.[1]
  return ark === undefined ? undefined : { ark }
}

/** `louvre:all`, the home page, the sitemap. */
export function matchAll(target: Target): Params | undefined {
  if (shortForm(target) === 'all') return { url: SITEMAP }
  const path = pathOf(target)
  if (path === '/' || path === '/en' || path === '/en/' || path === '/sitemap.xml') return { url: SITEMAP }
  return /^\/media\/sitemap\/sitemap\d+\.xml$/.test(path) ? { url: `https://${HOST}${path}` } : undefined
}

/** `louvre:cl010000006-cl010500000`. */
export function matchRange(target: Target): Params | undefined {
  const match = /^(cl\d{9})-(cl\d{9})$/.exec(shortForm(target) ?? '')
  if (match === null) return undefined
  const [, from = '', to = ''] = match
  return range(arkNumber(from) ?? 0, arkNumber(to) ?? 0, target)
}

/** `louvre:enumerate`. */
export function matchEnumerate(target: Target): Params | undefined {
  return shortForm(target) === 'enumerate' ? {} : undefined
}

/** `louvre:zip/1-400000`, `louvre:zip/121146`. */
export function matchZips(target: Target): Params | undefined {
  const match = /^zip\/(\d{1,9})(?:-(\d{1,9}))?$/.exec(shortForm(target) ?? '')
  if (match === null) return undefined
  const [, from = '', to = from] = match
  return range(Number(from), Number(to), target)
}

/** /en/artwork/image/download/121146/0. */
export function matchZip(target: Target): Params | undefined {
  const number = /^\/(?:en\/)?artwork\/image\/download\/(\d{1,9})\/\d+\/?$/.exec(pathOf(target))?.[1]
  return number === undefined || target.kind !== 'url' ? undefined : { url: target.url.href }
}

/**
 * `louvre:search/WORDS`, /recherche?q=WORDS in French and English, with whatever filters the address has. All pages of
 * it are read, so the address's own page number does not count.
 */
export function matchSearch(target: Target): Params | undefined {
  const words = /^search\/(.+)$/s.exec(shortForm(target) ?? '')?.[1]
  if (words !== undefined)
    return { url: `https://${HOST}/en/recherche?${new URLSearchParams({ q: words }).toString()}` }
  if (target.kind !== 'url' || !/^\/(?:en\/)?recherche\/?$/.test(pathOf(target))) return undefined
  const url = new URL(target.url)
  url.protocol = 'https'
  url.hash = ''
  for (const name of ['page', 'limit']) url.searchParams.delete(name)
  return { url: url.href }
}

/** /search/export: the table of all results. */
export function matchExport(target: Target): Params | undefined {
  return /^\/(?:en\/)?search\/export\/?$/.test(pathOf(target)) ? {} : undefined
}

function range(first: number, last: number, { text }: Target): Params {
  if (first <= last) return { first, last }
  throw new Fault('Usage', `${text} ends before it begins`, { advice: 'put the smaller number first' })
}

function shortForm(target: Target): string | undefined {
  return target.kind === 'short' && target.source === 'louvre' ? target.rest : undefined
}

function pathOf(target: Target): string {
  return target.kind === 'url' && target.url.hostname === HOST ? target.url.pathname : ''
}
