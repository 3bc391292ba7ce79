import { describe, expect, test } from 'vitest'
import { readTarget } from '../../core/target.ts'
import { source } from './deviantart.ts'

/** All routes that take a target: one, or none. */
function resolved(text: string): readonly unknown[] {
  const target = readTarget(text)
  return source.routes.flatMap((route) => {
    const params = route.match(target)
    return params === undefined ? [] : [route.name, params]
  })
}

const MISTY = ['deviation', { id: 510056679 }]
const GALLERY = ['gallery', { user: 'guweiz' }]
const FAN_ART = ['folder', { user: 'guweiz', folder: '48541564', slug: 'fan-art' }]

describe('targets of DeviantArt', () => {
  test.each([
    ['deviantart:510056679', MISTY],
    ['deviantart:sakimichan/art/Misty-510056679', MISTY],
    ['https://www.deviantart.com/sakimichan/art/Misty-510056679', MISTY],
    ['http://deviantart.com/sakimichan/art/Misty-510056679/', MISTY],
    ['https://www.deviantart.com/sakimichan/art/Misty-510056679?q=gallery%3Aa#comments', MISTY],
    ['https://www.deviantart.com/sakimichan/art/510056679', MISTY],
    ['https://www.deviantart.com/art/Misty-510056679', MISTY],
    ['https://www.deviantart.com/deviation/510056679/', MISTY],
    ['https://www.deviantart.com/view/510056679', MISTY],
    ['https://www.deviantart.com/view.php?id=510056679', MISTY],
    ['https://www.deviantart.com/view-full.php?x=1&id=510056679', MISTY],
    ['https://www.deviantart.com/download/510056679/d8foa93-8e1f.jpg?token=1&ts=2', MISTY],
    ['https://sakimichan.deviantart.com/art/Misty-510056679', MISTY],
    ['http://fav.me/d8foa93', MISTY],
    ['https://www.deviantart.com/chris/journal/New-Submit-Bug-Patrol-337540232', ['deviation', { id: 337540232 }]],
    ['https://justgalym.deviantart.com/journal/Another-post-446384730', ['deviation', { id: 446384730 }]],
    ['https://www.deviantart.com/pachunka/art/A-2-3-37910470', ['deviation', { id: 37910470 }]],
    ['https://sta.sh/022c83odnaxc', ['stash', { id: '022c83odnaxc' }]],
    ['https://www.deviantart.com/stash/21jf51j7pzl2', ['stash', { id: '21jf51j7pzl2' }]],
    ['deviantart:guweiz', GALLERY],
    ['deviantart:Guweiz/gallery', GALLERY],
    ['https://www.deviantart.com/guweiz', GALLERY],
    ['https://www.deviantart.com/guweiz/gallery/', GALLERY],
    ['https://www.deviantart.com/guweiz/gallery/all', GALLERY],
    ['https://www.deviantart.com/guweiz/gallery/?catpath=/', GALLERY],
    ['https://GuWeiz.deviantart.com/', GALLERY],
    ['https://guweiz.deviantart.com/gallery', GALLERY],
    ['deviantart:guweiz/gallery/48541564/fan-art', FAN_ART],
    ['https://www.deviantart.com/guweiz/gallery/48541564/fan-art', FAN_ART],
    ['https://www.deviantart.com/guweiz/gallery/48541564', ['folder', { user: 'guweiz', folder: '48541564' }]],
    ['https://guweiz.deviantart.com/gallery/?48541564', ['folder', { user: 'guweiz', folder: '48541564' }]],
    ['deviantart:guweiz/scraps', ['scraps', { user: 'guweiz' }]],
    ['https://www.deviantart.com/guweiz/gallery/scraps', ['scraps', { user: 'guweiz' }]],
    ['https://guweiz.deviantart.com/gallery/?catpath=scraps', ['scraps', { user: 'guweiz' }]],
    [
      'https://www.deviantart.com/guweiz/gallery?q=red+sketch',
      ['gallery-search', { user: 'guweiz', query: 'red sketch' }],
    ],
    ['deviantart:guweiz/favourites', ['favourites', { user: 'guweiz' }]],
    ['https://www.deviantart.com/guweiz/favourites/all', ['favourites', { user: 'guweiz' }]],
    [
      'https://www.deviantart.com/guweiz/favourites/48541565/cities',
      ['favourites-folder', { user: 'guweiz', folder: '48541565', slug: 'cities' }],
    ],
    ['https://www.deviantart.com/guweiz/posts/journals', ['journals', { user: 'guweiz' }]],
    ['https://guweiz.deviantart.com/journal/', ['journals', { user: 'guweiz' }]],
    ['deviantart:tag/bowerbird', ['tag', { tag: 'bowerbird' }]],
    ['deviantart:search/red panda', ['search', { query: 'red panda' }]],
    ['https://www.deviantart.com/search?q=red+panda&order=most-recent', ['search', { query: 'red panda' }]],
    ['https://www.deviantart.com/search/deviations?q=red+panda', ['search', { query: 'red panda' }]],
    ['deviantart:popular', ['popular', { period: '1w' }]],
    ['deviantart:popular/24-hours', ['popular', { period: '24h' }]],
    ['https://www.deviantart.com/popular-all-time/', ['popular', { period: 'all' }]],
    ['https://www.deviantart.com/popular-8-hours/?q=cats', ['popular', { period: '8h', query: 'cats' }]],
    ['https://www.deviantart.com/?order=popular-1-month', ['popular', { period: '1m' }]],
    ['https://www.deviantart.com/popular/deviations?order=popular-3-days', ['popular', { period: '3d' }]],
    ['https://www.deviantart.com/search?q=cats&order=popular-1-week', ['popular', { period: '1w', query: 'cats' }]],
    ['deviantart:daily', ['daily', {}]],
    ['https://www.deviantart.com/daily-deviations', ['daily', {}]],
    ['deviantart:daily/2024-05-01', ['daily', { date: '2024-05-01' }]],
  ])('%s', (text, expected) => {
    expect(resolved(text)).toEqual(expected)
  })

  test.each([
    'https://www.deviantart.com/',
    'https://www.deviantart.com/about',
    'https://www.deviantart.com/users/login',
    'https://www.deviantart.com/core-membership',
    'https://www.deviantart.com/topic/anime',
    'https://www.deviantart.com/search',
    'https://www.deviantart.com/popular/yesterday',
    'https://www.deviantart.com/popular/constructor',
    'https://www.deviantart.com/guweiz/about',
    'https://www.deviantart.com/guweiz/gallery/48541564x/fan-art',
    'https://www.deviantart.com/guweiz/posts/statuses',
    'https://www.deviantart.com/guweiz/art/no-number',
    'https://www.deviantart.com/guweiz/art/too-long-12345678901234567890',
    'https://backend.deviantart.com/rss.xml?q=gallery:guweiz',
    'https://forum.deviantart.com/art/',
    'https://notdeviantart.com/guweiz',
    'https://fav.me/x8foa93',
    'https://sta.sh/',
    'deviantart:daily/yesterday',
  ])('%s is none', (text) => {
    expect(resolved(text)).toEqual([])
  })
})

test('the examples of every route lead to that route alone', () => {
  for (const { name, example, also = [] } of source.routes)
    for (const text of [example, ...also]) expect(resolved(text), text).toMatchObject([name, {}])
})

test('what orders a listing newest first is what its artist or the search says, not a ranking or a hand', () => {
  const ordered = source.routes.filter(({ order }) => order === 'newest-first').map(({ name }) => name)
  expect(ordered).toEqual(['gallery', 'scraps', 'gallery-search', 'favourites', 'journals', 'search'])
})
