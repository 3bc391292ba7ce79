import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Library } from '../engine/library.ts'
import { picture } from '../engine/pictures.ts'
import { NO_FAKETIME, hurried } from '../faults/support/machine.ts'
import { Site } from '../engine/site.ts'
import { run, start } from './program.ts'
import type { Finished, StartOptions } from './program.ts'

let site: Site
let library: Library

beforeEach(async () => {
  site = await Site.open()
  site.latency = 10
  site.on('/*', ({ path }) => picture(path, 6000))
  library = new Library()
})

afterEach(async () => {
  library.remove()
  await site.close()
})

function options(...more: readonly string[]): readonly string[] {
  return ['--to', library.root, '--jobs', '4', '--no-fsync', ...more]
}

/** Starts the program and sends it a signal when the `count`th file is asked for. */
async function interrupted(
  signal: NodeJS.Signals,
  count: number,
  args: readonly string[],
  how?: StartOptions,
): Promise<Finished> {
  const { child, finished } = start([...args, ...options()], how)
  let asked = 0
  site.onAsked = () => {
    asked += 1
    if (asked === count) child.kill(signal)
  }
  const ended = await finished
  site.onAsked = () => undefined
  return ended
}

/** No file was asked for twice, and all of them are here. */
function expectAll(count: number): void {
  const files = site.paths().filter((path) => path.endsWith('.jpg'))
  expect(new Set(files).size).toBe(files.length)
  expect(library.names).toHaveLength(count)
  expect(library.states()).toEqual({ stored: count })
  expect(library.leftovers()).toEqual([])
}

test('several targets, interrupted: none is lost', async () => {
  const targets = ['a', 'b', 'c', 'd'].map((name) => site.url(`/${name}/[1-20].jpg`))
  expect((await interrupted('SIGINT', 25, targets)).status).toBe(130)
  expect((await run(['resume', ...options()])).status).toBe(0)
  expectAll(80)
})

describe('a list of targets', () => {
  const lines = (): readonly string[] => Array.from({ length: 120 }, (_, at) => site.url(`/${at + 1}.jpg`))

  test('from a file: what was not opened yet when the run was interrupted is not lost', async () => {
    const pages = Array.from({ length: 60 }, (_, at) => `page:${site.url(`/page/${at + 1}`)}`)
    writeFileSync(library.beside('list.txt'), `# a comment\n${pages.join('\n')}\n`)
    // Whoever reads the list waits for the twelfth page until the run is told to stop, and for those behind it.
    const { promise: stopping, resolve: stop } = Promise.withResolvers<void>()
    site.on('/page/*', async ({ path }) => {
      const number = Number(path.split('/').at(-1))
      if (number >= 12) await stopping
      return { headers: { 'content-type': 'text/html' }, body: `<img src="/${number}.jpg">` }
    })
    // Named from the folder it lies in; resume is called from another one.
    const { child, finished } = start(['--input', 'list.txt', ...options()], { cwd: library.beside('.') })
    site.onAsked = (path) => {
      if (path === '/page/12') child.kill('SIGINT')
    }
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('Stopping')) stop()
    })
    expect((await finished).status).toBe(130)
    expect(library.rows('select count(*) as targets from targets')[0]?.['targets']).toBeLessThan(60)
    site.onAsked = () => undefined
    expect((await run(['resume', ...options()])).status).toBe(0)
    expectAll(60)
  })

  test('from a file, killed: the same', async () => {
    const list = library.beside('list.txt')
    writeFileSync(list, lines().join('\n'))
    expect((await interrupted('SIGKILL', 20, ['--input', list])).signal).toBe('SIGKILL')
    const stored = library.names.length
    expect((await run(['resume', ...options()])).status).toBe(0)
    expect(library.names).toHaveLength(120)
    expect(site.log.length).toBeLessThanOrEqual(120 + 8)
    expect(stored).toBeGreaterThan(0)
  })

  test('from standard input that stays open: Ctrl-C waits for no further line', async ({ skip }) => {
    skip(NO_FAKETIME !== '', NO_FAKETIME)
    // Transfers have five seconds to end: in the time of this program that is most of a minute.
    const { child, finished } = start(['--input', '-', ...options()], { keepsInput: true, ...hurried(0.1) })
    const asked = new Promise<void>((resolve) => {
      site.onAsked = () => {
        if (site.log.length >= 3) resolve()
      }
    })
    child.stdin?.write(`${lines().slice(0, 3).join('\n')}\n`)
    await asked
    const signalled = performance.now()
    child.kill('SIGINT')
    const { status, stderr } = await finished
    expect([status, stderr]).toEqual([130, expect.stringMatching(/bowerbird resume/)])
    expect(performance.now() - signalled).toBeLessThan(25_000)
    expect((await run(['resume', ...options()])).status).toBe(0)
    expectAll(3)
  })

  test('from standard input: resume finishes what was read, asks for no input, and says what it cannot know', async () => {
    const first = await interrupted('SIGINT', 20, ['--input', '-'], { input: lines().join('\n') })
    expect(first.status).toBe(130)
    const opened = Number(library.rows('select count(*) as targets from targets')[0]?.['targets'])
    // Standard input stays open, as on a terminal.
    const { child, finished } = start(['resume', ...options()], { keepsInput: true })
    const ended = await finished
    child.stdin?.destroy()
    expect(ended.status).toBe(0)
    expect(library.names).toHaveLength(opened)
    expect(ended.stderr).toMatch(/standard input/)
    const again = await run(['--input', '-', ...options()], { input: lines().join('\n') })
    expect(again.status).toBe(0)
    expectAll(120)
  })
})
