import { describe, expect, it } from 'vitest'
import { byteSize, cells, duration, fit, fitEnd, grouped, harmless, shellWord } from './format.ts'

describe('numbers for people', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [1024 ** 2 * 99.96, '100 MiB'],
    [1024 ** 3 * 4, '4.0 GiB'],
  ])('%i bytes are %s', (bytes, text) => expect(byteSize(bytes)).toBe(text))

  it.each([
    [0.04, '0.0 s'],
    [12.4, '12 s'],
    [59.96, '1:00 min'],
    [3599.6, '1:00:00'],
    [36_125, '10:02:05'],
  ])('%f seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text))

  it('groups from five digits on', () => {
    expect(grouped(9999, ' ')).toBe('9999')
    expect(grouped(1_234_567, ' ')).toBe('1 234 567')
  })
})

describe('text from strangers', () => {
  it('carries no sequences, new lines or changes of direction to a terminal', () => {
    expect(harmless('a\u001b[31mred\u001b[0m\nb\u202ec\u0007')).toBe('ared b c ')
  })

  it('is cut by the cells it fills', () => {
    expect(cells('名前.jpg')).toBe(8)
    expect(fit('名前名前', 5, '…')).toBe('名前…')
    expect(fitEnd('https://example.org/a.jpg', 10, '…')).toBe('…org/a.jpg')
    expect(fit('short', 10, '…')).toBe('short')
  })

  it('is one word to a shell', () => {
    expect(shellWord('./plain-1.0')).toBe('./plain-1.0')
    expect(shellWord("it's")).toBe(String.raw`'it'\''s'`)
  })
})
