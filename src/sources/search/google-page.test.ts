import { describe, expect, test } from 'vitest'
import { readGoogle } from './google-page.ts'
import { tuplesOf } from './google-tuples.ts'

const THUMBNAIL = 'https://encrypted-tbn0.gstatic.com/images?q=tbn:ANd9GcQ'
const FULL = 'https://images.example/a?b=1&c=2'

function tuple(id: string, full = FULL): string {
  return JSON.stringify([0, id, [THUMBNAIL, 168, 300], [full, 1080, 1920], null, 0, 'rgb(1,2,3)', null, 0, FACTS])
}
const FACTS = {
  '2000': [null, 'images.example', '12KB'],
  '2003': [null, 'r', 'https://images.example/page', 'A "quoted" title'],
  '2008': [null, 'A title'],
}

function urlsIn(...texts: readonly string[]): readonly (string | undefined)[] {
  return tuplesOf(texts).map(({ url }) => url)
}

describe('the tuples of results', () => {
  test.each([
    [
      '2020: a function of AF_initDataCallback, whatever its number',
      `AF_initDataCallback({key: 'ds:7', data:function(){return [null,[1,${tuple('a')}]]}});`,
    ],
    [
      '2022: without the function',
      `AF_initDataCallback({key: 'ds:1', hash: '2', data:[[1,${tuple('a')}]], sideChannel: {}});`,
    ],
    ['2023: under a fixed key', `[[{"444383007":[1,${tuple('a')}]}]]`],
    ['2025: under a key of the session', `var m={"kX9fQ2mTzR7bLw4VnYc10":[1,${tuple('a')}],"x":1};`],
    [
      'escaped for HTML',
      `[1,${tuple('a')
        .replaceAll('=', String.raw`\u003d`)
        .replaceAll('&', String.raw`\u0026`)}]`,
    ],
    [
      'escaped twice in the address',
      `[1,${tuple('a')
        .replaceAll('=', String.raw`\\u003d`)
        .replaceAll('&', String.raw`\\u0026`)}]`,
    ],
    ['inside a string', JSON.stringify(`[1,${tuple('a')}]`)],
    ['inside a string inside a string', JSON.stringify(JSON.stringify(`[1,${tuple('a')}]`))],
    ['inside a string of a script', `var x='${tuple('a').replaceAll('"', String.raw`\x22`)}';`],
    ['with blanks and lines between', tuple('a').replaceAll(',', ' ,\n ')],
  ])('are found as of %s', (_name, text) => {
    expect(urlsIn(text)).toEqual([FULL])
  })

  test('come once each, in their order, from the page and from what came later', () => {
    const answer = JSON.stringify([tuple('b', 'https://images.example/2'), tuple('c', 'https://images.example/3')])
    expect(urlsIn(`${tuple('a')} ${tuple('a')} ${tuple('b', 'https://images.example/2')}`, answer)).toEqual([
      FULL,
      'https://images.example/2',
      'https://images.example/3',
    ])
  })

  test('tell page, title and size; the height stands first', () => {
    expect(tuplesOf([tuple('a')])).toEqual([
      {
        id: 'a',
        url: FULL,
        thumbnail: THUMBNAIL,
        referer: 'https://images.example/page',
        meta: { title: 'A "quoted" title', page: 'https://images.example/page', width: 1920, height: 1080 },
      },
    ])
  })

  test('never take a thumbnail of Google for the full image', () => {
    expect(tuplesOf([tuple('a', THUMBNAIL)])).toMatchObject([{ id: 'a', thumbnail: THUMBNAIL }])
    expect(urlsIn(tuple('a', THUMBNAIL))).toEqual([undefined])
  })

  test('are found by the colour behind the image where they begin in another way', () => {
    expect(urlsIn(`["${FULL}",1080,1920],null,0,"rgb(24,18,11)"`)).toEqual([FULL])
  })

  test('are not made of other lists, nor of what never ends', () => {
    expect(urlsIn('["kitten",["https://a.example/1.jpg",1,2],"more"]', `[0,"a",["${'x'.repeat(1_000_000)}`)).toEqual([])
  })
})

const page = (html: string, url = 'https://www.google.com/search?udm=2&q=x') => readGoogle({ url, html, answers: [] })

describe('a page of Google', () => {
  test('of 2016 to 2020 has a line of JSON in each cell', async () => {
    const line = JSON.stringify({
      id: 'a:',
      ou: FULL,
      ow: 1920,
      oh: 1080,
      pt: 'Title',
      ru: 'https://images.example/page',
    })
    expect(await page(`<div class="rg_meta notranslate">${line.replaceAll('"', '&quot;')}</div>`)).toEqual({
      kind: 'results',
      results: [
        {
          id: 'a',
          url: FULL,
          referer: 'https://images.example/page',
          meta: { title: 'Title', page: 'https://images.example/page', width: 1920, height: 1080 },
        },
      ],
    })
  })

  test('with results is none of the walls, even where their words stand in it', async () => {
    const words =
      '<noscript>/httpservice/retry/enablejs</noscript> did not match any documents <button id="W0wltc">Reject'
    expect((await page(`<script>${tuple('a')}</script>${words}`)).kind).toBe('results')
  })

  test.each([
    ['consent by its address', 'consent', '<h1>Before', 'https://consent.google.com/m?continue=x'],
    ['consent by its button', 'consent', '<div role="dialog"><button id="W0wltc">Reject all', undefined],
    ['a captcha by its address', 'captcha', '<h1>Sorry', 'https://www.google.com/sorry/index?continue=x'],
    [
      'a captcha by its words',
      'captcha',
      '<p>Our systems have detected unusual traffic from your computer network.',
      undefined,
    ],
    ['no results', 'none', '<p>Your search - x - did not match any documents.', undefined],
    ['the basic page', 'thumbnails', `<a href="/url?q=https://a.example/"><img src="${THUMBNAIL}">`, undefined],
    [
      'a grid that only clicks tell more of',
      'thumbnails',
      '<div data-docid="a"><img src="data:image/gif;base64,R0">',
      undefined,
    ],
    [
      'a shell of scripts',
      'script-shell',
      '<noscript><iframe src="/httpservice/retry/enablejs?sei=x"></iframe></noscript>',
      undefined,
    ],
    ['something new', 'unknown-layout', `<p>${'News. '.repeat(100)}`, undefined],
  ])('tells %s', async (_name, kind, html, url) => {
    expect((await page(html, url)).kind).toBe(kind)
  })
})
