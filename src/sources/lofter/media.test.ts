import { describe, expect, test } from 'vitest'
import { distinctMedia, photo, textImage, video } from './media.ts'

const QUERY = '?imageView&thumbnail=1680x0&quality=96&stripmeta=0&type=jpg%7Cwatermark&type=2&text=QCBi&dx=32'

function urlsOf(medium: ReturnType<typeof photo>): readonly string[] {
  return (medium?.candidates ?? []).map(({ url, quality }) => `${quality} ${url}`)
}

describe('an image', () => {
  test('of 2025: its upload, then another object without and with its watermark; keyed by the object that all strategies see', () => {
    const shown = 'https://imglf4.lf127.net/img/d2e048b052345a22/c2hvd24.jpg'
    const raw = 'https://imglf4.lf127.net/img/ba9d09f87c6cd6a0/cmF3.jpg'
    const found = photo({ orign: shown + QUERY, raw })
    expect(urlsOf(found)).toEqual([`original ${raw}`, `full ${shown}`, `preview ${shown}${QUERY}`])
    expect(found?.id).toBe('c2hvd24')
    expect(photo({ orign: shown + QUERY })?.id).toBe('c2hvd24')
  })

  test('of one object is asked for once without its query', () => {
    const object = 'https://imglf6.nosdn0.126.net/img/b25l.png'
    expect(urlsOf(photo({ orign: object + QUERY, raw: object }))).toEqual([
      `original ${object}`,
      `preview ${object}${QUERY}`,
    ])
  })

  test('shown only is the largest known, not certainly the upload', () => {
    const object = 'https://imglf0.nosdn.127.net/img/b25l.jpg'
    expect(urlsOf(photo({ orign: object + QUERY }))).toEqual([`full ${object}`, `preview ${object}${QUERY}`])
  })

  test.each([
    ['https://nos.netease.com/imglf3/img/b25l.jpg', 'https://imglf3.lf127.net/img/b25l.jpg'],
    ['http://nos.netease.com/imglf/img/ab/b25l.jpg', 'https://imglf.lf127.net/img/ab/b25l.jpg'],
    ['https://imglf4.nos.netease.com/img/b25l.jpg', 'https://imglf4.lf127.net/img/b25l.jpg'],
  ])('%s stands at %s', (raw, expected) => {
    expect(photo({ raw })?.candidates).toEqual([{ url: expected, quality: 'original' }])
  })

  test('keeps its key on whatever host and under whatever query', () => {
    const ids = [
      'https://imglf3.lf127.net/img/T0tFTg.jpg',
      'http://imglf0.nosdn.127.net/img/T0tFTg.jpg?imageView',
      '//imglf.nosdn0.126.net/img/0123456789abcdef/T0tFTg.jpg',
      'https://nos.netease.com/imglf3/img/T0tFTg.jpg',
    ].map((orign) => photo({ orign })?.id)
    expect(ids).toEqual(['T0tFTg', 'T0tFTg', 'T0tFTg', 'T0tFTg'])
  })

  test.each([undefined, '', '   ', 'none', 'javascript:void(0)', 'data:image/gif;base64,AAAA'])(
    '%s is none',
    (orign) => {
      expect(photo(orign === undefined ? {} : { orign })).toBeUndefined()
    },
  )
})

describe('an image in a text', () => {
  test('is taken without its query, however often its ampersands are written', () => {
    const object = 'https://imglf3.nosdn.127.net/img/dGV4dA.jpg'
    for (const query of [
      '?imageView&thumbnail=500x0',
      '?imageView&amp;thumbnail=500x0',
      '?imageView&amp;amp;thumbnail=500x0',
    ])
      expect(textImage(object + query)?.candidates[0]).toEqual({ url: object, quality: 'full' })
  })

  test('from another site keeps its query, and is keyed by its address', () => {
    const one = textImage('https://example.org/a/1.jpg?size=large')
    const other = textImage('https://example.org/b/1.jpg?size=large')
    expect(one?.candidates).toEqual([{ url: 'https://example.org/a/1.jpg?size=large', quality: 'original' }])
    expect(one?.id).toMatch(/^[0-9a-f]{16}$/)
    expect(other?.id).not.toBe(one?.id)
  })

  test.each([
    'https://avaimg.lf127.net/img/ZmFjZQ.jpg',
    'https://imglf3.lf127.net/img/ZmFjZQ.jpg?imageView&thumbnail=64x64',
    'https://imglf3.lf127.net/img/ZmFjZQ.jpg?imageView&thumbnail=16y16&quality=90',
    '/rsc/icon.png',
  ])('%s is no part of it', (src) => {
    expect(textImage(src)).toBeUndefined()
  })
})

test('a video keeps its signature, and each address is asked for once', () => {
  const url = 'https://vodkgeyttp8.vod.126.net/edu-video/nos/mp4/2020/1/2/clip_sd.mp4?resId=1&sign=a%2Bb'
  expect(video([url, url, '', undefined, null])).toEqual({
    id: 'clip_sd',
    kind: 'video',
    candidates: [{ url, quality: 'original' }],
  })
  expect(video([undefined, ''])).toBeUndefined()
})

test('an object that a post shows twice counts once, where it stands first', () => {
  const [one, other] = ['https://imglf3.lf127.net/img/b25l.jpg', 'https://imglf3.lf127.net/img/b3RoZXI.jpg'].map(
    (orign) => photo({ orign }),
  )
  expect(distinctMedia([one, other, undefined, one]).map(({ id }) => id)).toEqual(['b25l', 'b3RoZXI'])
})
