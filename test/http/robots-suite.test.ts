import { describe, expect, test } from 'vitest'
import { parseRules } from '../../src/http/layers/robots-rules.ts'
import { suite } from './shared.ts'

interface GoogleCase {
  readonly test: string
  readonly robots_txt: string
  readonly agent: string
  readonly url: string
  readonly allowed: boolean
}

interface LibraryCase {
  readonly test: string
  readonly robots_url: string
  readonly robots_txt: string
  readonly agent: string
  readonly allowed: readonly string[]
  readonly disallowed: readonly string[]
}

/** Where RFC 9309, or the form that our URLs have, asks for something other than Google's own tests do. */
const DIFFERENCES: Readonly<Record<string, { readonly why: string; readonly differs: (one: GoogleCase) => boolean }>> =
  {
    ID_Encoding: {
      why: 'compares URLs as they are written; WHATWG URLs are percent-encoded, and section 2.2.2 takes both as the same',
      differs: (one) => !one.allowed && /[^\x20-\x7e]|baz$/.test(one.url),
    },
    GoogleOnly_IndexHTMLisDirectory: {
      why: 'lets index.html stand for its folder, which no other reader does',
      differs: (one) => one.url.endsWith('/allowed-slash/'),
    },
  }

function verdict(place: string, text: string, agent: string, url: string): boolean {
  return parseRules(place, text, agent.toLowerCase())(new URL(url))
}

const google = suite('robots/google-robotstxt.json')

describe.skipIf(google === undefined)(
  `Google's tests of robots.txt${google === undefined ? ' (no suites here)' : ''}`,
  () => {
    const all = JSON.parse(google ?? '{"cases":[]}') as { readonly cases: readonly GoogleCase[] }
    // Google's matcher also takes what is no URL at all; a client has nothing to ask about then.
    const cases = all.cases.filter((one) => URL.canParse(one.url))

    test('are here', () => {
      expect(cases.length).toBeGreaterThan(130)
    })

    test.each([...new Set(cases.map((one) => one.test))])('%s', (name) => {
      for (const one of cases.filter((each) => each.test === name)) {
        const differs = DIFFERENCES[name]?.differs(one) ?? false
        const place = new URL('/robots.txt', one.url).href
        expect(verdict(place, one.robots_txt, one.agent, one.url), JSON.stringify(one)).toBe(one.allowed !== differs)
      }
    })

    test.each(Object.entries(DIFFERENCES))('%s differs, and only where it says so', (name, { differs }) => {
      expect(cases.filter((one) => one.test === name && differs(one)).length).toBeGreaterThan(0)
    })
  },
)

const library = suite('robots/robots-parser.json')

describe.skipIf(library === undefined)(
  `robots-parser's tests${library === undefined ? ' (no suites here)' : ''}`,
  () => {
    const { cases } = JSON.parse(library ?? '{"cases":[]}') as { readonly cases: readonly LibraryCase[] }

    test('are here', () => {
      expect(cases.length).toBeGreaterThan(20)
    })

    // Half a surrogate pair: a URL and a decoded file both have U+FFFD in its place, and that matches.
    test.each(cases.filter((one) => one.test !== 'should handle lone high / low surrogates'))(
      '$test',
      ({ robots_url: place, robots_txt: text, agent, allowed, disallowed }) => {
        const origin = URL.canParse(place) ? place : 'http://www.example.com/robots.txt'
        // Every origin has its own rules here, so that those of another one are never asked.
        const urls = (list: readonly string[]) =>
          list
            .filter((url) => URL.canParse(url, origin))
            .map((url) => new URL(url, origin))
            .filter((url) => url.origin === new URL(origin).origin)
            .map((url) => url.href)
        expect(urls(allowed).filter((url) => !verdict(origin, text, agent, url))).toEqual([])
        expect(urls(disallowed).filter((url) => verdict(origin, text, agent, url))).toEqual([])
      },
    )
  },
)

describe('robots.txt', () => {
  const PLACE = 'https://museum.example/robots.txt'
  const allowed = (text: string, path: string): boolean =>
    verdict(PLACE, text, 'bowerbird', `https://museum.example${path}`)

  test.each([
    ['the longest match wins', 'User-agent: *\nDisallow: /art\nAllow: /art/open\n', '/art/open/1', true],
    ['and allow wins among equals', 'User-agent: *\nDisallow: /art\nAllow: /art\n', '/art', true],
    ['$ is the end', 'User-agent: *\nDisallow: /*.png$\n', '/a.png?x', true],
    ['* is anything', 'User-agent: *\nDisallow: /*.png$\n', '/b/a.png', false],
    [
      'groups of one name add up',
      'User-agent: bowerbird\nDisallow: /a\n\nUser-agent: x\n\nUser-agent: BowerBird/2\nDisallow: /b\n',
      '/a',
      false,
    ],
    ['a name with a version is ours', 'User-agent: bowerbird/1.0 (+https://x.example)\nDisallow: /\n', '/a', false],
    ['a longer name is not', 'User-agent: bowerbird-images\nDisallow: /\n', '/a', true],
    [
      'other records do not end a group',
      'User-agent: bowerbird\nSitemap: https://x.example/\nCrawl-delay: 5\nUser-agent: x\nDisallow: /\n',
      '/a',
      false,
    ],
    ['our own group counts alone', 'User-agent: *\nDisallow: /\nUser-agent: bowerbird\nDisallow: /b\n', '/a', true],
    ['and counts when it is empty', 'User-agent: *\nDisallow: /\n\nUser-agent: bowerbird\nDisallow:\n', '/a', true],
    ['a byte order mark is no part of it', '\uFEFFUser-agent: *\nDisallow: /a\n', '/a', false],
    ['lines end in any way', 'User-agent: *\rDisallow: /a\r\nDisallow: /b\n', '/b', false],
    ['encoded and plain are the same', 'User-agent: *\nDisallow: /%61rt/ä[1]\n', '/art/%C3%a4[1]', false],
    ['an encoded percent sign is none', 'User-agent: *\nDisallow: /a%2541\n', '/aA', true],
    ['rules before any name are for nobody', 'Disallow: /\nUser-agent: x\nDisallow: /\n', '/a', true],
  ])('%s', (_name, text, path, expected) => {
    expect(allowed(text, path)).toBe(expected)
  })

  test('with thousands of names and rules costs no more than its length', () => {
    const names = Array.from({ length: 12_000 }, (_, index) => `User-agent: bot-${'x'.repeat(index % 20)}\n`).join('')
    const text = `${names}User-agent: bowerbird\n${'Disallow: /b\n'.repeat(20_000)}Disallow:${' '.repeat(100_000)}x`
    const before = process.memoryUsage().heapUsed
    expect(allowed(text, '/b')).toBe(false)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 1024 ** 2)
  })
})
