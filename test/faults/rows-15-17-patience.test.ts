import { afterAll, beforeAll, expect, test } from 'vitest'
import { picture } from '../engine/pictures.ts'
import { Site } from '../engine/site.ts'
import type { Handler, Reply } from '../engine/site.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

const HOUR_MS = 3_600_000
const FILES = 12
/** Each of them is asked for thirty times, one after the other. */
const HOPELESS = 3
const STORM_MS = 2_500
/** Requests under way to one host. */
const TOGETHER = 4

/** Sites that ask for patience, each one a host of its own. */
let sites: Readonly<Record<string, Site>>
let scene: Scene
let round: Round
/** When the storm is over; monotonic. */
let calm: number | undefined

/** It begins with the first request, however long the program takes to start. */
function isStormy(): boolean {
  calm ??= performance.now() + STORM_MS
  return performance.now() < calm
}

const tooMany = (headers: Readonly<Record<string, string>> = {}): Reply => ({ status: 429, headers })

/** The first so many requests of the site meet `answer`. */
function first(times: number, answer: () => Reply, serve: Handler): Handler {
  let left = times
  return (asked) => {
    left -= 1
    return left >= 0 ? answer() : serve(asked)
  }
}

beforeAll(async () => {
  scene = await Scene.lasting()
  const serve =
    (name: string): Handler =>
    ({ path }) => {
      const answer = picture(name + path)
      scene.hold(path, answer.body)
      return answer
    }
  // The server's clock is three hours ahead: the date counts from there.
  const date = (after: number): string => new Date(Date.now() + 3 * HOUR_MS + after).toUTCString()
  const handlers: Readonly<Record<string, Handler>> = {
    seconds: first(1, () => tooMany({ 'retry-after': '1' }), serve('seconds')),
    date: first(1, () => tooMany({ 'retry-after': date(2000), date: date(0) }), serve('date')),
    rubbish: first(1, () => tooMany({ 'retry-after': 'soon' }), serve('rubbish')),
    tomorrow: () => tooMany({ 'retry-after': '86400' }),
    bare: first(2, () => tooMany(), serve('bare')),
    forever: () => tooMany({ 'retry-after': '0.02' }),
    one: serve('one'),
    two: (asked) => (isStormy() ? { status: 503 } : serve('two')(asked)),
    three: (asked) => (isStormy() ? { status: 503 } : serve('three')(asked)),
  }
  const opened: Record<string, Site> = {}
  const targets: string[] = []
  for (const [name, handler] of Object.entries(handlers)) {
    const site = await Site.open()
    site.on('/*', handler)
    opened[name] = site
    targets.push(site.url(`/${name}-[1-${name === 'forever' ? HOPELESS : FILES}].jpg`))
  }
  sites = opened
  round = await Round.run(scene, [...targets, '--retries', '0', '--per-host', String(TOGETHER), '-j', '24'], {
    states: { stored: 7 * FILES, failed: FILES + HOPELESS },
  })
})

afterAll(async () => {
  for (const site of Object.values(sites)) await site.close()
  await scene.close()
})

function outcomes(name: string): readonly string[] {
  const count = name === 'forever' ? HOPELESS : FILES
  return [...new Set(Array.from({ length: count }, (_, at) => round.of(`/${name}-${at + 1}.jpg`)))]
}

/**
 * After the first refusal nothing is asked for so many milliseconds but what was under way with it, and what came into a
 * slot of those before the refusal was read.
 */
function expectPause(name: string, milliseconds: number): void {
  const [refused = 0, ...others] = sites[name]?.log.map(({ at }) => at) ?? []
  expect(others.length).toBeGreaterThanOrEqual(FILES)
  expect(others.filter((at) => at - refused < milliseconds).length).toBeLessThan(2 * TOGETHER)
}

function requests(name: string): number {
  return sites[name]?.log.length ?? 0
}

test.each([
  ['seconds', 900],
  ['date', 900],
  ['rubbish', 400],
])('row 15: 429 with Retry-After as %s: the host waits that long, no try is lost', (name, least) => {
  expect(round.problems).toEqual([])
  expect(outcomes(name)).toEqual(['stored'])
  expectPause(name, least)
})

test('row 15: a Retry-After of a day: parked and told, nobody waits for it', () => {
  expect(round.problems).toEqual([])
  expect(outcomes('tomorrow')).toEqual(['RateLimited'])
  expect(round.reason('/tomorrow-5.jpg')).toMatch(/1440 minutes.*retry/)
  expect(requests('tomorrow')).toBeLessThanOrEqual(4)
})

test('row 16: 429 without Retry-After: growing pauses, fewer at once, all files come', () => {
  expect(round.problems).toEqual([])
  expect(outcomes('bare')).toEqual(['stored'])
  expectPause('bare', 400)
  expect(requests('bare')).toBeLessThanOrEqual(FILES + 4)
})

test('row 16: 429 for ever: given up in the end, other hosts are unaffected', () => {
  expect(round.problems).toEqual([])
  expect(outcomes('forever')).toEqual(['RateLimited'])
  expect(outcomes('one')).toEqual(['stored'])
  const [all = [], others = []] = [sites['one']?.log, sites['forever']?.log]
  expect(all.at(-1)?.at).toBeLessThan(others.at(-1)?.at ?? 0)
})

test('row 17: a storm of 503 from several hosts: the requests become fewer, and all files come without a second run', () => {
  expect(round.problems).toEqual([])
  for (const name of ['two', 'three']) {
    expect(outcomes(name)).toEqual(['stored'])
    expect(requests(name)).toBeLessThan(FILES * 2.5)
  }
})
