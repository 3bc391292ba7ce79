import { Cookie, CookieJar as ToughJar } from 'tough-cookie'
import type { NetscapeCookie } from './netscape.ts'

/** How many hosts' "no cookies here" are remembered between two changes of the jar. */
const EMPTY_HOSTS = 10_000

/** Bytes of name and value; what is longer is dropped, as browsers do (RFC 6265bis, 5.7). */
const LONGEST_COOKIE = 4096

/** Bytes of the `Cookie` header, as curl has it: servers refuse longer ones, and a site can set cookies without end. */
const LONGEST_HEADER = 8190

/** A header cannot hold these; one such cookie would break every request to its host. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNSENDABLE = /[\u0000-\u0008\u000a-\u001f\u007f]/

/** Whole cookies from the front, where those of the longest paths stand, and the oldest among them. */
function shortened(header: string): string {
  if (header.length <= LONGEST_HEADER) return header
  const end = header.lastIndexOf('; ', LONGEST_HEADER)
  return end < 0 ? '' : header.slice(0, end)
}

/** Browsers send text as UTF-8; in a header of Node each character is one byte. */
function asBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function asText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString()
}

function plain(cookie: Cookie | undefined): readonly NetscapeCookie[] {
  if (typeof cookie?.domain !== 'string') return []
  const { domain, hostOnly, path, secure, httpOnly, key, value } = cookie
  const expires = cookie.expiryTime()
  return [
    {
      domain,
      subdomains: hostOnly !== true,
      path: path ?? '/',
      secure,
      httpOnly,
      name: asText(key),
      value: asText(value),
      ...(expires !== undefined && Number.isFinite(expires) && { expires }),
    },
  ]
}

/** The cookies of a run: those the user brought, and those the sites set. Kept in memory. */
export class CookieJar {
  readonly #jar = new ToughJar(undefined, { looseMode: true, rejectPublicSuffixes: true })
  /** Hosts that no cookie of the jar is for: asking costs most requests nothing then. */
  readonly #emptyHosts = new Set<string>()
  #size = 0

  /** The value of the `Cookie` header for a URL, if there are cookies for it. */
  header(url: URL): string | undefined {
    if (this.#size === 0 || this.#emptyHosts.has(url.hostname)) return undefined
    const text = this.#jar.getCookieStringSync(url.href)
    if (text !== '') return shortened(text)
    if (!this.#knows(url)) this.#remember(url.hostname)
    return undefined
  }

  /** Takes one `Set-Cookie` header. What is malformed, or for another domain, is dropped as browsers do. */
  store(setCookie: string, url: URL): void {
    if (setCookie.split(';', 1).join('').length > LONGEST_COOKIE) return
    const stored = this.#jar.setCookieSync(setCookie, url.href, { ignoreError: true })
    if (stored !== undefined) this.#changed()
  }

  /** Takes cookies of a file or a browser. */
  add(cookies: readonly NetscapeCookie[]): void {
    for (const one of cookies) {
      if (UNSENDABLE.test(one.name + one.value)) continue
      const cookie = new Cookie({
        key: asBytes(one.name),
        value: asBytes(one.value),
        domain: one.domain,
        hostOnly: !one.subdomains,
        path: one.path,
        secure: one.secure,
        httpOnly: one.httpOnly,
        ...(one.expires === undefined ? {} : { expires: new Date(one.expires) }),
      })
      const url = `${one.secure ? 'https' : 'http'}://${one.domain}${one.path}`
      this.#jar.setCookieSync(cookie, url, { ignoreError: true })
    }
    this.#changed()
  }

  /** Everything that is in the jar, as `add` takes it. */
  all(): readonly NetscapeCookie[] {
    return (this.#jar.serializeSync()?.cookies ?? []).flatMap((one) => plain(Cookie.fromJSON(one)))
  }

  /** Whether any cookie is for the host, whatever the path and scheme. */
  #knows(url: URL): boolean {
    return this.#jar.getCookiesSync(`https://${url.host}${url.pathname}`, { allPaths: true }).length > 0
  }

  #remember(hostname: string): void {
    if (this.#emptyHosts.size >= EMPTY_HOSTS) this.#emptyHosts.clear()
    this.#emptyHosts.add(hostname)
  }

  #changed(): void {
    this.#size++
    this.#emptyHosts.clear()
  }
}
