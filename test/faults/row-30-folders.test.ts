import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { start } from '../e2e/program.ts'
import type { Finished } from '../e2e/program.ts'
import { fillWithPictures } from './support/gallery.ts'
import { Scene } from './support/scene.ts'

const FILES = 80

/** A run in the middle of which, once the 50th picture is asked for, something happens. */
async function disturbed(happens: (scene: Scene) => void): Promise<{ readonly scene: Scene; readonly ran: Finished }> {
  const scene = await Scene.open()
  await fillWithPictures(scene, FILES)
  scene.site.latency = 20
  const { finished } = start([scene.site.url(`/[1-${FILES}].jpg`), '--to', scene.library.root, '-q', '-j', '4'])
  scene.site.onAsked = (path) => {
    if (path === '/50.jpg') happens(scene)
  }
  const ran = await finished
  scene.site.onAsked = () => undefined
  return { scene, ran }
}

function moveAway({ library }: Scene, folder = ''): void {
  renameSync(join(library.root, folder), library.beside('moved'))
}

test.each<[string, (scene: Scene) => void]>([
  [
    'row 30: the library is removed during the run',
    (scene) => {
      // Renamed first: what is written meanwhile would keep a folder from being removed.
      moveAway(scene)
      rmSync(scene.library.beside('moved'), { recursive: true })
    },
  ],
  ['row 30: the library is moved away during the run', (scene) => moveAway(scene)],
  [
    'row 30: the library is replaced by a file during the run',
    (scene) => {
      moveAway(scene)
      writeFileSync(scene.library.root, 'mine')
    },
  ],
])('%s: status 5 and its path, no crash, and the same command collects all of it', async (_name, happens) => {
  const { scene, ran } = await disturbed(happens)
  expect([ran.status, ran.stderr.includes(scene.library.root)], ran.stderr).toEqual([5, true])
  rmSync(scene.library.root, { recursive: true, force: true })
  expect((await scene.run([scene.site.url(`/[1-${FILES}].jpg`), '-q'])).status).toBe(0)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 30: a folder in the library is removed during the run: made again, and what was in it stays known', async () => {
  const { scene, ran } = await disturbed((each) => moveAway(each, '127.0.0.1'))
  expect([ran.status, ran.stderr]).toEqual([0, ''])
  const moved = readdirSync(scene.library.beside('moved'))
  expect([moved.length > 0, scene.library.names.length]).toEqual([true, FILES - moved.length])
  // As promised, the user may move files away: they are not fetched again. Put back, the library is whole.
  expect(scene.site.log).toHaveLength(FILES)
  for (const name of moved)
    renameSync(join(scene.library.beside('moved'), name), join(scene.library.root, '127.0.0.1', name))
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 30: a folder in the library becomes a link to elsewhere during the run: nothing is written there', async () => {
  const { scene, ran } = await disturbed(putLinkInPlace)
  expect([ran.status, ran.stderr.includes(join(scene.library.root, '127.0.0.1'))], ran.stderr).toEqual([5, true])
  expect(readdirSync(scene.library.beside('elsewhere'))).toEqual([])
  rmSync(join(scene.library.root, '127.0.0.1'))
  moveBack(scene)
  expect((await scene.run(['resume', '-q'])).status).toBe(0)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

/** The program makes the folder again as soon as it misses it: it may be there before the link is. */
function putLinkInPlace(scene: Scene): void {
  const { library } = scene
  const folder = join(library.root, '127.0.0.1')
  const [moved, elsewhere] = [library.beside('moved'), library.beside('elsewhere')]
  mkdirSync(elsewhere)
  moveAway(scene, '127.0.0.1')
  for (let tries = 1; ; tries += 1) {
    try {
      return symlinkSync(elsewhere, folder)
    } catch (thrown) {
      if (tries === 100) throw thrown
      for (const name of readdirSync(folder)) renameSync(join(folder, name), join(moved, name))
      // A file that came meanwhile keeps the folder: the next try moves it.
      if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true })
    }
  }
}

function moveBack({ library }: Scene): void {
  renameSync(library.beside('moved'), join(library.root, '127.0.0.1'))
}

test('row 30: a folder and a link stand where files are to go: they stay, the files get other names', async () => {
  const scene = await Scene.open()
  await fillWithPictures(scene, 8)
  const target = scene.site.url('/[1-8].jpg')
  const folder = join(scene.library.root, '127.0.0.1')
  mkdirSync(join(folder, '1.png'), { recursive: true })
  symlinkSync(scene.library.beside('elsewhere'), join(folder, '4.jpg'))
  expect(await scene.run([target, '-q'])).toMatchObject({ status: 0, stderr: '' })
  expect(readdirSync(scene.library.beside('.'))).toEqual(['library'])
  expect(readdirSync(join(folder, '1.png'))).toEqual([])
  expect(await scene.check({ states: { stored: 8 }, foreign: ['127.0.0.1/4.jpg'] })).toEqual([])
})

test('row 30: the library is a file: 5 before anything is asked for', async () => {
  const scene = await Scene.open()
  writeFileSync(scene.library.root, 'mine')
  const { status, stderr } = await scene.run([scene.site.url('/1.jpg')])
  expect([status, stderr.includes(scene.library.root), scene.site.log.length]).toEqual([5, true, 0])
})
