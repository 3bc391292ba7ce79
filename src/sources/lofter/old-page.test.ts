import { describe, expect, test } from 'vitest'
import { readOldListing, readOldPost } from './old-page.ts'

const THEME = '<meta name="themename" content="4001"><title>W A N I M A L</title>'

describe('a page of a blog', () => {
  test('leads to its own posts, each once, on the host of the page or below lofter.com', async () => {
    const html = `${THEME}
      <a href="http://wanimal.lofter.com/post/1a_2b"><img></a><a href="http://wanimal.lofter.com/post/1A_2B#comments">3</a>
      <a href="/post/1a_3c?act=x">text</a><a href="http://wanimal.example/post/1a_4d">own host</a>
      <a href="http://stranger.lofter.com/post/9a_9b">reblog</a><a href="http://www.example.org/post/1a_5e">away</a>
      <a href="http://wanimal.lofter.com/post/new">no post</a>`
    const { posts } = await readOldListing(html, 'http://wanimal.example/?page=2', { own: 'wanimal', page: 2 })
    expect(posts).toEqual(
      ['1a_2b', '1a_3c', '1a_4d'].map((permalink) => ({
        permalink,
        blog: { name: 'wanimal', title: 'W A N I M A L' },
      })),
    )
  })

  test('without posts is the end; a first page that is no blog is a changed site', async () => {
    expect(await readOldListing(THEME, 'https://wanimal.lofter.com/', { own: 'wanimal', page: 1 })).toEqual({
      posts: [],
    })
    expect(await readOldListing('<p></p>', 'https://wanimal.lofter.com/', { own: 'wanimal', page: 9 })).toEqual({
      posts: [],
    })
    await expect(
      readOldListing('<p></p>', 'https://wanimal.lofter.com/', { own: 'wanimal', page: 1 }),
    ).rejects.toMatchObject({ code: 'SiteChanged' })
  })
})

describe('a page of a post', () => {
  const read = (body: string) =>
    readOldPost(`${THEME}${body}`, 'https://wanimal.lofter.com/post/1a_2b', {
      permalink: '1a_2b',
      blog: { name: 'wanimal' },
    })

  test('of photos: the links to the large ones, and nothing that only stands in the text', async () => {
    const { media } = await read(
      `<div class="text"><a class="imgclasstag" bigimgsrc="https://imglf3.lf127.net/img/b25l.jpg?imageView&thumbnail=1680x0&type=jpg"><img src="https://imglf3.lf127.net/img/b25l.jpg?imageView&thumbnail=500x0"></a>
       <img src="https://imglf3.lf127.net/img/b3RoZXI.jpg"></div>`,
    )
    expect(media.map(({ id, candidates }) => [id, candidates.map(({ url }) => url)])).toEqual([
      [
        'b25l',
        [
          'https://imglf3.lf127.net/img/b25l.jpg',
          'https://imglf3.lf127.net/img/b25l.jpg?imageView&thumbnail=1680x0&type=jpg',
        ],
      ],
    ])
  })

  test.each(['txtcont', 'text', 'cnwrapper'])(
    'of words: the images in its text by the class %s, each once',
    async (name) => {
      const { media } = await read(
        `<img src="https://imglf3.lf127.net/img/YmFubmVy.jpg"><div class="${name}"><div class="text"><img src="https://imglf3.lf127.net/img/b25l.jpg?imageView&amp;amp;thumbnail=500x0"></div></div>
       <div class="text"><a href="https://wanimal.lofter.com/post/1a_9f"><img src="https://imglf3.lf127.net/img/bmV4dA.jpg"></a><img src="https://avaimg.lf127.net/img/ZmFjZQ.jpg"></div>`,
      )
      expect(media.map(({ id }) => id)).toEqual(['b25l'])
    },
  )

  test('of nothing that is known: a changed site', async () => {
    const known = { permalink: '1a_2b', blog: {} }
    await expect(
      readOldPost('<title>LOFTER</title>', 'https://wanimal.lofter.com/post/1a_2b', known),
    ).rejects.toMatchObject({ code: 'SiteChanged' })
  })
})
