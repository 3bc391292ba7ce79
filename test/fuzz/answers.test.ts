/**
 * Every reader of answers by itself: on recorded answers of its site that were tampered with (where they stand beside
 * the checkout), and on rubbish. Replicas do not lead to all of them (see `sources.test.ts`).
 */
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { readApiWork } from '../../src/sources/deviantart/api-work.ts'
import { readEmbed } from '../../src/sources/deviantart/backend.ts'
import { readFeed } from '../../src/sources/deviantart/feed.ts'
import { listOfPage, readPageState, readPass, workOfPage } from '../../src/sources/deviantart/page-state.ts'
import { illustrationsOf } from '../../src/sources/deviantart/text.ts'
import { readWork } from '../../src/sources/deviantart/work.ts'
import { readAlbum, readFolder, readImage, readImages, readList } from '../../src/sources/imgur/api-v3.ts'
import { readPost, readPosts } from '../../src/sources/imgur/post-v1.ts'
import { readAjaxAlbum, readHitPage, readItem } from '../../src/sources/imgur/web-2017.ts'
import { readPostList } from '../../src/sources/imgur/web-list.ts'
import { readPage } from '../../src/sources/imgur/web-page.ts'
import { readAppPosts } from '../../src/sources/lofter/app-post.ts'
import { readMobileBlog, readMobilePost, readMobileTag } from '../../src/sources/lofter/mobile-page.ts'
import { readOldListing, readOldPost } from '../../src/sources/lofter/old-page.ts'
import { readRecord } from '../../src/sources/louvre/record.ts'
import { readSearchPage } from '../../src/sources/louvre/search.ts'
import { readSitemap } from '../../src/sources/louvre/sitemap.ts'
import { readBing } from '../../src/sources/search/bing-page.ts'
import { answerSchema, mergePages, readPages } from '../../src/sources/search/commons-page.ts'
import { readImages as readDuckDuckGo, readToken } from '../../src/sources/search/duckduckgo.ts'
import { readCustomSearch } from '../../src/sources/search/google-cse.ts'
import { readGoogle, readImageLink } from '../../src/sources/search/google-page.ts'
import { readOpenverse } from '../../src/sources/search/openverse.ts'
import { Recordings } from '../evidence/recordings.ts'
import { onlyFaults } from './support/faults.ts'
import { editJson, editText, edits, hostileValue, jsonEdits, pump, pumps, rubbish } from './support/foreign.ts'
import { holds } from './support/rounds.ts'

const AT = 'https://www.example.org/recorded'
/** Longer recordings tell nothing that shorter ones do not, and cost more. */
const MOST_CHARACTERS = 150_000

type Reader<Answer> = readonly [name: string, read: (answer: Answer) => unknown]

interface Site {
  readonly folder: string
  /** Take text: HTML, XML, JSON, scripts. */
  readonly texts: readonly Reader<string>[]
  /** Take values of JSON. */
  readonly values: readonly Reader<unknown>[]
  readonly tokens: readonly string[]
  /** Small answers of kinds that are not recorded, or for checkouts without recordings. */
  readonly samples: readonly string[]
}

const SITES: readonly Site[] = [
  {
    folder: 'deviantart',
    texts: [
      ['page state', (html) => readPageState(html, AT)],
      ['list of a page', (html) => listOfPage(readPageState(html, AT))],
      ['work of a page', (html) => workOfPage(readPageState(html, AT), '1')],
      ['pass', (html) => readPass(html, AT)],
      ['feed', (xml) => readFeed(xml, AT)],
      ['illustrations', (markup) => illustrationsOf(markup, 1, AT)],
    ],
    values: [
      ['work', (value) => readWork(value, AT)],
      ['work of the API', (value) => readApiWork(value, AT)],
      ['oEmbed', (value) => readEmbed(value, { id: 1, page: AT, url: AT })],
    ],
    samples: [
      String.raw`<script>window.__CSRF_TOKEN__ = 'a'; window.__INITIAL_STATE__ = JSON.parse("{\"@@entities\":{\"deviation\":{\"1\":{\"deviationId\":1,\"url\":\"https://www.deviantart.com/a/art/b-1\",\"title\":\"b\",\"author\":2,\"media\":{\"baseUri\":\"https://images-wixmp.wixmp.com/f/a/b.jpg\",\"prettyName\":\"b\",\"types\":[]}}},\"user\":{\"2\":{\"username\":\"a\"}}},\"@@streams\":{\"x\":{\"items\":[1],\"hasMore\":false}}}")</script>`,
      '<rss><channel><atom:link rel="next" href="https://x/?o=60"/><item><title>b</title><link>https://www.deviantart.com/a/art/b-1</link><pubDate>Mon, 02 Mar 2026 10:00:00 PST</pubDate><media:content url="https://images-wixmp.wixmp.com/f/a/b.jpg" height="1" width="1" medium="image"/></item></channel></rss>',
      '<p>text <img src="https://images-wixmp.wixmp.com/f/a/b.jpg"> <a href="https://www.deviantart.com/a/art/b-1">b</a></p>',
    ],
    tokens: [
      'window.__INITIAL_STATE__ = JSON.parse("',
      '\\"',
      '\\\\',
      '")',
      '<item>',
      '<link>',
      '</item>',
      'window.__CSRF_TOKEN__ = ',
    ],
  },
  {
    folder: 'imgur',
    texts: [
      ['page', (html) => readPage(html, AT)],
      ['list', (html) => readPostList(html)],
    ],
    values: [
      ['image', (value) => readImage(value, AT)],
      ['album', (value) => readAlbum(value, AT)],
      ['images', (value) => readImages(value, AT)],
      ['gallery', (value) => readList(value, AT)],
      ['folder', (value) => readFolder(value, AT)],
      ['hit page', (value) => readHitPage(value, AT)],
      ['ajax album', (value) => readAjaxAlbum(value, AT)],
      ['item', (value) => readItem(value, AT)],
      ['post', (value) => readPost(value, AT)],
      ['posts', (value) => readPosts(value, AT)],
    ],
    samples: [
      '<script>image : {"id":1,"hash":"abc1234","ext":".jpg","width":1,"height":1,"title":null}</script>',
      '<div class="posts"><div class="post" id="abc1234"><a class="image-list-link" href="/a/xyz12"><img src="//i.imgur.com/abc1234b.jpg"></a></div></div>',
      '{"data":{"id":"abc1234","link":"https://i.imgur.com/abc1234.jpg","type":"image/jpeg","width":1,"height":1,"animated":false,"datetime":1},"success":true,"status":200}',
    ],
    tokens: [
      'window.postDataJSON="',
      'image               : {',
      '"id"',
      '<div class="post" id="',
      '\\"',
      '"}',
      '<meta name="twitter:image" content="',
    ],
  },
  {
    folder: 'lofter',
    texts: [
      ['mobile post', (html) => readMobilePost(html, AT, '1d0d4088_5e71f8f')],
      ['mobile blog', (html) => readMobileBlog(html, AT)],
      ['mobile tag', (html) => readMobileTag(html, AT)],
      ['old post', (html) => readOldPost(html, AT, { permalink: '1d0d4088_5e71f8f', blog: { name: 'a' } })],
      ['old listing', (html) => readOldListing(html, AT, { own: undefined, page: 1 })],
    ],
    values: [['posts of the app', (value) => readAppPosts(Array.isArray(value) ? value : [value], AT)]],
    samples: [
      '<html><head><title>a-b</title></head><body><a bigimgsrc="https://imglf6.lf127.net/img/a.jpg?imageView&thumbnail=500x0"><img src="https://imglf6.lf127.net/img/a.jpg"></a><a href="https://a.lofter.com/post/1d0d4088_5e71f8f">b</a></body></html>',
      '<script>window.__initialize_data__ = {"postData":{"data":{"postData":{"postView":{"id":1,"permalink":"1_2","title":"b"}}}}}</script>',
    ],
    tokens: [
      'window.__initialize_data__ = ',
      '<a bigimgsrc="',
      '<a href="https://a.lofter.com/post/1_2',
      '<img src="',
      '">',
      '{',
      '}',
      '"',
    ],
  },
  {
    folder: 'louvre',
    texts: [
      ['sitemap', (xml) => readSitemap(xml, AT)],
      ['search', (html) => readSearchPage(html, AT)],
    ],
    values: [['record', (value) => readRecord(value, 'cl010277627', AT)]],
    samples: [
      '<sitemapindex><sitemap><loc>https://collections.louvre.fr/media/sitemap/1.xml</loc></sitemap></sitemapindex>',
      '<urlset><url><loc>https://collections.louvre.fr/ark:/53355/cl010277627</loc></url></urlset>',
      '<div id="search__grid"><a href="/ark:/53355/cl010277627"><img src="a.jpg"></a></div><div class="pagination__link" data-page="2"></div>',
      '{"arkId":"cl010277627","title":"a","image":[{"urlImage":"https://collections.louvre.fr/a.jpg","urlThumbnail":"https://collections.louvre.fr/b.jpg","position":0,"copyright":"c","type":"face"}]}',
    ],
    tokens: [
      '<sitemapindex>',
      '<sitemap>',
      '<loc>',
      'https://x/ark:/53355/cl010277627',
      '</loc>',
      '</sitemap>',
      '<url>',
      '&x;',
      'http://',
    ],
  },
  {
    folder: 'search-engines',
    texts: [
      ['Google', (html) => readGoogle({ url: AT, html, answers: [html] })],
      ['link of Google', (href) => readImageLink(href)],
      ['Bing', (html) => readBing(html, AT)],
      ['token of DuckDuckGo', (html) => readToken(html)],
      ['DuckDuckGo', (text) => readDuckDuckGo(text)],
      ['Openverse', (text) => readOpenverse(text)],
      ['custom search', (text) => readCustomSearch(text)],
    ],
    values: [['Commons', (value) => readCommons(value)]],
    samples: [
      '<script>AF_initDataCallback({data:[1,[0,"abc",["https://encrypted-tbn0.gstatic.com/images?q=tbn:a",1,1],["https://example.org/a.jpg",10,20],null,0,"rgb(1,2,3)"]]});</script>',
      '<a class="iusc" m="{&quot;murl&quot;:&quot;https://example.org/a.jpg&quot;,&quot;purl&quot;:&quot;https://example.org/&quot;,&quot;mid&quot;:&quot;A&quot;}"></a>',
      '<script>vqd="4-123"</script>',
      '{"results":[{"image":"https://example.org/a.jpg","url":"https://example.org/","title":"a","width":1,"height":1}],"next":"i.js?q=a"}',
      '{"items":[{"link":"https://example.org/a.jpg","image":{"contextLink":"https://example.org/","width":1,"height":1}}],"searchInformation":{"totalResults":"1"}}',
    ],
    tokens: [
      '["https://',
      '",',
      '1,',
      ']',
      '[1,[0,"',
      '<a class="iusc" m="{',
      'vqd=',
      'AF_initDataCallback({',
      'imgurl=',
      '\\u003d',
      '&quot;',
      '<div data-ri="',
    ],
  },
]

function readCommons(value: unknown): unknown {
  const answer = answerSchema.safeParse(value)
  return answer.success ? readPages(mergePages([answer.data])) : undefined
}

/** What was recorded of a site: texts as they are, and values of those that are JSON. */
function recorded(folder: string): { readonly texts: readonly string[]; readonly values: readonly unknown[] } {
  const recordings = new Recordings(folder)
  const texts = recordings
    .files('json,txt,html,xml,js,json5')
    .map((file) => recordings.text(file))
    .filter((text) => text.length <= MOST_CHARACTERS)
  return { texts, values: texts.flatMap(parsed) }
}

function parsed(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)]
  } catch {
    return []
  }
}

/** Recorded answers are rarely as a reader takes them: some are inside of others. */
function inner(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [value]
  return [value, ...Object.values(value).filter((each) => typeof each === 'object' && each !== null)]
}

async function deterministic<Answer>(read: (answer: Answer) => unknown, answer: Answer): Promise<void> {
  const told: string[] = []
  for (let round = 0; round < 2; round += 1) {
    let result: unknown
    const fault = await onlyFaults(async () => {
      result = await read(answer)
    })
    told.push(JSON.stringify(fault === undefined ? result : [fault.code, fault.message]) ?? '')
  }
  expect(told[0] === told[1], 'the same answer is read the same way').toBe(true)
}

describe.each(SITES)('$folder', ({ folder, texts, values, tokens, samples }) => {
  const known = recorded(folder)

  for (const [name, read] of texts) {
    const tampered = fc
      .tuple(fc.constantFrom(...samples, ...known.texts), edits(tokens))
      .map(([text, all]) => editText(text, all))
    holds(name, 20, fc.oneof(tampered, rubbish(tokens)), (text) => deterministic(read, text))
    holds(`${name}, without measure`, 8, pumps(tokens), (one) => onlyFaults(() => read(pump(one))))
  }

  const answers = [...samples.flatMap(parsed), ...known.values].flatMap(inner)
  for (const [name, read] of values) {
    const tampered = fc
      .tuple(fc.constantFrom(null, ...answers), jsonEdits())
      .map(([value, all]) => editJson(value, all))
    holds(name, 30, fc.oneof({ weight: 4, arbitrary: tampered }, hostileValue), (value) => deterministic(read, value))
  }
})
