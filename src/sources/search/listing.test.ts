import { describe, expect, it } from 'vitest'
import { listResults, searchKey, START } from './listing.ts'
import type { Listed } from './listing.ts'
import type { Result } from './provider.ts'

const QUERY = { keyword: 'red panda', filters: {} }

function list(results: readonly Partial<Result>[], before: Listed['place'] = START, thumbnails = false): Listed {
  const whole = results.map((result) => ({ meta: {}, ...result }))
  return listResults(whole, QUERY, 'bing', { place: before, thumbnails })
}

function urls({ assets }: Listed): readonly (readonly string[])[] {
  return assets.map(({ candidates }) => candidates.map(({ url }) => url))
}

describe('listResults', () => {
  it('gives each image its place in the keyword, over all pages', () => {
    const first = list([{ url: 'https://a.example/1.jpg' }, { url: 'https://a.example/2.jpg' }])
    const second = list([{ url: 'https://a.example/3.jpg' }], first.place)
    expect([...first.assets, ...second.assets].map(({ index }) => index)).toEqual([1, 2, 3])
  })

  it('tells what was searched for, where it was found, and the name of the file', () => {
    const [asset] = list([{ url: 'https://a.example/x/Red%20one.jpg', meta: { title: 'Red one' } }]).assets
    expect(asset?.meta).toEqual({
      filename: 'Red one',
      title: 'Red one',
      keyword: 'red panda',
      provider: 'bing',
      kind: 'image',
    })
    expect(asset?.rules).toEqual({ expect: 'image' })
  })

  it('keeps the name that the provider knows', () => {
    const [asset] = list([{ url: 'https://a.example/1.jpg', meta: { filename: 'Own name' } }]).assets
    expect(asset?.meta.filename).toBe('Own name')
  })

  it('lists no URL twice, whatever its fragment, on one page or on two', () => {
    const first = list([{ url: 'https://a.example/1.jpg' }, { url: 'https://A.example/1.jpg#part' }])
    expect([first.assets.length, first.fresh]).toEqual([1, 1])
    expect(list([{ url: 'https://a.example/1.jpg' }], first.place).fresh).toBe(0)
  })

  it('lists no image twice that comes back with its id under another URL', () => {
    const first = list([{ id: 'M1', url: 'https://a.example/1.jpg' }])
    const second = list(
      [
        { id: 'M1', url: 'https://b.example/one.jpg' },
        { id: 'M2', url: 'https://b.example/two.jpg' },
      ],
      first.place,
    )
    expect(urls(second)).toEqual([['https://b.example/two.jpg']])
  })

  it('asks a second time with the page as referer, for hosts that want one', () => {
    const [asset] = list([{ url: 'https://a.example/1.jpg', referer: 'https://a.example/page' }]).assets
    expect(asset?.candidates).toEqual([
      { url: 'https://a.example/1.jpg', quality: 'full' },
      { url: 'https://a.example/1.jpg', quality: 'full', headers: { referer: 'https://a.example/page' } },
    ])
  })

  it.each([
    ['not a page\r\nx-evil: 1', undefined],
    ['javascript:alert(1)', undefined],
    ['https://me:secret@a.example/pagé?q=1\r\nx: 1#part', 'https://a.example/pag%C3%A9?q=1x:%201'],
  ])('sends of %j no more than the URL of a page', (referer, sent) => {
    const [asset] = list([{ url: 'https://b.example/1.jpg', referer }]).assets
    expect(asset?.candidates[1]?.headers?.['referer']).toBe(sent)
  })

  it('takes an image that stands in the result itself, without asking twice', () => {
    const url = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='
    const [asset] = list([{ url, referer: 'https://a.example/page' }]).assets
    expect(asset?.candidates).toEqual([{ url, quality: 'full' }])
    expect(asset?.meta.filename).toBeUndefined()
  })

  it('never takes a thumbnail without being asked, and tells how many there were', () => {
    const thumbnail = 'data:image/jpeg;base64,/9j/'
    const listed = list([{ thumbnail }, { url: 'https://a.example/1.jpg', thumbnail: 'https://t.example/1' }])
    expect(urls(listed)).toEqual([['https://a.example/1.jpg']])
    expect([listed.thumbnailsOnly, listed.fresh, listed.assets[0]?.index]).toEqual([1, 2, 1])
  })

  it('takes thumbnails last when asked', () => {
    const listed = list(
      [
        { thumbnail: 'data:image/jpeg;base64,/9j/' },
        { url: 'https://a.example/1.jpg', thumbnail: 'https://t.example/1' },
      ],
      START,
      true,
    )
    expect(listed.assets.map(({ candidates }) => candidates)).toEqual([
      [{ url: 'data:image/jpeg;base64,/9j/', quality: 'preview' }],
      [
        { url: 'https://a.example/1.jpg', quality: 'full' },
        { url: 'https://t.example/1', quality: 'preview' },
      ],
    ])
  })

  it.each([
    '',
    '/images/1.jpg',
    'x-raw-image:///abc',
    'javascript:alert(1)',
    'ftp://a.example/1.jpg',
    'file:///etc/passwd',
  ])('takes %j for no image', (url) => {
    expect(list([{ url }])).toMatchObject({ assets: [], fresh: 0 })
  })

  it('carries a bounded number of marks along', () => {
    const many = Array.from({ length: 1500 }, (_, number) => ({
      id: `M${number}`,
      url: `https://a.example/${number}.jpg`,
    }))
    expect(list(many).place.marks).toHaveLength(2000)
  })
})

describe('searchKey', () => {
  it('is the same however the URL is written, and another one for another keyword', () => {
    expect(searchKey('a b', 'https://A.example:443/1.jpg#x')).toBe(searchKey('a b', 'https://a.example/1.jpg'))
    expect(searchKey('a b', 'https://a.example/1.jpg')).toMatch(/^search:a b:[0-9a-f]{64}$/)
    expect(searchKey('c', 'https://a.example/1.jpg')).not.toBe(searchKey('a b', 'https://a.example/1.jpg'))
  })
})
