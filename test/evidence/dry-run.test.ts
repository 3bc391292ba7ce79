/** The real program against recorded answers, served over TLS in place of the sites. */
import { describe, expect, test } from 'vitest'
import { Recordings } from './recordings.ts'
import { dryRun } from './served.ts'
import type { Served } from './served.ts'

const imgur = new Recordings('imgur')
const louvre = new Recordings('louvre')

const API = 'api.imgur.com/3'
const DAMIEN = 'literal/DamienDennehy__Imgur.API/'

function onImgur(served: Served, ...args: readonly string[]): ReturnType<typeof dryRun> {
  return dryRun(['imgur.com', '*.imgur.com'], served, ...args)
}

/** The recorded heads end in the middle of an object: closed behind their last whole one. */
function hitPage(): string {
  return `${imgur.text('quoted/hit-json-page-head-2017.txt').trim().replace(/,$/, '')}}]}`
}

function ajaxAlbum(): string {
  const head = imgur.text('quoted/ajaxalbums-getimages-head-2017.txt')
  return `${head.slice(0, head.indexOf('}') + 1)}]}}`
}

imgur.suite('get --dry-run --json against recorded answers of imgur', () => {
  test('an album of post/v1: its images in their order, by one request', async () => {
    const served = {
      'api.imgur.com/post/v1/albums/88wOh': imgur.text('literal/jwalton__pixdl/post-v1-album-88wOh.json'),
    }
    const told = await onImgur(served, 'https://imgur.com/a/some-words-88wOh#2')
    expect(told.assets).toEqual([
      ['imgur:wWwA1k6', 'https://i.imgur.com/wWwA1k6.jpg'],
      ['imgur:7IoXzlA', 'https://i.imgur.com/7IoXzlA.jpg'],
    ])
    expect(told.asked).toEqual(['api.imgur.com/post/v1/albums/88wOh?include=media%2Ctags%2Caccount'])
    expect([told.status, told.events.find(({ event }) => event === 'asset')?.['meta']]).toMatchObject([
      0,
      { width: 4683, height: 3746, albumTitle: 'La Machine, Ottawa, 2017 #LaMachine', filename: 'IMG_1364' },
    ])
  })

  test('an album that only /3 knows', async () => {
    const served = { [`${API}/album/VMlM6`]: imgur.text('raw/Robpol86__sphinx-imgur/response_album_VMlM6.json') }
    const told = await onImgur(served, 'imgur:a/VMlM6')
    expect(told.assets).toEqual([
      ['imgur:2QcXR3R', 'https://i.imgur.com/2QcXR3R.png'],
      ['imgur:Hqw7KHM', 'https://i.imgur.com/Hqw7KHM.png'],
    ])
  })

  test.each([
    ['mp4', [['imgur:zVpyzhW', 'https://i.imgur.com/zVpyzhW.mp4', 'https://i.imgur.com/zVpyzhW.gif']]],
    ['gif', [['imgur:zVpyzhW/gif', 'https://i.imgur.com/zVpyzhW.gif']]],
  ])('a GIF of 26 MB whose link is a thumbnail, as %s', async (choice, expected) => {
    const served = { [`${API}/image/zVpyzhW`]: imgur.text(`${DAMIEN}Image.GetImage.json`) }
    const told = await onImgur(served, 'https://i.imgur.com/zVpyzhWh.gif', '--option', `imgur.gif=${choice}`)
    expect([told.status, told.assets]).toEqual([0, expected])
  })

  test('the front page: 155 images of 185 entries at once, and each album asked for', async () => {
    const page = imgur.text('raw/geoffmacd__ImgurSession/authenticated_hotgallery.json')
    const { data } = JSON.parse(page) as { data: readonly { id: string; is_album: boolean; link: string }[] }
    const served = { [`${API}/gallery/hot/viral/week/0`]: page, [`${API}/gallery/hot/viral/week/1`]: '{"data":[]}' }
    const told = await onImgur(served, 'imgur:hot')
    const keys = data.filter((entry) => !entry.is_album).map(({ id }) => `imgur:${id}`)
    expect(told.assets.map(([key]) => key)).toEqual([...new Set(keys)])
    expect(told.assets).toHaveLength(155)
    const albums = data.filter((entry) => entry.is_album).map(({ id }) => `${API}/album/${id}`)
    expect(albums.filter((place) => !told.asked.includes(place))).toEqual([])
    // They are not recorded, so they are gone here, and that is told.
    expect([told.status, told.events.at(-1)?.['reasons']]).toEqual([3, { Gone: 30 }])
  })

  test('a tag, whose list lies one level deeper', async () => {
    const served = { [`${API}/gallery/t/cats/time/all/0`]: imgur.text(`${DAMIEN}Gallery.Tags.GetGalleryTag.json`) }
    const told = await onImgur(served, 'imgur:t/cats', '--range', '1-3')
    const { data } = JSON.parse(served[`${API}/gallery/t/cats/time/all/0`] ?? '') as {
      data: { items: readonly { id: string; is_album: boolean }[] }
    }
    const images = data.items.filter((entry) => !entry.is_album).slice(0, 3)
    expect(told.assets.map(([key]) => key)).toEqual(images.map(({ id }) => `imgur:${id}`))
  })

  describe('when the API refuses with a recorded answer, the web site of 2017 is read', () => {
    const refused = [401, imgur.text(`${DAMIEN}Errors.MashapeError.json`)] as const

    test('a subreddit by hit.json', async () => {
      const served = {
        [`${API}/gallery/r/funny/time/0`]: refused,
        'imgur.com/r/funny/new/page/0/hit.json': hitPage(),
        'imgur.com/r/funny/new/page/1/hit.json': '{"data":[],"success":true,"status":200}',
      }
      const told = await onImgur(served, 'imgur:r/funny')
      expect([told.status, told.assets]).toEqual([
        0,
        [['imgur:pNuFUQQ', 'https://i.imgur.com/pNuFUQQ.mp4', 'https://i.imgur.com/pNuFUQQ.gif']],
      ])
    })

    test('an album by ajaxalbums', async () => {
      const served = {
        'api.imgur.com/post/v1/albums/rtYyh': refused,
        'imgur.com/ajaxalbums/getimages/rtYyh/hit.json': ajaxAlbum(),
      }
      const told = await onImgur(served, 'imgur:a/rtYyh')
      expect(told.assets).toEqual([['imgur:5MXcg9i', 'https://i.imgur.com/5MXcg9i.png']])
    })

    test('a post by the object in its page', async () => {
      const item = imgur.text('quoted/web-gallery-image-item.json')
      const served = {
        'api.imgur.com/post/v1/posts/64XlUaS': refused,
        'imgur.com/gallery/64XlUaS': `<html><script>window.runSlots = {\n item: ${item},\n };</script></html>`,
      }
      const told = await onImgur(served, 'https://imgur.com/gallery/64XlUaS')
      expect(told.assets).toEqual([['imgur:64XlUaS', 'https://i.imgur.com/64XlUaS.jpg']])
    })
  })

  test.each([
    ['over capacity', 403, 'quoted/error-403-over-capacity.json', 'imgur is over capacity for this address'],
    ['a bad token', 403, 'raw/geoffmacd__ImgurSession/authenticated_invalidaccess.json', 'imgur asks for a login'],
    ['a server fault', 500, `${DAMIEN}Errors.ImgurClient500Error.json`, '500'],
  ])('%s is told as what it is, and nothing would be fetched', async (_name, status, file, message) => {
    const told = await onImgur(
      { [`${API}/gallery/r/funny/top/week/0`]: [status, imgur.text(file)] },
      'imgur:r/funny/top',
    )
    expect([told.assets, told.stderr]).toEqual([[], expect.stringContaining(message)])
    expect(told.status).toBeGreaterThan(2)
  })
})

louvre.suite('get --dry-run --json against recorded answers of the Louvre', () => {
  const HOST = 'collections.louvre.fr'

  /** Only the images of records are recorded: the rest is left out. */
  function recordOf(image: unknown): string {
    return JSON.stringify({ image, index: [] })
  }

  test('a record: each image at the address that the museum gives', async () => {
    const images = louvre.json('cl010277627.image_array.fragment.json') as readonly { readonly urlImage: string }[]
    const served = { [`${HOST}/ark:/53355/cl010277627.json`]: recordOf(images) }
    const told = await dryRun([HOST], served, `https://${HOST}/en/ark:/53355/cl010277627`)
    const media = ['0000625031', '0000625032', '0000625130', '0000625132']
    expect([told.status, told.assets]).toEqual([
      0,
      media.map((id, index) => [`louvre:cl010277627/${id}`, images[index]?.urlImage]),
    ])
    expect(told.asked).toEqual([`${HOST}/ark:/53355/cl010277627.json`])
  })

  test('a span of numbers: three records, and the ones between them are missing', async () => {
    const arrays = louvre.json('image_arrays_2024-05.converted.json') as readonly unknown[]
    const served = Object.fromEntries(
      ['cl010000006', 'cl010000007', 'cl010000008'].map((ark, index) => [
        `${HOST}/ark:/53355/${ark}.json`,
        recordOf(arrays[index]),
      ]),
    )
    const told = await dryRun([HOST], served, 'louvre:cl010000005-cl010000009')
    expect(told.assets.map(([key]) => key)).toEqual([
      'louvre:cl010000006/0000582320',
      'louvre:cl010000007/0000582334',
      'louvre:cl010000008/0000157356',
    ])
    expect([told.status, told.events.at(-1)?.['missing']]).toEqual([0, 2])
  })
})
