import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillWithPictures } from './support/gallery.ts'
import { NO_STRACE, failed, failing } from './support/machine.ts'
import { Scene } from './support/scene.ts'

const FILES = 16

/** A library that exists: what fails is the middle of a run, not its beginning. */
let begun: Scene

beforeAll(async () => {
  begun = await Scene.lasting()
  await fillWithPictures(begun, FILES)
  const { stderr } = await begun.run([begun.site.url('/1.jpg'), '-q'])
  if (stderr !== '') throw new Error(stderr)
})

afterAll(() => begun.close())

function setUp(): { readonly scene: Scene; readonly target: string } {
  const scene = begun.copy()
  return { scene, target: scene.site.url(`/[1-${FILES}].jpg`) }
}

test.for<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
  ['row 34: the disk fails while bytes are written', { pwrite64: 'error=EIO:when=20+' }, []],
  ['row 34: the disk fails when bytes are forced to it', { fdatasync: 'error=EIO' }, []],
  ['row 34: the disk fails when a folder is forced to it', { fsync: 'error=EIO' }, ['127.0.0.1']],
  ['row 34: the disk fails when the catalog commits', { fsync: 'error=EIO:when=2+' }, ['.bowerbird/catalog.db-wal']],
  ['row 34: the disk fails when the catalog is read', { pread64: 'error=EIO:when=4+' }, ['.bowerbird/catalog.db']],
])(
  '%s: 5, what was not kept for sure is not kept, and the same command does the rest',
  async ([, calls, names], { skip }) => {
    skip(NO_STRACE !== '', NO_STRACE)
    const { scene, target } = setUp()
    const paths = names.map((name) => join(scene.library.root, name))
    const { status, stderr } = await scene.run([target, '-q', '-j', '4'], failing(scene.library, calls, paths))
    expect(failed(scene.library)).toBeGreaterThan(0)
    expect([status, /disk (?:failed|reported)/.test(stderr)], stderr).toEqual([5, true])
    expect(await scene.check({ unfinished: true })).toEqual([])
    expect((await scene.run([target, '-q'])).status).toBe(0)
    expect(await scene.check({ states: { stored: FILES } })).toEqual([])
  },
)

test('row 34: one failure to force bytes to the disk: the file is fetched anew, not forced again', async ({ skip }) => {
  skip(NO_STRACE !== '', NO_STRACE)
  const { scene } = setUp()
  const from = scene.site.log.length
  // One transfer at a time, and one thread that forces: its second call fails, which is that of the third picture.
  const { through = [] } = failing(scene.library, { fdatasync: 'error=EIO:when=2' })
  const ran = await scene.run([scene.site.url('/[1-4].jpg'), '-q', '-j', '1'], {
    through: ['env', 'UV_THREADPOOL_SIZE=1', ...through],
  })
  expect([failed(scene.library), ran.status]).toEqual([1, 5])
  expect(await scene.check({ unfinished: true })).toEqual([])
  const kept = scene.library.names
  expect((await scene.run(['resume', '-q'])).status).toBe(0)
  expect(kept.length).toBeLessThan(4)
  expect(scene.site.log.slice(from)).toHaveLength(3 + 1)
  expect(await scene.check({ states: { stored: 4 } })).toEqual([])
})

test.for<readonly [string, Readonly<Record<string, string>>]>([
  ['row 35: a disk without hard links', { 'link,linkat': 'error=EPERM' }],
  // Every first link of a file; the second is that of its copy.
  ['row 35: parts and files on different disks', { 'link,linkat': 'error=EXDEV:when=1+2' }],
  [
    'row 35: another program holds the file for a moment',
    { 'link,linkat': 'error=EPERM', 'rename,renameat,renameat2': 'error=EBUSY:when=2..3' },
  ],
])('%s: every file gets its name, whole', async ([, calls], { skip }) => {
  skip(NO_STRACE !== '', NO_STRACE)
  const { scene, target } = setUp()
  expect(await scene.run([target, '-q'], failing(scene.library, calls))).toMatchObject({ status: 0, stderr: '' })
  expect(failed(scene.library)).toBeGreaterThan(0)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 35: another program never lets go of the file: 5 with the path, nothing half, and later the rest', async ({
  skip,
}) => {
  skip(NO_STRACE !== '', NO_STRACE)
  const { scene, target } = setUp()
  const calls = { 'link,linkat': 'error=EPERM', 'rename,renameat,renameat2': 'error=EBUSY:when=3+' }
  const { status, stderr } = await scene.run([target, '-q', '-j', '1'], failing(scene.library, calls))
  expect(failed(scene.library)).toBeGreaterThan(0)
  expect([status, stderr.includes(scene.library.root)], stderr).toEqual([5, true])
  expect(await scene.check({ unfinished: true })).toEqual([])
  expect((await scene.run([target, '-q'])).status).toBe(0)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})
