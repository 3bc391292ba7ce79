import { SaxesParser } from 'saxes'
import { Fault } from '../../core/errors.ts'
import { resolveLink } from '../../kit/links.ts'
import { arkNumber } from './arks.ts'

/** What a sitemap names: further sitemaps, or records as their numbers, each once though listed in two languages. */
export interface Sitemap {
  readonly maps: readonly string[]
  /** Numbers, not texts: 20,000 of them are kept for as long as their file is read window by window. */
  readonly arks: Int32Array
}

/**
 * Reads a sitemap or an index of sitemaps (sitemaps.org). No file is recorded; the index was described in August 2026.
 * Entities other than XML's own five are errors, so that a short file cannot become a long one.
 */
export function readSitemap(xml: string, url: string): Sitemap {
  const maps: string[] = []
  const arks = new Set<number>()
  const parser = new SaxesParser()
  const path: string[] = []
  let text = ''
  parser.on('error', (error) => {
    throw new Fault('SiteChanged', `the sitemap of the Louvre is no XML: ${error.message}`, {
      url,
      where: error.message,
      cause: error,
    })
  })
  parser.on('opentag', ({ name }) => {
    path.push(name)
    text = ''
  })
  parser.on('text', (part) => {
    text += part
  })
  parser.on('closetag', () => {
    const place = path.slice(-2).join('/')
    path.pop()
    if (place === 'sitemap/loc') maps.push(addressOf(text, url))
    if (place === 'url/loc') addArk(arks, text)
  })
  parser.write(xml).close()
  return { maps, arks: Int32Array.from(arks) }
}

function addressOf(text: string, url: string): string {
  const address = resolveLink(text, url)
  if (address !== undefined && !address.startsWith('data:')) return address
  throw new Fault('SiteChanged', `the sitemap of the Louvre names a part that is no address: ${text.slice(0, 80)}`, {
    url,
    where: 'sitemap/loc',
  })
}

/** Pages of other kinds stand there, too. */
function addArk(arks: Set<number>, address: string): void {
  const ark = /\/ark:\/53355\/(cl\d{9})\s*$/.exec(address)?.[1]
  const number = ark === undefined ? undefined : arkNumber(ark)
  if (number !== undefined) arks.add(number)
}
