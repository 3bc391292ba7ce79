/** What fuzzing has found, input by input. Each was mended where it was found. */
import { expect, test } from 'vitest'
import { redactUrl } from '../../src/core/redact.ts'
import { cssUrls } from '../../src/kit/css-urls.ts'
import { decodeDataUrl } from '../../src/kit/data-url.ts'
import { isoDate } from '../../src/kit/dates.ts'
import { parseSrcset } from '../../src/kit/srcset.ts'

const LONG = 300_000
/** Milliseconds of processor time: linear time needs a tenth of it, square time a minute. */
const SOON = 2000

test.each<[string, () => unknown, unknown]>([
  ['srcset: commas inside of a URL', () => parseSrcset(`a${','.repeat(LONG)}b`).length, 1],
  ['style sheets: nothing but blanks', () => cssUrls(`url(${' '.repeat(LONG)}url('`), []],
  ['data: URLs: a media type without end', () => decodeDataUrl(`data:${'!'.repeat(LONG)},x`), undefined],
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
