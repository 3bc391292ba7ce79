import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { CookieJar } from './jar.ts'
import { loadNetscape, requireNetscape } from './netscape.ts'

const shared = process.env['BOWERBIRD_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url))
const folder = `${shared}/suites/cookies-txt/yt-dlp`
const there = existsSync(folder)

function jarOf(text: string): CookieJar {
  const jar = new CookieJar()
  jar.add(loadNetscape(text))
  return jar
}

describe.skipIf(!there)('the cookie files of yt-dlp (skipped without ../shared/suites)', () => {
  const read = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8')

  test('#HttpOnly_ is no comment', () => {
    const cookies = loadNetscape(read('httponly_cookies.txt'))
    expect(cookies.map((cookie) => [cookie.name, cookie.httpOnly])).toEqual([
      ['HTTPONLY_COOKIE', true],
      ['JS_ACCESSIBLE_COOKIE', false],
    ])
    expect(jarOf(read('httponly_cookies.txt')).header(new URL('https://www.foobar.foobar/'))).toBe(
      'HTTPONLY_COOKIE=HTTPONLY_COOKIE_VALUE; JS_ACCESSIBLE_COOKIE=JS_ACCESSIBLE_COOKIE_VALUE',
    )
  })

  test('malformed lines give no cookie and no exception', () => {
    expect(loadNetscape(read('malformed_cookies.txt'))).toEqual([])
  })

  test('an expiry that is empty or 0 makes a session cookie, for its own host alone', () => {
    const text = read('session_cookies.txt')
    expect(loadNetscape(text).map((cookie) => cookie.expires)).toEqual([undefined, undefined])
    const jar = jarOf(text)
    expect(jar.header(new URL('https://www.foobar.foobar/'))?.split('; ')).toHaveLength(2)
    expect(jar.header(new URL('https://foobar.foobar/'))).toBeUndefined()
    expect(jar.header(new URL('http://www.foobar.foobar/'))).toBeUndefined()
  })
})

describe('the jar', () => {
  test('gives a domain cookie to the hosts below, and to no other', () => {
    const jar = jarOf('.example.org\tTRUE\t/art\tFALSE\t0\ta\t1')
    expect(jar.header(new URL('http://www.example.org/art/x'))).toBe('a=1')
    expect(jar.header(new URL('http://example.org/art'))).toBe('a=1')
    expect(jar.header(new URL('http://example.org/other'))).toBeUndefined()
    expect(jar.header(new URL('http://example.com/art'))).toBeUndefined()
  })

  test('hears of a cookie though it knew of none a moment ago', () => {
    const jar = jarOf('other.example\tFALSE\t/\tFALSE\t0\tx\ty')
    const url = new URL('https://www.example.org/')
    expect(jar.header(url)).toBeUndefined()
    jar.store('session=1; Path=/; Secure', url)
    expect(jar.header(url)).toBe('session=1')
  })

  test('drops what is set for another domain, for a public suffix, or expired', () => {
    const jar = new CookieJar()
    const url = new URL('https://www.example.co.uk/')
    for (const line of [
      'a=1; Domain=example.com',
      'b=1; Domain=co.uk',
      'c=1; Max-Age=0',
      'd=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    ])
      jar.store(line, url)
    expect(jar.header(url)).toBeUndefined()
  })
})

test('a file that is none is refused', () => {
  expect(() => requireNetscape('{"cookies": []}', 'cookies.json')).toThrow(expect.objectContaining({ code: 'Usage' }))
  expect(requireNetscape('# Netscape HTTP Cookie File\n', 'cookies.txt')).toEqual([])
})
