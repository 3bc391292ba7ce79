import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { start } from '../e2e/program.ts'
import { askedAgain, fillWithPictures } from './support/gallery.ts'
import { Scene } from './support/scene.ts'

const FILES = 40

async function setUp(): Promise<{ readonly scene: Scene; readonly target: string }> {
  const scene = await Scene.open()
  await fillWithPictures(scene, FILES)
  return { scene, target: scene.site.url(`/[1-${FILES}].jpg`) }
}

/** Makes a catalog what version 2 of its schema left: the third brought the table `library`. */
function makeOlder(scene: Scene): void {
  const db = new DatabaseSync(join(scene.library.root, '.bowerbird/catalog.db'))
  db.exec('drop table library; pragma user_version = 2; pragma wal_checkpoint(truncate)')
  db.close()
}

test('row 53: a run of an older version was killed: the catalog is copied, brought up to date, and the run resumed', async () => {
  const { scene, target } = await setUp()
  scene.site.latency = 20
  const { child, finished } = start([target, '--to', scene.library.root, '-q', '-j', '2'])
  scene.site.onAsked = (path) => (path === '/20.jpg' ? child.kill('SIGKILL') : undefined)
  await finished
  makeOlder(scene)
  const [stored, requests] = [scene.library.names, scene.site.log.length]
  expect(stored.length).toBeGreaterThan(0)
  expect((await scene.run(['resume', '-q'])).status).toBe(0)
  expect(askedAgain(scene, stored, requests)).toEqual([])
  const copy = new DatabaseSync(join(scene.library.root, '.bowerbird/catalog.db.v2'), { readOnly: true })
  expect(copy.prepare('pragma user_version').get()).toEqual({ user_version: 2 })
  expect(copy.prepare('select count(*) as files from assets').get()).toEqual({ files: FILES })
  copy.close()
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 53: two processes bring an older catalog up to date at the same moment: both collect', async () => {
  const { scene } = await setUp()
  expect((await scene.run([scene.site.url('/1.jpg'), '-q'])).status).toBe(0)
  makeOlder(scene)
  const halves = ['[1-20]', '[21-40]'].map((range) => scene.run([scene.site.url(`/${range}.jpg`), '-q']))
  expect(await Promise.all(halves)).toMatchObject([
    { status: 0, stderr: '' },
    { status: 0, stderr: '' },
  ])
  const left = readdirSync(join(scene.library.root, '.bowerbird')).filter((name) => name.startsWith('catalog.db'))
  expect(left).toEqual(['catalog.db', 'catalog.db.v2'])
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test.each([
  ['row 53: an unknown option', ['--jbos', '3'], 'did you mean', '--jobs'],
  ['row 53: a value that is none', ['--jobs', 'many'], '--jobs', 'many'],
  ['row 53: a typing error in the configuration', ['--config', 'FILE'], 'jbos', 'jobs'],
])('%s: 2, before anything is asked for or made', async (_name, [flag = '', value = ''], ...parts) => {
  const { scene, target } = await setUp()
  const file = scene.library.beside('config.yaml')
  writeFileSync(file, 'jbos: 3\n')
  const { status, stderr } = await scene.run([target, flag, value.replace('FILE', file)])
  expect(status, stderr).toBe(2)
  for (const part of parts) expect(stderr).toContain(part)
  expect([scene.site.log, existsSync(scene.library.root)]).toEqual([[], false])
})
