import { describe, expect, it } from 'vitest'
import { strongValidator } from './intake.ts'

describe('a validator that may join two parts of a file', () => {
  it('is an entity tag without W/', () => {
    expect(strongValidator({ etag: '"abc"' })).toBe('"abc"')
    expect(strongValidator({ etag: 'W/"abc"' })).toBeUndefined()
    expect(strongValidator({ etag: 'abc' })).toBeUndefined()
  })

  it('is a date only when it is a minute older than the answer', () => {
    const date = 'Sat, 21 Nov 2026 10:00:00 GMT'
    const old = 'Sat, 21 Nov 2026 09:58:59 GMT'
    expect(strongValidator({ date, 'last-modified': old })).toBe(old)
    expect(strongValidator({ date, 'last-modified': 'Sat, 21 Nov 2026 09:59:01 GMT' })).toBeUndefined()
    expect(strongValidator({ 'last-modified': old })).toBeUndefined()
    expect(strongValidator({ date, 'last-modified': 'yesterday' })).toBeUndefined()
  })

  it('falls back from a weak tag to a date', () => {
    const headers = {
      etag: 'W/"x"',
      date: 'Sat, 21 Nov 2026 10:00:00 GMT',
      'last-modified': 'Fri, 20 Nov 2026 10:00:00 GMT',
    }
    expect(strongValidator(headers)).toBe('Fri, 20 Nov 2026 10:00:00 GMT')
  })
})
