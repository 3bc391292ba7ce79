import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cells } from '../../src/cli/output/format.ts'
import type { Ended, Site, Workplace } from './support.ts'
import { startSite, watch, workplace } from './support.ts'
import { MAIN } from '../program.ts'

let site: Site
let place: Workplace

beforeEach(async () => {
  site = await startSite()
  place = await workplace({ TERM: 'xterm-256color' })
})
afterEach(async () => {
  await site.close()
  await place.remove()
})

/** The program on a terminal of its own (`script` of bsdutils); all that reaches the screen is its standard output. */
function onTerminal(args: readonly string[], columns = 80, env: NodeJS.ProcessEnv = {}): ChildProcess {
  const words = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ')
  const command = `stty cols ${columns} rows 24; exec ${words}`
  return spawn('/usr/bin/script', ['-qefc', command, '/dev/null'], {
    cwd: place.folder,
    // A person's terminal, also where the tests run without one.
    env: { ...place.environment, TERM: 'xterm-256color', CI: undefined, ...env },
    detached: true,
  })
}

async function screenOf(child: ChildProcess): Promise<Ended> {
  return watch(child).ended
}

/** What was on the screen, line by line, without sequences. */
function linesOf(screen: string): readonly string[] {
  return stripVTControlCharacters(screen).split(/[\r\n]+/)
}

describe('on a terminal', () => {
  it.each([80, 40])('the live view never fills a line of %i columns, and the cursor comes back', async (columns) => {
    const targets = [`${site.origin}/n/{1..400}.jpg`, `${site.origin}/${'long/'.repeat(40)}none.jpg`]
    const { stdout, status } = await screenOf(onTerminal([...targets, '--rate', '300'], columns))
    const live = stdout.slice(0, stdout.indexOf('Done in'))
    expect(live).toContain('\u001b[?25l')
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'))
    expect(Math.max(...linesOf(live).map(cells))).toBeLessThan(columns)
    expect(linesOf(live).some((line) => /\d+ stored/.test(line))).toBe(true)
    expect(stripVTControlCharacters(stdout)).toMatch(/Done in .*: 360 stored/)
    expect(status).toBe(3)
  })

  it('paints a bar where the total is known, at most ten times a second', async () => {
    const began = performance.now()
    const { stdout } = await screenOf(onTerminal([`${site.origin}/n/{1..400}.jpg`, '--rate', '200']))
    const seconds = (performance.now() - began) / 1000
    expect(stdout).toMatch(/━+.*\d+ % {2}\d+ of 400/)
    expect(stdout.split('\u001b[?2026h').length).toBeLessThan(seconds * 20 + 10)
  })

  it('lines of --print stand whole between the paintings', async () => {
    const args = [`${site.origin}/n/{1..300}.jpg`, '--to', 'lib', '--print', 'path', '--rate', '300']
    const { stdout } = await screenOf(onTerminal(args))
    const printed = stripVTControlCharacters(stdout).match(/^lib\/127\.0\.0\.1\/\d+\.jpg\r?$/gm)
    expect(new Set(printed).size).toBe(270)
    expect(printed).toHaveLength(270)
  })

  it('NO_COLOR takes the colours away, --no-progress the live view', async () => {
    const url = `${site.origin}/none.jpg`
    expect((await screenOf(onTerminal([url]))).stdout).toContain('\u001b[1m')
    // oxlint-disable-next-line no-control-regex -- sequences of colours begin with ESC
    expect((await screenOf(onTerminal([url], 80, { NO_COLOR: '1' }))).stdout).not.toMatch(/\u001b\[\d+m/)
    const still = await screenOf(onTerminal([url, '--no-progress']))
    expect(still.stdout).not.toContain('\u001b[?25l')
    expect(stripVTControlCharacters(still.stdout)).toMatch(/^failed +http/m)
  })

  it('the cursor comes back after Ctrl-C', async () => {
    const child = onTerminal([`${site.origin}/held/{1..60}.jpg`, '-j', '4'])
    const output = screenOf(child)
    const { promise: stopping, resolve: stop } = Promise.withResolvers<void>()
    let shown = ''
    child.stdout?.on('data', (chunk: string) => {
      shown += chunk
      if (shown.includes('Stopping: ')) stop()
    })
    await site.held(4)
    child.stdin?.write('\u0003')
    await stopping
    site.release()
    const { stdout, status } = await output
    expect(stdout).toContain('Stopping: ')
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'))
    expect(status).toBe(130)
  })
})
