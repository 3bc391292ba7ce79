import { afterAll, beforeAll, expect, test } from 'vitest'
import { replica } from '../../replicas/search.ts'
import { GOOGLE } from '../../replicas/search/google.ts'
import { PICTURES, WALLS } from '../../replicas/search/pictures.ts'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { LoggedRequest, RunningReplicas } from '../../replicas/harness/start.ts'
import { MemoryLimiter } from '../../src/adapters/limiter/memory.ts'
import type { Http } from '../../src/core/http.ts'
import { DrivenBrowser } from '../../src/http/browser/browser.ts'
import { createHttp } from '../../src/http/client.ts'
import { parseConnectTo } from '../../src/http/connect/connect-to.ts'
import { searchKey } from '../../src/sources/search/listing.ts'
import { source } from '../../src/sources/search/search.ts'
import { describeWithBrowser } from '../chromium.ts'
import { crawl, expectedOutcomes, faultOf, openHttp, outcomesOf } from './crawl.ts'
import type { Crawled } from './crawl.ts'

interface Collected {
  readonly crawled: Crawled
  readonly requests: readonly LoggedRequest[]
}

/** What each wall is called. */
const WORDS: Readonly<Record<string, RegExp>> = {
  [WALLS.captcha]: /captcha/,
  [WALLS.consent]: /consent/,
  [WALLS.shell]: /script shell/,
  [WALLS.unknown]: /unknown layout/,
  [GOOGLE.basic]: /only thumbnails/,
  'nothing at all': /finds no image/,
}

/** The replica of Google Images in a real Chromium. */
describeWithBrowser('Google Images', () => {
  let running: RunningReplicas
  let http: Http
  let browser: DrivenBrowser
  let close: () => Promise<void>

  beforeAll(async () => {
    running = await startReplicas([replica])
    http = openHttp(running, [source])
    const limiter = new MemoryLimiter()
    const client = createHttp(
      {
        version: '0',
        rate: 10_000,
        retries: 0,
        limits: source.limits,
        ca: running.ca,
        connectTo: [parseConnectTo(running.connectTo)],
        environment: process.env,
      },
      limiter,
    )
    browser = new DrivenBrowser(client.share())
    close = async () => {
      await browser.close()
      for (const one of [client, limiter, http, running]) await one.close()
    }
  })
  afterAll(() => close())

  /** Each target is collected once; what was asked of the replica meanwhile is kept with it. */
  const collected = new Map<string, Promise<Collected>>()

  function collect(target: string, options?: Readonly<Record<string, string>>): Promise<Collected> {
    const name = JSON.stringify([target, options])
    const known = collected.get(name)
    if (known !== undefined) return known
    running.reset()
    const work = crawl(source, target, http, { browser, ...(options && { options }) }).then((crawled) => ({
      crawled,
      requests: [...running.requests],
    }))
    collected.set(name, work)
    return work
  }

  for (const { target, options, expected } of replica.targets.filter(({ needs }) => needs === 'browser')) {
    const wanted = options === undefined ? target : `${target} with ${JSON.stringify(options)}`
    const code = expected.fault ?? (Object.keys(expected.files).length === 0 ? 'NothingFound' : undefined)
    test(`${wanted}: ${code ?? 'all files, each with its bytes'}`, async () => {
      if (code === undefined) {
        const { crawled } = await collect(target, options)
        expect(await outcomesOf(crawled, http)).toEqual(await expectedOutcomes(expected))
        return
      }
      const fault = await faultOf(collect(target, options))
      expect(fault.code).toBe(code)
      expect(fault.message).toMatch(WORDS[target.replace('search:google/', '')] ?? /./)
    })
  }

  test('what stands on the page at once costs one load; scrolling brings the rest, and its end is noticed', async () => {
    const { crawled, requests } = await collect('search:google/blue bower')
    const page = 'https://www.google.com/search?q=blue+bower&udm=2&hl=en'
    const more = 'https://www.google.com/search?async=_id:islrg_c&udm=2&q=blue%20bower&start='
    expect([crawled.refs, requests.map(({ url }) => url)]).toEqual([
      2,
      [page, page, `${more}3`, `${more}6`, `${more}9`],
    ])
  })

  test('what the data of the page tells of an image: address, size, page, title; the page is the referer', async () => {
    const { crawled } = await collect('search:google/blue bower')
    const { url, page, title, width, height } = PICTURES.second
    const asset = crawled.assets.get(searchKey(GOOGLE.plain, url))
    expect([asset?.index, asset?.candidates[0]?.url]).toEqual([2, url])
    expect(asset?.candidates[1]?.headers).toEqual({ referer: page })
    expect(asset?.meta).toMatchObject({ page, title, width, height, keyword: GOOGLE.plain, provider: 'google' })
  })

  test('a result that is opened gives the full image, the one that its link names, or the data: image', async () => {
    const { crawled } = await collect(`search:google/${GOOGLE.byHand}`)
    const { first, inline, second, third } = PICTURES
    const urls = [...crawled.assets.values()].map(({ candidates }) => candidates[0]?.url)
    expect(urls).toEqual([first.url, inline.url, second.url, third.url])
    expect(crawled.assets.get(searchKey(GOOGLE.byHand, second.url))?.meta.page).toBe(second.page)
  })

  test('consent is refused once, and the answer is kept for the next page', async () => {
    const { requests } = await collect('https://www.google.com/search?tbm=isch&q=bower+with+consent&tbs=isz:l&ei=x')
    const asked = requests.filter(({ url }) => url.startsWith('https://consent.google.com/m?'))
    const opened = requests.filter(({ path }) => path.startsWith('/search?q='))
    expect([asked.length, opened.length]).toEqual([1, 3])
    expect(opened.map(({ headers }) => headers['cookie'])).toEqual([
      undefined,
      expect.stringContaining('SOCS='),
      expect.stringContaining('SOCS='),
    ])
  })

  test('filters of the page and of the options are kept', async () => {
    const target = 'https://www.google.de/search?q=nothing+at+all&udm=2&tbs=isz:l,il:cl&hl=de&ei=x&sa=X'
    running.reset()
    await faultOf(crawl(source, target, http, { browser, options: { 'search.safe': 'off', 'search.size': 'small' } }))
    const asked = running.requests.map(({ url }) => Object.fromEntries(new URL(url).searchParams))
    expect(asked).toEqual([{ q: 'nothing at all', udm: '2', hl: 'de', safe: 'off', tbs: 'isz:l,il:cl' }])
  })

  test('an error of the server is told as what it is', async () => {
    running.reset()
    running.mishap({ on: 'www.google.com/search', does: { kind: 'answer', status: 500, body: '<title>Error</title>' } })
    const fault = await faultOf(crawl(source, 'search:google/blue bower', http, { browser }))
    running.reset()
    expect([fault.code, fault.evidence.status]).toEqual(['HttpStatus', 500])
  })
})
