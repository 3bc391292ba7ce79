import { existsSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { start } from '../e2e/program.ts'
import { fillWithPictures } from './support/gallery.ts'
import { NO_FAKETIME, hurried } from './support/machine.ts'
import { Scene } from './support/scene.ts'

const FILES = 40
const PAGE_BYTES = 4096

/** A library that is whole. */
let whole: Scene

beforeAll(async () => {
  whole = await Scene.lasting()
  await fillWithPictures(whole, FILES)
  const { stderr } = await whole.run([whole.site.url(`/[1-${FILES}].jpg`), '-q'])
  if (stderr !== '') throw new Error(stderr)
})

afterAll(() => whole.close())

function catalogOf(scene: Scene): string {
  return join(scene.library.root, '.bowerbird/catalog.db')
}

/** Overwrites a page, counted from 0. */
function spoil(file: string, page: number): void {
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.fill(0x5a, page * PAGE_BYTES, (page + 1) * PAGE_BYTES))
}

test.each<[string, (file: string) => void]>([
  ['row 41: a catalog that was cut in the middle', (file) => truncateSync(file, 10 * PAGE_BYTES)],
  ['row 41: a catalog that was cut to nothing but its beginning', (file) => truncateSync(file, 50)],
  ['row 41: a page in the middle is overwritten', (file) => spoil(file, 12)],
  ['row 41: the last page is overwritten', (file) => spoil(file, readFileSync(file).length / PAGE_BYTES - 1)],
  ['row 41: something else stands there', (file) => writeFileSync(file, 'my diary\n'.repeat(1000))],
])(
  '%s: 5 and what to do, nothing is asked for and nothing written; rebuilt, it knows all of it',
  async (_name, harm) => {
    const scene = whole.copy()
    const target = scene.site.url(`/[1-${FILES}].jpg`)
    harm(catalogOf(scene))
    const harmed = readFileSync(catalogOf(scene))
    const from = scene.site.log.length
    for (const command of [[target], ['find', 'x']]) {
      const { status, stdout, stderr } = await scene.run(command)
      expect([status, stdout, stderr.includes(catalogOf(scene))], stderr).toEqual([5, '', true])
      expect(stderr).toContain('bowerbird doctor --rebuild')
    }
    expect(readFileSync(catalogOf(scene)).equals(harmed)).toBe(true)
    expect(scene.site.log).toHaveLength(from)
    const rebuilt = await scene.run(['doctor', '--rebuild', '-q'])
    expect([rebuilt.status, rebuilt.stderr]).toEqual([0, ''])
    expect((await scene.run([target, '-q'])).status).toBe(0)
    expect(scene.site.log).toHaveLength(from)
    // The damaged one stays until its owner removes it.
    const own = readdirSync(dirname(catalogOf(scene)))
    for (const name of own.filter((each) => each.includes('damaged'))) rmSync(join(dirname(catalogOf(scene)), name))
    expect(await scene.check({ states: { stored: FILES } })).toEqual([])
  },
)

test('row 41: the log of a killed run is deleted: what it held is found again, and no file comes twice', async () => {
  const scene = await Scene.open()
  await fillWithPictures(scene, FILES)
  scene.site.latency = 20
  const target = scene.site.url(`/[1-${FILES}].jpg`)
  const { child, finished } = start([target, '--to', scene.library.root, '-q', '-j', '2'])
  scene.site.onAsked = (path) => (path === '/25.jpg' ? child.kill('SIGKILL') : undefined)
  await finished
  expect(scene.library.names.length).toBeGreaterThan(0)
  expect(existsSync(`${catalogOf(scene)}-wal`)).toBe(true)
  for (const end of ['-wal', '-shm']) rmSync(`${catalogOf(scene)}${end}`)
  expect((await scene.run([target, '-q'])).status).toBe(0)
  expect(scene.library.names).toHaveLength(FILES)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 41: another program holds the catalog for a moment: the run waits, and then collects all of it', async () => {
  const scene = await Scene.open()
  await fillWithPictures(scene, FILES)
  const target = scene.site.url(`/[1-${FILES}].jpg`)
  expect((await scene.run([scene.site.url('/1.jpg'), '-q'])).status).toBe(0)
  // The program may be writing when the other one wants to.
  const other = new DatabaseSync(catalogOf(scene), { timeout: 10_000 })
  scene.site.onAsked = (path) => {
    if (path !== '/10.jpg') return
    other.exec('begin immediate')
    setTimeout(() => other.exec('rollback'), 1500)
  }
  expect(await scene.run([target, '-q', '-j', '2'])).toMatchObject({ status: 0, stderr: '' })
  other.close()
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 41: another program holds the catalog for too long: 5, and later the same command does the rest', async ({
  skip,
}) => {
  skip(NO_FAKETIME !== '', NO_FAKETIME)
  const scene = await Scene.open()
  await fillWithPictures(scene, FILES)
  const target = scene.site.url(`/[1-${FILES}].jpg`)
  expect((await scene.run([scene.site.url('/1.jpg'), '-q'])).status).toBe(0)
  const other = new DatabaseSync(catalogOf(scene))
  other.exec('begin immediate')
  const { status, stderr } = await scene.run([target, '-q'], hurried(20))
  other.exec('rollback')
  other.close()
  expect([status, stderr.includes('holds the catalog')], stderr).toEqual([5, true])
  expect(scene.site.log).toHaveLength(1)
  expect((await scene.run([target, '-q'])).status).toBe(0)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 41: a newer version wrote the catalog: 5, it is not touched, nothing is asked for', async () => {
  const scene = whole.copy()
  const newer = new DatabaseSync(catalogOf(scene))
  newer.exec('pragma user_version = 1000')
  newer.close()
  const written = readFileSync(catalogOf(scene))
  const from = scene.site.log.length
  for (const command of [[scene.site.url('/[1-50].jpg')], ['find', 'x']]) {
    const { status, stdout, stderr } = await scene.run(command)
    expect([status, stdout, stderr.includes('schema 1000')], stderr).toEqual([5, '', true])
  }
  expect(readFileSync(catalogOf(scene)).equals(written)).toBe(true)
  expect(scene.site.log).toHaveLength(from)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})
