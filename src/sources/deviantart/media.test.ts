import { describe, expect, test } from 'vitest'
import { filesOf, mediaSchema } from './media.ts'
import { readToken } from './token.ts'

const BASE = 'https://images-wixmp-ed30a86b8c4ca887773594c2.wixmp.com'
const FILE = '/f/9ad8fbc8/d8foa93-8e1fade9.jpg'
/** A work of today: nothing of the time before 2019 is offered. */
const NOW = 900_000_000

function token(audience: string, path = FILE, more: object = {}): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode({ alg: 'HS256' })}.${encode({ aud: [`urn:service:${audience}`], obj: [[{ path }]], ...more })}.c2lnbmVk`
}

const RENDER = token('image.operations')
const DOWNLOAD = token('file.download')
const MARK = token('image.watermark')

function filesFor(object: object, id = NOW): readonly (readonly [string, string])[] {
  return filesOf(mediaSchema.parse(object), id).candidates.map(({ quality, url }) => [quality, url.replace(BASE, '')])
}

function media(tokens: readonly string[], ...types: readonly object[]): object {
  return { baseUri: BASE + FILE, prettyName: 'misty_by_s', token: tokens, types }
}

const RENDERED = '/v1/fill/w_900,h_563,q_75,strp/misty_by_s-fullview.jpg'

describe('the files of a media object', () => {
  test('r:1 without c is the upload, by the token for downloading', () => {
    const object = media([RENDER, DOWNLOAD], { t: 'fullview', r: 1, w: 9, h: 8, f: 7 })
    expect(filesFor(object)).toEqual([['original', `${FILE}?token=${DOWNLOAD}`]])
    expect(filesOf(mediaSchema.parse(object), NOW)).toMatchObject({ width: 9, height: 8, bytes: 7, blurred: false })
  })

  test.each([
    'v1/fill/w_900,h_563,q_75,strp/<prettyName>-fullview.jpg',
    '/v1/fill/w_900,h_563,q_75,strp/<prettyName>-fullview.jpg',
  ])('r:0 with c %s is a rendering: full quality first, and its bytes are not those of the upload', (c) => {
    const object = media([RENDER], { t: 'fullview', r: 0, c, w: 900, h: 563, f: 701954 })
    expect(filesFor(object)).toEqual([
      ['full', `${FILE}${RENDERED.replace('q_75', 'q_100')}?token=${RENDER}`],
      ['full', `${FILE}${RENDERED}?token=${RENDER}`],
    ])
    expect(filesOf(mediaSchema.parse(object), NOW).bytes).toBeUndefined()
  })

  test('a token for downloading the upload comes before a rendering, whatever its index', () => {
    const files = filesFor(media([DOWNLOAD, RENDER], { t: 'fullview', r: 1, c: RENDERED, w: 1, h: 1 }))
    expect(files[0]).toEqual(['original', `${FILE}?token=${DOWNLOAD}`])
    expect(files).toHaveLength(3)
  })

  test('a token for another file is none for this one', () => {
    const other = token('file.download', '/f/other/d1-2.jpg')
    expect(filesFor(media([RENDER, other], { t: 'fullview', r: 0, c: RENDERED, w: 1, h: 1 }))[0]?.[0]).toBe('full')
  })

  test('a watermark is left as it is: neither its quality is raised nor an old copy without it offered', () => {
    const files = filesFor(media([MARK], { t: 'fullview', r: 0, c: RENDERED, w: 1, h: 1 }), 160_035_162)
    expect(files).toEqual([['full', `${FILE}${RENDERED}?token=${MARK}`]])
  })

  test('a rendering without loss has no quality to raise', () => {
    const c = '/v1/fill/w_900,h_677,strp/<prettyName>-fullview.png'
    expect(filesFor(media([RENDER], { t: 'fullview', r: 0, c, w: 1, h: 1 }))).toEqual([
      ['full', `${FILE}/v1/fill/w_900,h_677,strp/misty_by_s-fullview.png?token=${RENDER}`],
    ])
  })

  test('the last work with copies of before 2019, and the first without', () => {
    const object = media([RENDER], { t: 'fullview', r: 0, c: RENDERED, w: 1, h: 1 })
    expect(filesFor(object, 790_677_560).slice(2)).toEqual([
      ['full', `/intermediary${FILE}`],
      ['full', `/intermediary${FILE}/v1/fill/w_5100,h_5100,bl,q_100/misty_by_s-fullview.jpg`],
    ])
    expect(filesFor(object, 790_677_561)).toHaveLength(2)
  })

  test('without a token (r:-1) the bare file, a preview below /i/', () => {
    expect(
      filesFor({ baseUri: `${BASE}/i/9ad8/d3fe2ug-3e54.png`, types: [{ t: 'fullview', r: -1, w: 1, h: 1 }] }),
    ).toEqual([['preview', '/i/9ad8/d3fe2ug-3e54.png']])
    expect(filesFor({ baseUri: BASE + FILE, types: [{ t: 'fullview', r: -1, w: 1, h: 1 }] })).toEqual([
      ['original', FILE],
    ])
  })

  test('a GIF of its own beside a still, and a film by its largest encoding', () => {
    const gif = { t: 'gif', r: 0, w: 1, h: 1, b: `${BASE}/f/9ad8/dgmcb-0a77.gif` }
    const still = { t: 'fullview', r: -1, w: 1, h: 1 }
    expect(filesFor({ baseUri: `${BASE}/i/9ad8/dgmcb-29db.gif`, token: [DOWNLOAD], types: [still, gif] })).toEqual([
      ['original', `/f/9ad8/dgmcb-0a77.gif?token=${DOWNLOAD}`],
    ])
    const films = [360, 1080, 720].map((h) => ({ t: 'video', r: -1, w: h, h, f: h, b: `${BASE}/v/mp4/a.${h}p.mp4` }))
    const object = { baseUri: `${BASE}/i/9ad8/d1180ig-8d8d.jpg`, types: [still, ...films] }
    expect(filesFor(object).map(([, url]) => url)).toEqual([
      '/v/mp4/a.1080p.mp4',
      '/v/mp4/a.720p.mp4',
      '/v/mp4/a.360p.mp4',
    ])
    expect(filesOf(mediaSchema.parse(object), NOW)).toMatchObject({ height: 1080, bytes: 1080 })
  })

  test('the preview only where there is no full view', () => {
    const c = '/v1/fill/w_700,h_400,q_100,strp/<prettyName>-pre.jpg'
    expect(filesFor(media([RENDER], { t: 'preview', r: 0, c, w: 1, h: 1 }))).toEqual([
      ['preview', `${FILE}/v1/fill/w_700,h_400,q_100,strp/misty_by_s-pre.jpg?token=${RENDER}`],
    ])
  })

  test.each([
    [
      'a picture of the site (r:-2)',
      media([], { t: 'fullview', r: -2, s: 'https://st.deviantart.net/a.png', w: 1, h: 1 }),
    ],
    ['a text', { types: [] }],
    ['a token that is not there', media([RENDER], { t: 'fullview', r: 1, w: 1, h: 1 })],
    ['no address', { token: [RENDER], types: [{ t: 'fullview', r: 0, c: RENDERED, w: 1, h: 1 }] }],
  ])('%s has none', (_name, object) => {
    expect(filesFor(object)).toEqual([])
  })

  test('behind an upload stands no blurred rendering', () => {
    const c = '/v1/fill/w_900,h_563,q_75,strp,blur_30/<prettyName>-fullview.jpg'
    const object = media([RENDER, DOWNLOAD], { t: 'fullview', r: 0, c, w: 1, h: 1 })
    expect(filesFor(object, 160_035_162)).toEqual([['original', `${FILE}?token=${DOWNLOAD}`]])
  })

  test('a blurred rendering is told', () => {
    const c = '/v1/fill/w_900,h_563,q_75,strp,blur_30/<prettyName>-fullview.jpg'
    expect(filesOf(mediaSchema.parse(media([RENDER], { t: 'fullview', r: 0, c, w: 1, h: 1 })), NOW).blurred).toBe(true)
  })
})

describe('a token', () => {
  test('says whom it is for, what it is for, and until when', () => {
    expect(readToken(token('file.download', FILE, { exp: 1_700_000_000 }))).toEqual({
      audiences: ['file.download'],
      paths: [FILE],
      expires: 1_700_000_000_000,
    })
  })

  test.each(['', 'a.b.c', 'a', `a.${Buffer.from('{}').toString('base64url')}.c`])('%s is none', (text) => {
    expect(readToken(text)).toBeUndefined()
  })
})
