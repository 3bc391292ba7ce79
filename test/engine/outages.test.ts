import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/core/events.ts'
import { asset, collectWith, counts, get, place, ref, testSource } from './harness.ts'
import type { Place } from './harness.ts'
import { picture } from './pictures.ts'

/** The site goes out of reach when it is asked for a path, for good. */
function losing({ site }: Place, path: string): void {
  site.onAsked = (asked) => {
    if (asked === path) void site.vanish()
  }
}

/** The same, but it comes back so many milliseconds after this was told: for `onEvent`. */
function losingFor(here: Place, path: string, milliseconds: number): (event: Event) => void {
  const { site } = here
  const { port } = site
  losing(here, path)
  return ({ event }) => {
    if (event !== 'wait' || site.onAsked === nothing) return
    site.onAsked = nothing
    setTimeout(() => void site.comeBack(port), milliseconds)
  }
}

function nothing(): void {}

describe('a host that goes out of reach for a while, as when a router restarts', () => {
  test('loses no file, and says what is waited for', async () => {
    const here = await place()
    const { site, library } = here
    site.on('/*', ({ path }) => picture(path))
    const onEvent = losingFor(here, '/20.jpg', 2500)
    const ran = await get(library, [site.url('/[1-60].jpg')], { flags: { retries: '2', jobs: '4' }, onEvent })
    expect([ran.exit, counts(ran)]).toEqual([0, { stored: 60 }])
    expect(ran.of('wait').map(({ reason }) => reason)).toEqual([
      'it cannot be reached; tried again all the while',
      'it answers again',
    ])
  })

  test('loses no page of a listing', async () => {
    const here = await place()
    here.site.on('/*', ({ path }) => picture(path))
    const onEvent = losingFor(here, '/page/2', 2500)
    const source = testSource({
      async *list({ argument }, cursor, { http }) {
        const page = typeof cursor === 'number' ? cursor : 1
        await http.request({ url: `http://site.test/page/${page}` })
        yield asset(`http://site.test/f/${page}.jpg`)
        if (page < 3) yield ref('next', 'list', { argument: argument ?? null }, { cursor: page + 1 })
      },
    })
    const ran = await collectWith([source], here, ['test:list/1'], { flags: { retries: '2' }, onEvent })
    expect([ran.exit, counts(ran)]).toEqual([0, { stored: 3 }])
  })

  test('fails at once where nothing is to be tried again', async () => {
    const here = await place()
    const { site, library } = here
    site.on('/*', ({ path }) => picture(path))
    losing(here, '/3.jpg')
    // Patience would last for minutes, longer than a test may.
    const ran = await get(library, [site.url('/[1-6].jpg')], { flags: { retries: '0', jobs: '1' } })
    expect(counts(ran)).toEqual({ stored: 2, failed: 4 })
  })
})

test('a host that was never there costs its tries and no patience', async () => {
  const { site, library } = await place()
  const { port } = site
  await site.vanish()
  const ran = await get(library, [`http://127.0.0.1:${port}/1.jpg`], { flags: { retries: '1' } })
  expect(ran.of('failed')).toMatchObject([{ code: 'Network', attempts: 2 }])
  expect(ran.of('wait')).toEqual([])
})

describe('a host that asks for more patience than a run has', () => {
  test('is not asked in vain: a wait that is refused counts as no try', async () => {
    const { site, library } = await place()
    site.on('/*', { status: 429, headers: { 'retry-after': '86400' } })
    const ran = await get(library, [site.url('/[1-9].jpg')], { flags: { jobs: '2' } })
    expect([ran.exit, counts(ran)]).toEqual([3, { failed: 9 }])
    const attempts = ran.of('failed').map((failed) => failed.attempts)
    expect(attempts.reduce((sum, count) => sum + count, 0)).toBe(site.log.length)
    expect(attempts.filter((count) => count === 0).length).toBeGreaterThanOrEqual(7)
  })
})

describe('an interruption', () => {
  test('ends at once what only waits for its host', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) =>
      path === '/1.jpg' ? picture(path) : { status: 429, headers: { 'retry-after': '300' } },
    )
    const closing = new AbortController()
    let waits = 0
    // The host wants five minutes, longer than a test may last.
    const ran = await get(library, [site.url('/[1-40].jpg')], {
      flags: { jobs: '8' },
      closing: closing.signal,
      onEvent: ({ event }) => {
        if (event !== 'wait') return
        waits += 1
        if (waits === 1) setTimeout(() => closing.abort(130), 300)
      },
    })
    expect([ran.exit, ran.end.interrupted, ran.of('failed')]).toEqual([130, true, []])
    expect(library.states()).toEqual({ stored: ran.end.stored, listed: 40 - ran.end.stored })
    expect(library.leftovers()).toEqual([])
  })
})
