import { describe, expect, test } from 'vitest'
import { readTarget } from '../../core/target.ts'
import { source } from './imgur.ts'

function resolved(text: string): unknown {
  const target = readTarget(text)
  for (const route of source.routes) {
    const params = route.match(target)
    if (params !== undefined) return [route.name, params]
  }
  return undefined
}

describe('targets of imgur', () => {
  test.each([
    ['imgur:AbC12', ['image', { id: 'AbC12' }]],
    ['imgur:AbC1234', ['image', { id: 'AbC1234' }]],
    ['https://i.imgur.com/AbC1234.jpg', ['image', { id: 'AbC1234', ending: 'jpg' }]],
    ['http://i.imgur.com/AbC1234.GIFV', ['image', { id: 'AbC1234', ending: 'gifv' }]],
    ['https://i.imgur.io/AbC1234.png?1', ['image', { id: 'AbC1234', ending: 'png' }]],
    ['https://imgur.com/AbC1234', ['image', { id: 'AbC1234' }]],
    ['https://m.imgur.com/AbC1234h.jpg', ['image', { id: 'AbC1234', ending: 'jpg' }]],
    ['https://www.imgur.com/download/AbC1234/some-title', ['image', { id: 'AbC1234' }]],
    ['https://imgur.com/some-words-AbC1234', ['image', { id: 'AbC1234' }]],
    ['imgur:a/AbC12', ['album', { id: 'AbC12' }]],
    ['https://imgur.com/a/AbC12#3', ['album', { id: 'AbC12' }]],
    ['https://imgur.com/a/some-words-AbC1234', ['album', { id: 'AbC1234' }]],
    ['https://some-user.imgur.com/a/AbC12', ['album', { id: 'AbC12' }]],
    ['https://imgur.com/a/AbC12/zip', ['album', { id: 'AbC12' }]],
    ['https://imgur.com/gallery/AbC1234', ['post', { id: 'AbC1234' }]],
    ['https://imgur.com/gallery/some-words-AbC1234#/t/cats', ['post', { id: 'AbC1234' }]],
    ['https://imgur.com/t/cats/AbC1234', ['post', { id: 'AbC1234' }]],
    ['https://imgur.com/r/funny/AbC1234', ['post', { id: 'AbC1234' }]],
    ['https://imgur.com/topic/Aww/AbC1234', ['post', { id: 'AbC1234' }]],
    ['imgur:r/funny', ['subreddit', { subreddit: 'funny' }]],
    ['https://imgur.com/r/funny/new', ['subreddit', { subreddit: 'funny' }]],
    ['imgur:r/funny/top', ['subreddit-top', { subreddit: 'funny' }]],
    ['https://imgur.com/r/funny/top/year', ['subreddit-top', { subreddit: 'funny', window: 'year' }]],
    ['imgur:t/cats', ['tag', { tag: 'cats' }]],
    ['https://imgur.com/t/cats', ['tag', { tag: 'cats' }]],
    ['https://imgur.com/t/cats/viral', ['tag-top', { tag: 'cats', sort: 'viral' }]],
    ['https://imgur.com/t/cats/top/week', ['tag-top', { tag: 'cats', sort: 'top', window: 'week' }]],
    ['imgur:search/red panda', ['search', { query: { q: 'red panda' } }]],
    ['https://imgur.com/search?q=red+panda', ['search', { query: { q: 'red panda' } }]],
    ['https://imgur.com/search/time?q=cats', ['search', { query: { q: 'cats' } }]],
    [
      'https://imgur.com/search/score/month?q=cats',
      ['search-top', { query: { q: 'cats' }, sort: 'top', window: 'month' }],
    ],
    [
      'https://imgur.com/search?q_any=red+panda&q_type=png&q_not=&page=2',
      ['search', { query: { q_any: 'red panda', q_type: 'png' } }],
    ],
    ['imgur:user/ghost', ['user', { user: 'ghost' }]],
    ['https://imgur.com/user/ghost/posts', ['user', { user: 'ghost' }]],
    ['https://imgur.com/user/ghost/submitted', ['user', { user: 'ghost' }]],
    ['https://ghost.imgur.com/', ['user', { user: 'ghost' }]],
    ['imgur:user/ghost/favorites', ['favorites', { user: 'ghost' }]],
    ['https://imgur.com/user/ghost/favorites/folder/7/a-title', ['folder', { user: 'ghost', folder: '7' }]],
    ['imgur:user/me', ['own', {}]],
    ['https://imgur.com/user/me/posts', ['own', {}]],
    ['https://imgur.com/user/me/hidden', ['hidden', {}]],
    ['imgur:hot', ['front', { section: 'hot', sort: 'viral' }]],
    ['https://imgur.com/hot/time', ['front', { section: 'hot', sort: 'time' }]],
    ['https://imgur.com/top/week', ['front', { section: 'top', sort: 'top', window: 'week' }]],
    ['https://imgur.com/top/viral/all', ['front', { section: 'top', sort: 'viral', window: 'all' }]],
    ['https://imgur.com/new/rising', ['front', { section: 'user', sort: 'rising' }]],
  ])('%s', (text, expected) => {
    expect(resolved(text)).toEqual(expected)
  })

  test.each(['s', 'b', 't', 'm', 'l', 'h', 'g', 'r'])(
    'a thumbnail ending in %s is undone, an id of five or seven letters never cut',
    (letter) => {
      expect(resolved(`https://i.imgur.com/zxaY6${letter}.jpg`)).toEqual(['image', { id: 'zxaY6', ending: 'jpg' }])
      expect(resolved(`https://i.imgur.com/AbC1234${letter}.jpg`)).toEqual(['image', { id: 'AbC1234', ending: 'jpg' }])
      expect(resolved(`https://i.imgur.com/AbC12${letter}s.jpg`)).toEqual([
        'image',
        { id: `AbC12${letter}s`, ending: 'jpg' },
      ])
    },
  )

  test('other renderings are undone', () => {
    expect(resolved('https://i.imgur.com/AbC1234_d.webp?maxwidth=520&fidelity=grand')).toEqual([
      'image',
      { id: 'AbC1234', ending: 'webp' },
    ])
    expect(resolved('https://i.imgur.com/AbC1234_lq.mp4')).toEqual(['image', { id: 'AbC1234', ending: 'mp4' }])
  })

  test.each([
    'https://imgur.com/',
    'https://imgur.com/upload',
    'https://imgur.com/privacy',
    'https://imgur.com/about',
    'https://imgur.com/a/',
    'https://imgur.com/search',
    'https://api.imgur.com/3/image/AbC1234',
    'https://imgur.example/AbC1234',
    'https://notimgur.com/AbC1234',
    'imgur:abc',
    'https://imgur.com/AbC1234h',
    'https://imgur.com/hot/nothing',
    'https://imgur.com/user/ghost/favorites/folder/x',
    'imgur:user/ghost/comments',
  ])('%s is none', (text) => {
    expect(resolved(text)).toBeUndefined()
  })
})

test('the example of every route leads to that route', () => {
  for (const { name, example } of source.routes) expect(resolved(example)).toMatchObject([name, {}])
})
