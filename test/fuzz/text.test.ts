/** Small parsers of foreign text: attributes, style sheets, links, dates, names, headers, cookies, robots, addresses. */
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { isPublicAddress, isPrivateHost } from '../../src/http/addresses.ts'
import { parseHttpDate } from '../../src/http/dates.ts'
import { loadNetscape } from '../../src/http/cookies/netscape.ts'
import { CookieJar } from '../../src/http/cookies/jar.ts'
import { parseRules } from '../../src/http/layers/robots-rules.ts'
import { optsOut } from '../../src/http/layers/robots.ts'
import { budgetReset, retryAfter } from '../../src/http/retry-after.ts'
import { hasPasswordField, leadsToLogin } from '../../src/core/login-page.ts'
import { foldName, NAME_BYTES, safeSegment } from '../../src/core/names.ts'
import { redactUrl } from '../../src/core/redact.ts'
import { readTarget } from '../../src/core/target.ts'
import { dispositionFilename } from '../../src/kit/content-disposition.ts'
import { cssUrls } from '../../src/kit/css-urls.ts'
import { decodeDataUrl } from '../../src/kit/data-url.ts'
import { dataUrlSize } from '../../src/kit/data-url-size.ts'
import { isoDate } from '../../src/kit/dates.ts'
import { extensionOf, filenameOf } from '../../src/kit/file-names.ts'
import { directKey } from '../../src/kit/keys.ts'
import { loadHtml } from '../../src/kit/html.ts'
import { baseOf, resolveLink } from '../../src/kit/links.ts'
import { likelyKind } from '../../src/kit/media-types.ts'
import { scriptTextAt } from '../../src/kit/script-text.ts'
import { parseSrcset } from '../../src/kit/srcset.ts'
import { parseUrlTemplate } from '../../src/kit/url-ranges.ts'
import { bodyMedia } from '../../src/sources/page/body.ts'
import { headMedia, pageDetails } from '../../src/sources/page/head.ts'
import { plainText } from '../../src/sources/deviantart/plain-text.ts'
import { readToken } from '../../src/sources/deviantart/token.ts'
import { pump, pumps, rubbish } from './support/foreign.ts'
import { property } from './support/property.ts'
import { isOneLine, onlyFaults } from './support/faults.ts'
import { holds } from './support/rounds.ts'

const NOW = Date.UTC(2026, 0, 1)
/** Behind the last second that a `Date` can hold no time can be written. */
const LAST_MOMENT = 8.64e15

describe('markup', () => {
  const TAGS = [
    '<i>',
    '<b id=',
    '<div',
    '>',
    '</div>',
    '<p>',
    '<table><td>',
    '<select>',
    '<svg>',
    '<a href=x>',
    '<img src=a.jpg>',
    '<template>',
    '<style>',
    '</b>',
    ' a=',
    '"',
    '<base href="',
    '<script>',
  ]
  const page = (text: string): Promise<unknown> =>
    onlyFaults(async () => {
      const $ = await loadHtml(text)
      const base = baseOf($, 'https://example.org/')
      const found = [...bodyMedia($, { base, minimum: 3, dataBytes: 10, backgrounds: true }), ...headMedia($, base)]
      for (const { versions } of found) for (const { url } of versions) expect(url).toMatch(/^(?:https?|data):/)
      pageDetails($)
    })

  holds('pages', 100, rubbish(TAGS), page)
  holds('pages, without measure', 10, pumps(TAGS), (one) => page(pump(one)))

  property('srcset', [' 1x', ' 320w', ',', ' 2x', ' 100h', '(', ')', 'a.jpg', 'https://a/b,c.jpg'], (text) => {
    for (const { url, width, density } of parseSrcset(text)) {
      expect(url).toMatch(/^\S*$/)
      expect(width === undefined || width > 0).toBe(true)
      expect(density === undefined || density >= 0).toBe(true)
    }
  })

  property(
    'URLs of style sheets',
    ['url(', 'url("', "url('", ')', '\\', '\\61 ', '/*', '*/', '@import ', '@font-face{', ';', '}', '   '],
    (text) => {
      for (const url of cssUrls(text)) expect(url).not.toBe('')
    },
  )

  property('links', ['http:', 'https://h', '/', '..', 'data:,', '\t', '#', '?', '@', ':8', '[::1]'], (text) => {
    for (const base of ['https://example.org/a/b.html', 'data:text/html,x']) {
      const url = resolveLink(text, base)
      if (url === undefined) continue
      expect(new URL(url).href).toBe(url)
      expect(url).toMatch(/^(?:https?|data):/)
      expect(url.includes('#')).toBe(false)
      expect(resolveLink(url, base)).toBe(url)
      filenameOf(url)
      expect(extensionOf(url)).toMatch(/^[a-z0-9]{0,5}$/)
      likelyKind(url)
      expect(directKey(url)).toMatch(/^direct:[0-9a-f]{64}$/)
    }
  })

  property('strings of scripts', ['"', "'", '\\', '\\u{', '\\u0041', '\\x41', '}', '\\\n', 'a'], (text) => {
    const read = scriptTextAt(`"${text}"`, 0)
    expect(read === undefined || read.length <= text.length + 2).toBe(true)
    scriptTextAt(text, text.length >> 1)
  })

  property('text without markup', ['<', '>', '&', '&#', '&#x', ';', '&lt;', 'a'], (text) => {
    expect(plainText(text).length).toBeLessThanOrEqual(2000)
  })

  property('pages that may be logins', ['<input', ' type=', 'password', '"', '>', '<form', '/login', '?'], (text) => {
    hasPasswordField(text)
    leadsToLogin('https://example.org/a', `https://example.org/${text.slice(0, 500)}`)
  })
})

describe('values', () => {
  property(
    'dates',
    ['2021', '-', '/', ':', 'T', 'Z', '+01:00', 'Jan', 'January', 'th', ' ', 'am', '.', '12', '(x)'],
    (text) => {
      const date = isoDate(text)
      // Whatever it was, it can be sorted and filed by: years of four digits, as `Date` knows them.
      if (date !== undefined) {
        expect(date).toMatch(/^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?$/)
        expect(Date.parse(date)).not.toBeNaN()
      }
    },
  )

  holds('dates as numbers', 300, fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger()), (value) => {
    const date = isoDate(value)
    if (date !== undefined) expect(date).toMatch(/^\d{4}-\d\d-\d\dT/)
  })

  property('data URLs', ['data:', 'image/png', ';base64', ',', ';charset=', '%', '=', 'A', ' '], (text) => {
    const url = `data:${text}`
    const data = decodeDataUrl(url)
    expect(data === undefined || data.bytes.length <= Buffer.byteLength(url)).toBe(true)
    expect(dataUrlSize(url)).toBeGreaterThanOrEqual(0)
  })

  property('tokens of media', ['.', 'e30', 'eyJhdWQiOltdfQ', '=', '-'], (text) => {
    readToken(text)
  })
})

describe('names', () => {
  property('of files', ['.', ' ', '/', '\\', 'con', 'COM1', '~', 'a', '\u200d', '👨‍👩‍👧', '\u0301', 'ﬀ'], (text) => {
    for (const most of [NAME_BYTES, 40]) {
      const name = safeSegment(text, most)
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(most)
      expect(name).toMatch(/^[^/\\:*?"<>|\p{Cc}\u200b\u202a-\u202e\u2066-\u2069\ufeff]+$/u)
      expect(name).not.toMatch(/^[.-]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i)
      expect(name.isWellFormed()).toBe(true)
      expect(name.normalize('NFC')).toBe(name)
      expect(safeSegment(name, most)).toBe(name)
      expect(foldName(foldName(name))).toBe(foldName(name))
    }
  })

  property(
    'of Content-Disposition',
    ['filename=', 'filename*=', "UTF-8''", '"', '\\', ';', 'attachment', '=?', '%'],
    (text) => {
      const name = dispositionFilename(text)
      expect(name === undefined || /^[^/\\]+$/.test(name)).toBe(true)
    },
  )
})

describe('headers', () => {
  property(
    'Retry-After and budgets',
    ['Sun, 06 Nov 1994 08:49:37 GMT', ' GMT', '1', '.', '-', 'Nov', ':', ' '],
    (text) => {
      const headers = { 'retry-after': text, date: text, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': text }
      for (const wait of [retryAfter(headers, NOW), budgetReset(headers, NOW)])
        if (wait !== undefined) {
          expect(wait).toBeGreaterThanOrEqual(0)
          expect(wait).toBeLessThan(LAST_MOMENT)
        }
      const moment = parseHttpDate(text)
      if (moment !== undefined) expect(new Date(moment).getTime()).toBe(moment)
    },
  )

  property('opting out', ['noai', 'noimageai', 'noindex', ',', ':', 'bowerbird', ' '], (text) => {
    expect(typeof optsOut(text)).toBe('boolean')
    expect(typeof optsOut([text, text])).toBe('boolean')
  })

  property(
    'Set-Cookie',
    ['sid=1', ';', 'Domain=', 'Path=', 'Max-Age=', 'Expires=', 'example.org', 'Secure', '=', ','],
    (text) => {
      const jar = new CookieJar()
      const url = new URL('https://www.example.org/a/b')
      jar.store(Buffer.from(text).toString('latin1'), url)
      expect(isOneLine(jar.header(url) ?? '')).toBe(true)
      expect(jar.header(new URL('https://example.net/'))).toBe(undefined)
      const other = new CookieJar()
      other.add(jar.all())
      // Bytes that are no UTF-8 have no text that stands for them.
      if (Buffer.byteLength(text) === text.length) expect(other.header(url)).toBe(jar.header(url))
    },
  )

  property(
    'cookie files',
    ['\t', 'TRUE', 'FALSE', '#HttpOnly_', '.example.org', '/', '0', '\n', 'a\tFALSE\t/\tFALSE\t0\tn\tv\n'],
    (text) => {
      for (const { domain, path, expires } of loadNetscape(text)) {
        expect(domain).not.toBe('')
        expect(path.startsWith('/')).toBe(true)
        expect(expires === undefined || Math.abs(expires) <= LAST_MOMENT).toBe(true)
      }
    },
  )
})

describe('addresses', () => {
  property('of hosts', ['127.0.0.1', '::', '[', ']', '.', 'ffff:', '0x7f', 'localhost', '%25', '1'], (text) => {
    if (isPublicAddress(text)) expect(text).not.toMatch(/^(?:127\.|10\.|192\.168\.|::1$)/)
    isPrivateHost(text)
  })

  property(
    'robots.txt',
    ['User-agent: *\n', 'User-agent: bowerbird\n', 'Disallow: /', 'Allow: ', '*', '$', '\n', '#', '%2F', 'a'],
    (text) => {
      const allows = parseRules('https://example.org/robots.txt', text, 'bowerbird')
      for (const path of ['/', '/a/b.jpg?x=1', `/${'a'.repeat(500)}`])
        expect(typeof allows(new URL(path, 'https://example.org'))).toBe('boolean')
    },
  )

  property('targets', ['https://', 'h', '/', '[1-9]', '{a,b}', '\\[', 'imgur:', ':', '.', '@'], (text) =>
    onlyFaults(() => {
      const target = readTarget(text)
      if (target.kind === 'url') expect(target.url.protocol).toMatch(/^https?:$/)
    }, ['Usage']),
  )

  property(
    'ranges of URLs',
    ['[', ']', '{', '}', '1', '..', '-', ':', ',', '\\', 'a', '0', '999999999999', 'https://h/'],
    (text) =>
      onlyFaults(() => {
        const template = parseUrlTemplate(text)
        const { count } = template
        expect(count).toBeGreaterThan(0)
        for (const index of [0, Math.min(count, 1e12) - 1])
          expect(template.at(index).url.length).toBeLessThan(text.length + 100)
      }, ['Usage']),
  )

  property(
    'URLs without their secrets',
    ['?token=', '&sig=', '://', 'u:p', '@', '%3A%2F%2F', '=http://', ';sid=', '#'],
    (text) => {
      const plain = redactUrl(text)
      expect(redactUrl(plain)).toBe(plain)
      const secret = redactUrl(`https://user:s3cret@example.org/${encodeURI(text.toWellFormed())}&access_token=s3cret`)
      expect(secret).not.toContain('user:s3cret')
    },
  )
})
