import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeMedia } from '../../replicas/harness/media.ts'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { replica } from '../../replicas/lofter.ts'
import { mediaIdOf, permalinkOf, SAMPLES } from '../../replicas/lofter/site.ts'
import type { SitePost } from '../../replicas/lofter/site.ts'
import type { Http } from '../../src/core/http.ts'
import type { Finding } from '../../src/core/source.ts'
import { source } from '../../src/sources/lofter/lofter.ts'
import { contextOf, crawl, faultOf, fetchAsset, openHttp, resolveTarget } from './crawl.ts'
import type { Crawled } from './crawl.ts'

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

const { march, untitled, article, question, glassPost, words, lostPost, quietPost, film, posterPost, paid } = SAMPLES
const STRATEGIES = ['api', 'mobile', 'html'] as const
const PAGES_OF_THREE = { 'lofter.pageSize': '3' }

/** The keys of posts, in the order of their images. */
function keysOf(...posts: readonly SitePost[]): readonly string[] {
  return posts.flatMap((post) => post.pictures.map((picture) => `lofter:${permalinkOf(post)}/${mediaIdOf(picture)}`))
}

function pathsTo(host: string): readonly string[] {
  return running.requests.filter((request) => request.host === host).map(({ path }) => path)
}

/** Pages of three posts by every strategy, so that the blog has three of them. */
function crawlBlog(target: string, strategy: string): Promise<Crawled> {
  return crawl(source, target, http, { strategy, options: PAGES_OF_THREE })
}

describe.each(STRATEGIES)('by the strategy %s', (strategy) => {
  test('a blog of three pages: every image of every post, in their order', async () => {
    const { assets } = await crawlBlog('lofter:bluebower', strategy)
    expect([...assets.keys()]).toEqual(
      keysOf(march, untitled, article, question, glassPost, words, lostPost, quietPost),
    )
    expect([...assets.values()].map(({ index }) => index)).toEqual([1, 2, 3, 1, 2, 1, 1, 1, 1, 1])
  })

  test("a blog's tag: its posts alone", async () => {
    const { assets } = await crawlBlog('lofter:bluebower/tag/plain', strategy)
    expect([...assets.keys()]).toEqual(keysOf(untitled, question, quietPost))
  })

  test.each(['lofter:tag/凉亭', 'https://www.lofter.com/tag/凉亭/total'])(
    'the tag %s of two pages, by two blogs',
    async (target) => {
      const { assets } = await crawlBlog(target, strategy)
      expect([...assets.keys()]).toEqual(keysOf(march, article, glassPost, lostPost, posterPost))
    },
  )

  test('a blog whose number alone is known', async () => {
    const { assets } = await crawlBlog('https://www.lofter.com/mentionredirect.do?blogId=531594311', strategy)
    expect([...assets.keys()]).toEqual(
      keysOf(march, untitled, article, question, glassPost, words, lostPost, quietPost),
    )
  })

  test('every kind of post by its own address', async () => {
    for (const post of [march, untitled, article, question, glassPost, lostPost, quietPost]) {
      const { assets } = await crawlBlog(`https://bluebower.lofter.com/post/${permalinkOf(post)}`, strategy)
      expect([...assets.keys()]).toEqual(keysOf(post))
    }
  })

  test('a post without its blog’s name', async () => {
    const { assets } = await crawlBlog(`https://www.lofter.com/front/post/${permalinkOf(untitled)}`, strategy)
    expect([...assets.keys()]).toEqual(keysOf(untitled))
  })

  test('a post of words yields nothing', async () => {
    const { assets } = await crawlBlog(`lofter:bluebower/${permalinkOf(words)}`, strategy)
    expect(assets.size).toBe(0)
  })

  test('names, tags and the blog', async () => {
    const { assets } = await crawlBlog('lofter:bluebower', strategy)
    const metas = [...assets.values()].map(({ meta }) => meta)
    expect([...new Set(metas.map(({ title }) => title))]).toEqual(
      [
        'March: 1/3',
        'Straw & shells,',
        'On berries',
        'Of moss.',
        'Glass',
        'Lost and found',
        strategy === 'html' ? permalinkOf(quietPost) : `2025-02-21 ${permalinkOf(quietPost)}`,
      ].map((title) => (strategy === 'html' && title === 'Straw & shells,' ? 'Straw' : title)),
    )
    expect(new Set(metas.map(({ author }) => author))).toEqual(new Set(['蓝色凉亭 - Blue Bower']))
    expect(metas[0]).toMatchObject({
      tags: ['凉亭', 'blue'],
      kind: 'image',
      blog: '蓝色凉亭 - Blue Bower',
      blogName: 'bluebower',
      width: 400,
      height: 300,
    })
  })

  test('what is gone', async () => {
    const fault = await faultOf(crawlBlog('lofter:bluebower/1faf7c47_1', strategy))
    expect([fault.code, fault.disposition]).toEqual(['Gone', 'skip'])
    expect((await faultOf(crawlBlog('lofter:nobower', strategy))).code).toBe('Gone')
  })

  test('what wants a login is never taken for an empty blog', async () => {
    const fault = await faultOf(crawlBlog('lofter:shutbower', strategy))
    expect(fault.code).toBe(strategy === 'api' ? 'Blocked' : 'NeedsLogin')
    if (strategy !== 'api') expect(fault.evidence.advice).toContain('--cookies')
  })

  test('every image may be had: a referer is sent, and the next candidate taken where the upload is gone', async () => {
    const { assets } = await crawlBlog('lofter:bluebower', strategy)
    const expected = [march, untitled, article, question, glassPost, lostPost, quietPost].flatMap(({ pictures }) =>
      pictures.map((picture) => (strategy === 'api' && picture.lost !== true ? picture.media : picture.shownMedia)),
    )
    const outcomes = await Promise.all([...assets.values()].map((asset) => fetchAsset(asset, http)))
    expect(outcomes).toEqual((await Promise.all(expected.map(makeMedia))).map(({ sha256 }) => sha256))
    const referers = running.requests
      .filter(({ host }) => host.endsWith('.lf127.net'))
      .map(({ headers }) => headers['referer'])
    expect(new Set(referers)).toEqual(new Set(['https://bluebower.lofter.com/']))
  })

  test('the address to ask anew is that of the post', async () => {
    const { assets } = await crawlBlog('lofter:bluebower', strategy)
    expect(assets.get(keysOf(march)[1] ?? '')?.refresh).toEqual({
      source: 'lofter',
      route: 'post',
      params: { permalink: permalinkOf(march), blog: 'bluebower' },
    })
  })
})

describe('videos', () => {
  test.each(['api', 'mobile'])('come with their signature by %s', async (strategy) => {
    const { assets } = await crawlBlog(`lofter:filmbower/${permalinkOf(film)}`, strategy)
    const [asset] = assets.values()
    expect([assets.size, asset?.meta.kind, asset?.candidates.length]).toEqual([1, 'video', 1])
    expect(asset?.candidates[0]?.url).toMatch(
      /^https:\/\/vodkgeyttp8\.vod\.126\.net\/.*_sd\.mp4\?resId=.*&sign=4j02HTHX/,
    )
    expect(asset !== undefined && (await fetchAsset(asset, http))).toBe(
      film.film && (await makeMedia(film.film)).sha256,
    )
  })
})

describe('the range of pages', () => {
  async function notesOf(
    target: string,
    strategy: string,
    options: Readonly<Record<string, string>> = PAGES_OF_THREE,
  ): Promise<readonly string[]> {
    const root = resolveTarget(source, target)
    const route = source.routes.find(({ name }) => name === root?.route)
    const chosen = route?.strategies.find(({ name }) => name === strategy)
    const findings: Finding[] = []
    for await (const finding of chosen?.explore(root?.params ?? {}, undefined, contextOf(source, http, options)) ?? [])
      findings.push(finding)
    expect(findings[0]?.kind === 'note' || findings.every(({ kind }) => kind !== 'note')).toBe(true)
    return findings.flatMap((finding) => (finding.kind === 'note' ? [finding.message] : []))
  }

  test.each([
    ['api', 'bluebower.lofter.com has 3 pages of 3 posts; --pages A-B takes some of them'],
    ['mobile', 'bluebower.lofter.com has 3 pages; --pages A-B takes some of them'],
    ['html', 'bluebower.lofter.com has 3 pages; --pages A-B takes some of them'],
  ])('is told before anything else by %s', async (strategy, message) => {
    expect(await notesOf('lofter:bluebower', strategy)).toEqual([message])
  })

  test('costs the app six small requests, the pages for phones none, those for computers six', async () => {
    await notesOf('lofter:bluebower', 'api')
    expect(pathsTo('api.lofter.com')).toHaveLength(6)
    await notesOf('lofter:bluebower', 'mobile')
    expect(pathsTo('bluebower.lofter.com')).toHaveLength(1)
    running.reset()
    await notesOf('lofter:bluebower', 'html')
    expect(pathsTo('bluebower.lofter.com')).toEqual(['/', '/?page=2', '/?page=4', '/?page=3', '/?page=5', '/?page=7'])
  })

  test('is one page where the first is the last, without another request', async () => {
    expect(await notesOf('lofter:bluebower', 'api', {})).toEqual([
      'bluebower.lofter.com has 1 page of 20 posts; --pages A-B takes some of them',
    ])
    expect(pathsTo('api.lofter.com')).toHaveLength(1)
  })

  test('is not looked for where that is not wanted', async () => {
    for (const strategy of STRATEGIES)
      expect(await notesOf('lofter:bluebower', strategy, { ...PAGES_OF_THREE, 'lofter.pageRange': 'false' })).toEqual(
        [],
      )
  })

  test('is not needed to find everything', async () => {
    for (const strategy of STRATEGIES) {
      const options = { ...PAGES_OF_THREE, 'lofter.pageRange': 'false' }
      const { assets } = await crawl(source, 'lofter:bluebower', http, { strategy, options })
      expect(assets.size).toBe(10)
    }
  })
})

describe('a listing that misbehaves', () => {
  test('phones get the same page again, though there is more: another strategy must go on', async () => {
    const { bytes } = await http.request({ url: 'https://bluebower.lofter.com/', headers: { 'user-agent': 'Android' } })
    running.mishap({
      on: 'bluebower.lofter.com/',
      does: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: bytes },
    })
    const fault = await faultOf(crawlBlog('lofter:bluebower', 'mobile'))
    expect([fault.code, fault.message]).toEqual(['SiteChanged', 'Lofter gives the same page again (read by mobile)'])
  })

  test('phones get a count that is too small: what the pages say of the next one holds', async () => {
    const first = await http.request({ url: 'https://bluebower.lofter.com/', headers: { 'user-agent': 'Android' } })
    const body = first.text().replace(/"publicPostCount":\d+/, '"publicPostCount":3')
    expect(body).not.toBe(first.text())
    running.mishap({
      on: 'bluebower.lofter.com/',
      times: 1,
      does: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body },
    })
    const { assets } = await crawlBlog('lofter:bluebower', 'mobile')
    expect(assets.size).toBe(10)
  })

  test('old pages that go on forever end where they repeat', async () => {
    const { bytes } = await http.request({ url: 'https://bluebower.lofter.com/' })
    running.mishap({
      on: 'bluebower.lofter.com/',
      does: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: bytes },
    })
    const { assets } = await crawlBlog('lofter:bluebower', 'html')
    expect([...assets.keys()]).toEqual(keysOf(march, untitled, article))
  })

  test('old pages: one of reblogs alone does not end the blog, a page of another kind is no empty blog', async () => {
    const headers = { 'content-type': 'text/html; charset=utf-8' }
    const reblogs = '<meta name="themename" content="1"><a href="http://stranger.lofter.com/post/1a_2b">転</a>'
    // The first page, six looks at pages 2, 4, 3, 5 and 7, then page 2 again.
    running.mishap({
      on: 'bluebower.lofter.com/',
      after: 6,
      times: 1,
      does: { kind: 'answer', status: 200, headers, body: reblogs },
    })
    const { assets } = await crawlBlog('lofter:bluebower', 'html')
    expect([...assets.keys()]).toEqual([...keysOf(march, untitled, article), ...keysOf(lostPost, quietPost)])
    running.reset()
    running.mishap({
      on: 'bluebower.lofter.com/',
      does: { kind: 'answer', status: 200, headers, body: '<p>Welcome</p>' },
    })
    expect((await faultOf(crawlBlog('lofter:bluebower', 'html'))).code).toBe('SiteChanged')
  })

  test('an app page of nulls alone, with more behind it, is passed over', async () => {
    running.mishap({
      on: 'api.lofter.com/v2.0/blogHomePage.api',
      times: 1,
      does: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ meta: { status: 200, msg: '' }, response: { posts: [null, null, null], offset: 3 } }),
      },
    })
    const { assets } = await crawlBlog('lofter:bluebower', 'api')
    expect([...assets.keys()]).toEqual(keysOf(question, glassPost, words, lostPost, quietPost))
  })

  test('an app page of nulls alone is no end, also where nobody looked for the last page', async () => {
    running.mishap({
      on: 'api.lofter.com/v2.0/blogHomePage.api',
      times: 1,
      does: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ meta: { status: 200, msg: '' }, response: { posts: [null, null, null], offset: 3 } }),
      },
    })
    const options = { ...PAGES_OF_THREE, 'lofter.pageRange': 'false' }
    const { assets } = await crawl(source, 'lofter:bluebower', http, { strategy: 'api', options })
    expect([...assets.keys()]).toEqual(keysOf(question, glassPost, words, lostPost, quietPost))
  })

  test('an app page whose offset does not grow ends the listing', async () => {
    running.mishap({
      on: 'api.lofter.com/v2.0/blogHomePage.api',
      after: 6,
      does: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ meta: { status: 200, msg: '' }, response: { posts: [], offset: 3 } }),
      },
    })
    const { assets, refs } = await crawlBlog('lofter:bluebower', 'api')
    expect([[...assets.keys()], refs]).toEqual([keysOf(march, untitled, article), 2])
  })
})

describe('what the app’s interface says in place of an answer', () => {
  test.each([
    [
      'a refusal inside a good answer',
      200,
      '{"meta":{"status":403,"msg":"no"},"response":null}',
      'Blocked',
      'refuses the request: status 403 "no"',
    ],
    ['a refusal by status', 403, '<html></html>', 'Blocked', 'refuses the request: status 403'],
    ['an unknown number', 200, '{"meta":{"status":4777,"msg":"?"},"response":null}', 'SiteChanged', 'status 4777 "?"'],
    ['another shape', 200, '{"news":true}', 'SiteChanged', 'no longer has the known shape'],
    ['a page', 200, '<html></html>', 'SiteChanged', ''],
    [
      'no such blog',
      200,
      '{"meta":{"status":4200,"msg":"blog not exist"},"response":null}',
      'Gone',
      'no such blog: status 4200 "blog not exist"',
    ],
  ])('%s', async (_name, status, body, code, message) => {
    const type = body.startsWith('<') ? 'text/html' : 'application/json'
    running.mishap({
      on: 'api.lofter.com/*',
      does: { kind: 'answer', status, headers: { 'content-type': type }, body },
    })
    const fault = await faultOf(crawl(source, 'lofter:bluebower', http))
    expect([fault.code, fault.message]).toEqual([code, expect.stringContaining(message)])
  })

  test('a post of another shape is named with its place', async () => {
    const post = { id: 'x', blogId: 1 }
    const body = JSON.stringify({ meta: { status: 200 }, response: { posts: [{ post }] } })
    running.mishap({
      on: 'api.lofter.com/*',
      does: { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body },
    })
    const fault = await faultOf(crawl(source, 'lofter:bluebower/1_2', http))
    expect([fault.code, fault.evidence.where]).toEqual(['SiteChanged', '$.post.id'])
  })

  test('an answer without the post: it is gone', async () => {
    const body = '{"meta":{"status":200,"msg":""},"response":{"posts":[]}}'
    running.mishap({
      on: 'api.lofter.com/*',
      does: { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body },
    })
    expect((await faultOf(crawl(source, 'lofter:bluebower/1_2', http))).code).toBe('Gone')
  })

  test('after three refusals it is left alone for the run', async () => {
    running.mishap({ on: 'api.lofter.com/*', does: { kind: 'answer', status: 403 } })
    const context = contextOf(source, http)
    const explore = async (): Promise<void> => {
      const [strategy] = source.routes[0]?.strategies ?? []
      for await (const _ of strategy?.explore({ permalink: '1_2', blog: 'bluebower' }, undefined, context) ?? []) break
    }
    for (let round = 0; round < 5; round += 1) expect((await faultOf(explore())).code).toBe('Blocked')
    expect(pathsTo('api.lofter.com')).toHaveLength(3)
  })
})

test('a post for paying readers: what is free is collected, and it is told that there is more', async () => {
  const { assets, unavailable } = await crawl(source, `lofter:paidbower/${permalinkOf(paid)}`, http)
  expect([...assets.keys()]).toEqual(keysOf(paid))
  expect(unavailable).toEqual([
    {
      kind: 'unavailable',
      code: 'NeedsLogin',
      what: `For patrons (https://paidbower.lofter.com/post/${permalinkOf(paid)})`,
      why: 'the post is for paying readers; what is free of it is collected',
    },
  ])
})

test('a link of the app leads on to what it names', async () => {
  const { urls } = await crawl(source, `https://s.lofter.com/-s/${permalinkOf(glassPost)}`, http)
  expect(urls).toEqual([`https://bluebower.lofter.com/post/${permalinkOf(glassPost)}`])
  expect((await faultOf(crawl(source, 'https://s.lofter.com/-s/none', http))).code).toBe('Gone')
})

test('a post of a tag whose one image is known already needs no request', async () => {
  const root = resolveTarget(source, 'lofter:tag/凉亭')
  const [strategy] = source.routes.find(({ name }) => name === 'tag')?.strategies ?? []
  const yields: (readonly string[] | undefined)[] = []
  for await (const finding of strategy?.explore(root?.params ?? {}, undefined, contextOf(source, http)) ?? [])
    if (finding.kind === 'ref' && finding.as === 'child') yields.push(finding.yields)
  expect(yields).toEqual([undefined, undefined, keysOf(glassPost)])
})

test('a post of thousands of images comes in windows', async () => {
  const photoLinks = JSON.stringify(
    Array.from({ length: 1200 }, (_, number) => ({ orign: `https://imglf3.lf127.net/img/t${number}.jpg?imageView` })),
  )
  const body = JSON.stringify({
    meta: { status: 200 },
    response: { posts: [{ post: { id: 2, blogId: 1, photoLinks } }], offset: -1 },
  })
  running.mishap({
    on: 'api.lofter.com/*',
    does: { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body },
  })
  const byPost = await crawl(source, 'lofter:bluebower/1_2', http)
  expect([byPost.assets.size, byPost.refs, byPost.assets.get('lofter:1_2/t1199')?.index]).toEqual([1200, 2, 1200])
  const byBlog = await crawl(source, 'lofter:bluebower', http)
  expect([byBlog.assets.size, byBlog.refs]).toEqual([1200, 3])
})

test('user agents: an honest one for the app’s interface, a phone’s and a computer’s for the pages', async () => {
  for (const strategy of STRATEGIES) await crawlBlog(`lofter:bluebower/${permalinkOf(quietPost)}`, strategy)
  expect(running.requests.map(({ headers }) => headers['user-agent'])).toEqual([
    expect.stringMatching(/^bowerbird\//),
    'Mozilla/5.0 (Linux; Android 14; Mobile; compatible; bowerbird)',
    'Mozilla/5.0 (compatible; bowerbird)',
  ])
})
