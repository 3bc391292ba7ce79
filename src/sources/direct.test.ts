import { describe, expect, it } from 'vitest'
import { readTarget } from '../core/target.ts'
import { source } from './direct.ts'

const [route] = source.routes

describe('direct', () => {
  it('takes any URL, and `direct:URL` for a file whatever comes', () => {
    expect(route?.match(readTarget('HTTPS://Example.org/a.jpg#x'))).toEqual({ url: 'https://example.org/a.jpg' })
    expect(route?.match(readTarget('direct:https://example.org/[1]'))).toEqual({
      url: 'https://example.org/[1]',
      file: true,
    })
    expect(route?.match(readTarget('direct:example.org/a'))).toEqual({ url: 'https://example.org/a', file: true })
  })

  it('leaves templates and other sources alone', () => {
    expect(route?.match(readTarget('https://example.org/{1..3}'))).toBeUndefined()
    expect(route?.match(readTarget('imgur:r/funny'))).toBeUndefined()
    expect(route?.match(readTarget('direct:imgur:r/funny'))).toBeUndefined()
  })
})
