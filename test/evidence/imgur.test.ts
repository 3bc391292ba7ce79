import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { replica } from '../../replicas/imgur.ts'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { Fault } from '../../src/core/errors.ts'
import type { Http } from '../../src/core/http.ts'
import { readAlbum, readImage, readImages, readList } from '../../src/sources/imgur/api-v3.ts'
import { albumFindings, entryFindings } from '../../src/sources/imgur/findings.ts'
import { source } from '../../src/sources/imgur/imgur.ts'
import type { Entry, Picture } from '../../src/sources/imgur/model.ts'
import { readPost } from '../../src/sources/imgur/post-v1.ts'
import { readAjaxAlbum, readHitPage, readItem } from '../../src/sources/imgur/web-2017.ts'
import { crawl, faultOf, openHttp } from '../sources/crawl.ts'
import { Recordings } from './recordings.ts'
import { differences, shapeOf } from './shapes.ts'

const recordings = new Recordings('imgur')
const FROM = 'https://api.imgur.com/recorded'
const DAMIEN = 'literal/DamienDennehy__Imgur.API/'
const ROBPOL = 'raw/Robpol86__sphinx-imgur/'
const GEOFF = 'raw/geoffmacd__ImgurSession/'
const KOFFEIN = 'literal/koffeinsource__go-imgur/'
const PIXDL = 'literal/jwalton__pixdl/post-v1-album-88wOh.json'

interface RawEntry {
  readonly id: string
  readonly is_album?: boolean
  readonly images_count?: number
  readonly animated?: boolean
  readonly title: string | null
  readonly width?: number
  readonly height?: number
  readonly size?: number
  readonly type?: string
  readonly datetime: number
  readonly account_url?: string | null
}

/** [file, entries, albums, moving GIFs, first id], counted in the files. */
const LISTS: readonly (readonly [string, number, number, number, string])[] = [
  [`${DAMIEN}Gallery.GetGallery.json`, 60, 22, 15, 'tmg2y'],
  [`${DAMIEN}Gallery.SearchGalleryAdvanced.json`, 59, 13, 8, 'PMKXO'],
  [`${DAMIEN}Gallery.Tags.GetGalleryTag.json`, 60, 13, 10, '6Cxy1'],
  [`${DAMIEN}Topic.GetGalleryTopicItems.json`, 60, 27, 19, 'PVyP7'],
  [`${DAMIEN}Account.Gallery.GetAccountGalleryFavorites.json`, 2, 1, 0, 'LqLmI'],
  [`${DAMIEN}Account.Albums.GetAlbums.json`, 50, 50, 0, 'OwYxe'],
  [`${DAMIEN}Account.Images.GetImages.json`, 2, 0, 1, 'BJRWQw5'],
  [`${GEOFF}authenticated_hotgallery.json`, 185, 30, 25, 'UcyJgro'],
  [`${GEOFF}authenticated_mysubmissions.json`, 1, 0, 0, 'xQhKdf1'],
]

const IMAGES: readonly (readonly [string, Partial<Picture>])[] = [
  [
    `${DAMIEN}Image.GetImage.json`,
    { id: 'zVpyzhW', extension: 'gif', animated: true, videoBytes: 595_876, title: "Look Mom, it's Bambi!" },
  ],
  [`${DAMIEN}Album.GetAlbumImage.json`, { id: '79MH23L', extension: 'png', animated: false }],
  [`${DAMIEN}Gallery.Images.GetGalleryImage.json`, { id: 'rNdMhHm', extension: 'png' }],
  [`${DAMIEN}Gallery.Memes.GetMemesSubGalleryImage.json`, { id: 'rNdMhHm', extension: 'png' }],
  [
    `${DAMIEN}Gallery.Subreddits.GetSubredditImage.json`,
    { id: 'xMzNRv3', extension: 'jpg', title: "i'm kinda proud of this photo." },
  ],
  [
    `${KOFFEIN}galleryImage_test.TestGalleryImageImgurSimulated.json`,
    { id: 'Hf6cs', extension: 'jpg', title: 'The Tridge. (three way bridge)' },
  ],
  [`${ROBPOL}response_image_2QcXR3R.json`, { id: '2QcXR3R', extension: 'png', animated: false }],
  [`${ROBPOL}response_image_Pwx1G5j.json`, { id: 'Pwx1G5j', extension: 'gif', animated: true, videoBytes: 2_565_158 }],
  [`${ROBPOL}response_image_zXVtETZ.json`, { id: 'zXVtETZ', extension: 'gif', animated: true, videoBytes: 1_682_326 }],
  [`${GEOFF}anonymous_image.json`, { id: 'mOqejNf', extension: 'gif', animated: true }],
]

/** [file, id, images, first image]. */
const ALBUMS: readonly (readonly [string, string, number, string])[] = [
  [`${ROBPOL}response_album_VMlM6.json`, 'VMlM6', 2, '2QcXR3R'],
  [`${GEOFF}anonymous_album.json`, 'HtAOg', 42, 'SPi4I3F'],
  [`${GEOFF}anonymous_galleryalbum.json`, 'HtAOg', 42, 'SPi4I3F'],
  [`${KOFFEIN}fromURL_test.TestGetFromURLGAlbumSimulated.json`, 'VZQXk', 1, 'CJCA0gW'],
]

/** Answers to questions that the source never asks: read as a listing, each is refused, not taken for an empty one. */
const OTHERS = [
  `${DAMIEN}Account.Albums.GetAlbumCount.json`,
  `${DAMIEN}Account.Gallery.GetGalleryProfile.json`,
  `${DAMIEN}Account.Images.GetImageCount.json`,
  `${DAMIEN}Topic.GetDefaultTopics.json`,
  `${GEOFF}anonymous_geoffsaccount.json`,
]

/** [file, HTTP status, code, milliseconds to wait]. */
const ERRORS: readonly (readonly [string, number, string, number | undefined])[] = [
  ['quoted/error-403-over-capacity.json', 403, 'RateLimited', 600_000],
  ['quoted/error-429-legacy-api.json', 429, 'RateLimited', 600_000],
  ['quoted/error-429-legacy-api-2025.json', 429, 'RateLimited', 600_000],
  [`${GEOFF}authenticated_invalidaccess.json`, 403, 'NeedsLogin', undefined],
  [`${DAMIEN}Errors.MashapeError.json`, 401, 'Blocked', undefined],
  [`${DAMIEN}Errors.ImgurClient500Error.json`, 500, 'HttpStatus', undefined],
  [`${DAMIEN}Errors.ImgurCacheError.txt`, 200, 'SiteChanged', undefined],
]

const QUOTED = [
  'quoted/hit-json-page-head-2017.txt',
  'quoted/ajaxalbums-getimages-head-2017.txt',
  'quoted/ajaxalbums-getimages-entry-2015.json',
  'quoted/web-album-image-entry-2015.json',
  'quoted/web-gallery-image-item.json',
  'quoted/album-empty.json',
  'quoted/i.imgur.com-gif-and-mp4-headers-2017.txt',
  'quoted/error-429-legacy-api.headers.txt',
]

const GALLERY_ALBUM = `${DAMIEN}Account.Gallery.GetGalleryAlbum.json`

/** The recorded heads end in the middle of an object; this closes them behind their last whole field or object. */
function hitPage(): unknown {
  return JSON.parse(`${recordings.text('quoted/hit-json-page-head-2017.txt').trim().replace(/,$/, '')}}]}`)
}

function ajaxAlbum(): unknown {
  const head = recordings.text('quoted/ajaxalbums-getimages-head-2017.txt')
  return JSON.parse(`${head.slice(0, head.indexOf('}') + 1)}]}}`)
}

function rawEntries(file: string): readonly RawEntry[] {
  const { data } = recordings.json(file) as {
    readonly data: readonly RawEntry[] | { readonly items: readonly RawEntry[] }
  }
  return 'items' in data ? data.items : data
}

recordings.suite('recorded answers of imgur', () => {
  test('every file is looked at below', () => {
    const known = [...LISTS, ...IMAGES, ...ALBUMS, ...ERRORS].map(([file]) => file)
    expect([...known, ...OTHERS, ...QUOTED, GALLERY_ALBUM, PIXDL].toSorted()).toEqual(recordings.files())
  })

  test.each(LISTS)('%s is a listing of %i entries, %i albums, %i moving GIFs', (file, count, albums, moving, first) => {
    const entries = readList(recordings.json(file), FROM)
    const raw = rawEntries(file)
    expect(entries.map((entry) => (entry.kind === 'album' ? entry.album.id : entry.picture.id))).toEqual(
      raw.map(({ id }) => id),
    )
    expect([entries.length, entries.filter(({ kind }) => kind === 'album').length, raw[0]?.id]).toEqual([
      count,
      albums,
      first,
    ])
    expect(entries.filter((entry) => entry.kind === 'picture' && entry.picture.animated)).toHaveLength(moving)
    for (const [index, entry] of entries.entries()) expectSame(entry, raw[index])
  })

  test.each(IMAGES)('%s is an image', (file, facts) => {
    expect(readImage(recordings.json(file), FROM)).toMatchObject(facts)
  })

  test.each(ALBUMS)('%s is the album %s of %i images', (file, id, count, first) => {
    const album = readAlbum(recordings.json(file), FROM)
    expect([album.id, album.count, album.pictures.length, album.pictures[0]?.id]).toEqual([id, count, count, first])
    expect(readImages({ data: (recordings.json(file) as { data: { images: unknown } }).data.images }, FROM)).toEqual(
      album.pictures,
    )
    const keys = albumFindings(album, 'mp4').map((finding) =>
      finding.kind === 'asset' ? [finding.asset.key, finding.asset.index] : finding.kind,
    )
    expect(keys).toEqual(album.pictures.map((picture, index) => [`imgur:${picture.id}`, index + 1]))
  })

  test('the post/v1 album has its images with text, size and upload name', () => {
    const post = readPost(recordings.json(PIXDL), FROM)
    expect(post).toMatchObject({
      id: '88wOh',
      isAlbum: true,
      title: 'La Machine, Ottawa, 2017 #LaMachine',
      count: 2,
      cover: 'wWwA1k6',
      date: '2017-07-31T12:11:05Z',
    })
    expect(post.pictures).toEqual([
      {
        id: 'wWwA1k6',
        extension: 'jpg',
        animated: false,
        description: 'Kumo waking up on Sunday.',
        date: '2017-07-31T12:25:20Z',
        width: 4683,
        height: 3746,
        bytes: 2_081_928,
        filename: 'IMG_1364',
      },
      {
        id: '7IoXzlA',
        extension: 'jpg',
        animated: false,
        description: 'Long Ma waking up on Sunday.',
        date: '2017-07-31T12:25:29Z',
        width: 5121,
        height: 3414,
        bytes: 2_632_628,
        filename: 'IMG_1873',
      },
    ])
    expect(JSON.stringify(albumFindings(post, 'mp4'))).not.toContain('REMOVED')
  })

  test('a gallery album without its images becomes a ref', () => {
    const entries = readList({ data: [recordings.json(GALLERY_ALBUM)] }, FROM)
    expect(entryFindings(entries, 'mp4')).toEqual([
      { kind: 'ref', as: 'child', ref: { source: 'imgur', route: 'album', params: { id: 'LqLmI' } } },
    ])
  })

  test('of GIFs above 20 MB, whose links are thumbnails, the file itself is asked for', () => {
    const thumbnails = LISTS.flatMap(([file]) => rawEntries(file)).filter(
      (entry) => 'link' in entry && String(entry.link).endsWith(`/${entry.id}h.gif`),
    )
    expect(thumbnails).toHaveLength(22)
    const found = entryFindings(readList({ data: thumbnails }, FROM), 'both')
    const urls = found.flatMap((finding) =>
      finding.kind === 'asset' ? finding.asset.candidates.map(({ url }) => url) : [],
    )
    expect(new Set(urls)).toEqual(
      new Set(thumbnails.flatMap(({ id }) => [`https://i.imgur.com/${id}.mp4`, `https://i.imgur.com/${id}.gif`])),
    )
  })

  test('the head of hit.json is a moving GIF with its text, and its media are the ones whose headers were recorded', () => {
    const entries = readHitPage(hitPage(), FROM)
    expect(entries).toEqual([
      {
        kind: 'picture',
        picture: {
          id: 'pNuFUQQ',
          extension: 'gif',
          animated: true,
          title: 'Abra Kadraba Alakaslam',
          width: 720,
          height: 720,
          bytes: 18_087_775,
          date: '2017-05-05T14:42:36Z',
          section: 'funny',
          nsfw: false,
        },
      },
    ])
    const urls = entryFindings(entries, 'mp4').flatMap((finding) =>
      finding.kind === 'asset' ? finding.asset.candidates.map(({ url }) => url.replace('https:', 'http:')) : [],
    )
    const headers = recordings.text('quoted/i.imgur.com-gif-and-mp4-headers-2017.txt')
    expect(urls).toHaveLength(2)
    for (const url of urls) expect(headers).toContain(`curl -I ${url}\nHTTP/1.1 200 OK`)
  })

  test('ajaxalbums: the head, the entry of 2015, an empty album', () => {
    expect(readAjaxAlbum(ajaxAlbum(), FROM)).toEqual([
      {
        id: '5MXcg9i',
        extension: 'png',
        animated: false,
        date: '2017-05-03T06:00:48Z',
        width: 701,
        height: 943,
        bytes: 6597,
      },
    ])
    const entries = ['quoted/ajaxalbums-getimages-entry-2015.json', 'quoted/web-album-image-entry-2015.json'].map(
      (file) => recordings.json(file),
    )
    expect(
      readAjaxAlbum({ data: { images: entries } }, FROM).map(({ id, extension, bytes }) => [id, extension, bytes]),
    ).toEqual([
      ['gFnzQE1', 'jpg', 145_943],
      ['JdFDePz', 'jpg', 136_820],
    ])
    expect(readAjaxAlbum(recordings.json('quoted/album-empty.json'), FROM)).toEqual([])
  })

  test('the object in an old page', () => {
    expect(readItem(recordings.json('quoted/web-gallery-image-item.json'), FROM)).toEqual({
      kind: 'picture',
      picture: {
        id: '64XlUaS',
        extension: 'jpg',
        animated: false,
        title: 'Attack on Persona 4',
        author: 'Seanhiruki',
        width: 644,
        height: 910,
        bytes: 255_023,
        date: '2013-11-09T06:42:06Z',
        nsfw: false,
      },
    })
  })

  test.each(OTHERS)('%s is not taken for a listing', (file) => {
    expect(() => readList(recordings.json(file), FROM)).toThrow(Fault)
  })
})

/** What an entry is read as, against what stands in the file. */
function expectSame(entry: Entry, raw: RawEntry | undefined): void {
  const { title, author, date } = entry.kind === 'album' ? entry.album : entry.picture
  const wanted = [
    raw?.title || undefined,
    raw?.account_url ?? undefined,
    new Date((raw?.datetime ?? 0) * 1000).toISOString(),
  ]
  expect([title, author, date]).toEqual(wanted)
  const details =
    entry.kind === 'album'
      ? [entry.album.count]
      : [
          entry.picture.width,
          entry.picture.height,
          entry.picture.bytes,
          `image/${entry.picture.extension.replace('jpg', 'jpeg')}`,
        ]
  expect(details).toEqual(
    entry.kind === 'album' ? [raw?.images_count] : [raw?.width, raw?.height, raw?.size, raw?.type],
  )
}

recordings.suite('the replica of imgur and the recorded answers', () => {
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

  const image = () => shapeOf(...IMAGES.map(([file]) => recordings.json(file)))
  const album = () =>
    shapeOf(
      ...ALBUMS.map(([file]) => recordings.json(file)),
      recordings.json(`${KOFFEIN}fromURL_test.TestGetFromURLGAlbumSimulated.json`),
    )
  /** An entry of a subreddit's list is recorded alone. */
  const subredditEntry = () => ({
    data: [(recordings.json(`${DAMIEN}Gallery.Subreddits.GetSubredditImage.json`) as { data: unknown }).data],
  })
  const list = () =>
    shapeOf(
      ...LISTS.filter(([file]) => !file.includes('Tags')).map(([file]) => recordings.json(file)),
      subredditEntry(),
    )

  /** Places that are in no recorded answer, and where they are known from. */
  const POST_BEYOND = [
    '$.account', // PROTOCOL 2.2: when asked for with include=account
  ]
  const LIST_BEYOND = [
    '$.data[].images', // PROTOCOL 2.3: since about 2017 lists hold some of an album's images
  ]

  const HIT_BEYOND = [
    '$.success', // PROTOCOL 1.1: behind the cut
    '$.status',
    '$.data[].account_url', // PROTOCOL 1.1: null or text; the recorded entry is anonymous, a lone image, and from elsewhere
    '$.data[].album_cover',
    '$.data[].video_source',
  ]

  const endpoints: readonly (readonly [string, () => ReturnType<typeof shapeOf>, readonly string[]])[] = [
    ['https://api.imgur.com/3/image/dAnc3Rr', image, []],
    [
      'https://api.imgur.com/3/album/sT0nE',
      album,
      ['$.data.images[].gifv', '$.data.images[].mp4', '$.data.images[].mp4_size', '$.data.images[].looping'],
    ], // PROTOCOL 2.3: of animated ones
    ['https://api.imgur.com/3/gallery/r/bowerbirds/time/0', list, LIST_BEYOND],
    [
      'https://api.imgur.com/3/gallery/t/blue/time/all/0',
      () => shapeOf(recordings.json(`${DAMIEN}Gallery.Tags.GetGalleryTag.json`)),
      ['$.data.items[].images'],
    ],
    ['https://api.imgur.com/3/account/ghost/submissions/0/newest', list, LIST_BEYOND],
    ['https://api.imgur.com/post/v1/albums/sT0nE', () => shapeOf(recordings.json(PIXDL)), POST_BEYOND],
    ['https://api.imgur.com/post/v1/posts/sT0nE?include=media', () => shapeOf(recordings.json(PIXDL)), POST_BEYOND],
    ['https://api.imgur.com/post/v1/media/s7Raw', () => shapeOf(recordings.json(PIXDL)), POST_BEYOND],
    ['https://imgur.com/r/bowerbirds/new/page/0/hit.json', () => shapeOf(hitPage()), HIT_BEYOND],
    ['https://imgur.com/ajaxalbums/getimages/sT0nE/hit.json', () => shapeOf(ajaxAlbum()), ['$.success', '$.status']], // PROTOCOL 1.2: behind the cut
    [
      'https://api.imgur.com/3/image/nO5uch1',
      () => shapeOf(recordings.json(`${GEOFF}authenticated_invalidaccess.json`)),
      [],
    ],
    [
      'https://api.imgur.com/post/v1/media/nO5uch1',
      () => shapeOf(recordings.json('quoted/error-429-legacy-api.json')),
      [],
    ],
  ]

  test.each(endpoints)('%s has no other fields and types', async (address, recorded, beyond) => {
    const url = new URL(address)
    url.searchParams.set('client_id', 'x')
    const answer = await http.request({ url: url.href, accept: [404] })
    expect(differences(answer.json(), recorded(), beyond)).toEqual([])
  })

  describe('recorded errors, served as they were', () => {
    test.each(ERRORS)('%s with status %i is %s', async (file, status, code, wait) => {
      running.mishap({
        on: 'api.imgur.com/*',
        does: { kind: 'answer', status, headers: { 'content-type': 'application/json' }, body: recordings.text(file) },
      })
      const fault = await faultOf(crawl(source, 'imgur:r/bowerbirds', http))
      expect([fault.code, fault.evidence.retryAfter]).toEqual([code, wait])
    })

    test('the recorded headers of a 429 do not hide that it asks for patience', async () => {
      const headers = Object.fromEntries(
        recordings
          .text('quoted/error-429-legacy-api.headers.txt')
          .trim()
          .split('\n')
          .map((line) => line.split(': ') as [string, string]),
      )
      running.mishap({
        on: 'api.imgur.com/*',
        does: { kind: 'answer', status: 429, headers, body: recordings.text('quoted/error-429-legacy-api.json') },
      })
      expect((await faultOf(crawl(source, 'imgur:r/bowerbirds', http))).disposition).toBe('later')
    })
  })
})
