import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { readBing } from '../../src/sources/search/bing-page.ts'
import { answerSchema, mergePages, readPages } from '../../src/sources/search/commons-page.ts'
import { readBatch } from '../../src/sources/search/commons.ts'
import { readImages, readToken } from '../../src/sources/search/duckduckgo.ts'
import { readCustomSearch } from '../../src/sources/search/google-cse.ts'
import { readOpenverse } from '../../src/sources/search/openverse.ts'
import type { Result, SearchPage } from '../../src/sources/search/provider.ts'
import { jsonLines, workplace } from '../cli/support.ts'
import type { Workplace } from '../cli/support.ts'
import { Recordings } from './recordings.ts'

const recordings = new Recordings('search-engines')
const wiki = new Recordings('mediawiki')

const BING = 'bing-images-2026-04-golang-gopher.html'
const BING_FROM = 'https://www.bing.com/images/search?q=golang+gopher&first=1&form=HDRSC3'
const MINECRAFT = 'ddg-i.js-2022-minecraft-safe-off.json'
const JAMAICA = 'google-cse-v1-image-2017-jamaica.json'

function resultsOf(page: SearchPage): readonly Result[] {
  if (page.kind !== 'results') throw new Error(`the parser says ${page.kind}`)
  return page.results
}

/** The body of a recorded exchange, which is written as JavaScript: keys without quotes, single quotes, last commas. */
function tapeBody(file: string): unknown {
  const tape = recordings.text(file)
  const body = tape
    .slice(tape.indexOf(' body: {', tape.indexOf(' res: {')) + ' body: '.length)
    .replace(/\},\s*\},\s*\}\s*$/, '}')
  const quoted = body
    .replace(/'((?:[^'\\]|\\.)*)'/g, (_, text: string) => JSON.stringify(text.replace(/\\'/g, "'")))
    .replace(/^(\s*)([a-z_]+): /gm, '$1"$2": ')
    .replace(/,(\s*[}\]])/g, '$1')
  return JSON.parse(quoted)
}

recordings.suite('recorded answers of Bing', () => {
  /** All `m` objects of the page, found without reading it as HTML. Those of suggested searches have no `mid`. */
  function recorded(): readonly { readonly murl: string; readonly purl: string; readonly mid?: string }[] {
    return [...recordings.text(BING).matchAll(/class="iusc"[^>]*? m="([^"]*)"/g)].map(
      ([, json = '']) =>
        JSON.parse(
          json
            .replaceAll('&quot;', '"')
            .replaceAll('&#39;', "'")
            .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
            .replaceAll('&lt;', '<')
            .replaceAll('&gt;', '>')
            .replaceAll('&amp;', '&'),
        ) as { readonly murl: string; readonly purl: string },
    )
  }

  test('the full image of each of the 35 results, in their order, and none of the 12 cards', async () => {
    const all = recorded()
    const real = all.filter(({ mid }) => mid !== undefined)
    expect([all.length, real.length]).toEqual([47, 35])
    const results = resultsOf(await readBing(recordings.text(BING), BING_FROM))
    expect(results.map(({ url }) => url)).toEqual(real.map(({ murl }) => murl))
    expect(results.map(({ id }) => id)).toEqual(real.map(({ mid }) => mid))
    expect(results.map(({ referer }) => referer)).toEqual(real.map(({ purl }) => purl))
  })

  test('the first and the last one by their very words', async () => {
    const results = resultsOf(await readBing(recordings.text(BING), BING_FROM))
    expect(results[0]).toEqual({
      id: '1431B820D8461BDDB27AFC25701992BB980DBA31',
      url: 'https://vectorseek.com/wp-content/uploads/2023/03/Golang-Gopher-Logo-Vector.jpg',
      thumbnail: 'https://ts4.mm.bing.net/th?id=OIP.LQQi0et0FFshviPhL18q9QHaHa&pid=15.1',
      referer: 'https://vectorseek.com/vector_logo/golang-gopher-logo-vector/',
      meta: {
        title: 'Golang Gopher Logo PNG (Transparent) SVG AI – Free Download',
        page: 'https://vectorseek.com/vector_logo/golang-gopher-logo-vector/',
        width: 1000,
        height: 1000,
      },
    })
    expect(results[34]?.url).toBe('https://i.pinimg.com/originals/0e/2a/0c/0e2a0c6189bb11569a554664b37704fc.jpg')
  })

  test('no thumbnail for a full image, and a size for each', async () => {
    for (const { url, meta } of resultsOf(await readBing(recordings.text(BING), BING_FROM))) {
      expect(url).not.toMatch(/(?:mm\.bing\.net|th\.bing\.com)/)
      expect([typeof meta.width, typeof meta.height]).toEqual(['number', 'number'])
    }
  })

  test('the next page, by the address that the page gives, which counts images', async () => {
    const page = await readBing(recordings.text(BING), BING_FROM)
    const next = new URL(
      page.kind === 'results' && typeof page.next === 'string' ? page.next : '',
      'https://www.bing.com',
    )
    expect([next.pathname, next.searchParams.get('first'), next.searchParams.get('count')]).toEqual([
      '/images/async',
      '36',
      '35',
    ])
    expect(next.searchParams.get('dgState')).toBe('x*594_y*1425_h*196_c*3_i*37_r*8')
  })

  test('the end, where the address is empty as on the recorded last page', async () => {
    const last = recordings.text(BING).replace(/data-nextUrl="\/images\/async[^"]*"/, 'data-nextUrl=""')
    expect(await readBing(last, BING_FROM)).not.toHaveProperty('next')
  })

  test.each([
    ['google-sorry-captcha-2026-04-trimmed.html', 'captcha'],
    ['google-js-required-2026-07-trimmed.html', 'script-shell'],
    ['google-images-2020-02-29-af-initdata.html', 'unknown-layout'],
  ])('%s of another engine is no list of results: %s', async (file, kind) => {
    expect((await readBing(recordings.text(file), BING_FROM)).kind).toBe(kind)
  })
})

recordings.suite('recorded answers of DuckDuckGo', () => {
  test('the token of the page', async () => {
    expect(await readToken(recordings.text('ddg-home-2022-vqd-page.html'))).toBe(
      '3-320068370671196460038575011587633753929-199869977846294510399902480995708132308',
    )
  })

  test('the full image of each of the hundred results', async () => {
    const raw = recordings.json(MINECRAFT) as {
      readonly results: readonly { readonly image: string; readonly url: string }[]
    }
    const results = resultsOf(await readImages(recordings.text(MINECRAFT)))
    expect(results).toHaveLength(100)
    expect(results.map(({ url }) => url)).toEqual(raw.results.map(({ image }) => image))
    expect(results.map(({ meta }) => meta.page)).toEqual(raw.results.map(({ url }) => url))
    expect(results[0]).toEqual({
      url: 'https://www.gamepur.com/files/images/2019-11/minecraft-earth-how-to-craft-and-smelt.jpg',
      thumbnail: 'https://tse2.explicit.bing.net/th?id=OIP.Gs1jkAe-9iVFH4-sNHSQoQHaFs&pid=Api',
      referer: 'https://www.gamepur.com/guide/44494-minecraft-earth-how-craft-smelt.html',
      meta: {
        title: 'Minecraft Earth - How to Craft and Smelt',
        page: 'https://www.gamepur.com/guide/44494-minecraft-earth-how-craft-smelt.html',
        width: 1214,
        height: 933,
      },
    })
  })

  test('where the list goes on', async () => {
    expect(await readImages(recordings.text(MINECRAFT))).toMatchObject({
      next: 'i.js?q=minecraft&o=json&p=-1&s=100&u=bing&f=,,,,,&l=us-en',
    })
  })

  test('no result, although it says how to go on', async () => {
    expect(await readImages(recordings.text('ddg-i.js-2022-noresults.json'))).toEqual({ kind: 'none' })
  })

  test.each([
    ['ddg-d.js-2022-anomaly-block.js.txt', 'DDG.deep.anomalyDetectionBlock'],
    ['ddg-d.js-2022-is506.js.txt', 'DDG.deep.is506'],
  ])('%s is a block', async (file, where) => {
    expect(await readImages(recordings.text(file))).toMatchObject({ kind: 'captcha', where })
  })
})

recordings.suite('recorded answers of Openverse', () => {
  test("the documentation's example: image, licence and credit", async () => {
    const [result, ...others] = resultsOf(
      await readOpenverse(recordings.text('openverse-images-2022-search-docs-example.json')),
    )
    expect(others).toEqual([])
    expect(result?.url).toBe('https://cdn.stocksnap.io/img-thumbs/960w/XNVBVXO3B7.jpg')
    expect(result?.meta).toMatchObject({
      author: 'Tim Sullivan',
      rights: 'CC0 1.0',
      licenseUrl: 'https://creativecommons.org/publicdomain/zero/1.0/',
      credit:
        '"Tree Bark Photo" by Tim Sullivan is marked with CC0 1.0. To view the terms, visit https://creativecommons.org/publicdomain/zero/1.0/.',
    })
    // 6016 by 4016 is what it says of an image of 960.
    expect(result?.meta).not.toHaveProperty('width')
  })

  test('a recorded image, as an entry of a list', async () => {
    const entry = tapeBody('openverse-image-detail-2022-08.tape.json5')
    const page = { result_count: 1, page_count: 1, page_size: 20, page: 1, results: [entry] }
    const [result] = resultsOf(await readOpenverse(JSON.stringify(page)))
    expect([result?.url, result?.meta.author, result?.meta.rights, result?.meta.page]).toEqual([
      'https://live.staticflickr.com/2129/2385230430_a699b25f12_b.jpg',
      'Chester Zoo',
      'CC BY-ND 2.0',
      'https://www.flickr.com/photos/8488209@N07/2385230430',
    ])
  })

  test('no result', async () => {
    const body = tapeBody('openverse-images-2024-01-noresults.tape.json5')
    expect(await readOpenverse(JSON.stringify(body))).toEqual({ kind: 'none' })
  })
})

recordings.suite("recorded answers of Google's API", () => {
  test('the ten links, in their order, and where the list goes on', async () => {
    const raw = recordings.json(JAMAICA) as { readonly items: readonly { readonly link: string }[] }
    const page = await readCustomSearch(recordings.text(JAMAICA))
    expect(resultsOf(page).map(({ url }) => url)).toEqual(raw.items.map(({ link }) => link))
    expect(resultsOf(page)).toHaveLength(10)
    expect(page).toMatchObject({ next: 18 })
    expect(resultsOf(page)[0]).toMatchObject({
      url: 'https://www.google.com/maps/d/thumbnail?mid=1324mDmzWpO8Tf--ORp7vTb8cQi8&hl=en_US',
      referer: 'https://www.google.com/mymaps/viewer?mid=1324mDmzWpO8Tf--ORp7vTb8cQi8&hl=en_US',
      meta: { title: 'Queens Safety Map', width: 504, height: 520 },
    })
  })
})

wiki.suite('recorded answers of Wikimedia Commons', () => {
  const parts = [1, 2, 3].map((number) => `commons-allimages-imageinfo-globalusage-${number}of4.json`)

  test('a batch in three answers is put together as its recorder did, and goes on behind the third', async () => {
    const answers = parts.map((file) => answerSchema.parse(wiki.json(file)))
    expect(answers.map(({ batchcomplete }) => batchcomplete !== undefined)).toEqual([false, false, true])
    const merged = wiki.json('commons-allimages-merged-1to3-expected.json') as {
      readonly query: {
        readonly pages: Record<
          string,
          { readonly pageid: number; readonly imageinfo: readonly { readonly url: string }[] }
        >
      }
    }
    const page = await readBatch(answers)
    const urls = Object.fromEntries(resultsOf(page).map(({ id, url }) => [id, url]))
    expect(urls).toEqual(
      Object.fromEntries(
        Object.values(merged.query.pages).map(({ pageid, imageinfo }) => [String(pageid), imageinfo[0]?.url]),
      ),
    )
    expect(page).toMatchObject({ next: answers[2]?.continue })
  })

  test('the original of each of 28 files, and no more behind them', async () => {
    const file = 'commons-allimages-final-nocontinue.json'
    const raw = wiki.json(file) as {
      readonly query: { readonly pages: Record<string, { readonly imageinfo: readonly { readonly url: string }[] }> }
    }
    const page = await readBatch([answerSchema.parse(wiki.json(file))])
    expect(resultsOf(page).map(({ url }) => url)).toEqual(
      Object.values(raw.query.pages).map(({ imageinfo }) => imageinfo[0]?.url),
    )
    for (const { url, quality } of resultsOf(page)) {
      expect(url).toMatch(/^https:\/\/upload\.wikimedia\.org\/wikipedia\/commons\/[0-9a-f]\/[0-9a-f]{2}\//)
      expect(quality).toBe('original')
    }
    expect(page).not.toHaveProperty('next')
  })

  test('licence, credit and date of a file', async () => {
    const page = wiki.json('commons-page-extmetadata.json')
    const [result] = await readPages(mergePages([answerSchema.parse({ query: { pages: [page] } })]))
    expect(result).toEqual({
      id: '81754323',
      url: 'https://upload.wikimedia.org/wikipedia/commons/2/25/20120925_PlozevetBretagne_LoneTree_DSC07971_PtrQs.jpg',
      quality: 'original',
      meta: {
        title: '20120925 PlozevetBretagne LoneTree DSC07971 PtrQs',
        author: 'PtrQs',
        description: 'SONY DSC',
        credit: 'Photo by PtrQs',
        rights: 'CC BY-SA 4.0',
        licenseUrl: 'https://creativecommons.org/licenses/by-sa/4.0',
        origin: 'Own work',
        date: '2012-09-25T16:23:02',
        tags: [
          'Coasts of Plozévet',
          'No QIC by usr:PtrQs',
          'Photographs taken with Minolta AF Zoom 28-70mm F2.8 G',
          'Self-published work',
          'Taken with Sony DSLR-A900',
          'Trees in Finistère',
        ],
        page: 'https://commons.wikimedia.org/wiki/File:20120925_PlozevetBretagne_LoneTree_DSC07971_PtrQs.jpg',
        width: 5514,
        height: 3102,
        bytes: 11_863_148,
        filename: '20120925 PlozevetBretagne LoneTree DSC07971 PtrQs',
      },
    })
  })

  test('an artist with links, and a licence without an address', async () => {
    const artist = wiki.json('commons-extmetadata-artist-html.json') as object
    const bare = wiki.json('commons-imageinfo-missing-license-url.json') as object
    const pages = [
      {
        pageid: 1,
        title: 'File:A.jpg',
        index: 1,
        imageinfo: [{ url: 'https://upload.wikimedia.org/a.jpg', ...artist }],
      },
      { pageid: 2, title: 'File:B.jpg', index: 2, imageinfo: [bare] },
    ]
    const [first, second] = await readPages(mergePages([answerSchema.parse({ query: { pages } })]))
    expect(first?.meta.author).toBe('Jeff & Brian from Eastbourne')
    expect([second?.meta.rights, second?.meta['licenseUrl']]).toEqual(['CC BY-SA 4.0', undefined])
    // The original, not the rendering of 300 pixels that the answer has beside it.
    expect(second?.url).toBe(
      'https://upload.wikimedia.org/wikipedia/commons/2/25/20120925_PlozevetBretagne_LoneTree_DSC07971_PtrQs.jpg',
    )
  })

  test('a sound is no image', async () => {
    const page = { pageid: 1, title: 'File:A.ogg', imageinfo: [wiki.json('commons-page-audio-wav.json')] }
    expect(await readPages(mergePages([answerSchema.parse({ query: { pages: [page] } })]))).toEqual([])
  })

  test('an error comes with status 200', () => {
    expect(answerSchema.parse(wiki.json('wikipedia-api-error-multisource.json')).error).toEqual({
      code: 'multisource',
      info: "Cannot use 'pageids' at the same time as 'titles'",
    })
  })
})

recordings.suite('the program against recorded answers', () => {
  let running: RunningReplicas
  let place: Workplace

  beforeAll(async () => {
    running = await startReplicas(['search'])
    place = await workplace({ no_proxy: '*' })
  })
  afterAll(async () => {
    await place.remove()
    await running.close()
  })

  const KEY = ['--option', 'search.googleApiKey=a', '--option', 'search.googleEngineId=b']

  /** [target, the place of the recorded answer, the answer, images, the last of them, options]. */
  test.each<readonly [string, string, () => string, number, string, readonly string[]]>([
    [
      'search:bing/golang gopher',
      'www.bing.com/images/search',
      () => recordings.text(BING),
      35,
      'https://i.pinimg.com/originals/0e/2a/0c/0e2a0c6189bb11569a554664b37704fc.jpg',
      [],
    ],
    [
      'search:google-cse/jamaica',
      'www.googleapis.com/customsearch/v1',
      () => recordings.text(JAMAICA),
      10,
      'https://www.google.com/maps/d/thumbnail?mid=1SM1DAjSARt3uIUtGqX2_srrBWLc&hl=en_US',
      KEY,
    ],
    [
      'search:openverse/tree bark',
      'api.openverse.org/v1/images/',
      () => recordings.text('openverse-images-2022-search-docs-example.json'),
      1,
      'https://cdn.stocksnap.io/img-thumbs/960w/XNVBVXO3B7.jpg',
      [],
    ],
    [
      'search:commons/stirrup',
      'commons.wikimedia.org/w/api.php',
      () => wiki.text('commons-allimages-final-nocontinue.json'),
      28,
      'https://upload.wikimedia.org/wikipedia/commons/f/fe/Stigbygel_-_Livrustkammaren_-_61961-negative.tif',
      [],
    ],
    [
      'search:duckduckgo/minecraft',
      'duckduckgo.com/i.js',
      () => recordings.text(MINECRAFT),
      100,
      'https://scdn.slashgear.com/wp-content/uploads/2019/12/minecraft_realms_plus_main.jpg',
      [],
    ],
  ])('%s: every image of a dry run, by its URL', async (target, on, body, count, last, more) => {
    running.reset()
    const type = on.includes('bing') ? 'text/html; charset=utf-8' : 'application/json'
    running.mishap({ on, does: { kind: 'answer', status: 200, headers: { 'content-type': type }, body: body() } })
    const way = ['--connect-to', running.connectTo, '--cacert', running.caFile, '--to', 'lib']
    const { stdout } = await place.run(target, '--pages', '1', '--dry-run', '--json', ...more, ...way)
    const assets = jsonLines(stdout).filter((line) => (line as { event?: string }).event === 'asset')
    expect(assets).toHaveLength(count)
    expect((assets.at(-1) as { url?: string }).url).toBe(last)
  })
})
