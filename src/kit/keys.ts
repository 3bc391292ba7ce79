import { hash } from 'node:crypto'
import { Fault } from '../core/errors.ts'

/** `source:id` or `source:id/media`. */
export function assetKey(source: string, id: string | number, media?: string | number): string {
  const key = `${source}:${id}`
  return media === undefined ? key : `${key}/${media}`
}

/** The key of a URL that no site gives an id: the same whichever source comes by it. Secrets are part of what is hashed. */
export function directKey(url: string): string {
  return `direct:${hash('sha256', normalizeUrl(url))}`
}

/** A URL as WHATWG writes it, without its fragment. Parameters keep their order. */
export function normalizeUrl(url: string): string {
  const parsed = URL.parse(url)
  if (parsed === null) throw new Fault('Usage', `${url} is not a valid URL`, { url })
  // Setting an empty hash costs as much as parsing, and most URLs have none.
  if (parsed.href.includes('#')) parsed.hash = ''
  return parsed.href
}
