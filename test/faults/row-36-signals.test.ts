import { once } from 'node:events'
import { expect, test } from 'vitest'
import { start } from '../e2e/program.ts'
import type { Started, StartOptions } from '../e2e/program.ts'
import { fillWithPictures } from './support/gallery.ts'
import { NO_FAKETIME, hurried } from './support/machine.ts'
import { Scene } from './support/scene.ts'

const FILES = 80

async function setUp(): Promise<{ readonly scene: Scene; readonly target: string }> {
  const scene = await Scene.open()
  await fillWithPictures(scene, FILES)
  scene.site.latency = 10
  return { scene, target: scene.site.url(`/[1-${FILES}].jpg`) }
}

/** Starts the program, and does something to it when a path is asked for. */
function meddle(
  scene: Scene,
  args: readonly string[],
  path: string,
  how: (started: Started) => void,
  options?: StartOptions,
): Started {
  const started = start([...args, '--to', scene.library.root, '-j', '4'], options)
  scene.site.onAsked = (asked) => {
    if (asked === path) how(started)
  }
  return started
}

/** Of a program whose output nobody reads to its end. */
async function statusOf({ child, finished }: Started): Promise<unknown> {
  const [[status]] = await Promise.all([once(child, 'exit'), finished.catch(() => undefined)])
  return status
}

/** `resume` does the rest, and asks for nothing twice but what was cut off. */
async function expectRest(scene: Scene, cut = 0): Promise<void> {
  scene.site.onAsked = () => undefined
  expect((await scene.run(['resume', '-q'])).status).toBe(0)
  expect(scene.site.log.length - new Set(scene.site.paths()).size).toBeLessThanOrEqual(cut)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('row 36: %s ends the run with %i: what is under way ends, resume does the rest', async (signal, status) => {
  const { scene, target } = await setUp()
  const ended = await meddle(scene, [target], '/30.jpg', ({ child }) => child.kill(signal)).finished
  expect([ended.status, ended.stderr.includes('bowerbird resume')], ended.stderr).toEqual([status, true])
  expect(scene.library.names.length).toBeGreaterThanOrEqual(26)
  expect(scene.library.names.length).toBeLessThan(FILES)
  expect(await scene.check({ unfinished: true })).toEqual([])
  await expectRest(scene)
})

test('row 36: a second SIGINT cuts off what is under way, and resume does the rest', async ({ skip }) => {
  skip(NO_FAKETIME !== '', NO_FAKETIME)
  const { scene, target } = await setUp()
  scene.site.on('/30.jpg', ({ response }) => {
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': '100000' })
    response.write('x')
    return undefined
  })
  // The first signal alone leaves transfers five seconds: in the time of this program that is most of a minute.
  const slowly = hurried(0.1)
  const { child, finished } = meddle(scene, [target], '/30.jpg', ({ child: it }) => it.kill('SIGINT'), slowly)
  let [said, again] = ['', Infinity]
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (again !== Infinity || !said.includes('Ctrl-C again')) return
    again = performance.now()
    child.kill('SIGINT')
  })
  const { status, stderr } = await finished
  expect(status, stderr).toBe(130)
  expect(performance.now() - again).toBeLessThan(25_000)
  expect(await scene.check({ unfinished: true })).toEqual([])
  await fillWithPictures(scene, FILES)
  await expectRest(scene, 4)
})

test('row 36: standard output is closed: the run ends with 141 and without a word, resume does the rest', async () => {
  const { scene, target } = await setUp()
  const started = meddle(scene, [target, '--json'], '/20.jpg', ({ child }) => child.stdout?.destroy())
  let stderr = ''
  started.child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  expect([await statusOf(started), stderr]).toEqual([141, ''])
  expect(await scene.check({ unfinished: true })).toEqual([])
  await expectRest(scene)
})

test('row 36: standard error is closed: the run collects all the same', async () => {
  const { scene, target } = await setUp()
  const started = meddle(scene, [target, '-v'], '/20.jpg', ({ child }) => child.stderr?.destroy())
  expect(await statusOf(started)).toBe(0)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})
