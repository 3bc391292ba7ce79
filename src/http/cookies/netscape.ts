import { Fault } from '../../core/errors.ts'

/** One line of a Netscape cookie file. */
export interface NetscapeCookie {
  /** Without the leading dot. */
  readonly domain: string
  /** Also for the hosts below. */
  readonly subdomains: boolean
  readonly path: string
  readonly secure: boolean
  readonly httpOnly: boolean
  /** Unix milliseconds; a session cookie has none. */
  readonly expires?: number
  readonly name: string
  readonly value: string
}

const HTTP_ONLY = '#HttpOnly_'

/** The last moment that a `Date` can hold, in Unix seconds. */
const LAST_SECOND = 8.64e12

function readLine(line: string): NetscapeCookie | undefined {
  const httpOnly = line.startsWith(HTTP_ONLY)
  const fields = (httpOnly ? line.slice(HTTP_ONLY.length) : line).split('\t')
  const [host, subdomains, path, secure, expires, name, value] = fields
  if (fields.length !== 7 || !host || !path?.startsWith('/') || name === undefined || value === undefined)
    return undefined
  if (!/^(TRUE|FALSE)$/i.test(subdomains ?? '') || !/^\d*(\.\d+)?$/.test(expires ?? '')) return undefined
  const seconds = Number(expires)
  if (seconds > LAST_SECOND) return undefined
  return {
    domain: host.replace(/^\./, '').toLowerCase(),
    subdomains: /^TRUE$/i.test(subdomains ?? ''),
    path,
    secure: /^TRUE$/i.test(secure ?? ''),
    httpOnly,
    ...(seconds === 0 ? {} : { expires: seconds * 1000 }),
    name,
    value,
  }
}

/**
 * Reads a cookie file as curl and yt-dlp write it: seven fields between tabs, `#` comments, `#HttpOnly_` before the
 * host. Lines that are none are left out; a file with lines but not one cookie is most likely something else.
 */
export function loadNetscape(text: string): readonly NetscapeCookie[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && (!line.startsWith('#') || line.startsWith(HTTP_ONLY)))
  return lines.map(readLine).filter((cookie) => cookie !== undefined)
}

/** Refuses what is plainly no cookie file, such as JSON or a database. */
export function requireNetscape(text: string, file: string): readonly NetscapeCookie[] {
  const cookies = loadNetscape(text)
  if (cookies.length === 0 && !/^#.*(netscape|http) (http )?cookie file/im.test(text)) {
    throw new Fault('Usage', `${file} holds no cookies in the Netscape format`, {
      advice: 'export the cookies as cookies.txt (seven fields between tabs)',
    })
  }
  return cookies
}
