import { describe, expect, test } from 'vitest'
import { Fault } from '../../core/errors.ts'
import { readAppPosts } from './app-post.ts'
import { readMobileBlog, readMobilePost, readMobileTag } from './mobile-page.ts'

const URL = 'https://api.lofter.com/oldapi/post/detail.api'
const PHOTO = 'https://imglf3.lf127.net/img/b25l.jpg'

async function faultOf(read: () => unknown): Promise<readonly unknown[]> {
  try {
    await read()
  } catch (thrown) {
    if (thrown instanceof Fault) return [thrown.code, thrown.evidence.where]
    throw thrown
  }
  return []
}

describe('posts of the app', () => {
  test('may be null, stand by themselves, and have their numbers as texts', async () => {
    const posts = await readAppPosts(
      [null, { post: null }, { id: '43', blogId: '26', photoLinks: [{ orign: PHOTO }] }],
      URL,
    )
    expect(posts.map(({ permalink, media }) => [permalink, media.map(({ id }) => id)])).toEqual([['1a_2b', ['b25l']]])
  })

  test('have lists in texts, empty texts for none, and tags in either form', async () => {
    const photoLinks = JSON.stringify([{ orign: PHOTO, raw: null, ow: '10', oh: 20 }])
    const [one, other] = await readAppPosts(
      [
        { post: { id: 1, blogId: 1, photoLinks, photoCaptions: '["below"]', embed: '{}', tag: 'a, b,' } },
        { post: { id: 2, blogId: 1, photoLinks: '', photoCaptions: '', embed: '', tag: ['a', 'b'] } },
      ],
      URL,
    )
    expect(one?.media).toMatchObject([{ id: 'b25l', width: 10, height: 20, caption: 'below' }])
    expect([one?.tags, other?.tags, other?.media]).toEqual([['a', 'b'], ['a', 'b'], []])
  })

  test('with images and a text show the images; without, those in the text', async () => {
    const content = `<p>One<br>two</p><img src="${PHOTO}?imageView&amp;amp;thumbnail=500x0">`
    const photoLinks = [{ orign: 'https://imglf3.lf127.net/img/b3RoZXI.jpg' }]
    const [photos, words] = await readAppPosts(
      [{ post: { id: 1, blogId: 1, content, photoLinks } }, { post: { id: 2, blogId: 1, content } }],
      URL,
    )
    expect([photos, words].map((post) => post?.media.map(({ id }) => id))).toEqual([['b3RoZXI'], ['b25l']])
    expect(words?.text).toBe('One\ntwo')
  })

  test.each([
    ['needPay', { needPay: true, photoLinks: [PHOTO] }, true],
    ['payViewPost, with nothing shown', { payViewPost: true }, true],
    ['payViewPost, with images shown', { payViewPost: true, photoLinks: [PHOTO] }, false],
    ['fansVipPost, with nothing shown', { fansVipPost: 1 }, true],
    ['none of them', { needPay: false, payViewPost: false, fansVipPost: 0 }, false],
  ])('for paying readers: %s', async (_name, more, expected) => {
    const [post] = await readAppPosts([{ post: { id: 1, blogId: 1, ...more } }], URL)
    expect(post?.paid).toBe(expected)
  })

  test.each([
    ['a number that is none', { id: 'x', blogId: 1 }, '$.post.id'],
    ['a list of images that is none', { id: 1, blogId: 1, photoLinks: 'oops' }, '$.post.photoLinks'],
    ['an image that is none', { id: 1, blogId: 1, photoLinks: '[7]' }, '$.post.photoLinks[0]'],
  ])('%s is named with its place', async (_name, post, where) => {
    expect(await faultOf(() => readAppPosts([{ post }], URL))).toEqual(['SiteChanged', where])
  })
})

describe('pages for phones', () => {
  const state = {
    postData: {
      data: {
        blogInfo: { blogName: 'Blue' },
        postData: { postView: { photoPostView: { photoLinks: [{ orign: PHOTO }] } } },
      },
    },
  }

  test.each([
    ['a blank before it', ' = ', ''],
    ['no blanks', '=', ''],
    ['a semicolon behind it', ' = ', ';'],
    ['a line behind it', '\n=\n', ';\n'],
  ])('hold their data with %s', async (_name, between, end) => {
    const html = `<script>window.__initialize_data__${between}${JSON.stringify(state)}${end}</script><script>{}</script>`
    const post = await readMobilePost(html, URL, '1a_2b')
    expect([post.permalink, post.blog, post.media.map(({ id }) => id)]).toEqual(['1a_2b', { name: 'blue' }, ['b25l']])
  })

  test.each([
    ['no data', '<p></p>', 'window.__initialize_data__'],
    ['no JSON', '<script>window.__initialize_data__ = {a}</script>', 'window.__initialize_data__'],
    ['no post, as for one that is gone', '<script>window.__initialize_data__ = {}</script>', '$.postData'],
  ])('with %s are a changed site', async (_name, html, where) => {
    expect(await faultOf(() => readMobilePost(html, URL, '1a_2b'))).toEqual(['SiteChanged', where])
  })

  test('list a blog and a tag, and say how many there are and whether there are more', () => {
    const view = { postView: { permalink: '1a_2b', tagList: ['a'] } }
    const page = (data: unknown): string => `<script>window.__initialize_data__ = ${JSON.stringify(data)}</script>`
    const blog = {
      blogInfo: { blogName: 'blue', blogNickName: 'Blue' },
      blogCount: { publicPostCount: 7 },
      items: [{ postData: view }],
      offset: 10,
    }
    expect(readMobileBlog(page({ blogData: { data: blog } }), URL)).toEqual({
      posts: [{ permalink: '1a_2b', blog: { name: 'blue', title: 'Blue' }, tags: ['a'] }],
      count: 7,
      more: true,
    })
    const tag = { postList: [{ ...view, blogInfo: { blogName: 'blue' } }], offset: -1 }
    expect(readMobileTag(page({ tagInfoData: tag }), URL)).toEqual({
      posts: [{ permalink: '1a_2b', blog: { name: 'blue' }, tags: ['a'] }],
      more: false,
    })
  })
})
