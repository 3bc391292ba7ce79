import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, closeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Site, Workplace } from './support.ts'
import { jsonLines, startSite, watch, workplace } from './support.ts'
import { NO_FAKETIME, hurriedEnvironment } from '../faults/support/machine.ts'
import { MAIN } from '../program.ts'

let site: Site
let place: Workplace

beforeEach(async () => {
  site = await startSite()
  place = await workplace()
})
afterEach(async () => {
  await site.close()
  await place.remove()
})

/** Runs the program with a standard output that takes nothing. */
async function intoFullDisk(args: readonly string[]): Promise<object> {
  const full = openSync('/dev/full', 'w')
  const { folder: cwd, environment: env } = place
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env, stdio: ['ignore', full, 'pipe'] })
  closeSync(full)
  const { status, stderr } = await watch(child).ended
  return { status, stderr }
}

const REFUSED = { status: 5, stderr: expect.stringMatching(/^bowerbird: standard output cannot be written: ENOSPC/m) }

describe('what a program reads', () => {
  it('--json is events alone, from run to end, with the names and fields that are promised', async () => {
    const { status, stdout } = await place.run(`${site.origin}/n/{1..8}.jpg`, '--json')
    const events = jsonLines(stdout)
    expect(events[0]).toMatchObject({ event: 'run', run: 1, library: './bowerbird' })
    expect(events.filter(({ event }) => event === 'asset')[0]).toEqual({
      event: 'asset',
      key: expect.stringMatching(/^direct:[0-9a-f]{64}$/),
      source: 'template',
      route: 'template',
      url: `${site.origin}/n/1.jpg`,
      candidates: [`${site.origin}/n/1.jpg`],
      path: '127.0.0.1/1',
      meta: { filename: '1' },
    })
    const stored = events.find(({ event, path }) => event === 'stored' && path === '127.0.0.1/1.jpg')
    expect(stored).toMatchObject({ url: `${site.origin}/n/1.jpg`, type: 'image/jpeg', width: 64, height: 48 })
    expect(Object.keys(stored ?? {})).toEqual(
      expect.arrayContaining(['key', 'url', 'path', 'bytes', 'sha256', 'type', 'width', 'height']),
    )
    const end = { event: 'end', stored: 7, known: 0, excluded: 0, rejected: 0, missing: 1, failed: 0, exit: 0 }
    expect(events.at(-1)).toMatchObject(end)
    expect(status).toBe(0)
  })

  it('--json on a terminal or not: standard error holds the summary', async () => {
    const { stderr } = await place.run(`${site.origin}/n/1.jpg`, '--json')
    expect(stderr).toMatch(/1 stored/)
  })

  it('--print path names the real files, also those that were there', async () => {
    const first = await place.run(`${site.origin}/n/{1..3}.jpg`, '--to', 'lib', '--print', 'path')
    expect(first.stdout.trim().split('\n').toSorted()).toEqual([
      'lib/127.0.0.1/1.jpg',
      'lib/127.0.0.1/2.jpg',
      'lib/127.0.0.1/3.jpg',
    ])
    const again = await place.run(`${site.origin}/n/{1..3}.jpg`, '--to', 'lib', '--print', 'path')
    expect(again.stdout).toBe('lib/127.0.0.1/1.jpg\nlib/127.0.0.1/2.jpg\nlib/127.0.0.1/3.jpg\n')
    expect(again.stderr).toMatch(/known +3 /)
  })

  it('--print url and json tell the same items: stored or known, and not what failed', async () => {
    const urls = [1, 2, 3].map((number) => `${site.origin}/n/${number}.jpg?token=t${number}`)
    const args = [...urls, `${site.origin}/none.jpg`, '--to', 'lib']
    await place.run(urls[0] ?? '', '--to', 'lib')
    for (const print of ['url', 'json']) {
      const { stdout } = await place.run(...args, '--print', print)
      const lines = stdout.trimEnd().split('\n')
      if (print === 'url') expect(lines.toSorted()).toEqual(urls)
      else
        expect(
          jsonLines(stdout).toSorted((one, other) => String(one['path']).localeCompare(String(other['path']))),
        ).toEqual(
          [1, 2, 3].map((number) => ({
            key: expect.stringMatching(/^direct:/),
            url: `${site.origin}/n/${number}.jpg?token=REDACTED`,
            path: `lib/127.0.0.1/${number}.jpg`,
            meta: { filename: String(number) },
          })),
        )
    }
    expect((await place.run(...args.slice(0, 3), '--to', 'lib', '--dry-run', '--print', 'path')).stdout).toBe('')
  })

  it('--dry-run --print tells what would be, with whole URLs, and leaves nothing behind', async () => {
    const url = `${site.origin}/n/1.jpg?token=abc`
    expect((await place.run(url, '--dry-run', '--print', 'url')).stdout).toBe(`${url}\n`)
    expect((await place.run(url, '--dry-run', '--print', 'path')).stdout).toBe('bowerbird/127.0.0.1/1\n')
    const [line] = jsonLines((await place.run(url, '--dry-run', '--print', 'json')).stdout)
    expect(line).toMatchObject({ url, path: 'bowerbird/127.0.0.1/1', meta: { filename: '1' } })
    const quiet = await place.run(`${site.origin}/n/[1-3].jpg`, '--dry-run')
    expect([quiet.stdout, quiet.stderr]).toEqual(['', expect.stringMatching(/: 3 to collect, nothing was fetched\n$/)])
    await expect(readFile(join(place.folder, 'bowerbird'))).rejects.toThrow('ENOENT')
  })

  it('a reader that has enough ends the run quietly; what is stored is safe, and resume goes on', async () => {
    const child = place.start(`${site.origin}/n/{1..3000}.jpg`, '--json', '--to', 'lib')
    child.stdout?.once('data', () => child.stdout?.destroy())
    const closed = once(child, 'close') as Promise<[number]>
    let stderr = ''
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    expect((await closed)[0]).toBe(141)
    expect(stderr).toBe('')
    const resumed = await place.run('resume', '--to', 'lib')
    expect(resumed.status).toBe(0)
    expect(jsonLines((await place.run('find', '--to', 'lib', '--state', 'stored', '--json')).stdout)).toHaveLength(2700)
  })

  it('a reader of --help or find that has enough is no fault', async () => {
    await place.run(`${site.origin}/n/{1..2000}.jpg`, '--to', 'lib', '-q')
    for (const args of [
      ['get', '--help'],
      ['find', '--to', 'lib', '--json'],
    ]) {
      const child = place.start(...args)
      child.stdout?.once('data', () => child.stdout?.destroy())
      let stderr = ''
      child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
      expect((await (once(child, 'close') as Promise<[number]>))[0]).toBe(0)
      expect(stderr).toBe('')
    }
  })

  it.each([
    ['of a run', () => [`${site.origin}/n/{1..50}.jpg`, '--json']],
    ['of a dry run with a single line', () => [`${site.origin}/n/99.jpg`, '--dry-run', '--print', 'url']],
    ['of sources', () => ['sources']],
    ['of explain', () => ['explain', 'imgur:r/funny']],
    ['of config', () => ['config', 'schema']],
    ['of completion', () => ['completion', 'bash']],
    ['of help', () => ['get', '--help']],
    ['of the version', () => ['--version']],
  ])('a full disk behind the standard output %s is local trouble', async (_what, args) => {
    expect(await intoFullDisk(args())).toEqual(REFUSED)
  })

  it('a full disk behind what a library tells is local trouble', async () => {
    const known = `${site.origin}/n/1.jpg`
    await place.run(known, '--to', 'lib')
    const [item] = jsonLines((await place.run('find', '--to', 'lib', '--json')).stdout)
    expect(await intoFullDisk([known, '--to', 'lib', '--json'])).toEqual(REFUSED)
    expect(await intoFullDisk(['find', '--to', 'lib'])).toEqual(REFUSED)
    expect(await intoFullDisk(['show', String(item?.['key']), '--to', 'lib'])).toEqual(REFUSED)
  })

  it('a reader that is slow is waited for: nothing piles up, nothing is lost', async () => {
    const child = place.start(`${site.origin}/n/{1..4000}.jpg`, '--json', '--dry-run')
    const output = watch(child).ended
    child.stdout?.pause()
    await new Promise((done) => setTimeout(done, 700))
    child.stdout?.resume()
    const { status, stdout } = await output
    expect(jsonLines(stdout).filter(({ event }) => event === 'asset')).toHaveLength(4000)
    expect(status).toBe(0)
  })
})

describe('what a person reads', () => {
  it('ends with a summary of every outcome, plain words for failures, and what to do next', async () => {
    await place.run(`${site.origin}/n/1.jpg`, '--to', 'my lib')
    const { stdout, stderr, status } = await place.run(
      `${site.origin}/n/{1..8}.jpg`,
      `${site.origin}/none.jpg`,
      '--to',
      'my lib',
      '--range',
      '1-7',
    )
    expect(stderr).toMatch(/^Done in [\d.]+ s: 5 stored \([\d.]+ KiB/m)
    expect(stderr).toMatch(/^ {2}known +1 {2}in the library already$/m)
    expect(stderr).toMatch(/^ {2}excluded +1 /m)
    expect(stderr).toMatch(/^ {2}missing +1 {2}numbers that the site does not have$/m)
    expect(stderr).toMatch(/^ {4}Gone +1 {2}It was there once/m)
    expect(stderr).toContain("bowerbird retry --to 'my lib'")
    expect(stderr).not.toContain('\u001b')
    expect(stdout).toBe('')
    expect(status).toBe(3)
  })

  it('-q says what went wrong and nothing else', async () => {
    expect((await place.run(`${site.origin}/n/{1..3}.jpg`, '-q')).stderr).toBe('')
    const { stderr } = await place.run(`${site.origin}/none.jpg`, `${site.origin}/empty`, '-q')
    expect(stderr.trim().split('\n')).toHaveLength(2)
    expect(stderr).toMatch(/failed +http.*none\.jpg/)
    expect(stderr).toMatch(/empty: there is nothing to collect/)
  })

  it('-v tells how every item ended and which pages were read', async () => {
    const { stderr } = await place.run(`${site.origin}/n/{6..7}.jpg`, '-v')
    expect(stderr).toMatch(/^stored +127\.0\.0\.1\/6\.jpg \(/m)
    expect(stderr).toMatch(/^missing +http.*7\.jpg: /m)
    expect(stderr).toMatch(/^explored +.* page 1: 2 found$/m)
  })

  it('notes what a template cannot know', async () => {
    const { stderr, status } = await place.run(`${site.origin}/n/1.jpg`, '--name', '{width}', '--print', 'path')
    expect(stderr).toContain('--name: {width} is empty where the listing does not tell it')
    expect(status).toBe(0)
  })

  it('names the script where npm start is how the program is called', async () => {
    const other = await workplace({ npm_lifecycle_event: 'start' })
    const { stderr } = await other.run(`${site.origin}/none.jpg`)
    await other.remove()
    expect(stderr).toContain('npm start -- retry --to ./bowerbird')
  })
})

describe('interruption', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s lets transfers end, says so in one line, and ends with %i; resume fetches the rest',
    async (signal, code) => {
      const { child, said, ended } = watch(place.start(`${site.origin}/held/{1..60}.jpg`, '--to', 'lib', '-j', '4'))
      await site.held(4)
      child.kill(signal)
      await said(/^Stopping/m)
      site.release()
      const { status, stderr } = await ended
      expect(stderr.match(/^Stopping: /gm)).toHaveLength(1)
      expect(stderr).toMatch(/Interrupted in .*: 4 stored/)
      expect(stderr).toContain('bowerbird resume --to lib')
      expect(status).toBe(code)
      const resumed = await place.run('resume', '--to', 'lib')
      expect(resumed.stderr).toMatch(/Done in .*: 50 stored .*\n +missing +6 /)
      expect(resumed.status).toBe(0)
    },
  )

  it('the second signal cuts off what still runs', async ({ skip }) => {
    skip(NO_FAKETIME !== '', NO_FAKETIME)
    // The first one leaves transfers five seconds: in the time of this program that is most of a minute.
    const slow = await workplace(hurriedEnvironment(0.1))
    const { child, said, ended } = watch(slow.start(`${site.origin}/held/{1..60}.jpg`, '--to', 'lib', '-j', '4'))
    await site.held(4)
    child.kill('SIGINT')
    await said(/^Stopping/m)
    const again = performance.now()
    child.kill('SIGINT')
    const { status, stderr } = await ended
    await slow.remove()
    expect(performance.now() - again).toBeLessThan(25_000)
    expect(stderr).toMatch(/Interrupted in .*: 0 stored/)
    expect(status).toBe(130)
  })
})
