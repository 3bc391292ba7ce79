import { describe, expect, it } from 'vitest'
import { keyHash8 } from '../core/keys.ts'
import { assetKey, directKey, normalizeUrl } from './keys.ts'

describe('keys', () => {
  it('are the source, the id and perhaps the medium', () => {
    expect(assetKey('imgur', 'abc')).toBe('imgur:abc')
    expect(assetKey('deviantart', 123, 'm4')).toBe('deviantart:123/m4')
  })

  it('of a URL are the SHA-256 of its normal form', () => {
    // printf 'https://example.org/a.jpg' | sha256sum
    expect(directKey('HTTPS://EXAMPLE.org:443/x/../a.jpg#top')).toBe(
      'direct:700caca5ae8f856fc70b39312664d5c97f25108545c8f774199da1edfcc4ac60',
    )
  })

  it('tell URLs apart by their secrets and by the order of their parameters', () => {
    const urls = ['?key=1', '?key=2', '?a=1&b=2', '?b=2&a=1', ''].map((query) => `https://example.org/a.jpg${query}`)
    expect(new Set(urls.map(directKey)).size).toBe(urls.length)
  })

  it('have a short hash', () => {
    // printf 'imgur:abc' | sha256sum
    expect(keyHash8('imgur:abc')).toBe('d75874b4')
  })

  it('need a valid URL', () => {
    expect(() => normalizeUrl('nowhere')).toThrow('not a valid URL')
  })
})
