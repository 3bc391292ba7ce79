import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { replica } from '../../replicas/imgur.ts'
import { TOKEN } from '../../replicas/imgur/site.ts'
import { SITE_CLIENT } from '../../replicas/imgur/web.ts'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import type { Http } from '../../src/core/http.ts'
import { source } from '../../src/sources/imgur/imgur.ts'
import { crawl, expectedOutcomes, faultOf, openHttp, outcomesOf, resolveTarget } from './crawl.ts'

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

const REFUSED = replica.targets.filter(({ expected }) => expected.fault !== undefined)
const COLLECTED = replica.targets.filter((target) => !REFUSED.includes(target))

describe('every target of the replica', () => {
  test.each(REFUSED)('$target: $expected.fault, by every strategy', async ({ target, expected }) => {
    const route = source.routes.find(({ name }) => name === resolveTarget(source, target)?.route)
    for (const { name } of route?.strategies ?? [])
      expect((await faultOf(crawl(source, target, http, { strategy: name }))).code).toBe(expected.fault)
  })

  for (const { target, options, expected } of COLLECTED) {
    const root = resolveTarget(source, target)
    const route = source.routes.find(({ name }) => name === root?.route)
    const wanted = options === undefined ? target : `${target} with ${JSON.stringify(options)}`

    test(`${wanted}: all files, each with its bytes`, async () => {
      const crawled = await crawl(source, target, http, { ...(options === undefined ? {} : { options }) })
      expect(await outcomesOf(crawled, http)).toEqual(await expectedOutcomes(expected))
    })

    for (const strategy of route?.strategies.slice(1) ?? []) {
      test(`${wanted}: the same keys and URLs by the strategy ${strategy.name}`, async () => {
        const found = []
        for (const name of [undefined, strategy.name]) {
          const { assets } = await crawl(source, target, http, {
            ...(options === undefined ? {} : { options }),
            ...(name === undefined ? {} : { strategy: name }),
          })
          found.push(
            [...assets.values()]
              .map(({ key, candidates, index }) => ({ key, urls: candidates.map(({ url }) => url), index }))
              .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
          )
        }
        expect(found[1]).toEqual(found[0])
        expect(found[1]?.length).toBe(Object.keys(expected.files).length + Object.keys(expected.failed ?? {}).length)
      })
    }
  }
})

describe('the requests of imgur', () => {
  test("carry the client id as a parameter and an own user agent; the web site gets one that begins as a browser's", async () => {
    await crawl(source, 'imgur:a/sT0nE', http)
    await crawl(source, 'imgur:a/sT0nE', http, { strategy: 'web' })
    const [api] = running.requests.filter(({ host }) => host === 'api.imgur.com')
    const [web] = running.requests.filter(({ host }) => host === 'imgur.com')
    expect(api?.url).toContain('client_id=546c25a59c58ad7')
    expect(api?.headers['authorization']).toBeUndefined()
    expect(api?.headers['user-agent']).toMatch(/^bowerbird\//)
    expect(web?.headers['user-agent']).toMatch(/^Mozilla\/5\.0 .*bowerbird/)
  })

  test('are none for an album of which the listing tells everything', async () => {
    await crawl(source, 'imgur:t/blue', http)
    expect(running.requests.map(({ path }) => path.split('?')[0])).toEqual(
      ['0', '1', '2', '3'].map((page) => `/3/gallery/t/blue/time/all/${page}`),
    )
  })

  test('are one for a post that tells of all its images', async () => {
    await crawl(source, 'imgur:gallery/fEaThRs', http)
    await crawl(source, 'imgur:r/bowerbirds/s7Raw', http)
    expect(running.requests.map(({ path }) => path.split('?')[0])).toEqual([
      '/post/v1/posts/fEaThRs',
      '/post/v1/posts/s7Raw',
    ])
  })

  test('ask the advanced search for what its address names', async () => {
    await crawl(source, 'https://imgur.com/search?q_all=stone&q_type=png&q_not=&utm=x', http)
    const [first] = running.requests
    const asked = Object.fromEntries(new URL(first?.url ?? '').searchParams)
    expect(asked).toEqual({ q_all: 'stone', q_type: 'png', client_id: '546c25a59c58ad7' })
  })
})

/** [target, strategy, path before the page's number, path behind it, the first page's number]. */
const LISTINGS: readonly (readonly [string, string, string, string, number])[] = [
  ['imgur:r/bowerbirds', 'api', '/3/gallery/r/bowerbirds/time/', '', 0],
  ['imgur:r/bowerbirds', 'web', '/r/bowerbirds/new/page/', '/hit.json', 0],
  ['imgur:r/bowerbirds', 'html', '/r/bowerbirds/new/page/', '/hit', 0],
  ['imgur:r/bowerbirds/top', 'api', '/3/gallery/r/bowerbirds/top/week/', '', 0],
  ['imgur:t/blue', 'api', '/3/gallery/t/blue/time/all/', '', 0],
  ['imgur:t/blue/top/year', 'api', '/3/gallery/t/blue/top/year/', '', 0],
  ['imgur:search/stone', 'api', '/3/gallery/search/time/all/', '', 0],
  ['imgur:search/stone', 'html', '/search/time/all/page/', '', 0],
  ['https://imgur.com/search/relevance?q=stone', 'api', '/3/gallery/search/viral/week/', '', 0],
  ['imgur:user/ghost', 'api', '/3/account/ghost/submissions/', '/newest', 0],
  ['imgur:user/ghost/favorites', 'api', '/3/account/ghost/gallery_favorites/', '/newest', 0],
  ['imgur:hot', 'api', '/3/gallery/hot/viral/week/', '', 0],
  ['imgur:top/month', 'api', '/3/gallery/top/top/month/', '', 0],
  ['imgur:new', 'api', '/3/gallery/user/time/week/', '', 0],
  // These have the page's number in the query.
  ['imgur:t/blue', 'posts', '/post/v1/posts/t/blue?page=', '', 1],
  ['imgur:t/blue/viral', 'posts', '/post/v1/posts/t/blue?page=', '', 1],
  ['imgur:user/ghost/favorites/folder/12345', 'api', '/3/account/ghost/folders/12345/favorites?page=', '', 0],
]

describe('paging', () => {
  test.each(LISTINGS)('%s by %s: page after page until an empty one, three at least', async (...row) => {
    const [target, strategy, before, behind, from] = row
    await crawl(source, target, http, { strategy })
    const asked = running.requests.flatMap(({ url }) => {
      const { pathname, searchParams } = new URL(url)
      const path = before.includes('?') ? `${pathname}?page=${searchParams.get('page')}` : pathname
      return path.startsWith(before) && path.endsWith(behind)
        ? [path.slice(before.length, -behind.length || undefined)]
        : []
    })
    expect(asked.length).toBeGreaterThanOrEqual(4)
    expect(asked).toEqual(asked.map((_, index) => String(index + from)))
  })

  test('of a tag by post/v1 says how it is sorted and how far back', async () => {
    for (const target of ['imgur:t/blue', 'imgur:t/blue/viral/year'])
      await crawl(source, target, http, { strategy: 'posts' })
    const asked = running.requests
      .filter(({ path }) => path.includes('/posts/t/'))
      .map(({ url }) => new URL(url).searchParams)
    expect([...new Set(asked.map((query) => `${query.get('sort')} ${query.get('filter[window]')}`))]).toEqual([
      '-time all',
      '-viral year',
    ])
  })
})

describe('what belongs to the user', () => {
  test.each([
    ['imgur:user/me', ['bWr0001', 'cAp0001', 'cAp0002', 'dAnc3Rr', 'fi1mM4x', 's7Raw'], 4],
    [
      'imgur:user/me/hidden',
      ['cAp0001', 'cAp0002', 'fEath01', 'fEath02', 'sT0ne01', 'sT0ne02', 'sT0ne03', 'sT0neGf'],
      3,
    ],
  ])('%s comes with the cookies of a session, and asks for a login without', async (target, ids, pages) => {
    const fault = await faultOf(crawl(source, target, http))
    expect([fault.code, fault.evidence.advice]).toEqual(['NeedsLogin', expect.stringContaining('--cookies')])
    running.reset()
    const own: Http = {
      ...http,
      request: (request, options) =>
        http.request({ ...request, headers: { ...request.headers, cookie: `accesstoken=${TOKEN}` } }, options),
    }
    const { assets } = await crawl(source, target, own)
    expect([...assets.keys()].toSorted()).toEqual(ids.map((id) => `imgur:${id}`))
    expect(running.requests.filter(({ path }) => path.includes('/accounts/me/'))).toHaveLength(pages)
  })
})

describe('a file that the user named', () => {
  test('and nobody describes is asked for all the same, with a note', async () => {
    for (const strategy of ['api', 'web']) {
      const { assets } = await crawl(source, 'https://i.imgur.com/oRpHanX.gifv', http, { strategy })
      expect([...assets.values()].map(({ key, candidates }) => [key, candidates.map(({ url }) => url)])).toEqual([
        ['imgur:oRpHanX', ['https://i.imgur.com/oRpHanX.mp4', 'https://i.imgur.com/oRpHanX.gif']],
      ])
    }
  })

  test('is asked for a second time elsewhere where its id is an old one', async () => {
    const { assets } = await crawl(source, 'imgur:s7Raw', http)
    expect(assets.get('imgur:s7Raw')?.candidates.map(({ url }) => url)).toEqual([
      'https://i.imgur.com/s7Raw.jpg',
      'https://i.imgur.com/s7Raw.png',
    ])
  })

  test('and moves as a PNG stays one', async () => {
    const { assets } = await crawl(source, 'imgur:fL1cker', http, { options: { 'imgur.gif': 'both' } })
    expect([...assets.values()].map(({ key, candidates }) => [key, candidates.map(({ url }) => url)])).toEqual([
      ['imgur:fL1cker', ['https://i.imgur.com/fL1cker.png']],
    ])
  })
})

test('an album of more images than a ref may yield comes in windows', async () => {
  const media = Array.from({ length: 1200 }, (_, number) => ({ id: `i${String(number).padStart(6, '0')}`, ext: 'png' }))
  const body = JSON.stringify({ id: 'b1Gal', is_album: true, image_count: media.length, media })
  const headers = { 'content-type': 'application/json' }
  running.mishap({ on: 'api.imgur.com/*', does: { kind: 'answer', status: 200, headers, body } })
  const { assets, refs } = await crawl(source, 'imgur:a/b1Gal', http)
  expect([assets.size, refs, assets.get('imgur:i001199')?.index]).toEqual([1200, 2, 1200])
})

describe('what imgur says when it does not answer', () => {
  test.each([
    [
      'over capacity as 403',
      403,
      '{"data":{"error":"Imgur is temporarily over capacity. Please try again later."},"success":false,"status":403}',
    ],
    [
      'over capacity as status 1203 in a good answer',
      200,
      '{"data":{"error":"Imgur is over capacity!"},"success":false,"status":1203}',
    ],
    [
      '429 without a time',
      429,
      '{"errors":[{"id":"legacy-api-1","code":"429","status":"Too Many Requests","detail":"Too Many Requests"}]}',
    ],
  ])('%s: patience, with a time, also where a login may be wanted', async (_name, status, body) => {
    running.mishap({
      on: 'api.imgur.com/*',
      does: { kind: 'answer', status, headers: { 'content-type': 'application/json' }, body },
    })
    for (const target of ['imgur:a/sT0nE', 'imgur:user/me']) {
      const fault = await faultOf(crawl(source, target, http))
      expect([fault.code, fault.disposition, fault.evidence.retryAfter]).toEqual(['RateLimited', 'later', 600_000])
    }
  })

  test('a refused client id names the option to set', async () => {
    const fault = await faultOf(crawl(source, 'imgur:a/sT0nE', http, { options: { 'imgur.clientId': 'invalid' } }))
    expect([fault.code, fault.message]).toEqual(['Blocked', 'imgur refuses the client id: "Invalid client_id"'])
    expect(fault.evidence.advice).toContain('--option imgur.clientId=')
  })

  test("the program's own id, once refused, gives way to the one of the site's pages, looked for once", async () => {
    const refusal = {
      kind: 'answer',
      status: 403,
      body: '{"data":{"error":"Invalid client_id"},"success":false}',
    } as const
    running.mishap({ on: 'api.imgur.com/*', times: 1, does: refusal })
    const { assets } = await crawl(source, 'imgur:t/blue', http)
    expect(assets.size).toBe(6)
    const ids = running.requests.map(({ url }) => new URL(url).searchParams.get('client_id'))
    expect(ids).toEqual(['546c25a59c58ad7', null, null, ...Array<string>(4).fill(SITE_CLIENT)])
    running.reset()
    running.mishap(
      { on: 'api.imgur.com/*', does: refusal },
      { on: 'imgur.com/', does: { kind: 'answer', status: 500 } },
    )
    expect((await faultOf(crawl(source, 'imgur:t/blue', http))).message).toContain('refuses the client id')
  })

  test('what neither interface knows is gone, by either strategy', async () => {
    for (const target of ['imgur:nO5uch1', 'imgur:a/nO5uc', 'imgur:gallery/nO5uch1', 'imgur:user/nobody']) {
      expect((await faultOf(crawl(source, target, http))).code).toBe('Gone')
    }
    for (const target of ['imgur:nO5uch1', 'imgur:a/nO5uc', 'imgur:gallery/nO5uch1']) {
      expect((await faultOf(crawl(source, target, http, { strategy: 'web' }))).code).toBe('Gone')
    }
  })

  test('an empty album yields nothing', async () => {
    for (const strategy of ['api', 'web'])
      expect((await crawl(source, 'imgur:a/eMp7y', http, { strategy })).assets.size).toBe(0)
  })

  test('another shape is named with its place', async () => {
    running.mishap({
      on: 'api.imgur.com/*',
      does: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"data":[{"id":"a","is_album":false}],"success":true,"status":200}',
      },
    })
    const fault = await faultOf(crawl(source, 'imgur:r/bowerbirds', http))
    expect([fault.code, fault.evidence.where, fault.evidence.url]).toEqual([
      'SiteChanged',
      '$.link',
      expect.stringContaining('/3/gallery/r/bowerbirds/time/0'),
    ])
  })

  test('a page number that is ignored ends the listing', async () => {
    const first = await http.request({ url: 'https://api.imgur.com/3/gallery/t/blue/time/all/0?client_id=x' })
    running.mishap({
      on: 'api.imgur.com/3/gallery/t/*',
      does: { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: first.text() },
    })
    expect((await crawl(source, 'imgur:t/blue', http, { mostRefs: 5 })).refs).toBe(2)
  })

  test('a closed region is one for every way there is, and words in a title are none', async () => {
    const body = '<!doctype html><title>Imgur</title><p>Content not available in your region.</p>'
    for (const on of ['api.imgur.com/*', 'imgur.com/*'])
      running.mishap({ on, does: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body } })
    for (const [target, strategy] of [
      ['imgur:r/bowerbirds', 'api'],
      ['imgur:r/bowerbirds', 'web'],
      ['imgur:r/bowerbirds', 'html'],
      ['imgur:a/sT0nE', 'web'],
      ['imgur:bWr0001', 'web'],
    ] as const)
      expect((await faultOf(crawl(source, target, http, { strategy }))).code).toBe('Blocked')
    running.reset()
    const post = {
      id: 'bWr0001',
      is_album: false,
      title: 'Not available in your region',
      media: [{ id: 'bWr0001', ext: 'png' }],
    }
    const headers = { 'content-type': 'application/json' }
    running.mishap({
      on: 'api.imgur.com/*',
      does: { kind: 'answer', status: 200, headers, body: JSON.stringify(post) },
    })
    expect((await crawl(source, 'imgur:bWr0001', http)).assets.size).toBe(1)
  })

  test('a login wall is a login wall', async () => {
    running.mishap({
      on: 'imgur.com/*',
      does: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<a class="btn btn-wall--yes">Sign in</a>',
      },
    })
    expect((await faultOf(crawl(source, 'imgur:bWr0001', http, { strategy: 'web' }))).code).toBe('NeedsLogin')
  })
})
