import { describe, expect, it } from 'vitest'
import { readTarget } from '../../core/target.ts'
import { source } from './search.ts'

/** The route that takes a target, and its parameters. */
function taken(text: string): readonly unknown[] {
  const target = readTarget(text)
  for (const route of source.routes) {
    const params = route.match(target)
    if (params !== undefined) return [route.name, params]
  }
  return []
}

describe('short forms', () => {
  it.each([
    ['search:bing/red panda', 'bing', 'red panda'],
    ['search:bing/  red \t panda ', 'bing', 'red panda'],
    ['search:Bing/AC/DC', 'bing', 'AC/DC'],
    ['search:bing/100%25 wool', 'bing', '100%25 wool'],
    ['search:duckduckgo/C++ {1..3}', 'duckduckgo', 'C++ {1..3}'],
    ['search:openverse/Cafe\u0301', 'openverse', 'Caf\u00E9'],
    ['search:commons/猫', 'commons', '猫'],
    ['search:google-cse/https://a.example/', 'google-cse', 'https://a.example/'],
  ])('%j is the keyword as it is written, blanks tidied', (text, route, keyword) => {
    expect(taken(text)).toEqual([route, { keyword }])
  })

  it.each(['search:bing', 'search:bing/', 'search:bing/   ', 'search:nobody/cat', 'search:cat'])(
    '%j is none',
    (text) => {
      expect(taken(text)).toEqual([])
    },
  )
})

describe('result pages', () => {
  it.each<readonly [string, string, unknown]>([
    ['https://www.bing.com/images/search?q=red+panda&form=HDRSC2&first=36', 'bing', { keyword: 'red panda' }],
    [
      'https://bing.com/images/search?q=red%20panda&qft=%2Bfilterui%3Alicense-L1&adlt=off&mkt=de-DE&cw=1024',
      'bing',
      { keyword: 'red panda', filters: { qft: '+filterui:license-L1', adlt: 'off', mkt: 'de-DE' } },
    ],
    ['https://cn.bing.com/images/async?q=cat&first=36&count=35', 'bing', { keyword: 'cat' }],
    ['https://duckduckgo.com/?q=cat&iax=images&ia=images', 'duckduckgo', { keyword: 'cat' }],
    [
      'https://duckduckgo.com/?t=h_&q=cat&iar=images&iaf=size%3ALarge&kp=-2&kl=de-de',
      'duckduckgo',
      { keyword: 'cat', filters: { iaf: 'size:Large', kp: '-2', kl: 'de-de' } },
    ],
    [
      'https://openverse.org/search/image?q=cat&license=by,by-sa&aspect_ratio=tall',
      'openverse',
      { keyword: 'cat', filters: { license: 'by,by-sa', aspect_ratio: 'tall' } },
    ],
    [
      'https://commons.wikimedia.org/wiki/Special:MediaSearch?type=image&search=cat&filemime=png',
      'commons',
      { keyword: 'cat', filters: { filemime: 'png' } },
    ],
    ['https://commons.wikimedia.org/w/index.php?title=Special:Search&search=cat&ns6=1', 'commons', { keyword: 'cat' }],
  ])('%s', (url, route, params) => {
    expect(taken(url)).toEqual([route, params])
  })

  it.each([
    'https://www.bing.com/search?q=cat',
    'https://www.bing.com/images/search?q=',
    'https://www.bing.com/images/search?view=detailV2&q=cat&mediaurl=https%3a%2f%2fa.example%2f1.jpg',
    'https://duckduckgo.com/?q=cat',
    'https://duckduckgo.com/about?q=cat&ia=images',
    'https://openverse.org/search/audio?q=cat',
    'https://commons.wikimedia.org/wiki/Category:Cats?search=cat',
    'https://commons.wikimedia.org/wiki/File:Cat.jpg',
    'https://www.googleapis.com/customsearch/v1?q=cat',
  ])('%s is left to others', (url) => {
    expect(taken(url)).toEqual([])
  })
})
