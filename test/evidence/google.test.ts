import { expect, test } from 'vitest'
import { readGoogle } from '../../src/sources/search/google-page.ts'
import type { GoogleReading } from '../../src/sources/search/google-page.ts'
import type { Result } from '../../src/sources/search/provider.ts'
import { Recordings } from './recordings.ts'

/** Recorded pages of Google, see the sheet beside them. */
const recordings = new Recordings('search-engines')

const PAGE = 'https://www.google.com/search?tbm=isch&q=cats'

function reading(file: string, url = PAGE): Promise<GoogleReading> {
  return readGoogle({ url, html: recordings.text(file), answers: [] })
}

async function results(file: string): Promise<readonly Result[]> {
  const read = await reading(file)
  if (read.kind !== 'results') throw new Error(`${file} is read as ${read.kind}`)
  return read.results
}

recordings.suite('google: the data of a page of 2020 (AF_initDataCallback)', () => {
  const file = 'google-images-2020-02-29-af-initdata.html'

  test('every image once, in the order of the page', async () => {
    const found = await results(file)
    expect(found.map(({ id }) => id)).toHaveLength(100)
    expect(new Set(found.map(({ id, url }) => `${id} ${url}`)).size).toBe(100)
  })

  test('the full image, as the page of today would name it, and nothing else', async () => {
    const [first, second, third, ...others] = await results(file)
    expect([first, second, third, others.at(-1)].map((result) => result?.url)).toEqual([
      'https://cdn.vox-cdn.com/thumbor/2XTYqiTtJ-8H8k46jALMh9ZMfzU=/0x0:1548x1024/1200x800/filters:focal(693x458:939x704)/cdn.vox-cdn.com/uploads/chorus_image/image/65936299/cats4.0.jpg',
      'https://img.thedailybeast.com/image/upload/c_crop,d_placeholder_euli9k,h_1687,w_3000,x_0,y_0/dpr_1.5/c_limit,w_1600/fl_lossy,q_auto/v1576761441/191219-fallon-cats-tease2_s9x2de',
      'https://ichef.bbci.co.uk/news/410/cpsprodpb/11EC0/production/_110280437_2485_t2f_00008.jpg',
      'https://ichef.bbci.co.uk/news/410/cpsprodpb/ED75/production/_110198706_capture.jpg',
    ])
  })

  test('what is told of an image: height before width in the page', async () => {
    const [, second] = await results(file)
    expect(second).toEqual({
      id: 'l478OLqw4JAwlM',
      url: expect.stringContaining('fallon-cats-tease2') as string,
      thumbnail:
        'https://encrypted-tbn0.gstatic.com/images?q=tbn%3AANd9GcRbQMvPCy4tT0SO86hQXP3cz8nZcBMqOMhzZIl3iLpQWvwaiEEI',
      referer: 'https://www.thedailybeast.com/cats-movie-review-calls-it-a-boring-disaster-filled-with-joyless-pussies',
      meta: {
        title: "CATS' Movie Review Calls It a Boring Disaster Filled With Joyless ...",
        page: 'https://www.thedailybeast.com/cats-movie-review-calls-it-a-boring-disaster-filled-with-joyless-pussies',
        credit: 'The Daily Beast',
        width: 2400,
        height: 1350,
      },
    })
  })

  test('the same tuples inside a string, as later results come, twice over', async () => {
    const plain = await results(file)
    const html = recordings.text(file)
    const inside = JSON.stringify(JSON.stringify(html))
    const read = await readGoogle({ url: PAGE, html: '<html></html>', answers: [`)]}'\n${inside}`] })
    expect(read.kind === 'results' ? read.results.map(({ id, url }) => [id, url]) : read).toEqual(
      plain.map(({ id, url }) => [id, url]),
    )
  })
})

recordings.suite('google: the links of a page of 2015', () => {
  const file = 'google-images-2015-12-imgres.html'

  test('every image, its page and its size', async () => {
    const found = await results(file)
    expect(found).toHaveLength(100)
    expect(found.slice(0, 2)).toEqual([
      {
        id: 'krrt7OEGWrXF5M',
        url: 'http://animalia-life.com/data_images/cat/cat2.jpg',
        referer: 'http://animalia-life.com/cat.html',
        meta: { page: 'http://animalia-life.com/cat.html', width: 2560, height: 1600 },
      },
      {
        id: 'sKYUQsX9cMoQ0M',
        url: 'https://i.ytimg.com/vi/tntOCGkgt98/maxresdefault.jpg',
        referer: 'https://www.youtube.com/watch?v=tntOCGkgt98',
        meta: { page: 'https://www.youtube.com/watch?v=tntOCGkgt98', width: 1600, height: 1200 },
      },
    ])
    expect(found.at(-1)?.url).toBe(
      'https://www.petfinder.com/wp-content/uploads/2012/11/99950237-why-cats-meow-632x475.jpg',
    )
  })
})

recordings.suite('google: the panel of a page of the web search of 2019', () => {
  test('holds the same tuples inside a string of a script', async () => {
    const found = await results('google-web-2019-carousel-datauri-thumbs.html')
    expect(found).toHaveLength(7)
    expect(found[0]).toMatchObject({
      id: 'FE2vDf1eRkcBWM',
      url: 'https://upload.wikimedia.org/wikipedia/commons/thumb/4/4c/Vincent_van_Gogh_-_Self-Portrait_-_Google_Art_Project_%28454045%29.jpg/1200px-Vincent_van_Gogh_-_Self-Portrait_-_Google_Art_Project_%28454045%29.jpg',
      meta: { page: 'https://en.wikipedia.org/wiki/Vincent_van_Gogh', width: 1200, height: 1516 },
    })
  })
})

recordings.suite('google: pages without images', () => {
  test('a captcha', async () => {
    expect((await reading('google-sorry-captcha-2026-04-trimmed.html')).kind).toBe('captcha')
  })

  test('a shell that asks for scripts', async () => {
    expect((await reading('google-js-required-2026-07-trimmed.html')).kind).toBe('script-shell')
  })

  test('a page of another search engine is none of these', async () => {
    expect((await reading('bing-images-2026-04-golang-gopher.html')).kind).toBe('unknown-layout')
  })
})
