import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataUrlSize } from './data-url-size.ts'
import { decodeDataUrl } from './data-url.ts'

const shared = process.env['BOWERBIRD_SHARED'] ?? resolve(import.meta.dirname, '../../../shared')
const suite = resolve(shared, 'suites/wpt-data-urls')

type Row = readonly [string, string | null, (readonly number[])?]

function read(name: string): readonly Row[] {
  const file = resolve(suite, name)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Row[]) : []
}

const rows = read('data-urls.json')

describe('decodeDataUrl', () => {
  it.skipIf(rows.length === 0)('passes the web platform tests (skipped without ../shared)', () => {
    for (const [url, mime, bytes] of rows) {
      const decoded = decodeDataUrl(url)
      if (mime === null) expect(decoded, url).toBeUndefined()
      else {
        expect([url, decoded?.mime]).toEqual([url, mime === '' ? 'text/plain;charset=US-ASCII' : mime])
        expect([url, [...(decoded?.bytes ?? [])]]).toEqual([url, bytes])
      }
    }
  })

  const base64 = read('base64.json') as unknown as readonly (readonly [string, readonly number[] | null])[]

  it.skipIf(base64.length === 0)(
    'decodes base64 as browsers forgive it, and nothing else (skipped without ../shared)',
    () => {
      for (const [input, bytes] of base64) {
        const decoded = decodeDataUrl(`data:;base64,${input}`)?.bytes
        expect([input, decoded === undefined ? null : [...decoded]]).toEqual([input, bytes])
      }
    },
  )

  it('reads base64 and percent-encoding', () => {
    expect(decodeDataUrl('data:image/gif;base64,R0lGODlh')).toEqual({
      mime: 'image/gif',
      bytes: Uint8Array.from(Buffer.from('GIF89a')),
    })
    expect(decodeDataUrl('data:image/svg+xml,%3Csvg/%3E')?.bytes).toEqual(Uint8Array.from(Buffer.from('<svg/>')))
    expect(decodeDataUrl('https://example.org/a.jpg')).toBeUndefined()
  })
})

it.each([
  ['data:image/gif;base64,R0lGODlh', 6],
  ['data:,abc', 3],
  ['data:', 0],
])('dataUrlSize of %s is %i', (url, size) => {
  expect(dataUrlSize(url)).toBe(size)
})
