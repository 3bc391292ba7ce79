import { describe, expect, it } from 'vitest'
import { withoutSecrets } from '../../../core/without-secrets.ts'
import { canonical, identity, plainAsset } from './sanitise.ts'

describe('withoutSecrets', () => {
  it('is the same object when there is nothing to hide', () => {
    const value = {
      url: 'https://example.org/?page=2',
      list: ['a@b', { headers: { Referer: 'https://example.org/' } }],
      none: null,
    }
    expect(withoutSecrets(value)).toBe(value)
  })

  it.each([
    ['https://u:p@example.org/', 'https://example.org/'],
    ['https://example.org/?token=abc&w=1', 'https://example.org/?token=REDACTED&w=1'],
    ['GET https://u:p@example.org/?sig=abc failed = 3', 'GET https://example.org/?sig=REDACTED failed = 3'],
    ['two: https://a/?key=1 and https://b/?key=2.', 'two: https://a/?key=REDACTED and https://b/?key=REDACTED'],
    ['a plain sentence; key=value', 'a plain sentence; key=value'],
    ['data:image/png;base64,iVBORw0KGgo=', 'data:image/png;base64,iVBORw0KGgo='],
  ])('%j becomes %j', (text, plain) => {
    expect(withoutSecrets(text)).toBe(plain)
  })

  it('keeps the names of headers and the values of harmless ones', () => {
    const headers = { authorization: 'Bearer x', 'X-Api-Key': 'y', Referer: 'https://example.org/?token=z' }
    expect(withoutSecrets({ headers })).toEqual({
      headers: { authorization: 'REDACTED', 'X-Api-Key': 'REDACTED', Referer: 'https://example.org/?token=REDACTED' },
    })
    expect(withoutSecrets({ header: ['Cookie: sid=1', 'Accept: image/*'] })).toEqual({
      header: ['Cookie: REDACTED', 'Accept: image/*'],
    })
  })
})

describe('plainAsset', () => {
  const url = 'https://cdn.example.org/a.jpg?token=abc'
  const refresh = { source: 'imgur', route: 'post', params: { id: 'a' } }

  it('gives the whole only where something was taken out', () => {
    const plain = plainAsset({
      key: 'a:1',
      candidates: [{ url: 'https://example.org/a.jpg', quality: 'full' }],
      meta: { title: 'x=y' },
    })
    expect(plain).toMatchObject({ secret: 0, refresh: null, rules: null, meta: '{"title":"x=y"}' })
    expect(plain.whole).toBeUndefined()
  })

  it('tells what a refresh ref gives again from what only the private store can give', () => {
    const asset = { key: 'a:1', candidates: [{ url, quality: 'full' as const }], meta: {} }
    expect(plainAsset(asset).secret).toBe(1)
    expect(plainAsset({ ...asset, refresh }).secret).toBe(2)
    expect(plainAsset({ ...asset, refresh: { ...refresh, params: { url } } }).secret).toBe(1)
    expect(plainAsset({ ...asset, refresh, rules: { otherwise: { ...refresh, params: { url } } } }).secret).toBe(1)
  })
})

describe('canonical', () => {
  it('does not depend on the order of properties, but on that of lists', () => {
    expect(canonical({ b: [{ y: 1, x: 2 }], a: 1 })).toBe('{"a":1,"b":[{"x":2,"y":1}]}')
    expect(identity([1, 2])).not.toBe(identity([2, 1]))
  })
})
