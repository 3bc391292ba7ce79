import { describe, expect, test } from 'vitest'
import { readTarget } from '../../core/target.ts'
import { arkNumber, arkOf } from './arks.ts'
import { source } from './louvre.ts'
import { readRecord } from './record.ts'
import { readSearchPage } from './search.ts'
import { readSitemap } from './sitemap.ts'

const FROM = 'https://collections.louvre.fr/ark:/53355/cl010062370.json'
const SITEMAP = { url: 'https://collections.louvre.fr/sitemap.xml' }

function resolved(text: string): unknown {
  const target = readTarget(text)
  for (const route of source.routes) {
    const params = route.match(target)
    if (params !== undefined) return [route.name, params]
  }
  return undefined
}

describe('targets of the Louvre', () => {
  test.each([
    ['louvre:cl010062370', ['record', { ark: 'cl010062370' }]],
    ['https://collections.louvre.fr/ark:/53355/cl010062370', ['record', { ark: 'cl010062370' }]],
    ['https://collections.louvre.fr/en/ark:/53355/cl010062370', ['record', { ark: 'cl010062370' }]],
    ['http://collections.louvre.fr/en/ark:/53355/cl010062370.json?x=1#y', ['record', { ark: 'cl010062370' }]],
    ['louvre:all', ['all', SITEMAP]],
    ['https://collections.louvre.fr/en/', ['all', SITEMAP]],
    ['https://collections.louvre.fr/sitemap.xml', ['all', SITEMAP]],
    [
      'https://collections.louvre.fr/media/sitemap/sitemap25.xml',
      ['all', { url: 'https://collections.louvre.fr/media/sitemap/sitemap25.xml' }],
    ],
    ['louvre:cl010000006-cl010500000', ['range', { first: 10_000_006, last: 10_500_000 }]],
    ['louvre:enumerate', ['enumerate', {}]],
    ['louvre:zip/1-400000', ['zips', { first: 1, last: 400_000 }]],
    ['louvre:zip/121146', ['zips', { first: 121_146, last: 121_146 }]],
    [
      'https://collections.louvre.fr/en/artwork/image/download/121146/0',
      ['zip', { url: 'https://collections.louvre.fr/en/artwork/image/download/121146/0' }],
    ],
    [
      'http://collections.louvre.fr/en/recherche?q=david&page=2&limit=20#x',
      ['search', { url: 'https://collections.louvre.fr/en/recherche?q=david' }],
    ],
    ['louvre:search/a & b', ['search', { url: 'https://collections.louvre.fr/en/recherche?q=a+%26+b' }]],
    ['https://collections.louvre.fr/search/export', ['export', {}]],
    ['https://collections.louvre.fr/recherches', undefined],
    ['louvre:search/', undefined],
    ['louvre:cl01006237', undefined],
    ['louvre:zip/x', undefined],
    ['https://collections.louvre.fr/en/page/cgu', undefined],
    ['https://elsewhere.example/ark:/53355/cl010062370', undefined],
  ])('%s', (text, expected) => {
    expect(resolved(text)).toEqual(expected)
  })

  test('the example of every route leads to that route', () => {
    for (const { name, example } of source.routes) expect(resolved(example)).toMatchObject([name, {}])
  })

  test('identifiers are numbers of nine digits', () => {
    expect([arkNumber('cl010062370'), arkOf(10_062_370), arkNumber('cl0100623700'), arkNumber('CL010062370')]).toEqual([
      10_062_370,
      'cl010062370',
      undefined,
      undefined,
    ])
  })
})

describe('a record', () => {
  const image = { urlImage: 'https://collections.louvre.fr/media/cache/large/0000000021/0000062370/0000062001_OG.JPG' }

  test('may have no images, said as an empty list or null', () => {
    expect(readRecord({ image: [], index: [] }, 'cl010062370', FROM)).toEqual([])
    expect(readRecord({ image: null }, 'cl010062370', FROM)).toEqual([])
  })

  test('without the list of images is of another shape', () => {
    expect(() => readRecord({ arkId: 'cl010062370' }, 'cl010062370', FROM)).toThrow('at $.image')
  })

  test('is read through odd values of what does not matter', () => {
    const odd = {
      image: [image],
      title: 7,
      creator: 'someone',
      dateCreated: [{ startYear: '' }],
      objectNumber: {},
      historicalContext: [],
      index: [],
    }
    expect(readRecord(odd, 'cl010062370', FROM)[0]).toMatchObject({
      key: 'louvre:cl010062370/0000062001',
      index: 1,
      meta: { page: 'https://collections.louvre.fr/ark:/53355/cl010062370' },
    })
  })

  test('names its makers by label or name, and its date of change with or without the space', () => {
    const record = {
      image: [image],
      creator: [{ label: 'Maker' }, { name: 'Workshop' }, { label: '' }],
      modified: '2024-01-19',
    }
    expect(readRecord(record, 'cl010062370', FROM)[0]?.meta).toMatchObject({
      author: 'Maker; Workshop',
      modified: '2024-01-19',
    })
    expect(readRecord({ ...record, 'modified ': '2024-05-02' }, 'cl010062370', FROM)[0]?.meta['modified']).toBe(
      '2024-05-02',
    )
  })

  test('has the terms of its indexes as tags, each once; an index may be an empty list', () => {
    const index = { Name: [{ value: 'statue' }], Period: [{ value: 'romain' }, { value: 'statue' }], People: [] }
    const tagsOf = (value: unknown): unknown =>
      readRecord({ image: [image], index: value }, 'cl010062370', FROM)[0]?.meta.tags
    expect([tagsOf(index), tagsOf([]), tagsOf(null), tagsOf('other')]).toEqual([
      ['statue', 'romain'],
      undefined,
      undefined,
      undefined,
    ])
  })

  test('without a title is named by its denomination', () => {
    const record = { image: [image], title: '', denominationTitle: [{ type: 'Dénomination', value: 'stèle' }] }
    expect(readRecord(record, 'cl010062370', FROM)[0]?.meta.title).toBe('stèle')
    expect(readRecord({ ...record, title: 'T', titleComplement: 'C' }, 'cl010062370', FROM)[0]?.meta.title).toBe('T, C')
  })

  test('takes positions that are none from the order', () => {
    const odd = [
      { ...image, position: '7' },
      { urlImage: image.urlImage.replace('62001', '62002'), position: -1 },
    ]
    expect(readRecord({ image: odd }, 'cl010062370', FROM).map(({ index }) => index)).toEqual([1, 2])
  })

  test('prefers the main inventory number', () => {
    const objectNumber = [
      { value: 'MR 1', type: "Autre numéro d'inventaire" },
      { value: 'INV 7', type: 'Numéro principal' },
    ]
    expect(readRecord({ image: [image], objectNumber }, 'cl010062370', FROM)[0]?.meta['objectNumber']).toBe('INV 7')
  })

  test('keeps the key of an image when its position changes', () => {
    const second = { urlImage: image.urlImage.replace('62001', '62002') }
    const keys = (images: readonly object[]): readonly string[] =>
      readRecord({ image: images }, 'cl010062370', FROM).map(({ key }) => key)
    expect(keys([second, image]).toSorted()).toEqual(keys([image, second]))
  })
})

describe('a page of results', () => {
  test('names each work once, in its order, and how many there are in all', async () => {
    const html = `<div id="count_text"><span>25\u00a0078</span> œuvres</div>
      <a href="/ark:/53355/cl010062370"><img data-src="x"></a><a href="https://collections.louvre.fr/ark:/53355/cl010062370">T</a>
      <a href="/en/ark:/53355/cl020009259?x=1">U</a><a href="/ark:/53355/cl99">no</a><a href="/en/page/cgu">Terms</a>`
    expect(await readSearchPage(html, FROM)).toEqual({ arks: ['cl010062370', 'cl020009259'], total: 25_078 })
  })

  test('may have nothing, or no count', async () => {
    expect(await readSearchPage('<div id="count_text">0 result</div>', FROM)).toEqual({ arks: [], total: 0 })
    expect(await readSearchPage('<a href="/ark:/53355/cl010062370">T</a>', FROM)).toEqual({ arks: ['cl010062370'] })
  })
})

describe('a sitemap', () => {
  test('names records once, whatever their languages, and pages not at all', () => {
    const entry = (path: string): string => `<url><loc>
      https://collections.louvre.fr${path} </loc><xhtml:link rel="alternate" hreflang="fr" href="https://collections.louvre.fr/ark:/53355/cl010000099"/></url>`
    const xml = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">${entry('/ark:/53355/cl010000006')}${entry('/en/ark:/53355/cl010000006')}${entry('/en/page/cgu')}${entry('/ark:/53355/cl010000007')}</urlset>`
    expect(readSitemap(xml, SITEMAP.url)).toEqual({ maps: [], arks: Int32Array.from([10_000_006, 10_000_007]) })
  })

  test('may name further ones', () => {
    const xml =
      '<sitemapindex><sitemap><loc>/media/sitemap/sitemap0.xml</loc><lastmod>2026-01-01</lastmod></sitemap><sitemap><loc>https://collections.louvre.fr/b.xml?a=1&amp;b=2</loc></sitemap></sitemapindex>'
    expect(readSitemap(xml, SITEMAP.url).maps).toEqual([
      'https://collections.louvre.fr/media/sitemap/sitemap0.xml',
      'https://collections.louvre.fr/b.xml?a=1&b=2',
    ])
  })

  test.each([
    ['a page', '<!doctype html><html><body><p>challenge</body></html>'],
    ['cut off', '<urlset><url><loc>https://collections.louvre.fr/ark:/53355/cl010000006</loc>'],
    [
      'made of entities',
      '<!DOCTYPE urlset [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
    ],
    ['empty', ''],
  ])('that is %s has changed', (_name, xml) => {
    expect(() => readSitemap(xml, SITEMAP.url)).toThrow('the sitemap of the Louvre is no XML')
  })
})
