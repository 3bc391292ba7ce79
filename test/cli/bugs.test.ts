/**
 * Status 1 tells a mistake in the program. None is known, so the tests make one: a module that Node loads before the
 * program breaks something that the program relies on.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Site, Workplace } from './support.ts'
import { startSite, watch, workplace } from './support.ts'

let site: Site
let sound: Workplace

beforeEach(async () => {
  site = await startSite()
  sound = await workplace()
})
afterEach(async () => {
  await site.close()
  await sound.remove()
})

/** The same folder, where every program has this mistake. */
async function broken(mistake: string): Promise<Workplace> {
  const module = join(sound.folder, 'mistake.mjs')
  await writeFile(module, mistake)
  return workplace({ NODE_OPTIONS: `--import=${module}` })
}

describe('a mistake in the program', () => {
  it('ends with 1, says what it is in one line, and where it is with --verbose', async () => {
    const place = await broken("URL.parse = () => { throw new TypeError('the parser is broken') }")
    const { status, stderr } = await place.run('explain', 'https://x.example/a.jpg')
    expect(stderr).toBe(
      'bowerbird: the parser is broken\n' +
        '           this is a mistake in bowerbird: run it again with --verbose, and report what it says\n',
    )
    expect(status).toBe(1)
    const verbose = await place.run('explain', 'https://x.example/a.jpg', '--verbose')
    expect(verbose.stderr).toMatch(/TypeError: the parser is broken\n +at URL\.parse .*mistake\.mjs/)
    expect(verbose.status).toBe(1)
    await place.remove()
  })

  it('that nobody caught ends a run with 1; what is settled is safe, and resume goes on', async () => {
    const library = join(sound.folder, 'lib')
    const signal = join(sound.folder, 'now')
    const place = await broken(`
      import { existsSync } from 'node:fs'
      setInterval(() => { if (existsSync(${JSON.stringify(signal)})) throw new TypeError('a timer is broken') }, 20)
    `)
    const targets = [`${site.origin}/n/{1..6}.jpg`, `${site.origin}/held/{1..6}.jpg`, '--to', library]
    const { ended } = watch(place.start(...targets))
    await site.held(6)
    await stored(library, 6)
    await writeFile(signal, '')
    const { status, stderr } = await ended
    expect([status, stderr]).toEqual([1, expect.stringContaining('bowerbird: a timer is broken\n')])
    site.release()
    expect(await sound.run('resume', '--to', library)).toMatchObject({ status: 0 })
    await stored(library, 12)
    await place.remove()
  })
})

/** Waits until so many items are recorded. */
async function stored(library: string, count: number): Promise<void> {
  for (;;) {
    const { stdout } = await sound.run('find', '--state', 'stored', '--to', library, '--print', 'path')
    if (stdout.split('\n').length - 1 === count) return
  }
}
