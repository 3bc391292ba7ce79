import { describe, expect, test } from 'vitest'
import { readFolder, readList } from './api-v3.ts'
import { entryFindings } from './findings.ts'
import { readPosts } from './post-v1.ts'
import { readHitPage, readItem } from './web-2017.ts'
import { readPostList } from './web-list.ts'

const FROM = 'https://imgur.com/r/funny/new/page/0/hit.json'

/** An entry as of 2017, with what the test is about. */
function hit(fields: Readonly<Record<string, unknown>>): unknown {
  const whole = { id: 1, hash: 'AbC1234', ext: '.jpg', is_album: false, animated: false, title: 'T', ...fields }
  return { data: [whole], success: true, status: 200 }
}

describe('the types of hit.json vary', () => {
  const picture = { id: 'AbC1234', extension: 'jpg', animated: false, title: 'T' }

  test.each([
    [
      'numbers as text',
      { width: '720', height: '720.0', size: '18087775' },
      { width: 720, height: 720, bytes: 18_087_775 },
    ],
    ['numbers that are none', { width: '', height: 'x', size: null }, {}],
    ['numbers that are negative', { size: '-1', width: -1 }, {}],
    [
      'null for nothing',
      { title: null, description: null, section: null, nsfw: null, account_url: null },
      { title: undefined },
    ],
    ['yes and no as digits', { nsfw: 1, animated: 0 }, { nsfw: true }],
    ['yes and no as text', { nsfw: '0', animated: 'false' }, { nsfw: false }],
    ['yes and no as something else', { nsfw: 'maybe', animated: {} }, {}],
    ['a title that is a number', { title: 1984 }, { title: '1984' }],
    ['an account as a number', { account_url: 77 }, { author: '77' }],
    ['tags as "0"', { tags: ['0', '0'] }, {}],
    ['tags as names', { tags: ['cats', '', '0'] }, { tags: ['cats'] }],
    ['tags as something else', { tags: { 0: 'cats' } }, {}],
    ['a tail behind the ending', { ext: '.JPG?1' }, {}],
    ['another ending of the same type', { ext: 'jpeg' }, {}],
    ['dates', { timestamp: '2017-05-08 18:50:03' }, { date: '2017-05-08T18:50:03Z' }],
    ['dates that are none', { create_datetime: '0000', timestamp: 1_494_269_403 }, {}],
    ['fields that are not known', { platform: null, weight: -1, adConfig: [] }, {}],
  ])('%s', (_name, fields, expected) => {
    const wanted = Object.fromEntries(
      Object.entries({ ...picture, ...expected }).filter(([, value]) => value !== undefined),
    )
    expect(readHitPage(hit(fields), FROM)).toEqual([{ kind: 'picture', picture: wanted }])
  })

  test.each([true, 1, '1', 'true'])('an album is one, said as %j', (is_album) => {
    const page = hit({ is_album, hash: 'aLbUm', album_cover: 'AbC1234', num_images: '3', ext: null })
    expect(readHitPage(page, FROM)).toEqual([
      { kind: 'album', album: { id: 'aLbUm', title: 'T', count: 3, cover: 'AbC1234', pictures: [] } },
    ])
  })

  test('a GIF moves, said as a digit', () => {
    const [entry] = readHitPage(hit({ ext: '.gif', animated: 1 }), FROM)
    expect(entry).toMatchObject({ picture: { animated: true } })
  })

  test('a hash of digits is a text', () => {
    expect(readHitPage(hit({ hash: 1_234_567 }), FROM)).toMatchObject([{ picture: { id: '1234567' } }])
  })

  test('behind the last page is nothing, said as an empty list or null', () => {
    expect([readHitPage({ data: [] }, FROM), readHitPage({ data: null }, FROM)]).toEqual([[], []])
  })

  test.each([
    ['no list', { data: { hash: 'x' } }, '$.data'],
    ['no data', { success: true }, '$.data'],
    ['no hash', hit({ hash: '' }), '$.data[0].hash'],
    ['no ending', hit({ ext: null }), '$.ext'],
  ])('%s is another shape, named with its place', (_name, page, where) => {
    expect(() => readHitPage(page, FROM)).toThrow(`at ${where}:`)
  })

  test('the object of an old page has its numbers as text as well', () => {
    const item = { hash: 'aLbUm', is_album: 1, num_images: '2', album_images: { count: '2', images: null } }
    expect(readItem(item, FROM)).toEqual({ kind: 'album', album: { id: 'aLbUm', count: 2, pictures: [] } })
  })
})

describe('posts of post/v1', () => {
  const cover = { id: 'AbC1234', ext: 'png', width: 3, height: 2 }

  test('come as a list or in an object, each with its media, its cover, or neither', () => {
    const posts = [
      { id: 'AbC1234', is_album: false, title: 'lone', cover },
      { id: 'aLbUm', is_album: true, image_count: 9, cover_id: 'AbC1234', cover },
      { id: 'XyZ9876', is_album: false, cover: null },
      { id: 'oWnPost', is_album: false, media: [{ ...cover, id: 'oWnPost' }] },
    ]
    const read = readPosts(posts, FROM)
    expect(read).toEqual([
      {
        kind: 'picture',
        picture: { id: 'AbC1234', title: 'lone', extension: 'png', animated: false, width: 3, height: 2 },
      },
      { kind: 'album', album: { id: 'aLbUm', isAlbum: true, count: 9, cover: 'AbC1234', pictures: [] } },
      { kind: 'link', route: 'post', id: 'XyZ9876' },
      { kind: 'picture', picture: { id: 'oWnPost', extension: 'png', animated: false, width: 3, height: 2 } },
    ])
    expect(readPosts({ display: 'cats', posts }, FROM)).toEqual(read)
  })

  test('of another shape are not taken for none', () => {
    expect(() => readPosts({ items: [] }, FROM)).toThrow('a list of imgur posts')
  })
})

describe('a folder of favorites', () => {
  const image = { id: 'AbC1234', is_album: false, link: 'https://i.imgur.com/AbC1234.jpg', type: 'image/jpeg' }
  const list = [image, { id: 'aLbUm', is_album: true, images_count: 7 }, { id: 'XyZ9876', is_album: false }]

  test('comes in an envelope or without one; what only has an id is asked for', () => {
    const read = readFolder(list, FROM)
    expect(read).toEqual([
      { kind: 'picture', picture: { id: 'AbC1234', extension: 'jpg', animated: false } },
      { kind: 'album', album: { id: 'aLbUm', count: 7, pictures: [] } },
      { kind: 'link', route: 'image', id: 'XyZ9876' },
    ])
    expect(readFolder({ data: list }, FROM)).toEqual(read)
  })

  test('whose images are known beforehand costs nothing when they are stored', () => {
    expect(entryFindings(readFolder(list.slice(2), FROM), 'mp4')).toEqual([
      {
        kind: 'ref',
        as: 'child',
        ref: { source: 'imgur', route: 'image', params: { id: 'XyZ9876' } },
        yields: ['imgur:XyZ9876'],
      },
    ])
    expect(entryFindings(readFolder(list.slice(2), FROM), 'both')).toEqual([
      { kind: 'ref', as: 'child', ref: { source: 'imgur', route: 'image', params: { id: 'XyZ9876' } } },
    ])
  })
})

test('a list in HTML names its posts, each once, and nothing else', async () => {
  const html = `<div class="post"><a class="image-list-link" href="/r/funny/AbC1234"><img></a></div>
    <div class="post"><a class="image-list-link" href="/r/funny/AbC1234#x"><img></a></div>
    <div class="post-list"><div class="search-item-title"><a href="/gallery/some-words-aLbUm?q=1">T</a></div></div>
    <a class="image-list-link" href="/r/funny/page/2">more</a><a href="/gallery/XyZ9876">aside</a>`
  expect(await readPostList(html)).toEqual([
    { kind: 'link', route: 'post', id: 'AbC1234' },
    { kind: 'link', route: 'post', id: 'aLbUm' },
  ])
  expect(await readPostList('')).toEqual([])
})

describe('moving images in a list', () => {
  const gif = { id: 'AbC1234', is_album: false, link: 'https://i.imgur.com/AbC1234h.gif', type: 'image/gif' }

  function urlsOf(entry: object, choice: 'mp4' | 'gif' | 'both'): unknown {
    const found = entryFindings(readList({ data: [entry] }, FROM), choice)
    return found.flatMap((finding) =>
      finding.kind === 'asset'
        ? [[finding.asset.key, ...finding.asset.candidates.map(({ url }) => url.slice(20))]]
        : [],
    )
  }

  test.each([
    ['mp4', [['imgur:AbC1234', 'AbC1234.mp4', 'AbC1234.gif']]],
    ['gif', [['imgur:AbC1234/gif', 'AbC1234.gif']]],
    [
      'both',
      [
        ['imgur:AbC1234', 'AbC1234.mp4', 'AbC1234.gif'],
        ['imgur:AbC1234/gif', 'AbC1234.gif'],
      ],
    ],
  ] as const)('are taken as the option says: %s', (choice, expected) => {
    expect(urlsOf({ ...gif, animated: true }, choice)).toEqual(expected)
    expect(urlsOf({ ...gif, animated: 1 }, choice)).toEqual(expected)
  })

  test.each(['mp4', 'gif', 'both'] as const)('that do not move are the same file for every choice: %s', (choice) => {
    expect(urlsOf({ ...gif, animated: false }, choice)).toEqual([['imgur:AbC1234', 'AbC1234.gif']])
    const film = { ...gif, type: 'video/mp4', animated: true }
    expect(urlsOf(film, choice)).toEqual([['imgur:AbC1234', 'AbC1234.mp4']])
    const png = { ...gif, type: 'image/png', animated: true }
    expect(urlsOf(png, choice)).toEqual([['imgur:AbC1234', 'AbC1234.png']])
  })
})
