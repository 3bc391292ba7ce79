import { describe, expect, it } from 'vitest'
import { loadHtml } from '../../kit/html.ts'
import { bodyMedia } from './body.ts'
import { distinct, type Found } from './found.ts'
import { headMedia, pageDetails } from './head.ts'

const BASE = 'https://h.example/dir/page.html'
const RULES = { base: BASE, minimum: 3, dataBytes: 20, backgrounds: true }

async function body(markup: string): Promise<readonly Found[]> {
  return distinct(bodyMedia(await loadHtml(markup), RULES))
}

/** URLs of each picture, best first, as short as they can be. */
function brief(found: readonly Found[]): readonly (readonly string[])[] {
  return found.map(({ versions }) =>
    versions.map(({ url }) => url.replace('https://h.example/dir/', '').replace('https://h.example', '')),
  )
}

describe('the body of a page', () => {
  it.each([
    ['an image', '<img src=a.jpg>', [['a.jpg']]],
    [
      'fragments, absolute and protocol-relative links',
      '<img src="/a.jpg#x"><img src="//c.example/b.jpg">',
      [['/a.jpg'], ['https://c.example/b.jpg']],
    ],
    ['scripts and mail', '<img src="javascript:x()"><a href="mailto:a.jpg@x">a</a><img src=""><img>', []],
    [
      'srcset by width, the source last',
      '<img src=a.jpg srcset="s.jpg 300w, l.jpg 1200w, m.jpg 600w">',
      [['l.jpg', 'm.jpg', 's.jpg', 'a.jpg']],
    ],
    ['srcset by density', '<img src=a.jpg srcset="a.jpg, b.jpg 2x">', [['b.jpg', 'a.jpg']]],
    [
      'picture',
      '<picture><source srcset="a.avif 800w, b.avif 1600w" type=image/avif><source srcset=c.webp><img src=d.jpg></picture>',
      [['b.avif', 'a.avif', 'c.webp', 'd.jpg']],
    ],
    [
      'a picture linked by its thumbnail',
      '<a href=full.jpg><img src=thumb.jpg srcset="t2.jpg 2x"></a>',
      [['full.jpg', 't2.jpg', 'thumb.jpg']],
    ],
    ['a thumbnail that leads to a page', '<a href=post.html><img src=thumb.jpg></a>', [['thumb.jpg']]],
    ['a video linked by a thumbnail', '<a href=film.mp4><img src=thumb.jpg></a>', [['film.mp4'], ['thumb.jpg']]],
    [
      'lazy pictures in place of their placeholder',
      '<img src=blank.gif data-src=a.jpg data-srcset="b.jpg 900w, c.jpg 300w">',
      [['b.jpg', 'c.jpg', 'a.jpg']],
    ],
    [
      'lazy pictures that share a placeholder',
      '<img src=blank.gif data-src=a.jpg><img src=blank.gif data-original=b.jpg>',
      [['a.jpg'], ['b.jpg']],
    ],
    [
      'flags and numbers in data attributes',
      '<img src=a.jpg data-src=true data-image=12 data-full=\'{"a":"b.jpg"}\'>',
      [['a.jpg']],
    ],
    [
      'named originals before links',
      '<a href=large.jpg><img src=a.jpg data-orig-file=orig.jpg></a>',
      [['orig.jpg', 'large.jpg', 'a.jpg']],
    ],
    [
      'noscript',
      '<img src=blank.gif data-src=a.jpg><noscript><img src=a.jpg></noscript><noscript><p><img src=b.jpg></p></noscript>',
      [['a.jpg'], ['b.jpg']],
    ],
    [
      'videos, their sources and posters',
      '<video poster=p.jpg><source src=a.webm><source src=a.mp4></video><video src=b.mp4></video>',
      [['a.webm', 'a.mp4'], ['p.jpg'], ['b.mp4']],
    ],
    ['audio', '<audio><source src=a.ogg><source src=a.mp3></audio>', [['a.ogg', 'a.mp3']]],
    [
      'links to files by their extension',
      '<a href=a.ZIP>x</a><a href=b.jpg?x=1>y</a><a href=c.html>z</a><a href=d.pdf>p</a>',
      [['a.ZIP'], ['b.jpg?x=1']],
    ],
    [
      'input, object, embed, svg',
      '<input type=image src=a.png><object data=b type=image/png></object><object data=c.swf></object><embed src=d.mp4><svg><image href=e.png /><image xlink:href=f.png /></svg>',
      [['a.png'], ['b'], ['d.mp4'], ['e.png'], ['f.png']],
    ],
    [
      'backgrounds',
      '<style>.a{background:url(a.png)} @font-face{src:url(f.woff)}</style><div style="background:url(\'b.png\')"></div><p data-bg=c.png></p><p data-bg="url(d.png)"></p>',
      [['a.png'], ['b.png'], ['c.png'], ['d.png']],
    ],
    [
      'spacers and counters',
      '<img src=a.gif width=1 height=1><img src=b.gif height="2px"><img src=c.jpg width=100% height=auto>',
      [['c.jpg']],
    ],
    ['a large picture behind a tiny one', '<a href=full.jpg><img src=a.gif width=1></a>', [['full.jpg', 'a.gif']]],
    [
      'data URLs of some size',
      `<img src="data:image/gif;base64,R0lGODlh"><img src="data:image/gif;base64,${'A'.repeat(40)}">`,
      [[`data:image/gif;base64,${'A'.repeat(40)}`]],
    ],
    [
      'a data URL as placeholder',
      `<img src="data:image/gif;base64,${'A'.repeat(40)}" srcset="a.jpg 100w">`,
      [['a.jpg']],
    ],
    ['each picture once', '<img src=a.jpg><img src="./a.jpg"><a href=a.jpg>again</a>', [['a.jpg']]],
    [
      'smaller versions only with the large one',
      '<img src=s.jpg><img srcset="s.jpg 100w, l.jpg 900w"><a href=l.jpg>x</a>',
      [['l.jpg', 's.jpg']],
    ],
    [
      'two that name each other',
      '<a href=a.jpg><img src=b.jpg></a><a href=b.jpg><img src=a.jpg></a>',
      [['b.jpg', 'a.jpg']],
    ],
  ])('%s', async (_, markup, expected) => {
    expect(brief(await body(markup))).toEqual(expected)
  })

  it('takes titles from alt, title and caption', async () => {
    const found = await body(`
      <img src=a.jpg alt=" Alt \n text " title=T><img src=b.jpg alt="" title=T>
      <figure><a href=c.jpg><img src=t.jpg></a><figcaption>The <b>caption</b></figcaption></figure>
      <a href=d.zip title="All of it">x</a><img src=e.jpg>`)
    expect(found.map(({ title }) => title)).toEqual(['Alt text', 'T', 'The caption', 'All of it', undefined])
  })

  it('reads large and deep pages in time', async () => {
    const start = process.threadCpuUsage()
    const many = await body('<a href=x.html><img src=blank.gif data-src=a.jpg srcset="b.jpg 2x">'.repeat(3_000))
    expect(brief(many)).toEqual([['b.jpg', 'a.jpg']])
    expect(brief(await body(`${'<div>'.repeat(20_000)}<img src=a.jpg>`))).toEqual([['a.jpg']])
    expect(process.threadCpuUsage(start).user).toBeLessThan(5_000_000)
  })
})

describe('the head of a page', () => {
  it.each([
    [
      'previews',
      '<meta property="og:image" content=a.jpg><meta property="og:image:secure_url" content=b.jpg><meta name="twitter:image" content=c.jpg>',
      [['a.jpg'], ['c.jpg']],
    ],
    [
      'several previews',
      '<meta property="og:image" content=a.jpg><meta property="og:image" content=b.jpg>',
      [['a.jpg'], ['b.jpg']],
    ],
    [
      'videos but no players',
      '<meta property="og:video" content=a.mp4><meta property="og:video" content=player.html>',
      [['a.mp4']],
    ],
    [
      'links',
      '<link rel=image_src href=a.jpg><link rel=preload as=image href=b.jpg imagesrcset="c.jpg 900w"><link rel=icon href=favicon.ico>',
      [['a.jpg'], ['c.jpg', 'b.jpg']],
    ],
    [
      'JSON-LD',
      '<script type="application/ld+json">{"@graph":[{"image":["a.jpg",{"url":"b.jpg"}],"logo":"no.png","publisher":{"image":"no.png"}},{"@type":"VideoObject","contentUrl":"c.mp4"}]}</script>',
      [['a.jpg'], ['b.jpg'], ['c.mp4']],
    ],
    ['broken JSON-LD', '<script type="application/ld+json">{"image": </script>', []],
  ])('%s', async (_, markup, expected) => {
    expect(brief(distinct(headMedia(await loadHtml(markup), BASE)))).toEqual(expected)
  })

  it('tells title, author and date', async () => {
    expect(
      pageDetails(
        await loadHtml(
          '<title>Site | A\n title</title><meta property="og:title" content="A title"><meta name=author content=Ann><meta property="article:published_time" content="2021-03-04T05:06:07+01:00">',
        ),
      ),
    ).toEqual({ title: 'A title', author: 'Ann', date: '2021-03-04T05:06:07+01:00' })
    expect(pageDetails(await loadHtml('<title> </title><h1>Head</h1>'))).toEqual({ title: 'Head' })
    expect(pageDetails(await loadHtml(''))).toEqual({})
  })
})
