import type { CheerioAPI } from 'cheerio'

/** Servers take at most 8 to 16 KB. A page could make gigabytes of a long base and many short links otherwise. */
const MOST_CHARACTERS = 16_384
const MOST_OF_BASE = 2048

/**
 * What a link of a page leads to: absolute, normalised, without its fragment. Nothing for what is neither http(s) nor
 * `data:` (scripts, mail, telephone) and for what is no URL.
 */
export function resolveLink(href: string | undefined, base: string): string | undefined {
  const text = href?.trim() ?? ''
  if (text === '') return undefined
  const url = URL.parse(text, base)
  if (url === null || !/^(?:https?|data):$/.test(url.protocol)) return undefined
  if (url.href.includes('#')) url.hash = ''
  return url.protocol !== 'data:' && url.href.length > MOST_CHARACTERS ? undefined : url.href
}

/** What the links of a document are relative to: its first `<base href>`, else the URL it came from. */
export function baseOf($: CheerioAPI, url: string): string {
  const base = resolveLink($('base[href]').first().attr('href'), url)
  return base === undefined || base.startsWith('data:') || base.length > MOST_OF_BASE ? url : base
}

/** Whether two URLs stand on one host, whatever their scheme, port or a leading `www.`. */
export function sameHost(one: string, other: string): boolean {
  return hostOf(one) === hostOf(other)
}

function hostOf(url: string): string | undefined {
  return URL.parse(url)?.hostname.replace(/^www\./, '')
}
