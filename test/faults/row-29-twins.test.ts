import { expect, test } from 'vitest'
import { picture } from '../engine/pictures.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

async function sceneOf(paths: readonly string[], seed?: string): Promise<Scene> {
  const scene = await Scene.open()
  for (const path of paths) {
    const answer = picture(seed ?? path)
    scene.hold(path, answer.body)
    scene.site.on(path, answer)
  }
  return scene
}

test('row 29: the same URL named several times is fetched once', async () => {
  const scene = await sceneOf(['/a.jpg'])
  const url = scene.site.url('/a.jpg')
  const ran = await Round.run(scene, [url, url, `${url}#part`, scene.site.url('/[a-a].jpg')], { states: { stored: 1 } })
  expect([ran.problems, ran.status, scene.site.paths()]).toEqual([[], 0, ['/a.jpg']])
})

test('row 29: the same bytes at two URLs: two rows, each with its file', async () => {
  const scene = await sceneOf(['/one.jpg', '/two.jpg'], 'same')
  const ran = await Round.run(
    scene,
    ['/one.jpg', '/two.jpg'].map((path) => scene.site.url(path)),
    { states: { stored: 2 } },
  )
  expect([ran.problems, scene.library.names]).toEqual([[], ['127.0.0.1/one.jpg', '127.0.0.1/two.jpg']])
})

test('row 29: the same bytes, with --screen duplicates: the second is rejected and tells the first', async () => {
  const scene = await sceneOf(['/one.jpg', '/two.jpg'], 'same')
  const urls = ['/one.jpg', '/two.jpg'].map((path) => scene.site.url(path))
  const ran = await Round.run(scene, [...urls, '--screen', 'duplicates', '-j', '1'], {
    states: { stored: 1, rejected: 1 },
  })
  expect(ran.problems).toEqual([])
  expect(ran.reason(`/${ran.of('/one.jpg') === 'stored' ? 'two' : 'one'}.jpg`)).toMatch(/(one|two)\.jpg/)
})

test('row 29: what is edited at its URL later keeps its file, until --overwrite takes the new one in its place', async () => {
  const scene = await sceneOf(['/a.jpg'])
  const url = scene.site.url('/a.jpg')
  await Round.run(scene, [url])
  const before = scene.library.files()
  scene.site.on('/a.jpg', picture('edited'))
  const again = await Round.run(scene, [url], { states: { stored: 1 } })
  expect([again.problems, again.end.known, scene.library.files()]).toEqual([[], 1, before])
  scene.hold('/a.jpg', picture('edited').body)
  const over = await Round.run(scene, [url, '--overwrite'], { states: { stored: 1 } })
  expect([over.problems, over.end.stored, scene.library.names]).toEqual([[], 1, Object.keys(before)])
})
