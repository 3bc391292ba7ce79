import { describe, expect, it } from 'vitest'
import { readImages, readToken } from './duckduckgo.ts'

describe('readToken', () => {
  it.each([
    [`<script>vqd="4-123456789";safe_ddg=0;</script>`, '4-123456789'],
    [`<script>iar='';vqd='3-320068-1998';</script>`, '3-320068-1998'],
    ['<a href="/d.js?q=a&vqd=3-11-22&p=1">', '3-11-22'],
  ])('finds it in %s', async (markup, token) => {
    expect(await readToken(markup)).toBe(token)
  })

  it('says what stands in its place', async () => {
    expect(await readToken('<form id="challenge-form"><p>Unfortunately, bots use DuckDuckGo too.')).toEqual({
      kind: 'captcha',
      where: '#challenge-form',
    })
    expect(await readToken(`<p>${'Another page. '.repeat(30)}`)).toEqual({
      kind: 'unknown-layout',
      where: 'vqd',
      why: 'it holds no token',
    })
  })
})

describe('readImages', () => {
  it('reads an image, and where the list goes on', async () => {
    const image = {
      image: 'https://a.example/1.png',
      thumbnail: 'https://tse1.mm.bing.net/th?id=OIP.1',
      url: 'https://a.example/page',
      title: 'One',
      width: 640,
      height: 480,
      source: 'Bing',
      image_token: 'new in 2024',
    }
    expect(await readImages(JSON.stringify({ results: [image], next: 'i.js?q=a&s=100' }))).toEqual({
      kind: 'results',
      next: 'i.js?q=a&s=100',
      results: [
        {
          url: 'https://a.example/1.png',
          thumbnail: 'https://tse1.mm.bing.net/th?id=OIP.1',
          referer: 'https://a.example/page',
          meta: { title: 'One', page: 'https://a.example/page', width: 640, height: 480 },
        },
      ],
    })
  })

  it('names what is no list of images', async () => {
    expect(await readImages('{"results":[{"picture":"x"}]}')).toEqual({
      kind: 'unknown-layout',
      where: '$.results[0].image',
    })
    expect(await readImages('<div class="anomaly-modal__modal">')).toMatchObject({ kind: 'captcha' })
    expect(await readImages('')).toMatchObject({ kind: 'unknown-layout' })
  })
})
