/** What fuzzing has found, input by input. Each was mended where it was found. */
import { expect, test } from 'vitest'
import { parseHeader, parseSpan } from '../../src/config/values.ts'
import { Fault } from '../../src/core/errors.ts'
import { hasPasswordField } from '../../src/core/login-page.ts'
import { redactUrl } from '../../src/core/redact.ts'
import { parseTemplate } from '../../src/expr/template.ts'
import { parseWhere } from '../../src/expr/where.ts'
import { isPublicAddress } from '../../src/http/addresses.ts'
import { parseProxy } from '../../src/http/connect/proxies.ts'
import { cssUrls } from '../../src/kit/css-urls.ts'
import { decodeDataUrl } from '../../src/kit/data-url.ts'
import { isoDate } from '../../src/kit/dates.ts'
import { loadHtml } from '../../src/kit/html.ts'
import { baseOf, resolveLink } from '../../src/kit/links.ts'
import { parseSrcset } from '../../src/kit/srcset.ts'
import { readSitemap } from '../../src/sources/louvre/sitemap.ts'
import { onlyFaults } from './support/faults.ts'

const LONG = 300_000
/** Milliseconds of processor time: linear time needs a tenth of it, square time a minute. */
const SOON = 2000

test.each<[string, () => unknown, unknown]>([
  ['srcset: commas inside of a URL', () => parseSrcset(`a${','.repeat(LONG)}b`).length, 1],
  ['style sheets: nothing but blanks', () => cssUrls(`url(${' '.repeat(LONG)}url('`), []],
  ['data: URLs: a media type without end', () => decodeDataUrl(`data:${'!'.repeat(LONG)},x`), undefined],
  ['addresses with a zone', () => isPublicAddress(`${'%25'.repeat(LONG / 3)}\n`), false],
  ['headers of blanks', () => parseHeader(`X:${'\t'.repeat(LONG)}\u0100`), undefined],
  ['spans of digits', () => parseSpan(`${'1'.repeat(LONG)}x`), undefined],
  ['data: URLs: a media type without comma', () => decodeDataUrl(`data:${' '.repeat(LONG)}x`), undefined],
])('%s, read in linear time', (_what, read, expected) => {
  const before = process.cpuUsage()
  expect(read()).toEqual(expected)
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(SOON)
})

test('a date of Unix time beyond the year 2999 is a number of something else', () => {
  expect(isoDate(253_402_300_800_000)).toBe(undefined)
  expect(isoDate(-1e14)).toBe(undefined)
})

test('a password with @ in a URL that another carries goes as a whole', () => {
  expect(redactUrl('https://e.org/?u=https://me:pa@ss@h.org/')).toBe('https://e.org/?u=https://h.org/')
})

test('a part of a sitemap whose address is none is told as what it is', () => {
  const index = '<sitemapindex><sitemap><loc>http://</loc></sitemap></sitemapindex>'
  expect(() => readSitemap(index, 'https://e.org/sitemap.xml')).toThrow(Fault)
})

test('a page that is full of inputs is searched for a password in linear time', () => {
  const before = process.cpuUsage()
  expect(hasPasswordField('<input type="'.repeat(LONG / 10))).toBe(false)
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(SOON)
})

test('markup of a JSON answer may hold half a character', async () => {
  const $ = await loadHtml('<p>\udfff</p>')
  expect($('p').text()).toBe('\ufffd')
})

test.each<[string, () => unknown]>([
  ['a condition that is a line feed', () => parseWhere('\n')],
  ['a condition of many levels', () => parseWhere(`${'!'.repeat(4000)}true`)],
  ['a condition of too many levels', () => parseWhere(`${'('.repeat(4000)}true`)],
  ['a condition without end', () => parseWhere('!'.repeat(LONG))],
  ['a template without end', () => parseTemplate(`a${'|'.repeat(LONG)}b`, { kind: 'name' })],
])('%s is judged like any other', async (_what, read) => {
  await onlyFaults(read, ['Usage'])
})

test('a percent sign in the password of a proxy that begins no escape is itself', () => {
  expect(parseProxy('http://me:100%@proxy.example:8080')).toMatchObject({ username: 'me', password: '100%' })
})

test('a long base does not make gigabytes of short links', async () => {
  const $ = await loadHtml(`<base href="https://h/${'a'.repeat(LONG)}/">`)
  expect(baseOf($, 'https://e.org/')).toBe('https://e.org/')
  expect(resolveLink('a'.repeat(LONG), 'https://e.org/')).toBe(undefined)
})
