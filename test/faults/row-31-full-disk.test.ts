import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillWithPictures } from './support/gallery.ts'
import { NO_MOUNT, NO_STRACE, failed, failing, onOwnDisk } from './support/machine.ts'
import { Scene } from './support/scene.ts'

const FILES = 100
/** Side of a picture, for 5 to 20 KB. */
const SIDE = 80

async function sceneOf(files: number, side?: number): Promise<{ readonly scene: Scene; readonly target: string }> {
  const scene = await Scene.open()
  await fillWithPictures(scene, files, side)
  return { scene, target: scene.site.url(`/[1-${files}].jpg`) }
}

function timesAsked(scene: Scene, paths: readonly string[]): readonly number[] {
  return paths.map((path) => scene.site.paths().filter((each) => each === path).length)
}

test('row 31: a disk that is full ends the run with 5 and one message; with room again resume does the rest', async ({
  skip,
}) => {
  skip(NO_MOUNT !== '', NO_MOUNT)
  const { scene, target } = await sceneOf(FILES, SIDE)
  const { root } = scene.library
  const { stdout, stderr } = await onOwnDisk(scene.library, 'size=1200k', [
    `PROGRAM '${target}'`,
    `ls '${root}/127.0.0.1'; echo .`,
    `mount -o remount,size=32m '${root}'`,
    'PROGRAM resume',
  ])
  const [first, ...stored] = stdout.slice(0, stdout.indexOf('\n.\n')).split('\n')
  expect([first, stdout.split('\n').at(-2)], stderr).toEqual(['status 5', 'status 0'])
  expect(stderr.match(/no room/g)).toHaveLength(1)
  expect(stderr).toContain('bowerbird resume')
  expect(stored.length).toBeGreaterThan(10)
  const paths = stored.map((name) => `/${Number.parseInt(name, 10)}.jpg`)
  expect(timesAsked(scene, paths), 'what stood there was not asked for again').toEqual(paths.map(() => 1))
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 31: a disk without a free inode: the same', async ({ skip }) => {
  skip(NO_MOUNT !== '', NO_MOUNT)
  const { scene, target } = await sceneOf(60)
  const { stdout, stderr } = await onOwnDisk(scene.library, 'size=32m,nr_inodes=40', [
    `PROGRAM '${target}'`,
    `mount -o remount,nr_inodes=1000 '${scene.library.root}'`,
    'PROGRAM resume',
  ])
  expect(stdout, stderr).toBe('status 5\nstatus 0\n')
  expect(stderr.match(/no room/g)).toHaveLength(1)
  expect(await scene.check({ states: { stored: 60 } })).toEqual([])
})

test('row 31: no room for the catalog, which lies on a disk of its own, loses nothing either', async ({ skip }) => {
  skip(NO_MOUNT !== '', NO_MOUNT)
  const { scene, target } = await sceneOf(FILES, SIDE)
  const small = scene.library.beside('small')
  mkdirSync(small)
  const { stdout, stderr } = await onOwnDisk(scene.library, 'size=32m', [
    `mount -t tmpfs -o size=300k tmpfs '${small}'`,
    `PROGRAM '${target}' --catalog '${small}/catalog.db'`,
    `mount -o remount,size=8m '${small}'`,
    `PROGRAM '${target}' --catalog '${small}/catalog.db'`,
    // Where the checker looks for it.
    `cp '${small}/catalog.db' '${scene.library.root}/.bowerbird/'`,
  ])
  expect(stdout, stderr).toBe('status 5\nstatus 0\n')
  expect(stderr).toMatch(/no room/i)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

/** A library that exists: what fails is the middle of a run, not its beginning. */
let begun: Scene

beforeAll(async () => {
  begun = await Scene.lasting()
  await fillWithPictures(begun, 20)
  const { stderr } = await begun.run([begun.site.url('/1.jpg'), '-q'])
  if (stderr !== '') throw new Error(stderr)
})

afterAll(() => begun.close())

test.for<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
  // At any write, of the catalog as well: the twentieth lies behind the opening of the library.
  ['row 31: no room is found while bytes are written', { pwrite64: 'error=ENOSPC:when=20+' }, []],
  ['row 31: no room is found when bytes are forced to the disk', { fdatasync: 'error=ENOSPC' }, []],
  ['row 31: no room is found when a file gets its name', { 'link,linkat': 'error=ENOSPC:when=4+' }, []],
  ['row 31: the quota is used up when a file gets its name', { 'link,linkat': 'error=EDQUOT:when=4+' }, []],
  [
    'row 31: no room is found when the catalog commits',
    { 'pwrite64,fsync': 'error=ENOSPC:when=6+' },
    ['catalog.db', 'catalog.db-wal'],
  ],
])('%s: 5, nothing half, and the same command does the rest', async ([, calls, files], { skip }) => {
  skip(NO_STRACE !== '', NO_STRACE)
  const scene = begun.copy()
  const target = scene.site.url('/[1-20].jpg')
  const paths = files.map((name) => join(scene.library.root, '.bowerbird', name))
  const { status, stderr } = await scene.run([target, '-q', '-j', '4'], failing(scene.library, calls, paths))
  expect(failed(scene.library)).toBeGreaterThan(0)
  expect([status, stderr.match(/(?:no room|quota)/gi)?.length], stderr).toEqual([5, 1])
  expect(await scene.check({ unfinished: true })).toEqual([])
  expect((await scene.run([target, '-q'])).status).toBe(0)
  expect(await scene.check({ states: { stored: 20 } })).toEqual([])
})
