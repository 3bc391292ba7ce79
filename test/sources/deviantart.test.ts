import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CLIENT } from '../../replicas/deviantart/api.ts'
import { SAMPLES } from '../../replicas/deviantart/site.ts'
import { replica } from '../../replicas/deviantart.ts'
import { makeMedia } from '../../replicas/harness/media.ts'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { MemoryLimiter } from '../../src/adapters/limiter/memory.ts'
import type { Http } from '../../src/core/http.ts'
import type { Asset, ExploreContext, Finding, RefSpec } from '../../src/core/source.ts'
import { createHttp } from '../../src/http/client.ts'
import { parseConnectTo } from '../../src/http/connect/connect-to.ts'
import { CookieJar } from '../../src/http/cookies/jar.ts'
import { source } from '../../src/sources/deviantart/deviantart.ts'
import { jsonLines, workplace } from '../cli/support.ts'
import type { Workplace } from '../cli/support.ts'
import {
  contextOf,
  crawl,
  expectedOutcomes,
  faultOf,
  fetchAsset,
  openHttp,
  outcomesOf,
  resolveTarget,
} from './crawl.ts'

const { bower, feather, shell, brushes, poster, icon, nude, draft, paid, lost, triptych } = SAMPLES
const API = { 'deviantart.clientId': CLIENT.id, 'deviantart.clientSecret': CLIENT.secret }
const LISTS = 'www.deviantart.com/_puppy/dashared/gallection/contents'

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

/** The way out of somebody who is logged in. */
async function asMember<T>(use: (http: Http) => Promise<T>): Promise<T> {
  const cookies = new CookieJar()
  for (const name of ['auth', 'auth_secure'])
    cookies.store(`${name}=x; domain=.deviantart.com; path=/; Secure`, new URL('https://www.deviantart.com/'))
  const limiter = new MemoryLimiter()
  const member = createHttp(
    {
      version: '0',
      rate: 10_000,
      retries: 0,
      limits: source.limits,
      ca: running.ca,
      connectTo: [parseConnectTo(running.connectTo)],
      maxSize: 10_000_000,
      cookies,
    },
    limiter,
  )
  try {
    return await use(member)
  } finally {
    await member.close()
    await limiter.close()
  }
}

/** The findings of one ref by one strategy. */
async function findingsOf(ref: RefSpec, strategy: string, context: ExploreContext): Promise<readonly Finding[]> {
  const route = source.routes.find(({ name }) => name === ref.route)
  const found: Finding[] = []
  const chosen = route?.strategies.find(({ name }) => name === strategy)
  for await (const finding of chosen?.explore(ref.params, ref.cursor, context) ?? []) found.push(finding)
  return found
}

function asked(path: string): number {
  return running.requests.filter(({ url }) => url.includes(path)).length
}

describe('every target of the replica', () => {
  for (const { target, options, expected } of replica.targets.filter((one) => one.expected.fault === undefined)) {
    const wanted = options === undefined ? target : `${target} by the API`
    test(`${wanted}: all files, each with its bytes`, async () => {
      const crawled = await crawl(source, target, http, { ...(options === undefined ? {} : { options }) })
      expect(await outcomesOf(crawled, http)).toEqual(await expectedOutcomes({ files: expected.files }))
    })
  }
})

/** Every route that lists, with what it asks for and at least this many pages. */
const LISTINGS: readonly (readonly [route: string, target: string, pages: number])[] = [
  ['gallery', 'deviantart:crowd', 3],
  ['folder', 'deviantart:mira/gallery/101/fan-art', 3],
  ['scraps', 'deviantart:mira/scraps', 3],
  ['gallery-search', 'deviantart:crowd/gallery?q=study', 3],
  ['favourites', 'deviantart:mira/favourites', 3],
  ['favourites-folder', 'deviantart:mira/favourites/102/cities', 3],
  ['journals', 'deviantart:quill/posts', 3],
  ['tag', 'deviantart:tag/bower', 3],
  ['search', 'deviantart:search/study', 3],
  ['popular', 'deviantart:popular/24-hours', 3],
  // All of a day come in one answer.
  ['daily', 'deviantart:daily', 1],
]

describe.each(LISTINGS)('the route %s', (name, target, pages) => {
  const strategies = source.routes.find((route) => route.name === name)?.strategies ?? []

  test('is the one of its target', () => {
    expect(resolveTarget(source, target)?.route).toBe(name)
  })

  test.each(strategies.map((strategy) => strategy.name))(
    'by %s: the same keys as by the others, page after page, whatever is missing in between',
    async (strategy) => {
      const { assets, refs } = await crawl(source, target, http, { strategy, options: API })
      const first = await crawl(source, target, http, { options: API })
      expect([...assets.keys()].toSorted()).toEqual([...first.assets.keys()].toSorted())
      expect(assets.size).toBeGreaterThanOrEqual(7)
      expect(refs).toBeGreaterThanOrEqual(pages)
      // Text works are asked for one by one; they bring the pictures that their pages hold.
      expect(new Set(await Promise.all([...assets.values()].map((asset) => fetchAsset(asset, http)))).size).toBe(
        assets.size,
      )
    },
  )
})

test('every route that lists is tried', () => {
  const single = new Set(['deviation', 'stash'])
  expect(LISTINGS.map(([name]) => name)).toEqual(
    source.routes.map(({ name }) => name).filter((name) => !single.has(name)),
  )
})

test('an empty page in the middle of a list is no end', async () => {
  const { assets } = await crawl(source, 'deviantart:mira/favourites', http)
  const sizes = running.requests
    .filter(({ url }) => url.includes(LISTS))
    .map(({ url }) => new URL(url).searchParams.get('offset'))
  expect([sizes, assets.size]).toEqual([['0', '3', '6', '9'], 7])
})

test('one work by every strategy: the same key, and the upload where it is shown', async () => {
  const found = []
  for (const strategy of ['api', 'web', 'puppy', 'oembed']) {
    const { assets } = await crawl(source, `deviantart:${bower.id}`, http, { strategy, options: API })
    const asset = assets.get(`deviantart:${bower.id}`)
    found.push([
      assets.size,
      asset?.candidates[0]?.url.split('?')[0],
      asset?.candidates[0]?.quality,
      asset?.meta.author,
    ])
  }
  const url = `https://images-wixmp-ed30a86b8c4ca887773594c2.wixmp.com/f/9ad8fbc8-aee8-4e92-a04b-000000000000/dde942t-00000000-2222-4333-8444-555555555555.jpg`
  expect(found).toEqual(Array.from({ length: 4 }, () => [1, url, 'original', 'mira']))
})

test('a work says of itself what its page does', async () => {
  const { assets } = await crawl(source, `deviantart:${bower.id}`, http)
  expect(assets.get(`deviantart:${bower.id}`)).toMatchObject({
    refresh: { source: 'deviantart', route: 'deviation', params: { id: bower.id } },
    meta: {
      title: 'Bower in blue',
      author: 'mira',
      page: `https://www.deviantart.com/mira/art/Bower-in-blue-${bower.id}`,
      description: 'Made of straw & shells',
      tags: ['bower'],
      width: 360,
      height: 240,
      kind: 'image',
      mature: false,
      quality: 'original',
    },
  })
})

test('pictures of one work are numbered in their order, and refreshed by the work', async () => {
  const { assets } = await crawl(source, 'deviantart:mira', http)
  const parts = [...assets.values()].filter(({ key }) => key.startsWith(`deviantart:${triptych.id}`))
  expect(parts.map(({ key, index, refresh }) => [key, index, refresh?.params])).toEqual([
    [`deviantart:${triptych.id}`, 1, { id: triptych.id }],
    [`deviantart:${triptych.id}/7000`, 2, { id: triptych.id }],
    [`deviantart:${triptych.id}/7001`, 3, { id: triptych.id }],
  ])
})

describe('candidates', () => {
  /** Without the media host's path and token. */
  const renderingsOf = (asset: Asset | undefined): readonly (readonly [string, string])[] =>
    (asset?.candidates ?? []).map(({ url, quality }) => [
      quality,
      url.replace(/\?.*$/, '').replace(/^https:\/\/[^/]+(\/intermediary)?\/f\/[^/]+\/[^/]+\.jpg/, '$1'),
    ])

  test('of a rendering: full quality first, then as it is listed', async () => {
    const { assets } = await crawl(source, 'deviantart:mira', http)
    const name = `a_feather_found_by_mira_d${feather.id.toString(36)}-fullview.jpg`
    expect(renderingsOf(assets.get(`deviantart:${feather.id}`))).toEqual([
      ['full', `/v1/fill/w_180,h_120,q_100,strp/${name}`],
      ['full', `/v1/fill/w_180,h_120,q_75,strp/${name}`],
    ])
  })

  test('of a rendering: full quality first, as it is listed, and the old copies of works of their time', async () => {
    const { assets } = await crawl(source, 'deviantart:mira', http)
    const name = `shell_by_mira_d${shell.id.toString(36)}-fullview.jpg`
    expect(renderingsOf(assets.get(`deviantart:${shell.id}`))).toEqual([
      ['full', `/v1/fill/w_180,h_120,q_100,strp/${name}`],
      ['full', `/v1/fill/w_180,h_120,q_75,strp/${name}`],
      ['full', '/intermediary'],
      ['full', `/intermediary/v1/fill/w_5100,h_5100,bl,q_100/${name}`],
    ])
  })

  test('carry the tokens of the page, none that was changed', async () => {
    const { assets } = await crawl(source, 'deviantart:mira', http)
    for (const asset of assets.values()) expect(await fetchAsset(asset, http)).toMatch(/^[0-9a-f]{64}$/)
    // The replica refuses every token that it did not sign.
    expect(running.requests.filter(({ host, status }) => host.endsWith('wixmp.com') && status !== 200)).toEqual([])
  })
})

describe('what is not for everybody', () => {
  test('in a list each is named with the reason, and the others are got', async () => {
    const { assets, unavailable } = await crawl(source, 'deviantart:nightjar', http)
    expect([...assets.keys()]).toEqual([`deviantart:${SAMPLES.owl.id}`])
    expect(unavailable.map(({ code, what, why }) => [code, what.split('-').at(-1), why])).toEqual([
      ['NeedsLogin', String(nude.id), 'it is for adults, and shown to those who are logged in (--cookies)'],
      ['NeedsLogin', String(draft.id), 'it is for watchers of its artist only'],
      ['NeedsLogin', String(paid.id), 'it is premium, for those who pay its artist'],
      ['Gone', String(lost.id), 'it was deleted'],
    ])
  })

  test('by the API too; of a deleted work nothing is left to name', async () => {
    const { assets, unavailable } = await crawl(source, 'deviantart:nightjar', http, { options: API })
    expect([...assets.keys()]).toEqual([`deviantart:${SAMPLES.owl.id}`])
    expect(unavailable.map(({ code, what }) => [code, what.split('-').at(-1)])).toEqual([
      ['NeedsLogin', String(nude.id)],
      ['NeedsLogin', String(draft.id)],
      ['NeedsLogin', String(paid.id)],
    ])
  })

  test.each([
    [nude, 'NeedsLogin', 'it is for adults'],
    [draft, 'NeedsLogin', 'watchers'],
    [paid, 'NeedsLogin', 'premium'],
    [lost, 'Gone', 'deleted'],
  ])('one work alone is the fault of its target: $title', async ({ id }, code, words) => {
    for (const options of [{}, API]) {
      const fault = await faultOf(crawl(source, `deviantart:${id}`, http, { options, strategy: 'web' }))
      expect([fault.code, fault.message]).toEqual([code, expect.stringContaining(words)])
    }
  })

  test('the blurred picture of a work for adults is never a candidate, by any strategy', async () => {
    for (const strategy of ['api', 'web', 'puppy', 'oembed']) {
      const fault = await faultOf(crawl(source, `deviantart:${nude.id}`, http, { strategy, options: API }))
      expect([strategy, fault.code]).toEqual([strategy, 'NeedsLogin'])
    }
    const feed = await crawl(source, 'deviantart:nightjar', http, { strategy: 'rss' }).catch(() => undefined)
    expect([...(feed?.assets.keys() ?? [])]).not.toContain(`deviantart:${nude.id}`)
  })

  test('with the cookies of a login works for adults come whole', async () => {
    const outcomes = await asMember(async (member) => {
      const crawled = await crawl(source, `deviantart:${nude.id}`, member)
      return outcomesOf(crawled, member)
    })
    const file = nude.shown.as === 'upload' ? await makeMedia(nude.shown.upload) : undefined
    expect(outcomes).toEqual({ [`deviantart:${nude.id}`]: file?.sha256 })
  })
})

describe('the download button', () => {
  test('gives those who are logged in the original of any type, and is not pressed where it would give the same', async () => {
    const wanted = await expectedOutcomes(
      replica.targets.find(({ target }) => target === 'deviantart:tools/gallery/all')?.expected ?? { files: {} },
    )
    const outcomes = await asMember(async (member) =>
      outcomesOf(await crawl(source, 'deviantart:tools', member), member),
    )
    expect(outcomes).toEqual(wanted)
    expect([asked(`/download/${brushes.id}`), asked(`/download/${poster.id}`), asked(`/download/${icon.id}`)]).toEqual([
      1, 1, 0,
    ])
  })

  test('is not pressed without a login, nor against the wish of the user', async () => {
    await crawl(source, 'deviantart:tools', http)
    await crawl(source, 'deviantart:tools', http, { options: { ...API, 'deviantart.originals': 'false' } })
    expect(asked('/download/')).toBe(0)
  })

  test('its links have an end, and the ref of the work gives fresh ones of the same key', async () => {
    await asMember(async (member) => {
      const { assets } = await crawl(source, `deviantart:${poster.id}`, member)
      const asset = assets.get(`deviantart:${poster.id}`)
      const [original] = asset?.candidates ?? []
      expect(original?.expires).toBeGreaterThan(Date.now())
      expect(original?.expires).toBeLessThanOrEqual(Date.now() + 600_000)
      const { refresh } = asset ?? {}
      if (refresh === undefined) throw new Error('the asset names no ref')
      const again = await findingsOf(refresh, 'web', contextOf(source, member))
      expect(again).toMatchObject([{ kind: 'asset', asset: { key: `deviantart:${poster.id}` } }])
    })
  })

  test('by the API a link ends when its token says', async () => {
    const { assets } = await crawl(source, `deviantart:${poster.id}`, http, { options: API })
    const expires = assets.get(`deviantart:${poster.id}`)?.candidates[0]?.expires ?? 0
    expect(expires - Date.now()).toBeGreaterThan(500_000)
    expect(expires - Date.now()).toBeLessThanOrEqual(610_000)
  })

  test('is not asked for again in a run when the quota of the week is used up', async () => {
    running.mishap({
      on: 'www.deviantart.com/api/v1/oauth2/deviation/download/*',
      does: {
        kind: 'answer',
        status: 400,
        headers: { 'content-type': 'application/json' },
        body: '{"error":"invalid_request","error_description":"Free download limit reached.","error_code":2,"status":"error"}',
      },
    })
    const { assets } = await crawl(source, 'deviantart:tools', http, { options: API })
    expect(assets.size).toBe(4)
    expect(asked('/deviation/download/')).toBe(1)
  })

  test('a preview picture in place of a file is told as such', async () => {
    const ref = { source: 'deviantart', route: 'deviation', params: { id: brushes.id } }
    const found = await findingsOf(ref, 'web', contextOf(source, http))
    expect(found).toMatchObject([
      { kind: 'asset', asset: { candidates: [{ quality: 'preview' }] } },
      { kind: 'note', message: expect.stringMatching(/takes a login \(--cookies\) .* --overwrite$/) },
    ])
  })
})

describe('the API', () => {
  const gone = (): object => ({ deviationid: '00000000-0000-0000-0000-000000000000', printid: null, is_deleted: true })

  test('is asked with one token, which stands in no address; its secret leaves in a body alone', async () => {
    await crawl(source, 'deviantart:crowd', http, { options: API })
    expect(asked('/oauth2/token')).toBe(1)
    const api = running.requests.filter(({ path }) => path.startsWith('/api/'))
    expect(api.length).toBe(3)
    for (const { headers } of api) expect(headers['authorization']).toMatch(/^Bearer token-\d+$/)
    for (const { headers } of api) expect(headers['user-agent']).toMatch(/^bowerbird\//)
    expect(running.requests.filter(({ url }) => url.includes(CLIENT.secret) || url.includes('token-'))).toEqual([])
  })

  test('its token is kept for its hour, then asked for anew', async () => {
    const context = contextOf(source, http, API)
    const ref = { source: 'deviantart', route: 'gallery', params: { user: 'crowd' } }
    for (const minutes of [0, 30, 58]) await findingsOf(ref, 'api', { ...context, now: context.now + minutes * 60_000 })
    expect(asked('/oauth2/token')).toBe(1)
    await findingsOf(ref, 'api', { ...context, now: context.now + 59.5 * 60_000 })
    expect(asked('/oauth2/token')).toBe(2)
  })

  test('many refs that wait for a token share one, also when it was refused', async () => {
    const context = contextOf(source, http, API)
    const ref = { source: 'deviantart', route: 'gallery', params: { user: 'crowd' } }
    running.mishap({
      on: 'www.deviantart.com/api/v1/oauth2/gallery/all',
      times: 3,
      does: {
        kind: 'answer',
        status: 401,
        headers: { 'content-type': 'application/json' },
        body: '{"error":"invalid_token","error_description":"Invalid token.","status":"error"}',
      },
    })
    const found = await Promise.all([1, 2, 3].map(() => findingsOf(ref, 'api', context)))
    expect(found.map(({ length }) => length)).toEqual([4, 4, 4])
    expect(asked('/oauth2/token')).toBe(2)
  })

  test('is left alone without credentials, and once they were refused', async () => {
    await crawl(source, 'deviantart:crowd', http)
    expect(asked('/api/') + asked('/oauth2/')).toBe(0)
    const context = contextOf(source, http, { ...API, 'deviantart.clientSecret': 'wrong' })
    const ref = { source: 'deviantart', route: 'gallery', params: { user: 'crowd' } }
    const faults = []
    for (const _ of [1, 2]) faults.push(await faultOf(findingsOf(ref, 'api', context)))
    expect(faults.map(({ code, message }) => [code, message])).toEqual(
      Array.from({ length: 2 }, () => [
        'Blocked',
        "DeviantArt refuses the API's client id or secret: Client authentication failed.",
      ]),
    )
    expect(faults[0]?.message).not.toContain('wrong')
    expect(asked('/oauth2/token')).toBe(1)
  })

  test.each([
    ['User not found.', 'Gone', 'no account of this name'],
    ['Account is inactive.', 'Gone', 'deactivated'],
    ['Sorry, we have blocked access to this profile.', 'Blocked', 'blocked access'],
    // The interface has lost parts before; then the next strategy is asked, which a work or artist that is gone prevents.
    ['Api endpoint not found.', 'HttpStatus', 'endpoint'],
  ])('says of an artist: %s', async (said, code, words) => {
    running.mishap({
      on: 'www.deviantart.com/api/v1/oauth2/gallery/all',
      does: {
        kind: 'answer',
        status: 400,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ error: 'invalid_request', error_description: said, status: 'error' }),
      },
    })
    const fault = await faultOf(crawl(source, 'deviantart:crowd', http, { options: API }))
    expect([fault.code, fault.message]).toEqual([code, expect.stringContaining(words)])
  })

  test('a gallery that ends where the API shows no more may have older works, and says so', async () => {
    const ref = { source: 'deviantart', route: 'gallery', params: { user: 'crowd' } }
    for (const [offset, told] of [
      [9_888, 1],
      [240, 0],
    ] as const) {
      running.mishap({
        on: 'www.deviantart.com/api/v1/oauth2/gallery/all',
        times: 1,
        does: {
          kind: 'answer',
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ has_more: false, next_offset: null, results: Array.from({ length: 24 }, gone) }),
        },
      })
      const at = { ...ref, cursor: { at: { offset }, empty: 0 } }
      const found = await findingsOf(at, 'api', contextOf(source, http, API))
      expect(found.filter(({ kind }) => kind === 'note')).toHaveLength(told)
    }
  })

  test('a folder whose words fit none is found by the site itself', async () => {
    const fault = await faultOf(crawl(source, 'deviantart:mira/gallery/101/other-words', http, { options: API }))
    expect(fault.code).toBe('SiteChanged')
    const { assets } = await crawl(source, 'deviantart:mira/gallery/101/other-words', http, { strategy: 'web' })
    expect(assets.size).toBe(7)
  })
})

describe("the site's own lists", () => {
  test('are asked with the token and the cookie of one page, by a client that looks like a browser and says its name', async () => {
    await asMember((member) => crawl(source, 'deviantart:crowd', member))
    const site = running.requests.filter(({ host }) => host === 'www.deviantart.com')
    expect(site.map(({ path }) => path.split('?')[0])).toEqual([
      '/crowd/gallery',
      ...Array.from({ length: 3 }, () => '/_puppy/dashared/gallection/contents'),
    ])
    for (const { headers } of site) expect(headers['user-agent']).toMatch(/^Mozilla\/5\.0 .*Firefox.* bowerbird$/)
    for (const { headers } of site.slice(1)) expect(headers['cookie']).toContain('userinfo=')
    for (const { url } of site.slice(1))
      expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
        all_folder: 'true',
        limit: '60',
        type: 'gallery',
      })
  })

  test('a token that is refused again and again ends in a fault', async () => {
    running.mishap({
      on: 'www.deviantart.com/_puppy/*',
      does: {
        kind: 'answer',
        status: 400,
        headers: { 'content-type': 'application/json' },
        body: '{"error":"invalid_request","errorDescription":"Invalid or expired form submission","errorDetails":{"csrf":"invalid"},"status":"error"}',
      },
    })
    const fault = await faultOf(crawl(source, 'deviantart:crowd', http))
    expect([fault.code, asked('/crowd/gallery'), asked('/_puppy/')]).toEqual(['HttpStatus', 3, 3])
    expect(fault.evidence.url).not.toMatch(/csrf_token=(?!REDACTED)/)
  })

  const answered = (body: string, status = 200): void => {
    running.mishap({
      on: LISTS,
      does: { kind: 'answer', status, headers: { 'content-type': 'application/json' }, body },
    })
  }

  test.each([
    ['an empty answer', '', 200, 'Blocked', 'browsers only'],
    ['a block of the content network', '<h1>403 ERROR</h1>Request blocked.', 403, 'Blocked', 'content network'],
    ['an artist that is not there', '{"error":"x","errorDescription":"User not found."}', 400, 'Gone', 'no account'],
    ['a list that has moved', '<title>404</title>', 404, 'SiteChanged', 'any more'],
    ['a list that goes on nowhere', '{"hasMore":true,"results":[]}', 200, 'SiteChanged', 'not where'],
    ['another shape', '{"hasMore":false,"items":[]}', 200, 'SiteChanged', 'no works in it'],
    ['no JSON', '<html>maintenance</html>', 200, 'SiteChanged', 'should be JSON'],
    ['works in another shape', '{"hasMore":false,"results":[{"deviationId":7}]}', 200, 'SiteChanged', '$.url'],
  ])('%s: named as what it is', async (_name, body, status, code, words) => {
    answered(body, status)
    const fault = await faultOf(crawl(source, 'deviantart:crowd', http))
    expect([fault.code, fault.message]).toEqual([code, expect.stringContaining(words)])
  })

  const state = (streams: object, ...numbers: readonly number[]): string => {
    const work = (deviationId: number): object => ({
      deviationId,
      url: `https://www.deviantart.com/a/art/B-${deviationId}`,
      author: { username: 'a' },
      media: { baseUri: `https://x.wixmp.com/f/a/${deviationId}.jpg`, types: [{ t: 'fullview', r: -1, w: 1, h: 1 }] },
    })
    const deviation = Object.fromEntries(numbers.map((number) => [number, work(number)]))
    const all = { '@@entities': { deviation }, '@@streams': streams }
    return `<script>window.__INITIAL_STATE__ = JSON.parse(${JSON.stringify(JSON.stringify(all))});</script>`
  }

  test('what else a page shows is no part of its folder, however long', async () => {
    running.mishap({
      on: 'www.deviantart.com/crowd/gallery/all',
      does: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: state(
          { 'more-like-this': { items: [7, 8, 9] }, 'folder-deviations-gallery--1': { items: [5] } },
          5,
          7,
          8,
          9,
        ),
      },
    })
    const { assets } = await crawl(source, 'deviantart:crowd', http, { strategy: 'page' })
    expect([...assets.keys()]).toEqual(['deviantart:5'])
  })

  const servePages = (...bodies: readonly string[]): void => {
    const headers = { 'content-type': 'text/html' }
    for (const body of bodies)
      running.mishap({
        on: 'www.deviantart.com/crowd/gallery/all',
        times: 1,
        does: { kind: 'answer', status: 200, headers, body },
      })
  }
  const folder = (items: readonly number[], hasMore: boolean): object => ({
    'folder-deviations-gallery--1': { items, hasMore },
  })

  test('a page without a work is no end while there is more', async () => {
    servePages(
      state(folder([], true)),
      state(folder([5], true), 5),
      state(folder([], true)),
      state(folder([6], false), 6),
    )
    const { assets } = await crawl(source, 'deviantart:crowd', http, { strategy: 'page' })
    expect([...assets.keys()]).toEqual(['deviantart:5', 'deviantart:6'])
  })

  test('a page that comes again is the end, but not where there is more', async () => {
    servePages(state(folder([5], true), 5), state(folder([5], false), 5))
    expect((await crawl(source, 'deviantart:crowd', http, { strategy: 'page' })).assets.size).toBe(1)
    servePages(state(folder([5], true), 5), state(folder([5], true), 5))
    const fault = await faultOf(crawl(source, 'deviantart:crowd', http, { strategy: 'page' }))
    expect([fault.code, fault.message]).toEqual(['SiteChanged', expect.stringContaining('the same page')])
  })

  test('a picture of which a list names no file is asked for by its page, and reported where that names none either', async () => {
    const bare = {
      deviationId: bower.id,
      url: `https://www.deviantart.com/a/art/B-${bower.id}`,
      author: { username: 'a' },
      media: { baseUri: 'https://x.wixmp.com/f/a/b.jpg', types: [{ t: 'fullview', r: 1, w: 1, h: 1 }] },
    }
    answered(JSON.stringify({ hasMore: false, results: [bare] }))
    const { assets } = await crawl(source, 'deviantart:crowd', http)
    expect([...assets.keys()]).toEqual([`deviantart:${bower.id}`])
    running.mishap({
      on: 'www.deviantart.com/_puppy/dadeviation/init',
      does: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ deviation: { ...bare, extended: {} } }),
      },
    })
    const fault = await faultOf(crawl(source, `deviantart:${bower.id}`, http, { strategy: 'puppy' }))
    expect([fault.code, fault.message]).toEqual(['SiteChanged', expect.stringContaining('no file')])
  })

  test('a further picture that is blurred is named, not collected', async () => {
    const c = '/v1/fill/w_9,h_9,q_75,strp,blur_30/x-fullview.jpg'
    const more = {
      fileId: 7,
      media: { baseUri: 'https://x.wixmp.com/f/a/c.jpg', types: [{ t: 'fullview', r: -1, c }] },
    }
    const whole = {
      deviationId: 5,
      url: 'https://www.deviantart.com/a/art/B-5',
      author: { username: 'a' },
      media: { baseUri: 'https://x.wixmp.com/f/a/b.jpg', types: [{ t: 'fullview', r: -1, w: 1, h: 1 }] },
      extended: { additionalMedia: [more] },
    }
    answered(JSON.stringify({ hasMore: false, results: [whole] }))
    const ref = { source: 'deviantart', route: 'gallery', params: { user: 'crowd' } }
    const found = await findingsOf(ref, 'web', contextOf(source, http))
    const expected = [
      { kind: 'asset', asset: { key: 'deviantart:5' } },
      { kind: 'unavailable', code: 'NeedsLogin' },
    ]
    expect(found).toMatchObject(expected)
    running.mishap({
      on: 'www.deviantart.com/_puppy/dadeviation/init',
      does: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ deviation: whole }),
      },
    })
    const alone = { source: 'deviantart', route: 'deviation', params: { id: 5 } }
    expect(await findingsOf(alone, 'puppy', contextOf(source, http))).toMatchObject(expected)
  })

  test('one work that cannot be read is reported, and the others are got', async () => {
    const whole = {
      deviationId: 5,
      url: 'https://www.deviantart.com/a/art/B-5',
      author: { username: 'a' },
      media: { baseUri: 'https://x.wixmp.com/f/a/b.jpg', types: [{ t: 'fullview', r: -1, w: 1, h: 1 }] },
    }
    answered(JSON.stringify({ hasMore: false, results: [{ deviation: whole }, { deviationId: 6 }] }))
    const { assets, unavailable } = await crawl(source, 'deviantart:crowd', http)
    expect([[...assets.keys()], unavailable.map(({ code }) => code)]).toEqual([['deviantart:5'], ['SiteChanged']])
  })

  test('a list that promises more and more without a work is given up', async () => {
    let offset = 0
    for (let page = 0; page < 40; page += 1) {
      offset += 60
      running.mishap({
        on: LISTS,
        times: 1,
        does: {
          kind: 'answer',
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ hasMore: true, nextOffset: offset, results: [] }),
        },
      })
    }
    const fault = await faultOf(crawl(source, 'deviantart:crowd', http))
    expect([fault.code, asked(LISTS)]).toEqual(['SiteChanged', 21])
  })
})

describe('pages of the site', () => {
  test.each([
    ['a page that is not there', 404, '<title>404</title>', 'Gone', 'it was deleted'],
    ['a deactivated account', 404, '<p>The account was deactivated</p>', 'Gone', 'deactivated'],
    [
      'members only',
      200,
      '<p>The artist has limited the viewing of this artwork</p>',
      'NeedsLogin',
      'members of the site',
    ],
    ['adults only', 200, '<p>This content is intended for mature audiences</p>', 'NeedsLogin', 'adults'],
    ['no state', 200, '<p>Something new</p>', 'SiteChanged', 'no state'],
    [
      'another state',
      200,
      '<script>window.__INITIAL_STATE__ = JSON.parse("{\\"@@entities\\":{}}");</script>',
      'SiteChanged',
      'its own work',
    ],
    [
      'a broken state',
      200,
      '<script>window.__INITIAL_STATE__ = JSON.parse("{\\"a");</script>',
      'SiteChanged',
      'no JSON',
    ],
  ])('%s', async (_name, status, body, code, words) => {
    running.mishap({
      on: 'www.deviantart.com/deviation/*',
      does: { kind: 'answer', status, headers: { 'content-type': 'text/html' }, body },
    })
    const fault = await faultOf(crawl(source, `deviantart:${bower.id}`, http))
    expect([fault.code, fault.message]).toEqual([code, expect.stringContaining(words)])
  })

  test('a redirect to the login is a wall', async () => {
    running.mishap(
      {
        on: 'www.deviantart.com/deviation/*',
        does: { kind: 'answer', status: 302, headers: { location: '/users/login' } },
      },
      {
        on: 'www.deviantart.com/users/login',
        does: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<form>' },
      },
    )
    expect((await faultOf(crawl(source, `deviantart:${bower.id}`, http))).code).toBe('NeedsLogin')
  })
})

describe('feeds', () => {
  test.each([
    ['no XML', '<rss><channel>', 'SiteChanged'],
    [
      'an item without a number',
      '<rss><channel><item><link>https://www.deviantart.com/a</link></item></channel></rss>',
      'SiteChanged',
    ],
    [
      'an entity of its own',
      '<!DOCTYPE a [<!ENTITY x "y">]><rss><channel><item><title>&x;</title></item></channel></rss>',
      'SiteChanged',
    ],
  ])('%s: %#', async (_name, body, code) => {
    running.mishap({
      on: 'backend.deviantart.com/*',
      does: { kind: 'answer', status: 200, headers: { 'content-type': 'application/xml' }, body },
    })
    expect((await faultOf(crawl(source, 'deviantart:crowd', http, { strategy: 'rss' }))).code).toBe(code)
  })

  test('lead to no other host', async () => {
    running.mishap({
      on: 'backend.deviantart.com/*',
      does: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'application/xml' },
        body: '<rss xmlns:atom="a"><channel><atom:link rel="next" href="https://elsewhere.example/rss.xml"/></channel></rss>',
      },
    })
    expect((await crawl(source, 'deviantart:crowd', http, { strategy: 'rss' })).refs).toBe(1)
  })

  test('know no further pictures of a work: what they list of it is its first', async () => {
    const { assets } = await crawl(source, 'deviantart:mira', http, { strategy: 'rss' })
    expect([...assets.keys()].filter((key) => key.includes(String(triptych.id)))).toEqual([`deviantart:${triptych.id}`])
    expect(assets.size).toBe(7)
  })
})

test('texts are left alone against the wish of the user', async () => {
  const { assets, refs } = await crawl(source, 'deviantart:quill/posts', http, {
    strategy: 'page',
    options: { 'deviantart.texts': 'false' },
  })
  expect([assets.size, refs]).toEqual([0, 3])
})

describe('the real program', () => {
  let place: Workplace

  beforeEach(async () => {
    place = await workplace()
  })
  afterEach(() => place.remove())

  const way = (): readonly string[] => ['--connect-to', running.connectTo, '--cacert', running.caFile, '--rate', '1000']

  test('with the cookies of a login: originals of any type under their names, works for adults whole, no secret told', async () => {
    const cookies = ['auth', 'auth_secure'].map((name) => `.deviantart.com\tTRUE\t/\tTRUE\t0\t${name}\tmember-${name}`)
    await writeFile(join(place.folder, 'cookies.txt'), `# Netscape HTTP Cookie File\n${cookies.join('\n')}\n`)
    const targets = ['deviantart:tools', `https://www.deviantart.com/nightjar/art/Study-${nude.id}`]
    const told = await place.run('get', ...targets, '--cookies', 'cookies.txt', '-o', 'library', '--json', ...way())
    const files = await readdir(join(place.folder, 'library', 'deviantart'), { recursive: true })
    expect(files.filter((file) => file.includes('.')).toSorted()).toEqual([
      'nightjar/830000302 Study of a figure.jpg',
      'tools/820000201 Brushes.zip',
      'tools/820000202 Poster.jpg',
      'tools/820000203 Icon.png',
      'tools/820000204 Inks.abr',
    ])
    expect([told.status, told.stdout.includes('member-'), told.stderr.includes('member-')]).toEqual([0, false, false])
  })

  test('an expired link behind the download button: asked for once more, by the work and not by its gallery', async () => {
    running.mishap({
      on: 'wixmp-ed30a86b8c4ca887773594c2.wixmp.com/*',
      times: 1,
      does: { kind: 'answer', status: 401, headers: { 'content-type': 'text/plain' }, body: 'unauthorized' },
    })
    const options = Object.entries(API).flatMap(([name, value]) => ['--option', `${name}=${value}`])
    const target = 'https://www.deviantart.com/tools/gallery'
    const told = await place.run('get', target, '-o', 'library', '--json', '--jobs', '1', ...options, ...way())
    const outcome = jsonLines(told.stdout).filter(({ event }) => event === 'stored' || event === 'failed')
    expect([told.status, outcome.length, new Set(outcome.map(({ key }) => key)).size]).toEqual([0, 4, 4])
    // Two pages of the gallery; three works with a button, one of them twice.
    expect([asked('/gallery/all'), asked('/deviation/download/')]).toEqual([2, 4])
    expect(told.stdout + told.stderr).not.toContain(CLIENT.secret)
  })
})
