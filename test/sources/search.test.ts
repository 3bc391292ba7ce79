import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeMedia } from '../../replicas/harness/media.ts'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { ENGINE, KEYS } from '../../replicas/search/google-cse.ts'
import { DEEP } from '../../replicas/search/openverse.ts'
import { ENDLESS, PICTURES } from '../../replicas/search/pictures.ts'
import { replica } from '../../replicas/search.ts'
import type { Json } from '../../src/core/glossary.ts'
import type { Http } from '../../src/core/http.ts'
import type { ExploreContext, Finding } from '../../src/core/source.ts'
import { searchKey } from '../../src/sources/search/listing.ts'
import { source } from '../../src/sources/search/search.ts'
import { jsonLines, workplace } from '../cli/support.ts'
import type { Workplace } from '../cli/support.ts'
import { contextOf, crawl, faultOf, openHttp, resolveTarget } from './crawl.ts'

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

const SEVEN = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh'] as const
const CSE = { 'search.googleApiKey': KEYS.good, 'search.googleEngineId': ENGINE }

/** Query parameters of every request to a path, one after the other. */
function asked(path: string): readonly Readonly<Record<string, string>>[] {
  return running.requests
    .map(({ url }) => new URL(url))
    .filter(({ pathname }) => pathname === path)
    .map(({ searchParams }) => Object.fromEntries(searchParams))
}

/** What one page of a listing yields. */
async function pageOf(target: string, context: ExploreContext, cursor?: Json): Promise<readonly Finding[]> {
  const root = resolveTarget(source, target)
  const strategy = source.routes.find(({ name }) => name === root?.route)?.strategies[0]
  if (root === undefined || strategy === undefined) throw new Error(`nothing takes ${target}`)
  const findings: Finding[] = []
  for await (const finding of strategy.explore(root.params, cursor, context)) findings.push(finding)
  return findings
}

function notesOf(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap((finding) => (finding.kind === 'note' ? [finding.message] : []))
}

describe('every provider', () => {
  const providers = [
    ['bing', {}],
    ['duckduckgo', {}],
    ['openverse', {}],
    ['commons', {}],
    ['google-cse', CSE],
  ] as const

  test.each(providers)(
    '%s: seven images of three overlapping pages, numbered in their order',
    async (name, options) => {
      const { assets, refs } = await crawl(source, `search:${name}/satin bowerbird`, http, { options })
      expect([...assets.values()].map(({ meta }) => [meta['keyword'], meta['provider'], meta.title])).toEqual(
        SEVEN.map((each) => ['satin bowerbird', name, PICTURES[each].title]),
      )
      expect([...assets.values()].map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6, 7])
      expect(refs).toBeGreaterThanOrEqual(3)
    },
  )

  test.each(['bing', 'duckduckgo', 'google-cse'])('%s: the same key for the same image', async (name) => {
    const { assets } = await crawl(source, `search:${name}/satin bowerbird`, http, { options: CSE })
    expect([...assets.keys()]).toEqual(SEVEN.map((each) => searchKey('satin bowerbird', PICTURES[each].url)))
  })

  test.each(providers)('%s: nothing found is said so', async (name, options) => {
    const fault = await faultOf(crawl(source, `search:${name}/nothing at all`, http, { options }))
    expect([fault.code, fault.message]).toEqual(['NothingFound', `${name} finds no image for "nothing at all"`])
  })

  test.each(providers)('%s: a page in place of the answer is a wall with its name', async (name, options) => {
    const body = '<!doctype html><title>One moment</title><div class="captcha">Prove yourself</div>'
    running.mishap({ on: '*', does: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body } })
    const fault = await faultOf(crawl(source, `search:${name}/satin bowerbird`, http, { options }))
    expect([fault.code, fault.message, fault.evidence.where]).toEqual([
      'Blocked',
      `${name} wants proof of a person (captcha) before it shows results`,
      'div.captcha',
    ])
  })
})

describe('bing', () => {
  test('counts images and not pages, and stops where the page gives no further address', async () => {
    await crawl(source, 'search:bing/satin bowerbird', http)
    expect(asked('/images/search').map(({ q, first }) => [q, first])).toEqual([['satin bowerbird', '1']])
    expect(asked('/images/async').map(({ q, first, mmasync }) => [q, first, mmasync])).toEqual([
      ['satin bowerbird', '4', '1'],
      ['satin bowerbird', '7', '1'],
    ])
  })

  test('that repeats its last page without end is left at the first page that brings nothing new', async () => {
    const { assets } = await crawl(source, `search:bing/${ENDLESS}`, http)
    expect(assets.size).toBe(7)
    expect(asked('/images/async').map(({ first }) => first)).toEqual(['4', '7', '10'])
  })

  test('keeps the filters of its page, on every page', async () => {
    const url = 'https://www.bing.com/images/search?q=satin+bowerbird&qft=+filterui:license-L1&adlt=strict&mkt=de-DE'
    await crawl(source, url, http, { options: { 'search.size': 'huge', 'search.license': 'share' } })
    const wanted = { qft: ' filterui:license-L1 filterui:imagesize-wallpaper', adlt: 'strict', mkt: 'de-DE' }
    const all = [...asked('/images/search'), ...asked('/images/async')]
    expect(all.map(({ qft, adlt, mkt }) => ({ qft, adlt, mkt }))).toEqual([wanted, wanted, wanted])
  })

  test('gets options as its filters, and none where none is set', async () => {
    await crawl(source, 'search:bing/satin bowerbird', http)
    const options = { 'search.safe': 'off', 'search.size': 'large', 'search.license': 'modify-commercially' }
    await crawl(source, 'search:bing/satin bowerbird', http, { options })
    const [plain, filtered] = asked('/images/search')
    expect([plain?.['qft'], plain?.['adlt']]).toEqual([undefined, undefined])
    expect([filtered?.['qft'], filtered?.['adlt']]).toEqual([' filterui:license-L2_L3 filterui:imagesize-large', 'off'])
  })

  test('leaves out what it knows a thumbnail of only, and says so once', async () => {
    const { assets } = await crawl(source, 'search:bing/bower ruins', http)
    expect([...assets.values()].flatMap(({ candidates }) => candidates.map(({ quality }) => quality))).not.toContain(
      'preview',
    )
    const cursor = { at: '/images/async?q=bower+ruins&first=4', count: 3, marks: [] }
    const notes = notesOf(await pageOf('search:bing/bower ruins', contextOf(source, http), cursor))
    expect(notes).toEqual([
      'bing gives only thumbnails for 1 of the images for "bower ruins", which are left out; --option search.thumbnails=true takes them',
    ])
  })

  test('gives no address that leads away from it', async () => {
    const body = `<div class="dgControl" data-nextUrl="https://elsewhere.example/images/async?q=x"><a class="iusc" m="{&quot;murl&quot;:&quot;https://images.bower.example/a.jpg&quot;}"></a></div>`
    running.mishap({
      on: 'www.bing.com/images/search',
      does: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body },
    })
    await crawl(source, 'search:bing/satin bowerbird', http)
    expect(asked('/images/async')).toEqual([{ q: 'x' }])
    expect(new Set(running.requests.map(({ host }) => host))).toEqual(new Set(['www.bing.com']))
  })
})

describe('duckduckgo', () => {
  test('is asked for one token per keyword, which goes with every page and into no ref', async () => {
    const { refs } = await crawl(source, 'search:duckduckgo/satin bowerbird', http)
    expect(asked('/')).toEqual([{ q: 'satin bowerbird', iar: 'images', iax: 'images', ia: 'images' }])
    const pages = asked('/i.js')
    expect(pages.map(({ s }) => s)).toEqual(['0', '3', '6', '9'])
    expect(new Set(pages.map(({ vqd }) => vqd)).size).toBe(1)
    expect(refs).toBe(4)
    expect(running.requests.map(({ headers }) => headers['accept-language'])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  test('has its token renewed after an hour', async () => {
    const context = contextOf(source, http)
    for (const minutes of [0, 59, 61])
      await pageOf('search:duckduckgo/satin bowerbird', { ...context, now: context.now + minutes * 60_000 })
    expect([asked('/').length, asked('/i.js').length]).toEqual([2, 3])
  })

  test('keeps the filters of its page', async () => {
    await crawl(
      source,
      'https://duckduckgo.com/?q=satin+bowerbird&ia=images&iaf=size%3ALarge%2Ctype%3Aphoto&kp=-2&kl=de-de',
      http,
    )
    expect(asked('/i.js').map(({ f, p, l }) => [f, p, l])).toEqual(
      Array.from({ length: 4 }, () => [',size:Large,,type:photo,,', '-1', 'de-de']),
    )
  })

  test('gets options as its six fields', async () => {
    const options = { 'search.safe': 'strict', 'search.size': 'huge', 'search.license': 'public-domain' }
    await crawl(source, 'search:duckduckgo/satin bowerbird', http, { options })
    const [first] = asked('/i.js')
    expect([first?.['f'], first?.['p'], first?.['l']]).toEqual([',size:Wallpaper,,,,license:Public', '1', 'wt-wt'])
  })

  test.each([403, 202])('status %i is a block, and nothing is asked again', async (status) => {
    running.mishap({ on: 'duckduckgo.com/i.js', does: { kind: 'answer', status, body: '<html></html>' } })
    const fault = await faultOf(crawl(source, 'search:duckduckgo/satin bowerbird', http))
    expect([fault.code, fault.message]).toEqual([
      'Blocked',
      `duckduckgo wants proof of a person (captcha) before it shows results: it answered with status ${status}`,
    ])
    expect(asked('/i.js')).toHaveLength(1)
  })

  test('takes no keyword that it would refuse', async () => {
    const fault = await faultOf(crawl(source, `search:duckduckgo/${'x'.repeat(501)}`, http))
    expect([fault.code, running.requests.length]).toEqual(['Usage', 0])
  })
})

describe('openverse', () => {
  test('is read page by page, twenty at once, until the last', async () => {
    await crawl(source, 'search:openverse/satin bowerbird', http)
    expect(asked('/v1/images/')).toEqual(
      ['1', '2', '3'].map((page) => ({ q: 'satin bowerbird', page, page_size: '20' })),
    )
  })

  test('ends where it goes no deeper, and says how deep that was', async () => {
    const cursor = { at: 4, count: 60, marks: [] }
    const findings = await pageOf(`search:openverse/${DEEP}`, contextOf(source, http), cursor)
    expect(findings).toEqual([
      {
        kind: 'note',
        message: 'openverse shows no more than 60 images of a search: Deep pagination is not allowed.',
      },
    ])
  })

  test('gets options as its filters; those of its page win', async () => {
    const options = { 'search.safe': 'off', 'search.size': 'large', 'search.license': 'modify' }
    await crawl(source, 'https://openverse.org/search/image?q=satin+bowerbird&license=by,cc0', http, { options })
    expect(asked('/v1/images/')[0]).toEqual({
      q: 'satin bowerbird',
      page: '1',
      page_size: '20',
      unstable__include_sensitive_results: 'true',
      size: 'large',
      license: 'by,cc0',
    })
  })

  test('passes on what it does not understand', async () => {
    const fault = await faultOf(crawl(source, 'https://openverse.org/search/image?q=x&license=PDMNBCG', http))
    expect([fault.code, fault.message]).toEqual([
      'Usage',
      "openverse does not understand the search: Invalid input given for fields. 'license' -> License 'PDMNBCG' does not exist.",
    ])
  })

  test('that says in its text alone how long to wait is understood', async () => {
    running.mishap({
      on: 'api.openverse.org/v1/images/',
      does: {
        kind: 'answer',
        status: 429,
        headers: { 'content-type': 'application/json' },
        body: '{"detail":"Request was throttled. Expected available in 3600 seconds."}',
      },
    })
    const fault = await faultOf(crawl(source, 'search:openverse/satin bowerbird', http))
    expect([fault.code, fault.evidence.retryAfter]).toEqual(['RateLimited', 3_600_000])
  })
})

describe('commons', () => {
  test('copies what it says to go on with, and hands on whole batches', async () => {
    const { refs } = await crawl(source, 'search:commons/satin bowerbird', http)
    expect(refs).toBe(3)
    expect(
      asked('/w/api.php').map(({ iicontinue, gsroffset, continue: marks }) => [iicontinue, gsroffset, marks]),
    ).toEqual([
      [undefined, undefined, ''],
      ['satin-2.png|20200101000000', undefined, '||'],
      [undefined, '3', 'gsroffset||'],
      [undefined, '6', 'gsroffset||'],
    ])
    expect(asked('/w/api.php')[0]?.['gsrsearch']).toBe('filetype:bitmap|drawing satin bowerbird')
  })

  test('gets an honest user agent, as it wants', async () => {
    await crawl(source, 'search:commons/satin bowerbird', http)
    for (const { headers } of running.requests) expect(headers['user-agent']).toMatch(/^bowerbird\//)
  })

  test('gives the original with licence and credit', async () => {
    const { assets } = await crawl(source, 'search:commons/satin bowerbird', http)
    const [asset] = assets.values()
    expect(asset?.candidates).toEqual([
      { url: 'https://upload.wikimedia.org/wikipedia/commons/b/b0/satin-1.jpg', quality: 'original' },
    ])
    expect(asset?.meta).toMatchObject({
      author: 'Robin Finch',
      credit: 'Robin Finch',
      rights: 'CC BY-SA 4.0',
      licenseUrl: 'https://creativecommons.org/licenses/by-sa/4.0',
      date: '2012-09-25T16:23:02',
      page: 'https://commons.wikimedia.org/wiki/File:satin-1.jpg',
    })
  })

  test('keeps the filters of its page as words of the search', async () => {
    const url =
      'https://commons.wikimedia.org/wiki/Special:MediaSearch?search=x&type=image&filemime=png&fileres=%3E1000'
    await faultOf(crawl(source, url, http))
    expect(asked('/w/api.php')[0]?.['gsrsearch']).toBe('filetype:bitmap|drawing filemime:png fileres:>1000 x')
  })

  test.each([
    ['search.size', 'large', 'commons has no filter by size (search.size)'],
    ['search.license', 'public-domain', 'commons has no filter by public domain (search.license)'],
  ])('refuses %s=%s, which it does not have', async (name, value, message) => {
    const fault = await faultOf(crawl(source, 'search:commons/satin bowerbird', http, { options: { [name]: value } }))
    expect([fault.code, fault.message]).toEqual(['Usage', message])
    expect(fault.evidence.advice).toContain('--where')
  })

  test.each([
    [{ code: 'maxlag', info: 'Waiting for a database server: 6 seconds lagged.', lag: 6 }, 'RateLimited', 6000],
    [{ code: 'readapidenied', info: 'You need read permission.' }, 'NeedsLogin', undefined],
    [{ code: 'multisource', info: 'Cannot use both.' }, 'SiteChanged', undefined],
  ])('%j with status 200 is an error', async (error, code, retryAfter) => {
    const body = JSON.stringify({ error })
    running.mishap({ on: 'commons.wikimedia.org/w/api.php', does: { kind: 'answer', status: 200, body } })
    const fault = await faultOf(crawl(source, 'search:commons/satin bowerbird', http))
    expect([fault.code, fault.evidence.retryAfter]).toEqual([code, retryAfter])
  })
})

describe('google-cse', () => {
  test('without a key says what to set and when it ends, and asks nothing', async () => {
    const fault = await faultOf(crawl(source, 'search:google-cse/satin bowerbird', http))
    expect([fault.code, fault.message]).toEqual([
      'Usage',
      'google-cse needs search.googleApiKey (the API key) and search.googleEngineId (the cx of the engine)',
    ])
    expect(fault.evidence.advice).toContain('2027-01-01')
    expect(running.requests).toEqual([])
  })

  test('tells when it ends, once a search', async () => {
    await crawl(source, 'search:google-cse/satin bowerbird', http, { options: CSE })
    expect(asked('/customsearch/v1').map(({ start, searchType, safe }) => [start, searchType, safe])).toEqual([
      ['1', 'image', 'active'],
      ['4', 'image', 'active'],
      ['7', 'image', 'active'],
    ])
    const target = 'search:google-cse/satin bowerbird'
    const context = contextOf(source, http, CSE)
    const notes = [
      notesOf(await pageOf(target, context)),
      notesOf(await pageOf(target, context, { at: 4, count: 3, marks: [] })),
    ]
    expect(notes).toEqual([['Google ends this API on 2027-01-01, and has taken no new customers since 2026-01-20'], []])
  })

  test.each([
    [
      { 'search.googleApiKey': KEYS.closed },
      'Blocked',
      'google-cse: This project does not have the access to Custom Search JSON API.',
      '2026-01-20',
    ],
    [
      { 'search.googleApiKey': KEYS.spent },
      'RateLimited',
      "google-cse: Quota exceeded for quota metric 'Queries'",
      'resume',
    ],
    [
      { 'search.googleApiKey': 'wrong-key' },
      'Usage',
      'google-cse: API key not valid. Please pass a valid API key.',
      'search.googleApiKey',
    ],
  ])('%j: its own words, and what to do; the key in no message', async (options, code, message, advice) => {
    const fault = await faultOf(
      crawl(source, 'search:google-cse/satin bowerbird', http, { options: { ...CSE, ...options } }),
    )
    expect([fault.code, fault.message]).toEqual([code, message])
    expect(fault.evidence.advice).toContain(advice)
    expect(JSON.stringify([fault.message, fault.evidence])).not.toContain(options['search.googleApiKey'])
  })

  test('gets options as its filters', async () => {
    const options = { ...CSE, 'search.safe': 'off', 'search.size': 'large', 'search.license': 'share-commercially' }
    await crawl(source, 'search:google-cse/satin bowerbird', http, { options })
    expect(asked('/customsearch/v1')[0]).toMatchObject({
      safe: 'off',
      imgSize: 'large',
      rights: '(cc_publicdomain|cc_attribute|cc_sharealike|cc_nonderived).-(cc_noncommercial)',
    })
  })
})

describe('through the program', () => {
  let place: Workplace

  beforeEach(async () => {
    place = await workplace({ no_proxy: '*' })
  })
  afterEach(() => place.remove())

  function run(...args: readonly string[]): ReturnType<Workplace['run']> {
    const way = ['--connect-to', running.connectTo, '--cacert', running.caFile, '--rate', '1000', '--to', 'lib']
    return place.run(...args, ...way)
  }

  test('the next result takes the place of one that fails, and the number is the listed place', async () => {
    const { status } = await run('search:bing/bower ruins', '--limit', '4')
    expect(status).toBe(3)
    const files = await readdir(join(place.folder, 'lib', 'bower ruins'))
    // 2 is gone, 4 is a page; the third one stands in the result itself, and the fifth wants to be referred to.
    expect(files.toSorted()).toEqual(['0001.jpg', '0003.png', '0005.jpg', '0006.jpg'])
    const third = await readFile(join(place.folder, 'lib', 'bower ruins', '0003.png'))
    const { inline } = PICTURES
    expect('media' in inline.served && third.equals((await makeMedia(inline.served.media)).bytes)).toBe(true)
  })

  test('a host that wants a referer is told the page, and only after it has refused', async () => {
    await run('search:bing/bower ruins')
    const asks = running.requests.filter(({ host }) => host === 'proud.bower.example')
    expect(asks.map(({ status, headers }) => [status, headers['referer']])).toEqual([
      [403, undefined],
      [200, 'https://www.bower.example/birds/ruin-proud.html'],
    ])
  })

  test('--limit asks for no page more than it takes', async () => {
    const { status } = await run('search:duckduckgo/satin bowerbird', '--limit', '3')
    expect([status, asked('/i.js').length]).toEqual([0, 1])
  })

  test.each(['bing', 'duckduckgo', 'openverse', 'commons'])(
    '--dry-run --json of %s tells every image and fetches none',
    async (name) => {
      const { status, stdout } = await run(`search:${name}/satin bowerbird`, '--dry-run', '--json')
      expect(status).toBe(0)
      const listed = jsonLines(stdout).filter((line) => (line as { event?: string }).event === 'asset')
      expect(listed.map((line) => (line as { path?: string }).path)).toEqual(
        [1, 2, 3, 4, 5, 6, 7].map((number) => `satin bowerbird/000${number}`),
      )
      expect(running.requests.filter(({ path }) => /\/(?:full|wikipedia\/commons)\//.test(path))).toEqual([])
    },
  )

  test('a wall ends with status 4, its name and what to do', async () => {
    const { status, stderr } = await run('search:bing/prove yourself', '--no-progress')
    expect(status).toBe(4)
    expect(stderr).toContain('bing wants proof of a person (captcha) before it shows results')
    expect(stderr).toContain('try another provider')
  })

  test('the key of google-cse is in no output, no plan and no file of the library', async () => {
    const options = ['--option', `search.googleApiKey=${KEYS.good}`, '--option', `search.googleEngineId=${ENGINE}`]
    const { status, stdout, stderr } = await run('search:google-cse/satin bowerbird', ...options, '--json')
    expect(status).toBe(0)
    expect(stdout + stderr).not.toContain(KEYS.good)
    expect(stdout + stderr).toContain('2027-01-01')
    const folder = join(place.folder, 'lib', '.bowerbird')
    for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (file.isFile())
        expect((await readFile(join(file.parentPath, file.name))).includes(KEYS.good), file.name).toBe(false)
    }
  })
})
