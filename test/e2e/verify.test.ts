import { appendFileSync, copyFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { jsonLines } from '../cli/support.ts'
import { sha256 } from '../engine/pictures.ts'
import { pictureOf, fillWithPictures } from '../faults/support/gallery.ts'
import { failing, NO_MOUNT, NO_STRACE, onOwnDisk } from '../faults/support/machine.ts'
import { Scene } from '../faults/support/scene.ts'
import { run, start } from './program.ts'

const FILES = 12

/** Collected once; each test has a copy. */
let original: Scene
let scene: Scene

beforeAll(async () => {
  original = await Scene.lasting()
  await fillWithPictures(original, FILES)
  const { stderr } = await original.run([original.site.url(`/[1-${FILES}].jpg`), '-q'])
  if (stderr !== '') throw new Error(stderr)
})

afterAll(() => original.close())

beforeEach(() => {
  scene = original.copy()
  scene.site.log.length = 0
  scene.site.latency = 0
  scene.site.onAsked = () => undefined
})

/** The file of a picture, below the library. */
function nameOf(number: number): string {
  const name = scene.library.names.find((each) => each.startsWith(`127.0.0.1/${number}.`))
  if (name === undefined) throw new Error(`picture ${number} is not there`)
  return name
}

function place(path: string): string {
  return join(scene.library.root, path)
}

async function verified(
  ...args: readonly string[]
): Promise<{ readonly status: number | null; readonly said: object[] }> {
  const { status, stdout } = await scene.run(['verify', '--json', '-q', ...args])
  const said = jsonLines(stdout).filter(({ event }) => event !== 'verifying')
  return { status, said: said.map(({ seconds: _seconds, ...rest }) => rest) }
}

/** Damages one file in each way; comes back with what `verify` is to tell of it, by path. */
function damage(): Readonly<Record<string, object>> {
  const [gone, longer, flipped, cut, folder] = [1, 2, 3, 4, 5].map(nameOf) as [string, string, string, string, string]
  rmSync(place(gone))
  appendFileSync(place(longer), 'x')
  const bytes = readFileSync(place(flipped))
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  writeFileSync(place(flipped), bytes)
  truncateSync(place(cut), 10)
  rmSync(place(folder))
  mkdirSync(place(folder))
  writeFileSync(place('mine.txt'), 'mine')
  const row = (path: string): Record<string, unknown> =>
    scene.library.rows(
      `select key, bytes from files join assets on assets.id = files.asset where path = '${path.replaceAll("'", "''")}'`,
    )[0] ?? {}
  const told = (path: string, state: string, reason: string): readonly [string, object] => [
    path,
    { event: 'file', state, path, key: row(path)['key'], reason },
  ]
  const size = (path: string): number => Number(row(path)['bytes'])
  return Object.fromEntries([
    told(gone, 'missing', 'nothing stands there'),
    told(longer, 'changed', `it has ${size(longer) + 1} bytes, and ${size(longer)} were stored`),
    told(flipped, 'changed', 'its bytes are others than were stored'),
    told(cut, 'changed', `it has 10 bytes, and ${size(cut)} were stored`),
    told(folder, 'changed', 'a folder stands there'),
    ['mine.txt', { event: 'file', state: 'foreign', path: 'mine.txt', reason: 'it belongs to no item' }],
  ])
}

describe('verify', () => {
  test('a sound library: 0, and every byte was read', async () => {
    const bytes = scene.library.names.reduce((sum, name) => sum + readFileSync(place(name)).length, 0)
    expect(await verified()).toEqual({
      status: 0,
      said: [{ event: 'verified', sound: FILES, missing: 0, changed: 0, unreadable: 0, foreign: 0, odd: 0, bytes }],
    })
    const { status, stdout, stderr } = await scene.run(['verify'])
    expect([status, stdout]).toEqual([0, ''])
    expect(stderr).toMatch(/^Verified in .*: 12 sound \(.* KiB\)\n$/)
  })

  test('tells what is missing, changed and foreign: 3, nothing is changed or asked for', async () => {
    const expected = damage()
    const before = scene.library.files()
    const { status, said } = await verified()
    expect(status).toBe(3)
    const files = said.slice(0, -1) as { readonly path: string }[]
    expect(Object.fromEntries(files.map((event) => [event.path, event]))).toEqual(expected)
    expect(said.at(-1)).toMatchObject({ sound: 7, missing: 1, changed: 4, unreadable: 0, foreign: 1, odd: 0 })
    expect(scene.library.files()).toEqual(before)
    expect(scene.library.states()).toEqual({ stored: FILES })
    expect(scene.site.log).toEqual([])
    const { stdout, stderr } = await scene.run(['verify'])
    expect(stdout.split('\n').filter((line) => line.startsWith('missing     127.0.0.1/1.'))).toHaveLength(1)
    expect(stderr).toContain(`verify --repair --to ${scene.library.root}`)
  })

  test('sidecars, unpacked archives and the index of keywords are not foreign, a name alone is no claim', async () => {
    const { status } = await scene.run([scene.site.url('/1.jpg'), '--sidecar', '--overwrite', '-q'])
    expect(status).toBe(0)
    writeFileSync(place('keyword_urls.json'), '{}')
    writeFileSync(place('127.0.0.1/2.json'), '{}')
    expect(await verified()).toMatchObject({
      status: 0,
      said: [
        {
          state: 'foreign',
          path: '127.0.0.1/2.json',
          reason: 'it has the name of an item that is stored, and is not its file',
        },
        { event: 'verified', sound: FILES, foreign: 1 },
      ],
    })
  })

  test('a part of the library, by words or --where; a library that is not there is a mistake', async () => {
    damage()
    expect(await verified('--where', 'url.endsWith("/12.jpg")')).toMatchObject({
      status: 0,
      said: [{ event: 'verified', sound: 1, foreign: 0 }],
    })
    expect(await verified('no-such-word')).toMatchObject({ status: 0, said: [{ event: 'verified', sound: 0 }] })
    expect((await run(['verify', '--to', scene.library.beside('nowhere')])).status).toBe(2)
  })

  test('items whose rows do not fit: told, and mended by --repair', async () => {
    const db = new DatabaseSync(place('.bowerbird/catalog.db'))
    db.exec(`delete from files where path = '${nameOf(7)}'`)
    db.close()
    expect(await verified()).toMatchObject({
      status: 3,
      said: [
        { state: 'foreign', path: nameOf(7) },
        { state: 'odd', reason: 'the catalog has no file of it' },
        { event: 'verified', sound: FILES - 1, odd: 1, foreign: 1 },
      ],
    })
    await scene.run(['verify', '--repair', '-q'])
    expect(await verified()).toMatchObject({ status: 0 })
    expect(await scene.check({ states: { stored: FILES } })).toEqual([])
  })

  test('a file that the disk does not give: 5, and it is not fetched again', async ({ skip }) => {
    skip(NO_STRACE !== '', NO_STRACE)
    const options = failing(scene.library, { 'pread64,read': 'error=EIO' }, [place(nameOf(3))])
    const { status, stdout } = await scene.run(['verify', '--repair', '--json', '-q'], options)
    expect(status).toBe(5)
    expect(jsonLines(stdout)).toContainEqual(
      expect.objectContaining({
        state: 'unreadable',
        path: nameOf(3),
        reason: expect.stringContaining('input or output'),
      }),
    )
    expect(scene.site.log).toEqual([])
  })

  test('a library that is read-only', async ({ skip }) => {
    skip(NO_MOUNT !== '', NO_MOUNT)
    const own = await Scene.open()
    await fillWithPictures(own, 3)
    const { stdout, stderr } = await onOwnDisk(own.library, 'size=8m', [
      `PROGRAM '${own.site.url('/[1-3].jpg')}'`,
      `rm '${own.library.root}'/127.0.0.1/2.*`,
      `mount -o remount,ro '${own.library.root}'`,
      `PROGRAM verify`,
    ])
    expect(stdout, stderr).toMatch(/^status 0\nmissing {5}127\.0\.0\.1\/2\.\w+: nothing stands there\nstatus 3\n$/)
  })

  test('Ctrl-C ends it: 130, nothing is changed', async () => {
    // A file that takes a minute: 64 GiB of nothing, which fill no disk.
    const name = nameOf(1)
    truncateSync(place(name), 64 * 2 ** 30)
    const db = new DatabaseSync(place('.bowerbird/catalog.db'))
    db.exec(`update files set bytes = ${64 * 2 ** 30} where path = '${name}'`)
    db.close()
    const { child, finished } = start(['verify', '--json', '--to', scene.library.root])
    // Told twice a second.
    child.stdout?.once('data', () => child.kill('SIGINT'))
    const { status, stderr } = await finished
    expect([status, stderr]).toEqual([130, 'Stopping; no file was changed\n'])
  })
})

describe('verify --repair', () => {
  test('fetches again what is missing or changed, and nothing else; a changed file stays', async () => {
    const expected = damage()
    const changed = [2, 3, 4].map(nameOf)
    const before = scene.library.files()
    const { status, said } = await verified('--repair')
    expect(status, JSON.stringify(said)).toBe(0)
    expect(new Set(scene.site.paths())).toEqual(new Set([1, 2, 3, 4, 5].map((number) => `/${number}.jpg`)))
    expect(said.filter((event) => 'event' in event && event.event === 'stored')).toHaveLength(5)
    for (const path of changed) expect(scene.library.files()[path]).toBe(before[path])
    expect(Object.keys(expected)).toContain('mine.txt')
    expect(await scene.check({ states: { stored: FILES }, foreign: ['mine.txt', ...changed] })).toEqual([])
    const again = await verified()
    expect(again).toMatchObject({ status: 0 })
    expect(again.said.at(-1)).toMatchObject({ sound: FILES, foreign: 4 })
  })

  test('what the site does not have any more: 3, the reason, and the changed file is still there', async () => {
    const name = nameOf(2)
    appendFileSync(place(name), 'x')
    const mine = scene.library.files()[name]
    scene.site.on('/2.jpg', { status: 404 })
    const { status, stderr } = await scene.run(['verify', '--repair'])
    expect([status, stderr], stderr).toEqual([3, expect.stringMatching(/missing +1 /)])
    expect(scene.library.files()[name]).toBe(mine)
    expect(scene.library.states()).toEqual({ stored: FILES - 1, missing: 1 })
    await fillWithPictures(scene, FILES)
  })

  test('limits and filters of the settings keep nothing out that was collected', async () => {
    rmSync(place(nameOf(1)))
    rmSync(place(nameOf(2)))
    const config = scene.library.beside('config.yaml')
    writeFileSync(config, 'limit: 1\nsources:\n  template:\n    where: width > 5000\n')
    expect((await scene.run(['verify', '--repair', '-q', '--config', config])).status).toBe(0)
    expect(await scene.check({ states: { stored: FILES } })).toEqual([])
  })

  test('killed in the middle: resume does the rest', async () => {
    for (let number = 1; number <= FILES; number += 1) rmSync(place(nameOf(number)))
    scene.site.latency = 30
    const { child, finished } = start(['verify', '--repair', '--jobs', '1', '--to', scene.library.root])
    scene.site.onAsked = () => {
      if (scene.site.log.length === 4) child.kill('SIGKILL')
    }
    expect((await finished).signal).toBe('SIGKILL')
    expect(scene.library.names.length).toBeLessThan(FILES)
    expect((await scene.run(['resume', '-q'])).status).toBe(0)
    expect(await scene.check({ states: { stored: FILES } })).toEqual([])
  })

  test('a picture that its owner has worked on and one that was put back by hand', async () => {
    const name = nameOf(6)
    const kept = scene.library.beside('kept')
    copyFileSync(place(name), kept)
    const { bytes } = await pictureOf(999)
    writeFileSync(place(name), bytes)
    expect((await verified()).status).toBe(3)
    mkdirSync(dirname(place(name)), { recursive: true })
    copyFileSync(kept, place(name))
    expect((await verified('--repair')).status).toBe(0)
    expect(scene.site.log).toEqual([])
    expect(scene.library.files()[name]).toBe(sha256(readFileSync(kept)))
  })
})
