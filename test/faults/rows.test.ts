import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { counts, get, place } from '../engine/harness.ts'
import { jpeg, picture } from '../engine/pictures.ts'

/** Rows of the fault table that no other suite provokes; README.md says where the others are. */

const LOGIN = { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Log in</title><form>' }

describe('rows 7 and 25: a login page in place of every file', () => {
  test.each([
    ['with status 200', LOGIN],
    ['behind a redirect', { status: 302, headers: { location: '/login' } }],
  ])(
    '%s: nothing is kept as a picture, the host is left alone after twenty, retry does them later',
    async (_what, answer) => {
      const { site, library } = await place()
      site.on('/login', LOGIN)
      site.on('/f/*', ({ path }) => (Number(/\d+/.exec(path)?.[0]) <= 10 ? picture(path) : answer))
      const flags = { retries: '0', jobs: '4', option: ['template.missingHtml=false'] }
      const ran = await get(library, [site.url('/f/[1-150].jpg')], { flags })
      expect([ran.exit, counts(ran), ran.end.reasons]).toEqual([3, { stored: 10, failed: 140 }, { Html: 140 }])
      expect(library.names).toHaveLength(10)
      expect(site.paths('/f/').length).toBeLessThan(50)
      site.on('/f/*', ({ path }) => picture(path))
      expect(counts(await get(library, [site.url('/f/[1-150].jpg')], { flags }))).toEqual({ stored: 140, known: 10 })
    },
  )
})

describe('row 17: every answer is 503 for a while', () => {
  test('the requests become fewer, all files come in the end, none needs a second run', async () => {
    const { site, library } = await place()
    const end = performance.now() + 2500
    site.on('/*', ({ path }) => (performance.now() < end ? { status: 503 } : picture(path)))
    const ran = await get(library, [site.url('/[1-40].jpg')], { flags: { retries: '1', jobs: '8' } })
    expect([ran.exit, counts(ran)]).toEqual([0, { stored: 40 }])
    expect(site.log.length).toBeLessThan(40 * 3)
  })
})

describe('row 49: lists of targets as people have them', () => {
  test('bad lines are named with their number, the rest goes on', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    const lines = [
      `\uFEFF# a list`,
      site.url('/1.jpg'),
      '   ',
      'javascript:alert(1)',
      `  ${site.url('/2.jpg')}\t`,
      'ftp://example.org/a.jpg',
      `${site.url('/long/')}${'x'.repeat(20_000)}.jpg`,
      'just words',
      `nul\0byte`,
      site.url('/with space.jpg'),
      '=cmd|calc',
      '__proto__:x',
      site.url('/3.jpg'),
    ]
    const list = library.beside('list.txt')
    writeFileSync(list, lines.join('\r\n'))
    const ran = await get(library, [], { flags: { input: [list], retries: '0' } })
    expect(ran.end.stored).toBeGreaterThanOrEqual(4)
    expect(library.names).toEqual(expect.arrayContaining(['1', '2', '3'].map((name) => `127.0.0.1/${name}.jpg`)))
    expect(site.paths()).toContain('/with%20space.jpg')
    const lost = ran.end.targets.map(({ target, reason }) => `${target} ${reason}`)
    for (const line of [4, 6, 8, 9, 11, 12]) expect(lost.join('\n')).toMatch(new RegExp(`(line |:)${line}\\b`))
    expect(lost).toHaveLength(6)
    // Lines that are no target weigh 2, the file that has no name so long 3: the highest counts.
    expect(ran.exit).toBe(3)
  })
})

describe('row 3: more bytes than announced', () => {
  test('the announced ones are the file, if they are sound', async () => {
    const { site, library } = await place()
    site.on('/a.jpg', ({ response }) => {
      const body = jpeg('a')
      const head = `HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: ${body.length}\r\n\r\n`
      response.socket?.end(Buffer.concat([Buffer.from(head), body, Buffer.from('extra bytes')]))
      return undefined
    })
    const ran = await get(library, [site.url('/a.jpg')], { flags: { retries: '0' } })
    expect(counts(ran)).toEqual({ stored: 1 })
  })
})

describe('row 29: an id that is edited later', () => {
  test('keeps its file until --overwrite is said', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    await get(library, [site.url('/a.jpg')])
    site.on('/*', picture('edited'))
    expect(counts(await get(library, [site.url('/a.jpg')]))).toEqual({ known: 1 })
    expect(counts(await get(library, [site.url('/a.jpg')], { flags: { overwrite: true } }))).toEqual({ stored: 1 })
    expect(library.names).toEqual(['127.0.0.1/a.jpg'])
  })
})
