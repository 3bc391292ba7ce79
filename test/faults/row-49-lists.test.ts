import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { picture } from '../engine/pictures.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

async function gallery(): Promise<Scene> {
  const scene = await Scene.open()
  scene.site.on('/*', ({ path }) => {
    const answer = picture(path)
    scene.hold(path, answer.body)
    return answer
  })
  return scene
}

test('row 49: bad lines of a list are named with their number, the rest goes on', async () => {
  const scene = await gallery()
  const { site, library } = scene
  const lines = [
    '\uFEFF# a list',
    site.url('/1.jpg'),
    '   ',
    'javascript:alert(1)',
    `  ${site.url('/2.jpg')}\t`,
    'ftp://example.org/a.jpg',
    `${site.url('/long/')}${'x'.repeat(20_000)}.jpg`,
    'just words',
    'nul\0byte',
    site.url('/with space.jpg'),
    '=cmd|calc',
    '__proto__:x',
    'file:///etc/passwd',
    'a,'.repeat(500_000),
    site.url('/3.jpg'),
  ]
  const list = library.beside('list.txt')
  writeFileSync(list, lines.join('\r\n'))
  const ran = await Round.run(scene, ['-i', list, '--retries', '0'])
  expect(ran.problems).toEqual([])
  expect(['/1.jpg', '/2.jpg', '/3.jpg', '/with%20space.jpg'].map((path) => ran.of(path))).toEqual(
    Array(4).fill('stored'),
  )
  const places = ran.end.targets.map(({ place }) => Number(place?.split(':').at(-1)))
  expect(places.toSorted((a, b) => a - b)).toEqual([4, 6, 8, 9, 11, 12, 13, 14])
  // No line makes the answer longer than a terminal.
  expect(Math.max(...ran.finished.stderr.split('\n').map((line) => line.length))).toBeLessThan(2000)
  expect(ran.finished.stderr).not.toMatch(/^\s+at /m)
})

test.each([
  ['UTF-8 with its mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
  ['old line ends', (text: string) => Buffer.from(text.replaceAll('\n', '\r'))],
])('row 49: a list in %s is read', async (_what, encode) => {
  const scene = await gallery()
  const list = scene.library.beside('list.txt')
  writeFileSync(list, encode(`${scene.site.url('/1.jpg')}\n${scene.site.url('/2.jpg')}\n`))
  const ran = await Round.run(scene, ['-i', list], { states: { stored: 2 } })
  expect([ran.problems, ran.status]).toEqual([[], 0])
})

test('row 49: a list in UTF-16 is refused line by line; nothing is guessed', async () => {
  const scene = await gallery()
  const list = scene.library.beside('list.txt')
  writeFileSync(list, Buffer.from(`\uFEFF${scene.site.url('/1.jpg')}\n${scene.site.url('/2.jpg')}\n`, 'utf16le'))
  const ran = await Round.run(scene, ['-i', list], { states: {} })
  expect([ran.problems, ran.status, scene.site.log]).toEqual([[], 2, []])
  expect(ran.end.targets.map(({ code }) => code)).toEqual(['Usage', 'Usage', 'Usage'])
})

test('row 49: an index of JSON with values that are no URLs is refused with the place, before anything is asked', async () => {
  const scene = await gallery()
  const index = scene.library.beside('index.json')
  const good = scene.site.url('/1.jpg')
  writeFileSync(index, `{"__proto__":["${good}"],"bowl":["${good}",7],"constructor":["${good}"]}`)
  const { status, stderr } = await scene.run(['--from-index', index])
  expect([status, scene.site.log, scene.library.names]).toEqual([2, [], []])
  expect(stderr).toMatch(/index\.json is no index of keywords and URLs: what stands under "bowl"/)
})

test('row 49: an index whose keywords are words of the language is read as any other', async () => {
  const scene = await gallery()
  const index = scene.library.beside('index.json')
  const [one, two] = [scene.site.at('/1.jpg'), scene.site.at('/2.jpg')]
  writeFileSync(index, `{"__proto__":["${one}"],"constructor":["${two}"]}`)
  const args = ['--from-index', index, '--connect-to', `site.test:80:127.0.0.1:${scene.site.port}`]
  const ran = await Round.run(scene, args, { states: { stored: 2 }, foreign: ['keyword_urls.json'] })
  expect([ran.problems, ran.status]).toEqual([[], 0])
  expect([ran.place('/1.jpg'), ran.place('/2.jpg')].map((place) => place?.split('/')[0])).toEqual([
    '__proto__',
    'constructor',
  ])
})
