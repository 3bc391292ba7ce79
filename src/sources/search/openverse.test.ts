import { describe, expect, it } from 'vitest'
import { readOpenverse } from './openverse.ts'

const RESULT = {
  id: 'u-1',
  url: 'https://a.example/1024.jpg',
  title: 'One',
  creator: 'Ann',
  foreign_landing_url: 'https://a.example/page',
  license: 'by-sa',
  license_version: '4.0',
  license_url: 'https://creativecommons.org/licenses/by-sa/4.0/',
  attribution: '"One" by Ann is licensed under CC BY-SA 4.0.',
  source: 'flickr',
  mature: false,
  tags: [{ name: 'cat', accuracy: null }],
  thumbnail: 'https://api.openverse.org/v1/images/u-1/thumb/',
  width: 6000,
  height: 4000,
  filesize: 1,
}

function answer(fields: object, page = 1, pages = 1): string {
  return JSON.stringify({
    result_count: 1,
    page_count: pages,
    page_size: 20,
    page,
    results: [{ ...RESULT, ...fields }],
  })
}

describe('readOpenverse', () => {
  it('takes licence and credit, and no size, which is that of another file', async () => {
    expect(await readOpenverse(answer({}))).toEqual({
      kind: 'results',
      results: [
        {
          id: 'u-1',
          url: 'https://a.example/1024.jpg',
          thumbnail: 'https://api.openverse.org/v1/images/u-1/thumb/',
          meta: {
            title: 'One',
            author: 'Ann',
            page: 'https://a.example/page',
            credit: '"One" by Ann is licensed under CC BY-SA 4.0.',
            rights: 'CC BY-SA 4.0',
            licenseUrl: 'https://creativecommons.org/licenses/by-sa/4.0/',
            tags: ['cat'],
            collection: 'flickr',
            mature: false,
          },
        },
      ],
    })
  })

  it.each([
    ['cc0', '1.0', 'CC0 1.0'],
    ['pdm', '1.0', 'Public Domain Mark 1.0'],
    ['by-nc-nd', '2.5', 'CC BY-NC-ND 2.5'],
    ['sampling+', null, 'CC SAMPLING+'],
  ])('names the licence %s %s', async (license, version, rights) => {
    expect(await readOpenverse(answer({ license, license_version: version }))).toMatchObject({
      results: [{ meta: { rights } }],
    })
  })

  it('goes on until the last page', async () => {
    expect(await readOpenverse(answer({}, 2, 3))).toMatchObject({ next: 3 })
    expect(await readOpenverse(answer({}, 3, 3))).not.toHaveProperty('next')
  })

  it('reads an entry of which little is known', async () => {
    const bare = {
      title: null,
      creator: null,
      attribution: null,
      tags: null,
      mature: null,
      thumbnail: null,
      source: null,
    }
    expect(await readOpenverse(answer({ ...bare, foreign_landing_url: null, license_url: null }))).toMatchObject({
      results: [{ id: 'u-1', url: 'https://a.example/1024.jpg', meta: { rights: 'CC BY-SA 4.0' } }],
    })
  })

  it('names the place that does not fit', async () => {
    expect(await readOpenverse(answer({ url: 7 }))).toEqual({ kind: 'unknown-layout', where: '$.results[0].url' })
  })
})
