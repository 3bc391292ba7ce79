import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { replica } from '../../replicas/louvre.ts'
import type { Http } from '../../src/core/http.ts'
import type { Finding, RefSpec } from '../../src/core/source.ts'
import { source } from '../../src/sources/louvre/louvre.ts'
import { contextOf, crawl, expectedOutcomes, faultOf, openHttp, outcomesOf, resolveTarget } from './crawl.ts'

let running: RunningReplicas
let http: Http

beforeAll(async () => {
  running = await startReplicas([replica])
  http = openHttp(running, [source])
})
afterAll(async () => {
  await http.close()
  await running.close()
})
beforeEach(() => {
  running.reset()
})

describe('every target of the replica', () => {
  test.each(replica.targets)('$target: all files, each with its bytes', async ({ target, expected }) => {
    if (expected.fault !== undefined) {
      expect((await faultOf(crawl(source, target, http))).code).toBe(expected.fault)
      return
    }
    const crawled = await crawl(source, target, http)
    expect(await outcomesOf(crawled, http)).toEqual(await expectedOutcomes(expected))
  })
})

describe('a record', () => {
  test('gives each image what a user of it must name: photographer, terms and page', async () => {
    const { assets } = await crawl(source, 'louvre:cl010062370', http)
    expect(assets.get('louvre:cl010062370/0000062002')).toEqual({
      key: 'louvre:cl010062370/0000062002',
      candidates: [
        {
          url: 'https://collections.louvre.fr/media/cache/large/0000000021/0000062370/0000062002_OG.JPG',
          quality: 'full',
        },
      ],
      meta: {
        ark: 'cl010062370',
        title: 'Oiseau sur une branche',
        author: 'Maître des Oiseaux',
        page: 'https://collections.louvre.fr/ark:/53355/cl010062370',
        rights: 'https://collections.louvre.fr/en/page/cgu',
        credit: '© 2014 Musée du Louvre',
        view: 'revers',
        filename: '0000062002_OG',
        kind: 'image',
        period: 'Date de création/fabrication : époque byzantine (?) ; époque romaine (?)',
        collection: 'Département des Antiquités égyptiennes',
        location: 'non exposé',
        objectNumber: 'INV 62370',
        modified: '2024-01-19',
        tags: ['Oiseau sur une branche'],
      },
      index: 2,
      refresh: { source: 'louvre', route: 'record', params: { ark: 'cl010062370' } },
      rules: { expect: 'image' },
    })
  })

  test('of a drawing has its year and the address of the original', async () => {
    const { assets } = await crawl(source, 'louvre:cl020009259', http)
    const [first] = assets.values()
    expect([first?.meta.date, first?.candidates[0]?.quality]).toEqual(['1567', 'original'])
  })

  test('that does not exist is gone, and while counting missing', async () => {
    const fault = await faultOf(crawl(source, 'louvre:cl010000009', http))
    expect([fault.code, fault.message]).toEqual(['Gone', 'the Louvre has no record cl010000009'])
    const { missing, unavailable } = await crawl(source, 'louvre:cl010000009-cl010000009', http)
    expect([missing, unavailable]).toEqual([['louvre:cl010000009'], []])
  })

  test('of another shape is named with its place', async () => {
    running.mishap({
      on: 'collections.louvre.fr/ark:/53355/cl010062370.json',
      does: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"image":[{"url":"x"}]}',
      },
    })
    const fault = await faultOf(crawl(source, 'louvre:cl010062370', http))
    expect([fault.code, fault.evidence.where]).toEqual(['SiteChanged', '$.image[0].urlImage'])
  })
})

describe('the sitemaps', () => {
  async function windowAt(cursor: number | undefined, through: Http): Promise<readonly Finding[]> {
    const url = 'https://collections.louvre.fr/media/sitemap/sitemap0.xml'
    const findings: Finding[] = []
    const strategies = source.routes.find(({ name }) => name === 'all')?.strategies ?? []
    for (const strategy of strategies) {
      for await (const finding of strategy.explore({ url }, cursor, contextOf(source, through))) findings.push(finding)
    }
    return findings
  }

  test('are read in windows of at most a thousand records, each record once', async () => {
    const many = await startReplicas([replica], { scale: 3 })
    const manyHttp = openHttp(many, [source])
    try {
      const sizes = []
      const arks = new Set<unknown>()
      for (let cursor: number | undefined = 0; cursor !== undefined;) {
        const findings = await windowAt(cursor === 0 ? undefined : cursor, manyHttp)
        const refs = findings.filter((finding) => finding.kind === 'ref')
        const records = refs.filter(({ as }) => as === 'child')
        for (const { ref } of records) arks.add(ref.params['ark'])
        sizes.push(records.length)
        cursor = refs.find(({ as }) => as === 'next')?.ref.cursor as number | undefined
      }
      expect(sizes).toEqual([1000, 1000, 6])
      expect(arks.size).toBe(2006)
    } finally {
      await manyHttp.close()
      await many.close()
    }
  })

  test('are asked for once in a run, however many windows they have', async () => {
    await crawl(source, 'louvre:all', http)
    expect(running.requests.filter(({ path }) => path.includes('sitemap')).map(({ path }) => path)).toEqual([
      '/sitemap.xml',
      '/media/sitemap/sitemap0.xml',
      '/media/sitemap/sitemap1.xml',
    ])
  })

  test('that are no XML any more have changed', async () => {
    running.mishap({
      on: 'collections.louvre.fr/sitemap.xml',
      does: { kind: 'answer', status: 200, body: '<html><p>challenge' },
    })
    expect((await faultOf(crawl(source, 'louvre:all', http))).code).toBe('SiteChanged')
  })

  test('that lead to other hosts or to themselves lead nowhere', async () => {
    const index = '<sitemapindex><sitemap><loc>https://elsewhere.example/a.xml</loc></sitemap></sitemapindex>'
    running.mishap({ on: 'collections.louvre.fr/sitemap.xml', does: { kind: 'answer', status: 200, body: index } })
    expect((await crawl(source, 'louvre:all', http)).refs).toBe(1)
  })
})

describe('counting up', () => {
  test('is done in windows, lazily, over the spans that records stand in', async () => {
    const root = resolveTarget(source, 'louvre:enumerate')
    const enumerate = source.routes.find(({ name }) => name === root?.route)?.strategies[0]
    const range = source.routes.find(({ name }) => name === 'range')?.strategies[0]
    const spans = []
    for await (const finding of enumerate?.explore({}, undefined, contextOf(source, http)) ?? []) spans.push(finding)
    expect(spans.map((finding) => (finding.kind === 'ref' ? finding.ref.params : finding.kind))).toEqual([
      { first: 10_000_006, last: 10_550_000 },
      { first: 20_000_001, last: 20_620_000 },
    ])
    const first = []
    for await (const finding of range?.explore(
      { first: 10_000_006, last: 10_550_000 },
      undefined,
      contextOf(source, http),
    ) ?? [])
      first.push(finding)
    expect(first).toHaveLength(1001)
    expect(first.at(-1)).toEqual({
      kind: 'ref',
      as: 'next',
      ref: { source: 'louvre', route: 'range', params: { first: 10_000_006, last: 10_550_000 }, cursor: 10_001_006 },
    })
    expect(running.requests).toEqual([])
  })

  test('backwards is a mistake', () => {
    expect(() => resolveTarget(source, 'louvre:cl010000010-cl010000001')).toThrow('ends before it begins')
  })
})

describe('a search', () => {
  const SEARCH = 'https://collections.louvre.fr/recherche?q=&typology%5B0%5D=22&page=7&limit=20#top'

  function pagesAsked(): readonly (readonly (string | null)[])[] {
    return running.requests
      .filter(({ path }) => path.includes('recherche'))
      .map(({ url }) => ['page', 'limit', 'typology[0]'].map((name) => new URL(url).searchParams.get(name)))
  }

  test('is read page by page from its first one to its total, with the filters of the address', async () => {
    const { assets } = await crawl(source, SEARCH, http)
    expect(assets.size).toBe(15)
    expect(pagesAsked()).toEqual([
      ['1', '100', '22'],
      ['2', '100', '22'],
      ['3', '100', '22'],
    ])
  })

  test('whose pages ignore their number ends with the second', async () => {
    const first = await http.request({ url: 'https://collections.louvre.fr/recherche?q=' })
    running.reset()
    running.mishap({
      on: 'collections.louvre.fr/recherche',
      does: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: first.text() },
    })
    await crawl(source, SEARCH, http)
    expect(pagesAsked()).toHaveLength(2)
  })

  test('whose pages ignore their number says how many works it kept back', async () => {
    const first = await http.request({ url: 'https://collections.louvre.fr/recherche?q=' })
    running.mishap({
      on: 'collections.louvre.fr/recherche',
      does: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: first.text() },
    })
    const ref = resolveTarget(source, SEARCH)
    const [strategy] = source.routes.find(({ name }) => name === ref?.route)?.strategies ?? []
    const pageOf = async (cursor: RefSpec['cursor']): Promise<readonly Finding[]> => {
      const found: Finding[] = []
      const findings = strategy?.explore(ref?.params ?? {}, cursor, contextOf(source, http))
      for await (const finding of findings ?? []) found.push(finding)
      return found
    }
    const next = (await pageOf(undefined)).find((finding) => finding.kind === 'ref' && finding.as === 'next')
    expect(await pageOf(next?.kind === 'ref' ? next.ref.cursor : undefined)).toEqual([
      { kind: 'note', message: expect.stringMatching(/has \d+ works, but shows only \d+ of them: .*louvre:all/) },
    ])
  })

  test.each([
    ['a challenge with its status', 429, '<!doctype html><title>WADP bot challenge</title>'],
    ['a challenge with a good status', 200, '<!doctype html><title>WADP bot challenge</title>'],
    ['an unknown challenge that names no time', 429, '<!doctype html><title>Un instant</title>'],
    ['a known wall', 403, '<!doctype html><title>Just a moment...</title><script src="/cdn-cgi/challenge-platform/x">'],
  ])('behind %s is blocked, and says what to do', async (_name, status, body) => {
    running.mishap({
      on: 'collections.louvre.fr/en/recherche',
      does: { kind: 'answer', status, headers: { 'content-type': 'text/html' }, body },
    })
    const fault = await faultOf(crawl(source, 'louvre:search/david', http))
    expect([fault.code, fault.evidence.advice]).toEqual(['Blocked', expect.stringContaining('louvre:all')])
    expect(running.requests).toHaveLength(1)
  })

  test('that asks for patience with a time is not taken for blocked', async () => {
    running.mishap({
      on: 'collections.louvre.fr/en/recherche',
      does: { kind: 'answer', status: 429, headers: { 'retry-after': '7200' }, body: '' },
    })
    const own = openHttp(running, [source])
    const fault = await faultOf(crawl(source, 'louvre:search/david', own))
    await own.close()
    expect([fault.code, fault.evidence.retryAfter]).toEqual(['RateLimited', 7_200_000])
  })

  test('of another shape is named with its place; the export is refused without a request', async () => {
    running.mishap({
      on: 'collections.louvre.fr/en/recherche',
      does: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Collections</h1>' },
    })
    const fault = await faultOf(crawl(source, 'louvre:search/david', http))
    expect([fault.code, fault.evidence.where]).toEqual(['SiteChanged', '#count_text'])
    running.reset()
    expect((await faultOf(crawl(source, 'https://collections.louvre.fr/search/export', http))).code).toBe('Blocked')
    expect(running.requests).toEqual([])
  })
})

test('a record or a sitemap behind the challenge is blocked, too', async () => {
  running.mishap({
    on: 'collections.louvre.fr/*',
    does: {
      kind: 'answer',
      status: 429,
      headers: { 'content-type': 'text/html' },
      body: '<!doctype html><title>WADP bot challenge</title>',
    },
  })
  for (const target of ['louvre:cl010062370', 'louvre:all'])
    expect((await faultOf(crawl(source, target, http))).code).toBe('Blocked')
})

describe('a span of numbers', () => {
  async function windowsOf(route: string, first: number, last: number): Promise<readonly (readonly Finding[])[]> {
    const [strategy] = source.routes.find(({ name }) => name === route)?.strategies ?? []
    const windows: Finding[][] = []
    for (let cursor: RefSpec['cursor'] = first; cursor !== undefined;) {
      const found: Finding[] = []
      for await (const finding of strategy?.explore(
        { first, last },
        cursor === first ? undefined : cursor,
        contextOf(source, http),
      ) ?? [])
        found.push(finding)
      const next = found.find((finding) => finding.kind === 'ref' && finding.as === 'next')
      windows.push(found.filter((finding) => finding !== next))
      cursor = next?.kind === 'ref' ? next.ref.cursor : undefined
    }
    return windows
  }

  test('of records is counted up in windows, no number twice and none left out', async () => {
    const windows = await windowsOf('range', 10_000_006, 10_002_505)
    expect(windows.map((found) => found.length)).toEqual([1000, 1000, 500])
    const arks = windows.flat().map((finding) => (finding.kind === 'ref' ? finding.ref.params['ark'] : ''))
    expect([new Set(arks).size, arks[0], arks.at(-1)]).toEqual([2500, 'cl010000006', 'cl010002505'])
  })

  test('of archives as well, each as one file to look for', async () => {
    const windows = await windowsOf('zips', 1, 2001)
    expect(windows.map((found) => found.length)).toEqual([1000, 1000, 1])
    const [last] = windows[2] ?? []
    expect(last?.kind === 'asset' && last.asset.candidates).toEqual([
      { url: 'https://collections.louvre.fr/en/artwork/image/download/2001/0', quality: 'full' },
    ])
  })
})
