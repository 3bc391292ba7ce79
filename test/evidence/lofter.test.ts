import { describe, expect, test } from 'vitest'
import { readAppPosts } from '../../src/sources/lofter/app-post.ts'
import { idsOf } from '../../src/sources/lofter/model.ts'
import type { Post } from '../../src/sources/lofter/model.ts'
import { readOldPost } from '../../src/sources/lofter/old-page.ts'
import { entryOf, tagEntryOf } from '../../replicas/lofter/shapes.ts'
import { SAMPLES } from '../../replicas/lofter/site.ts'
import { Recordings } from './recordings.ts'
import { dryRun } from './served.ts'
import type { Told } from './served.ts'
import { differences, shapeOf } from './shapes.ts'

const recordings = new Recordings('lofter')
const PAGES = 'raw/Kyokoning__lofter_crawler/'
const LINKS = 'literal/Moling-Teru__LofterPictureSpider/photoLinks.json'
const BLOG_HOME = 'redacted-by-upstream/blog_home.json'
const POST_DETAIL = 'redacted-by-upstream/post_detail.json'
const TAG_POSTS = 'redacted-by-upstream/tag_posts.json'

interface RecordedPage {
  readonly file: string
  readonly permalink: string
  /** As the page's links have it. */
  readonly blog: string
  readonly title: string
  readonly nick: string
  readonly images: number
  readonly tags: readonly string[]
  /** Of the first image, as the page says. */
  readonly size: readonly [number, number]
  readonly host: string
  readonly watermark: boolean
}

/** Counted and read in the files themselves. */
const RECORDED: readonly RecordedPage[] = [
  {
    file: 'theme-1001__1d0d4088_5e71f8f.html',
    permalink: '1d0d4088_5e71f8f',
    blog: 'liangchanrenxing',
    title: '与@伊吹茶依',
    nick: '梅蓓莉塔',
    images: 1,
    tags: ['合绘', '怪盗joker', 'KJ'],
    size: [1800, 1275],
    host: 'imglf6.nosdn0.126.net',
    watermark: false,
  },
  {
    file: 'theme-109004__210de5_1c99feac9.html',
    permalink: '210de5_1c99feac9',
    blog: 'etlemo',
    title: '对不起，是傻屌改图',
    nick: '水仙庭院',
    images: 3,
    tags: ['SC', 'FF7'],
    size: [488, 247],
    host: 'imglf4.nosdn0.126.net',
    watermark: false,
  },
  {
    file: 'theme-119002__1d309b40_1c71bd56f.html',
    permalink: '1d309b40_1c71bd56f',
    blog: 'liangshengl',
    title: '是大熊老师的画集挑了几张是真的',
    nick: '凉生玲',
    images: 10,
    tags: ['怪医黑杰克', '青年黑杰克', 'kj', 'black jack', '奇利柯'],
    size: [2000, 3555],
    host: 'imglf5.nosdn0.126.net',
    watermark: false,
  },
  {
    file: 'theme-128001__1cc12b32_1c9a064f3.html',
    permalink: '1cc12b32_1c9a064f3',
    blog: 'imomochi-umai',
    title: '摸🐟汇总',
    nick: '我想吃小蛋糕',
    images: 10,
    tags: ['SC'],
    size: [1000, 1000],
    host: 'imglf4.nosdn0.126.net',
    watermark: true,
  },
  {
    file: 'theme-133001__1e2af392_11f89d17.html',
    permalink: '1e2af392_11f89d17',
    blog: 'sanhaosansan123',
    title: '1⃣🐶2⃣👬3⃣🐱🐱?',
    nick: '3344三三四四',
    images: 1,
    tags: ['KJ', '千凯千', '凯千', '往昔', '醉卧红尘忆往昔'],
    size: [929, 1250],
    host: 'imglf4.nosdn.127.net',
    watermark: false,
  },
  {
    file: 'theme-18002__1cdb1456_117d1b9d.html',
    permalink: '1cdb1456_117d1b9d',
    blog: 'damedame',
    title: 'Emmmm……不知道大家有没有',
    nick: 'Akira',
    images: 1,
    tags: ['KJ', '凯千', 'Amore'],
    size: [960, 960],
    host: 'imglf5.nosdn.127.net',
    watermark: true,
  },
  {
    file: 'theme-3002__459a6c_8d36f48.html',
    permalink: '459a6c_8d36f48',
    blog: 'navypoppy',
    title: '青年黑傑克',
    nick: '六枋璟檀',
    images: 1,
    tags: ['青年黑傑克', '間黑男', '奇利柯', '耽美', 'BL', '同人', 'KJ'],
    size: [600, 719],
    host: 'imglf0.nosdn.127.net',
    watermark: false,
  },
  {
    file: 'theme-54002__1e60336c_1c9a01328.html',
    permalink: '1e60336c_1c9a01328',
    blog: '19198990',
    title: '“看向何方……”',
    nick: '火山群鳥_',
    images: 2,
    tags: ['ff7', 'sc', '萨菲罗斯', '克劳德'],
    size: [2000, 2000],
    host: 'imglf4.nosdn0.126.net',
    watermark: true,
  },
]

/** What the markup itself says, found without a parser of HTML. */
function bigImages(html: string): readonly string[] {
  return [...html.matchAll(/bigimgsrc="([^"]+)"/g)].map(([, url = '']) => url)
}

/** A token as keys have it: the last part of the path without its extension. */
function tokenOf(url: string): string {
  return /\/([^/?]+)\.(?:jpg|png|gif)(?:\?|$)/.exec(url)?.[1] ?? ''
}

function read({ file, permalink, blog }: RecordedPage): Promise<Post> {
  const url = `https://${blog}.lofter.com/post/${permalink}`
  return readOldPost(recordings.text(PAGES + file), url, { permalink, blog: { name: blog } })
}

interface RawLink {
  readonly orign: string
  readonly orignWithTag: string
  readonly raw: string
  readonly rw: number
  readonly rh: number
}

recordings.suite('recorded answers of Lofter', () => {
  test('every file is looked at below', () => {
    const pages = RECORDED.map(({ file }) => PAGES + file)
    expect(recordings.files('json,txt,html')).toEqual([...pages, LINKS, BLOG_HOME, POST_DETAIL, TAG_POSTS].toSorted())
  })

  describe.each(RECORDED)('the page $file', (page) => {
    test('gives every image at its address without the query, then as it is given', async () => {
      const given = bigImages(recordings.text(PAGES + page.file))
      const { media } = await read(page)
      expect(given).toHaveLength(page.images)
      expect(media.map(({ candidates }) => candidates)).toEqual(
        given.map((url) => [
          { url: url.slice(0, url.indexOf('?')), quality: 'full' },
          { url, quality: 'preview' },
        ]),
      )
      expect(media.map(({ id }) => id)).toEqual(given.map(tokenOf))
      expect(new URL(media[0]?.candidates[0]?.url ?? '').hostname).toBe(page.host)
    })

    test('gives no watermark and no scaling to the best address', async () => {
      const given = bigImages(recordings.text(PAGES + page.file))
      expect(given.every((url) => url.includes('thumbnail=1680x0'))).toBe(true)
      expect(given.some((url) => url.includes('watermark'))).toBe(page.watermark)
      const { media } = await read(page)
      expect(media.filter(({ candidates }) => candidates[0]?.url.includes('?'))).toEqual([])
    })

    test('tells its title, its blog, its tags and the size of its images', async () => {
      const { title, blog, tags, media } = await read(page)
      expect({ title, nick: blog.title, tags, size: [media[0]?.width, media[0]?.height] }).toEqual({
        title: page.title,
        nick: page.nick,
        tags: page.tags,
        size: page.size,
      })
    })

    test('names in its frame the two numbers that its address is made of', () => {
      const [, blogId, postId] =
        /control\?blogId=(\d+)(?:&|&amp;)postId=(\d+)/.exec(recordings.text(PAGES + page.file)) ?? []
      expect(idsOf(page.permalink)).toEqual({ blogId: Number(blogId), postId: Number(postId) })
    })
  })

  test('images of 2025: the upload first, then another object without its watermark, then as it is shown', async () => {
    const links = recordings.json(LINKS) as readonly RawLink[]
    const post = { id: 0x2b, blogId: 0x1a, photoLinks: JSON.stringify(links) }
    const [read2025] = await readAppPosts([{ post }], 'https://api.lofter.com/recorded')
    expect(links).toHaveLength(4)
    expect(read2025?.permalink).toBe('1a_2b')
    expect(read2025?.media.map(({ candidates }) => candidates)).toEqual(
      links.map(({ raw, orign }) => [
        { url: raw, quality: 'original' },
        { url: orign.slice(0, orign.indexOf('?')), quality: 'full' },
        { url: orign, quality: 'preview' },
      ]),
    )
    expect(read2025?.media.map(({ id }) => id)).toEqual(links.map(({ orign }) => tokenOf(orign)))
    expect(read2025?.media.map(({ width, height }) => [width, height])).toEqual(links.map(({ rw, rh }) => [rw, rh]))
  })

  test('answers whose values were replaced are read by the same fields, lists in place of texts included', async () => {
    const [blog, detail] = [BLOG_HOME, POST_DETAIL].map((file) => recordings.json(file)) as readonly {
      readonly envelope: { readonly response: { readonly posts: readonly unknown[] } }
    }[]
    for (const answer of [blog, detail]) {
      const [post] = await readAppPosts(answer?.envelope.response.posts ?? [], 'https://api.lofter.com/recorded')
      expect(post).toMatchObject({
        permalink: '1a_2b',
        blog: { name: 'demo', title: 'Demo' },
        title: 'Demo',
        text: 'Demo',
        tags: ['demo', 'example'],
        date: '2024-03-09T16:00:00Z',
        media: [{ candidates: [{ url: 'https://media.example.invalid/demo.jpg' }] }],
      })
    }
  })
})

recordings.suite('the replica of Lofter and the recorded answers', () => {
  test('an image has no other fields and types', () => {
    const recorded = shapeOf(...(recordings.json(LINKS) as readonly unknown[]))
    const { post } = entryOf(SAMPLES.march) as { readonly post: { readonly photoLinks: string } }
    for (const link of JSON.parse(post.photoLinks) as readonly unknown[])
      expect(differences(link, recorded)).toEqual([])
  })

  test('an entry of a blog and of a tag has the fields that others saw', () => {
    const { envelope } = recordings.json(BLOG_HOME) as {
      envelope: { response: { posts: readonly [{ post: object }] } }
    }
    const { post } = entryOf(SAMPLES.march)
    const recorded = Object.keys(envelope.response.posts[0].post)
    // Of a photo post: what an article says stands in `content`.
    expect(recorded.filter((name) => !(name in (post as object)))).toEqual(['content'])
    const tag = recordings.json(TAG_POSTS) as {
      envelope: { data: { list: readonly [{ postData: { postView: object } }] } }
    }
    const { postData } = tagEntryOf(SAMPLES.march) as { readonly postData: { readonly postView: object } }
    const view = Object.keys(tag.envelope.data.list[0].postData.postView)
    expect(view.filter((name) => !(name in postData.postView))).toEqual([])
  })
})

recordings.suite('get --dry-run --json against recorded answers of Lofter', () => {
  function refusal(): string {
    const { variants } = recordings.json(POST_DETAIL) as { readonly variants: { readonly business_failure: unknown } }
    return JSON.stringify(variants.business_failure)
  }

  function onLofter(served: Parameters<typeof dryRun>[1], ...args: readonly string[]): Promise<Told> {
    return dryRun(['lofter.com', '*.lofter.com'], served, ...args)
  }

  function assetsOf({ file, permalink }: RecordedPage): Told['assets'] {
    return bigImages(recordings.text(PAGES + file)).map((url) => [
      `lofter:${permalink}/${tokenOf(url)}`,
      url.slice(0, url.indexOf('?')),
      url,
    ])
  }

  test('the app refuses and phones get the page of old: it is read by its markup', async () => {
    const [, page] = RECORDED
    if (page === undefined) expect.unreachable()
    const place = `${page.blog}.lofter.com/post/${page.permalink}`
    const html = recordings.text(PAGES + page.file)
    const served = { 'api.lofter.com/oldapi/post/detail.api': refusal(), [place]: html }
    const told = await onLofter(served, `https://${place}`)
    expect(told.assets).toEqual(assetsOf(page))
    expect(told.asked).toEqual(['api.lofter.com/oldapi/post/detail.api?product=lofter-android-8.2.23', place, place])
    expect(told.events.find(({ event }) => event === 'ref')).toMatchObject({ state: 'explored', strategy: 'html' })
    expect([told.status, told.events.find(({ event }) => event === 'asset')?.['meta']]).toMatchObject([
      0,
      { title: page.title, author: page.nick, blogName: page.blog, page: `https://${place}` },
    ])
  })

  test('all recorded pages in one run', async () => {
    const places = RECORDED.map(({ blog, permalink }) => `${blog}.lofter.com/post/${permalink}`)
    const pages = RECORDED.map(({ file }, index): [string, string] => [
      places[index] ?? '',
      recordings.text(PAGES + file),
    ])
    const served = { 'api.lofter.com/oldapi/post/detail.api': refusal(), ...Object.fromEntries(pages) }
    const told = await onLofter(served, ...places.map((place) => `https://${place}`))
    const byKey = new Map(told.assets.map((asset) => [asset[0], asset]))
    expect(byKey).toEqual(new Map(RECORDED.flatMap(assetsOf).map((asset) => [asset[0], asset])))
    expect([told.status, told.assets.length]).toEqual([0, 29])
  })

  test('a post of 2025 by the app: the uploads first, by one request', async () => {
    const links = recordings.json(LINKS) as readonly RawLink[]
    const post = {
      id: 0x2b,
      blogId: 0x1a,
      title: '',
      publishTime: 1_754_600_000_000,
      photoLinks: JSON.stringify(links),
      blogInfo: { blogName: 'demo', blogNickName: 'Demo' },
    }
    const served = {
      'api.lofter.com/oldapi/post/detail.api': JSON.stringify({
        meta: { status: 200, msg: '' },
        response: { posts: [{ post }] },
      }),
    }
    const told = await onLofter(served, 'lofter:demo/1a_2b')
    expect(told.assets).toEqual(
      links.map(({ raw, orign }) => [`lofter:1a_2b/${tokenOf(orign)}`, raw, orign.slice(0, orign.indexOf('?')), orign]),
    )
    expect(told.asked).toHaveLength(1)
    const names = told.events
      .filter(({ event }) => event === 'asset')
      .map(({ path }) => String(path).replace(/\.jpg$/, ''))
    expect(names).toEqual(['01', '02', '03', '04'].map((index) => `lofter/Demo/2025-08-07 1a_2b_${index}`))
  })
})
