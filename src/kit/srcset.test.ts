import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSrcset } from './srcset.ts'

const shared = process.env['BOWERBIRD_SHARED'] ?? resolve(import.meta.dirname, '../../../shared')
const suite = resolve(shared, 'suites/srcset-npm/cases.json')

interface Case {
  readonly test: string
  readonly fn: string
  readonly args: readonly [string, { readonly strict?: boolean }?]
  readonly expected: unknown
}

const cases: readonly Case[] = existsSync(suite)
  ? (JSON.parse(readFileSync(suite, 'utf8')) as { cases: Case[] }).cases
  : []
const readable = cases.filter(({ fn, expected }) => fn === 'parse' && Array.isArray(expected))

describe('parseSrcset', () => {
  it.skipIf(readable.length === 0)(
    'agrees with the srcset package on what it can read (skipped without ../shared)',
    () => {
      expect(readable.length).toBeGreaterThanOrEqual(5)
      for (const { args, expected } of readable) expect(parseSrcset(args[0])).toEqual(expected)
    },
  )

  it.each([
    ['', []],
    [' , ,', []],
    ['a', [{ url: 'a' }]],
    [
      'a 2x, b 1x',
      [
        { url: 'a', density: 2 },
        { url: 'b', density: 1 },
      ],
    ],
    ['a.jpg, ,b.jpg', [{ url: 'a.jpg' }, { url: 'b.jpg' }]],
    ['a.jpg,b.jpg 2x', [{ url: 'a.jpg,b.jpg', density: 2 }]],
    ['a.jpg,, b.jpg', [{ url: 'a.jpg' }, { url: 'b.jpg' }]],
    [
      'a.jpg\n 100w,\tb.jpg 200w 50h',
      [
        { url: 'a.jpg', width: 100 },
        { url: 'b.jpg', width: 200 },
      ],
    ],
    ['a.jpg 1.5x', [{ url: 'a.jpg', density: 1.5 }]],
    ['a.jpg .5x', [{ url: 'a.jpg', density: 0.5 }]],
    ['a.jpg (1x, 2x) , b.jpg', [{ url: 'b.jpg' }]],
    ['a.jpg 0w, b.jpg 100q, c.jpg 1w 2x, d.jpg -1x, e.jpg 5w', [{ url: 'e.jpg', width: 5 }]],
    [
      'data:image/png;base64,AA== 1x, b.jpg 2x',
      [
        { url: 'data:image/png;base64,AA==', density: 1 },
        { url: 'b.jpg', density: 2 },
      ],
    ],
  ])('reads %j by the standard', (text, expected) => {
    expect(parseSrcset(text)).toEqual(expected)
  })

  it('takes no noticeable time for hostile text', () => {
    const start = process.threadCpuUsage()
    for (const text of [','.repeat(1e5), 'a '.repeat(1e5), '('.repeat(1e5), `a ${'('.repeat(5e4)}${','.repeat(5e4)}`])
      parseSrcset(text)
    expect(process.threadCpuUsage(start).user).toBeLessThan(500_000)
  })
})
