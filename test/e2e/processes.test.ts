import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Library } from '../engine/library.ts'
import { jpeg, picture, sha256 } from '../engine/pictures.ts'
import { Site } from '../engine/site.ts'
import { run, runCommand, start } from './program.ts'

const FILES = 150
/** The library that fakes the clock; the `faketime` program itself stays between us and the process. */
const FAKETIME = (await runCommand(['sh', '-c', 'faketime -f +0 printenv LD_PRELOAD || true'])).stdout.trim()
const NO_FAKETIME = FAKETIME === '' ? 'faketime is missing' : ''

let site: Site
let library: Library

beforeEach(async () => {
  site = await Site.open()
  site.latency = 15
  site.on('/*', ({ path }) => picture(path, 6000))
  library = new Library()
})

afterEach(async () => {
  library.remove()
  await site.close()
})

function options(): readonly string[] {
  return ['--to', library.root, '--jobs', '6', '--no-fsync', '-q']
}

/** Starts the program with a wrong wall clock; monotonic time stays as it is. */
function inAnotherTime(jump: string): { readonly through: readonly string[] } {
  return { through: ['env', `LD_PRELOAD=${FAKETIME}`, `FAKETIME=${jump}`, 'FAKETIME_DONT_FAKE_MONOTONIC=1'] }
}

function expectAll(count: number): void {
  expect(library.names).toHaveLength(count)
  for (const [name, hash] of Object.entries(library.files()))
    expect(hash, name).toBe(sha256(jpeg(`/${name.replace(/^[^/]*\//, '').replace('-', '/')}`, 6000)))
  expect(library.states()).toEqual({ stored: count })
  expect(library.refs()['waiting'] ?? 0).toBe(0)
  expect(library.sound).toBe(true)
}

describe('two processes on one library', () => {
  test('that want the same: every file comes, none is asked for twice', async () => {
    const target = site.url(`/[1-${FILES}].jpg`)
    const both = await Promise.all([run([target, ...options()]), run([target, ...options()])])
    expect(both.map(({ status, stderr }) => [status, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ])
    expectAll(FILES)
    expect(library.leftovers()).toEqual([])
    expect(site.log.length).toBe(new Set(site.paths()).size)
  })

  test('that want different things, with names in common: all of it', async () => {
    const wide = ['--folder', 'all', '--name', '{filename}']
    const [a, b] = ['a', 'b'].map((name) => run([site.url(`/${name}/[1-40].jpg`), ...options(), ...wide]))
    expect((await Promise.all([a, b])).map((ended) => ended?.status)).toEqual([0, 0])
    expect(library.names).toHaveLength(80)
    expect(library.states()).toEqual({ stored: 80 })
    expect(site.log).toHaveLength(80)
  })

  test('one of which is killed: the other goes on, and the next run does what the dead one held', async () => {
    const target = site.url(`/[1-${FILES}].jpg`)
    const first = start([target, ...options()])
    let asked = 0
    let second: ReturnType<typeof start> | undefined
    site.onAsked = () => {
      asked += 1
      if (asked === 10) second = start([target, ...options()])
      if (asked === 100) first.child.kill('SIGKILL')
    }
    await first.finished
    expect((await second?.finished)?.status).toBe(0)
    expect((await run([target, ...options()])).status).toBe(0)
    expectAll(FILES)
    // What the dead one had on its way (six transfers, and what waited for its name) is asked for again.
    expect(site.log.length).toBeLessThanOrEqual(FILES + 18)
  })

  test('a run whose process id now belongs to another program is dead all the same', async () => {
    const { child, finished } = start([site.url(`/[1-${FILES}].jpg`), ...options()])
    site.onAsked = (path) => (path === '/40.jpg' ? child.kill('SIGKILL') : undefined)
    await finished
    library.rows(`update runs set pid = ${process.pid} returning id`)
    expect((await run(['resume', ...options()])).status).toBe(0)
    expectAll(FILES)
  })
})

describe.skipIf(NO_FAKETIME !== '')(`a clock that is wrong [${NO_FAKETIME || 'faked'}]`, () => {
  test.each(['+10y', '-10y'])('by %s in the run that resumes: nothing waits, nothing is lost', async (jump) => {
    const { child, finished } = start([site.url(`/[1-${FILES}].jpg`), ...options()])
    site.onAsked = (path) => (path === '/40.jpg' ? child.kill('SIGKILL') : undefined)
    await finished
    const ended = await run(['resume', ...options()], inAnotherTime(jump))
    expect(ended).toMatchObject({ status: 0, stderr: '' })
    expectAll(FILES)
  })

  test('and was ten years ahead when a host asked for a minute: the next run is not kept waiting', async () => {
    site.on('/1.jpg', ({ before }) =>
      before === 0 ? { status: 429, headers: { 'retry-after': '60' } } : picture('/1.jpg', 6000),
    )
    const { child, finished } = start([site.url('/1.jpg'), ...options()], inAnotherTime('+10y'))
    site.onAsked = () => setTimeout(() => child.kill('SIGKILL'), 300)
    await finished
    site.onAsked = () => undefined
    const before = performance.now()
    const ended = await run([site.url('/2.jpg'), ...options()])
    expect([ended.status, performance.now() - before < 25_000]).toEqual([0, true])
  })
})
