import { readdirSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Reply } from '../engine/site.ts'
import { start } from '../e2e/program.ts'
import type { Started, StartOptions } from '../e2e/program.ts'
import { askedAgain, fillWithPictures, pictureOf } from './support/gallery.ts'
import { NO_FAKETIME, NO_STRACE, failing, inAnotherTime, withClockFile } from './support/machine.ts'
import { Scene } from './support/scene.ts'

const FILES = 100
const OPTIONS = ['-j', '6', '-q']

async function setUp(): Promise<{ readonly scene: Scene; readonly target: string }> {
  const scene = await Scene.open()
  await fillWithPictures(scene, FILES)
  scene.site.latency = 15
  return { scene, target: scene.site.url(`/[1-${FILES}].jpg`) }
}

async function pictureReply(number: number): Promise<Reply> {
  const { bytes, mime } = await pictureOf(number)
  return { headers: { 'content-type': mime }, body: bytes }
}

function begin(scene: Scene, args: readonly string[], options?: StartOptions): Started {
  return start([...args, ...OPTIONS, '--to', scene.library.root], options)
}

/** Does something when so many files were asked for, once. */
function at(scene: Scene, count: number, what: () => void): void {
  const before = scene.site.onAsked
  scene.site.onAsked = (path) => {
    before(path)
    if (scene.site.log.length === count) what()
  }
}

/** A run that is killed when 40 files were asked for. */
async function killed(scene: Scene, target: string): Promise<void> {
  const { child, finished } = begin(scene, [target])
  at(scene, 40, () => child.kill('SIGKILL'))
  await finished
}

test('row 38: two processes on one library want the same: all of it comes, and nothing is asked for twice', async () => {
  const { scene, target } = await setUp()
  const both = await Promise.all([begin(scene, [target]).finished, begin(scene, [target]).finished])
  expect(both).toMatchObject([
    { status: 0, stderr: '' },
    { status: 0, stderr: '' },
  ])
  expect(scene.site.log.length).toBe(new Set(scene.site.paths()).size)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 38: two processes want different things that have names in common: all of both', async () => {
  const { scene } = await setUp()
  const flat = ['--folder', 'all', '--name', 'picture']
  const halves = ['[1-50]', '[51-100]'].map(
    (range) => begin(scene, [scene.site.url(`/${range}.jpg`), ...flat]).finished,
  )
  expect(await Promise.all(halves)).toMatchObject([{ status: 0 }, { status: 0 }])
  expect(scene.site.log).toHaveLength(FILES)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 38: one of two processes is killed: the other ends well, and the next run does what the dead one held', async () => {
  const { scene, target } = await setUp()
  const first = begin(scene, [target])
  let second: Started | undefined
  at(scene, 10, () => (second = begin(scene, [target])))
  at(scene, 70, () => first.child.kill('SIGKILL'))
  await first.finished
  expect((await second?.finished)?.status).toBe(0)
  const [stored, requests] = [scene.library.names, scene.site.log.length]
  expect((await scene.run([target, '-q'])).status).toBe(0)
  expect(askedAgain(scene, stored, requests)).toEqual([])
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 38: one of two processes is frozen and goes on later: no file comes twice, none is lost', async () => {
  const { scene, target } = await setUp()
  const first = begin(scene, [target])
  at(scene, 20, () => first.child.kill('SIGSTOP'))
  while (scene.site.log.length < 20) await sleep(20)
  const second = begin(scene, [target])
  const thawing = second.finished.then(() => first.child.kill('SIGCONT'))
  const waited = setTimeout(() => first.child.kill('SIGCONT'), 3000)
  const [one, other] = await Promise.all([first.finished, second.finished])
  await thawing
  clearTimeout(waited)
  expect([one.status, other.status]).toEqual([0, 0])
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 38: on a network folder the catalog has no log that machines would have to share memory for', async ({
  skip,
}) => {
  skip(NO_STRACE !== '', NO_STRACE)
  const { scene, target } = await setUp()
  // The number of NFS, as statfs(2) tells it.
  const onNfs = failing(scene.library, { statfs: 'poke_exit=@arg2=6969000000000000' })
  const seen = new Set<string>()
  at(scene, 60, () => readdirSync(join(scene.library.root, '.bowerbird')).forEach((name) => seen.add(name)))
  const both = [begin(scene, [target], onNfs), begin(scene, [target], onNfs)]
  expect(await Promise.all(both.map(({ finished }) => finished))).toMatchObject([{ status: 0 }, { status: 0 }])
  expect([seen.has('catalog.db'), seen.has('catalog.db-wal'), seen.has('catalog.db-shm')]).toEqual([true, false, false])
  expect(scene.site.log.length).toBe(new Set(scene.site.paths()).size)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 39: the process id of a killed run belongs to another program now: it is dead all the same', async () => {
  const { scene, target } = await setUp()
  await killed(scene, target)
  const db = new DatabaseSync(join(scene.library.root, '.bowerbird/catalog.db'))
  db.prepare('update runs set pid = ?').run(process.pid)
  db.close()
  expect((await scene.run(['resume', '-q'])).status).toBe(0)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test.for(['+10y', '-10y'])('row 40: the clock is wrong by %s in the run that resumes', async (jump, { skip }) => {
  skip(NO_FAKETIME !== '', NO_FAKETIME)
  const { scene, target } = await setUp()
  await killed(scene, target)
  expect(await scene.run(['resume', '-q'], inAnotherTime(jump))).toMatchObject({ status: 0, stderr: '' })
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test.for(['+10y', '-10y'])(
  'row 40: the clock jumps by %s while a host has asked for patience',
  async (jump, { skip }) => {
    skip(NO_FAKETIME !== '', NO_FAKETIME)
    const { scene, target } = await setUp()
    const clock = scene.library.beside('clock')
    writeFileSync(clock, '+0')
    scene.site.on('/30.jpg', ({ before }) => {
      if (before > 0) return pictureReply(30)
      writeFileSync(clock, jump)
      return { status: 429, headers: { 'retry-after': '1' } }
    })
    const { child, finished } = begin(scene, [target], withClockFile(clock))
    // Far beyond what it takes, and far below ten years.
    const tooLong = setTimeout(() => child.kill('SIGKILL'), 60_000)
    expect(await finished).toMatchObject({ status: 0, stderr: '' })
    clearTimeout(tooLong)
    expect(await scene.check({ states: { stored: FILES } })).toEqual([])
  },
)

test('row 40: the clock was ten years ahead when a host asked for a minute: the next run is not kept waiting', async ({
  skip,
}) => {
  skip(NO_FAKETIME !== '', NO_FAKETIME)
  const { scene, target } = await setUp()
  scene.site.on('/1.jpg', ({ before }) =>
    before === 0 ? { status: 429, headers: { 'retry-after': '60' } } : pictureReply(1),
  )
  const { child, finished } = begin(scene, [scene.site.url('/1.jpg')], inAnotherTime('+10y'))
  at(scene, 1, () => void hasClock(scene).then(() => child.kill('SIGKILL')))
  await finished
  const before = performance.now()
  expect(await scene.run([target, '-q'])).toMatchObject({ status: 0, stderr: '' })
  expect(performance.now() - before).toBeLessThan(50_000)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

/** Resolves when the catalog holds what a host has asked for. */
async function hasClock({ library }: Scene): Promise<void> {
  while (library.rows('select scope from clocks').length === 0) await sleep(20)
}

test('row 40: the machine sleeps for longer than any time limit: what was under way is tried again', async () => {
  const { scene, target } = await setUp()
  const { child, finished } = begin(scene, [target, '--timeout', '1'])
  at(scene, 30, () => {
    child.kill('SIGSTOP')
    setTimeout(() => child.kill('SIGCONT'), 1500)
  })
  expect(await finished).toMatchObject({ status: 0, stderr: '' })
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})
