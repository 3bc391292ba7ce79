/** What a source may say of the name that a file has at its site. */

import { decoded } from './paths.ts'

/**
 * The last part of a URL's path, decoded and without its extension; the host where there is no path.
 * Not yet safe as a file name: templates see to that.
 */
export function filenameOf(url: string): string {
  const parsed = URL.parse(url)
  if (parsed === null || parsed.protocol === 'data:') return ''
  const last = parsed.pathname.split('/').findLast((part) => part !== '')
  return last === undefined ? parsed.hostname : stemOf(decoded(last))
}

/** The extension of a URL's last path part, lower case and without the dot; empty where there is none. */
export function extensionOf(url: string): string {
  const path = URL.parse(url)?.pathname ?? ''
  return EXTENSION.exec(decoded(path.slice(path.lastIndexOf('/') + 1)))?.[1]?.toLowerCase() ?? ''
}

/** A name without its extension. What stands behind a dot is one if it is short and plain: `2.0 final` has none. */
export function stemOf(name: string): string {
  return name.replace(EXTENSION, '')
}

const EXTENSION = /(?<=.)\.([a-z0-9]{1,5})$/i
