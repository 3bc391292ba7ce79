import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { jsonLines } from '../cli/support.ts'
import { fillWithPictures, pictureOf } from '../faults/support/gallery.ts'
import { Scene } from '../faults/support/scene.ts'
import { start } from './program.ts'

const FILES = 12

/** Collected once, 6 files with sidecars; each test has a copy. */
let original: Scene
let scene: Scene

beforeAll(async () => {
  original = await Scene.lasting()
  await fillWithPictures(original, FILES + 4)
  const described = await original.run([original.site.url('/[1-6].jpg'), '--sidecar', '-q'])
  const plain = await original.run([original.site.url(`/[7-${FILES}].jpg`), '-q'])
  if (described.status !== 0 || plain.status !== 0) throw new Error(described.stderr + plain.stderr)
})

afterAll(() => original.close())

beforeEach(() => {
  scene = original.copy()
  scene.site.log.length = 0
  scene.site.onAsked = () => undefined
  scene.site.latency = 0
})

function own(name: string): string {
  return join(scene.library.root, '.bowerbird', name)
}

const SIDECARS = /\.json$/

/** Everything that the user has. */
function files(): Readonly<Record<string, string>> {
  return scene.library.files()
}

/** What the checker takes for files of nobody's. */
function foreign(): readonly string[] {
  return scene.library.names.filter((name) => SIDECARS.test(name))
}

/** Files that a rebuilt catalog leaves beside: the damaged one stays until its owner removes it. */
function removeDamaged(): void {
  for (const name of readdirSync(own('.'))) if (name.includes('damaged')) rmSync(own(name))
}

function spoil(name: string): void {
  const bytes = readFileSync(own(name))
  writeFileSync(own(name), bytes.fill(0x5a, 0, 4096))
}

test('row 41: a damaged catalog is rebuilt of its backup: nothing is lost, nothing is fetched', async () => {
  const before = files()
  spoil('catalog.db')
  const damaged = readFileSync(own('catalog.db'))
  const { status, stderr } = await scene.run(['get', scene.site.url('/1.jpg')])
  expect([status, stderr]).toEqual([5, expect.stringContaining('`bowerbird doctor --rebuild`')])
  const rebuilt = await scene.run(['doctor', '--rebuild', '--json', '-q'])
  expect([rebuilt.status, rebuilt.stderr]).toEqual([0, ''])
  const [first, ...rest] = jsonLines(rebuilt.stdout)
  expect(first).toMatchObject({ event: 'rebuilt', what: 'catalog', salvaged: 0, backup: expect.stringMatching(/^20/) })
  expect(readFileSync(String(first?.['aside'])).equals(damaged)).toBe(true)
  expect(rest.at(-1)).toMatchObject({ event: 'verified', sound: FILES, missing: 0, changed: 0, foreign: 0 })
  removeDamaged()
  expect(files()).toEqual(before)
  expect(await scene.check({ states: { stored: FILES }, foreign: foreign() })).toEqual([])
  expect((await scene.run([scene.site.url(`/[1-${FILES}].jpg`), '-q'])).status).toBe(0)
  expect(scene.site.log).toEqual([])
})

test('row 41: without a backup, of sidecars: those items are known, the others are taken up when they come again', async () => {
  rmSync(own('catalog.backup.db'))
  rmSync(own('catalog.db'))
  const before = files()
  const { status, stdout, stderr } = await scene.run(['doctor', '--rebuild'])
  expect([status, stderr], stderr).toEqual([0, expect.stringContaining('6 sound')])
  expect(stdout.match(/^adopted /gm)).toHaveLength(6)
  expect(stdout.match(/^foreign /gm)).toHaveLength(6)
  expect(stderr).toContain('get their targets again')
  expect((await scene.run([scene.site.url(`/[1-${FILES}].jpg`), '-q'])).status).toBe(0)
  expect(scene.site.paths().toSorted()).toEqual(['/10.jpg', '/11.jpg', '/12.jpg', '/7.jpg', '/8.jpg', '/9.jpg'])
  expect(files()).toEqual(before)
  expect(await scene.check({ states: { stored: FILES }, foreign: foreign() })).toEqual([])
})

test('row 41: a backup that is older: files stored since are taken up by their names, and what is missing is told', async () => {
  // More files come; the backup is put back to what it was before, when they were listed and not stored.
  const { child, finished } = start([scene.site.url(`/[13-${FILES + 4}].jpg`), '-q', '--to', scene.library.root])
  scene.site.latency = 200
  scene.site.onAsked = () => child.kill('SIGKILL')
  await finished
  scene.site.onAsked = () => undefined
  scene.site.latency = 0
  expect((await scene.run(['find', 'x', '-q'])).status).toBe(0)
  const old = readFileSync(own('catalog.db'))
  expect((await scene.run(['resume', '-q'])).status).toBe(0)
  writeFileSync(own('catalog.backup.db'), old)
  rmSync(join(scene.library.root, scene.library.names.find((name) => /\/7\./.test(name)) ?? ''))
  spoil('catalog.db')
  scene.site.log.length = 0
  const { status, stdout, stderr } = await scene.run(['doctor', '--rebuild'])
  expect(stdout.match(/^adopted /gm), stderr + stdout).toHaveLength(4)
  expect(stdout).toMatch(/^missing {5}127\.0\.0\.1\/7\./m)
  expect([status, stderr.includes(`verify --repair --to ${scene.library.root}`)]).toEqual([3, true])
  expect(scene.site.log).toEqual([])
  expect((await scene.run(['verify', '--repair', '-q'])).status).toBe(0)
  expect(scene.site.paths()).toEqual(['/7.jpg'])
  removeDamaged()
  expect(await scene.check({ states: { stored: FILES + 4 }, foreign: foreign() })).toEqual([])
})

test('row 41: a sound catalog is left alone, and one that a run works with as well', async () => {
  const before = readFileSync(own('catalog.db'))
  const { status, stderr } = await scene.run(['doctor', '--rebuild'])
  expect([status, stderr]).toEqual([0, 'The catalog is sound: there is nothing to rebuild\n'])
  expect(readFileSync(own('catalog.db')).equals(before)).toBe(true)
  const { bytes, mime } = await pictureOf(13)
  let tried: object = {}
  // The run waits for this file until the other command has ended.
  scene.site.on('/held.jpg', async () => {
    tried = await scene.run(['doctor', '--rebuild'])
    return { headers: { 'content-type': mime }, body: bytes }
  })
  expect((await scene.run([scene.site.url('/held.jpg'), '-q', '--timeout', '80'])).status).toBe(0)
  expect(tried).toMatchObject({ status: 5, stderr: expect.stringContaining('a run is working with') })
})

test('row 41: the private store is damaged: it is put aside, and what it held is listed again', async () => {
  const database = new DatabaseSync(own('private.db'))
  database.exec('create table secrets (name text primary key, value text) strict')
  database.close()
  spoil('private.db')
  const { bytes, mime } = await pictureOf(13)
  scene.site.on('/13.jpg?token=Zx81', { headers: { 'content-type': mime }, body: bytes })
  const target = scene.site.url('/13.jpg?token=Zx81')
  const { status, stderr } = await scene.run([target, '-q'])
  expect([status, stderr]).toEqual([5, expect.stringContaining('`bowerbird doctor --rebuild`')])
  const rebuilt = await scene.run(['doctor', '--rebuild'])
  expect([rebuilt.status, rebuilt.stderr]).toEqual([0, expect.stringContaining('private store')])
  expect(existsSync(own('private.db'))).toBe(false)
  expect((await scene.run([target, '-q'])).status).toBe(0)
})
