import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { counts, get, place } from './harness.ts'
import { jpeg, picture, sha256 } from './pictures.ts'
import type { Asked, Handler, Reply } from './site.ts'

const SIZE = 3 << 20
const CUT = 2 << 20
const WHOLE = jpeg('whole', SIZE)
const FILE = { '127.0.0.1/a.jpg': sha256(WHOLE) }

/** Announces the whole, sends the beginning, and breaks the connection off. */
function cut({ response }: Asked, headers: Readonly<Record<string, string>>, body = WHOLE, after = CUT): undefined {
  response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': String(body.length), ...headers })
  response.write(body.subarray(0, after), () => setTimeout(() => response.destroy(), 20))
}

/** Cut at the first request; then what `then` says. */
function cutThen(headers: Readonly<Record<string, string>>, then: Handler): Handler {
  return (asked) => (asked.before === 0 ? cut(asked, headers) : then(asked))
}

const ETAG = { etag: '"v1"' }

function whole(headers: Readonly<Record<string, string>> = ETAG, body = WHOLE): Reply {
  return { headers: { 'content-type': 'image/jpeg', ...headers }, body }
}

/** The rest from where it was asked for, as a server should. */
function rest({ headers }: Asked, more: Readonly<Record<string, string>> = ETAG, shift = 0): Reply {
  const from = Number(/bytes=(\d+)-/.exec(String(headers.range))?.[1]) + shift
  const range = `bytes ${from}-${WHOLE.length - 1}/${WHOLE.length}`
  return {
    status: 206,
    headers: { 'content-type': 'image/jpeg', 'content-range': range, ...more },
    body: WHOLE.subarray(from),
  }
}

describe('a transfer that breaks off', () => {
  test.each([
    ['an ETag', ETAG],
    ['an old Last-Modified', { 'last-modified': 'Mon, 02 Feb 2015 10:00:00 GMT' }],
  ])('goes on where it stopped, when %s proves that nothing changed', async (_what, validator) => {
    const { site, library } = await place()
    site.on(
      '/a.jpg',
      cutThen(validator, (asked) => rest(asked, validator)),
    )
    const ran = await get(library, [site.url('/a.jpg')], { flags: { retries: '1' } })
    expect(counts(ran)).toEqual({ stored: 1 })
    expect(library.files()).toEqual(FILE)
    const [first, second] = site.log
    expect(first?.headers.range).toBeUndefined()
    expect(second?.headers.range).toBe(`bytes=${CUT}-`)
    expect(second?.headers['if-range']).toBe(Object.values(validator)[0])
    expect(library.leftovers()).toEqual([])
  })

  test.each([
    ['without a validator', () => ({})],
    ['with a weak ETag', () => ({ etag: 'W/"v1"' })],
    ['with a date of just now', () => ({ 'last-modified': new Date().toUTCString() })],
  ])('begins anew %s', async (_what, make) => {
    const { site, library } = await place()
    const validator = make()
    site.on(
      '/a.jpg',
      cutThen(validator, () => whole(validator)),
    )
    const ran = await get(library, [site.url('/a.jpg')], { flags: { retries: '1' } })
    expect(counts(ran)).toEqual({ stored: 1 })
    expect(site.log[1]?.headers.range).toBeUndefined()
    expect(library.files()).toEqual(FILE)
  })

  test.each<[string, Handler]>([
    ['the server sends the whole again (200)', () => whole({ etag: '"v2"' })],
    ['the server ignores ranges (200, same ETag)', () => whole()],
    ['the range begins earlier', (asked) => (asked.before === 1 ? rest(asked, ETAG, -1000) : whole())],
    ['the range begins later', (asked) => (asked.before === 1 ? rest(asked, ETAG, 1000) : whole())],
    ['there is no Content-Range', (asked) => (asked.before === 1 ? { ...rest(asked), headers: ETAG } : whole())],
    [
      'the total is another',
      (asked) =>
        asked.before === 1
          ? { ...rest(asked), headers: { ...ETAG, 'content-range': `bytes ${CUT}-${SIZE - 1}/${SIZE + 9}` } }
          : whole(),
    ],
    ['the answer carries another ETag', (asked) => (asked.before === 1 ? rest(asked, { etag: '"v2"' }) : whole())],
    [
      'several ranges come',
      (asked) =>
        asked.before === 1
          ? { ...rest(asked), headers: { 'content-type': 'multipart/byteranges; boundary=x' } }
          : whole(),
    ],
    [
      '416 says that there is no such range',
      (asked) =>
        asked.before === 1 ? { status: 416, headers: { 'content-range': `bytes */${SIZE}` }, body: 'no' } : whole(),
    ],
  ])('is never mixed: %s', async (_what, then) => {
    const { site, library } = await place()
    site.on('/a.jpg', cutThen(ETAG, then))
    const ran = await get(library, [site.url('/a.jpg')], { flags: { retries: '3' } })
    expect(counts(ran)).toEqual({ stored: 1 })
    expect(library.files()).toEqual(FILE)
    expect(library.leftovers()).toEqual([])
  })

  test('is given up after the retries: failed, no final file; the part serves the next run', async () => {
    const { site, library } = await place()
    site.on('/a.jpg*', (asked) => cut(asked, ETAG))
    const failed = await get(library, [site.url('/a.jpg?sig=hunter2')], { flags: { retries: '0' } })
    expect([failed.exit, failed.end.reasons]).toEqual([3, { Truncated: 1 }])
    expect([library.names, library.parts().length]).toEqual([[], 2])
    const parts = join(library.root, '.bowerbird/parts')
    for (const name of readdirSync(parts).filter((each) => each.endsWith('.json')))
      expect(readFileSync(join(parts, name), 'utf8')).not.toContain('hunter2')
    site.on('/a.jpg*', (asked) => rest(asked))
    const second = await get(library, [site.url('/a.jpg?sig=hunter2')], { flags: { retries: '0' } })
    expect(counts(second)).toEqual({ stored: 1 })
    expect(site.log.at(-1)?.headers.range).toBe(`bytes=${CUT}-`)
    expect(library.files()).toEqual(FILE)
  })

  test.each([100_000, 3_000])('goes on where it stopped, however small the file is (%i bytes)', async (size) => {
    const { site, library } = await place()
    const small = jpeg('small', size)
    const half = size / 2
    site.on('/a.jpg', (asked) => {
      if (asked.before === 0) return cut(asked, ETAG, small, half)
      const range = `bytes ${half}-${size - 1}/${size}`
      return { status: 206, headers: { 'content-range': range, ...ETAG }, body: small.subarray(half) }
    })
    const ran = await get(library, [site.url('/a.jpg')], { flags: { retries: '0' } })
    expect([ran.end.reasons, library.parts().length]).toEqual([{ Truncated: 1 }, 2])
    const second = await get(library, [site.url('/a.jpg')])
    expect([counts(second), site.log[1]?.headers.range]).toEqual([{ stored: 1 }, `bytes=${half}-`])
    expect(library.files()).toEqual({ '127.0.0.1/a.jpg': sha256(small) })
    expect(library.leftovers()).toEqual([])
  })

  test('goes on a third time, although the second answer did not repeat the proof', async () => {
    const { site, library } = await place()
    const [total, date] = [SIZE, { 'last-modified': 'Mon, 02 Feb 2015 10:00:00 GMT' }]
    site.on('/a.jpg', ({ before, response, ...asked }) => {
      if (before === 0) return cut({ before, response, ...asked }, date, WHOLE, 1000)
      if (before === 2) return rest({ before, response, ...asked }, {})
      response.writeHead(206, {
        'content-range': `bytes 1000-${total - 1}/${total}`,
        'content-length': String(total - 1000),
      })
      response.write(WHOLE.subarray(1000, 9000), () => setTimeout(() => response.destroy(), 20))
      return undefined
    })
    const ran = await get(library, [site.url('/a.jpg')], { flags: { retries: '2' } })
    expect(counts(ran)).toEqual({ stored: 1 })
    expect(site.log.map(({ headers }) => [headers.range, headers['if-range']])).toEqual([
      [undefined, undefined],
      ['bytes=1000-', date['last-modified']],
      ['bytes=9000-', date['last-modified']],
    ])
    expect(library.files()).toEqual(FILE)
  })
})

describe('bytes that are not a whole picture', () => {
  test.each([
    ['a JPEG that ends early, with the right length', jpeg('x', 20_000).subarray(0, 12_000), 'Damaged', 2],
    ['an empty body', Buffer.alloc(0), 'Empty', 1],
    ['a web page', Buffer.from('<!doctype html><title>log in</title>'), 'Html', 1],
    ['a script', Buffer.from('#!/bin/sh\nrm -rf ~\n'), 'WrongType', 1],
  ])('%s: failed, nothing under the final name', async (_what, body, code, requests) => {
    const { site, library } = await place()
    site.on('/a.jpg', { headers: { 'content-type': 'image/jpeg' }, body })
    const ran = await get(library, [`direct:${site.url('/a.jpg')}`], { flags: { retries: '1' } })
    expect([ran.exit, ran.end.reasons]).toEqual([3, { [code]: 1 }])
    expect(site.log).toHaveLength(requests)
    expect([library.names, library.leftovers()]).toEqual([[], []])
  })

  test('a damaged one that is whole at the second try is stored', async () => {
    const { site, library } = await place()
    site.on('/a.jpg', ({ before }) =>
      before === 0 ? { ...picture('a'), body: jpeg('a').subarray(0, 900) } : picture('a'),
    )
    const ran = await get(library, [site.url('/a.jpg')], { flags: { retries: '1' } })
    expect(counts(ran)).toEqual({ stored: 1 })
  })
})

describe('sizes', () => {
  test.each<[string, Handler]>([
    ['announced', () => ({ headers: { 'content-type': 'image/jpeg' }, body: jpeg('a', 300_000) })],
    [
      'endless, counted while it comes',
      ({ response }) => {
        response.writeHead(200, { 'content-type': 'image/jpeg' })
        const block = Buffer.alloc(65_536, 7)
        const more = (): void => {
          if (!response.destroyed) response.write(block, more)
        }
        more()
        return undefined
      },
    ],
  ])('beyond --max-size: %s', async (_what, handler) => {
    const { site, library } = await place()
    site.on('/a.jpg', handler)
    const ran = await get(library, [site.url('/a.jpg')], { flags: { maxSize: '200K', retries: '0' } })
    expect([ran.exit, ran.end.reasons]).toEqual([3, { TooLarge: 1 }])
    expect([library.names, library.leftovers()]).toEqual([[], []])
  })

  test('an endless error page is not read to its end', async () => {
    const { site, library } = await place()
    let sent = 0
    site.on('/a.jpg', ({ response }) => {
      response.writeHead(404, { 'content-type': 'text/html' })
      const block = Buffer.alloc(65_536, 7)
      const more = (): void => {
        sent += block.length
        if (!response.destroyed) response.write(block, more)
      }
      more()
      return undefined
    })
    const ran = await get(library, [site.url('/a.jpg')], { flags: { retries: '0' } })
    expect([ran.exit, ran.end.reasons]).toEqual([3, { Gone: 1 }])
    expect(sent).toBeLessThan(64 << 20)
  })
})

describe('a host that asks for patience', () => {
  test('429 with Retry-After costs no try, and holds that host alone', async () => {
    const { site, library } = await place()
    const other = await place()
    let others = 0
    // Twice, and for as long as the other one has not been collected.
    site.on('/*', ({ path, before }) =>
      path === '/1.jpg' && (before < 2 || others < 30)
        ? { status: 429, headers: { 'retry-after': '1' } }
        : picture(path),
    )
    other.site.on('/*', ({ path }) => picture(path))
    const ran = await get(library, [site.url('/[1-3].jpg'), other.site.url('/[1-30].jpg')], {
      flags: { retries: '0' },
      onEvent: (event) => {
        if (event.event === 'stored' && event.url.includes(`:${other.site.port}`)) others += 1
      },
    })
    expect([ran.exit, counts(ran)]).toEqual([0, { stored: 33 }])
    expect(ran.of('wait')[0]).toMatchObject({
      host: expect.stringContaining('127.0.0.1'),
      reason: expect.stringContaining('429'),
    })
    const asked = site.log.filter(({ path }) => path === '/1.jpg').map(({ at }) => at)
    expect(asked.length).toBeGreaterThanOrEqual(3)
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThan(900)
  })

  test('a single file that always answers 503 is given up after its tries while the others come', async () => {
    const { site, library } = await place()
    let next = Promise.withResolvers<void>()
    const refused = Promise.withResolvers<void>()
    site.on('/*', async ({ path }) => {
      if (path !== '/2.jpg') {
        // Enough come between the two refusals.
        if (Number.parseInt(path.slice(1)) > 60) await refused.promise
        return picture(path)
      }
      // The host has served another file since the last time.
      await next.promise
      next = Promise.withResolvers()
      refused.resolve()
      return { status: 503 }
    })
    const ran = await get(library, [site.url('/[1-120].jpg')], {
      flags: { retries: '1', jobs: '4' },
      onEvent: ({ event }) => (event === 'stored' ? next.resolve() : undefined),
    })
    expect([ran.exit, counts(ran), ran.end.reasons]).toEqual([3, { stored: 119, failed: 1 }, { RateLimited: 1 }])
    expect(site.paths('/2.jpg')).toHaveLength(2)
  })

  test('a Retry-After beyond patience: parked, failed, told; nothing waits for it', async () => {
    const { site, library } = await place()
    site.on('/*', { status: 429, headers: { 'retry-after': '86400' } })
    const ran = await get(library, [site.url('/[1-3].jpg')], { flags: { retries: '0' } })
    expect([ran.exit, ran.end.reasons]).toEqual([3, { RateLimited: 3 }])
    expect(site.log.length).toBeLessThanOrEqual(3)
  })

  test('after twenty equal refusals a host is not asked any more, and the summary says why', async () => {
    const { site, library } = await place()
    site.on('/*', { status: 403 })
    const ran = await get(library, [site.url('/[1-200].jpg')], { flags: { retries: '0', jobs: '4' } })
    expect([ran.exit, ran.end.failed, ran.end.reasons]).toEqual([3, 200, { Blocked: 200 }])
    expect(site.log.length).toBeLessThan(30)
    expect(ran.of('failed').filter(({ reason }) => reason.includes('not asked any more')).length).toBeGreaterThan(150)
    site.on('/*', ({ path }) => picture(path))
    const again = await get(library, [site.url('/[1-200].jpg')])
    expect(counts(again)).toEqual({ stored: 200 })
  })

  test('a host that fails and is tried again for long does not hold up another', async () => {
    const { site, library } = await place()
    const other = await place()
    let others = 0
    site.on('/*', () => ({ status: others < 200 ? 500 : 404 }))
    other.site.on('/*', ({ path }) => picture(path))
    const ran = await get(library, [site.url('/[1-40].jpg'), other.site.url('/[1-200].jpg')], {
      flags: { retries: '20', jobs: '4' },
      onEvent: ({ event }) => (event === 'stored' ? (others += 1) : undefined),
    })
    expect(counts(ran)).toEqual({ stored: 200, missing: 40 })
  })
})
