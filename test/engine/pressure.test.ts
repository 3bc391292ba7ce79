import { describe, expect, test } from 'vitest'
import type { EngineParts } from '../../src/engine/parts.ts'
import type { Task } from '../../src/ports/queue.ts'
import { asset, collectWith, counts, get, place, ref, testSource } from './harness.ts'
import { picture } from './pictures.ts'

const LISTED = 50_000
const PAGE = 1_000

/** Lists fifty thousand files, a thousand a page. */
const source = testSource({
  async *list({ argument }, cursor) {
    const from = typeof cursor === 'number' ? cursor : 0
    for (let at = from; at < from + PAGE; at += 1) yield asset(`http://site.test/f/${at}.jpg`)
    if (from + PAGE < LISTED) yield ref('next', 'list', { argument: argument ?? null }, { cursor: from + PAGE })
  },
})

describe('a listing that is much longer than what is fetched meanwhile', () => {
  test('waits: at most two thousand files are queued, and few pages are listed ahead', async () => {
    const here = await place()
    here.site.latency = 5
    here.site.on('/*', ({ path }) => picture(path, 1200))
    const ended = new AbortController()
    let queued = 0
    let most = 0
    const change = (parts: EngineParts): EngineParts => {
      const offer = parts.queue.offer.bind(parts.queue)
      parts.queue.offer = (tasks: readonly Task[]) => {
        queued += tasks.reduce((sum, task) => sum + task.assets.length, 0)
        most = Math.max(most, queued)
        return offer(tasks)
      }
      return parts
    }
    const ran = await collectWith([source], here, ['test:list/1'], {
      change,
      closing: ended.signal,
      onEvent: ({ event }) => {
        if (event !== 'stored') return
        queued -= 1
        if (here.site.log.length > 1500) ended.abort(130)
      },
    })
    expect(ran.end.stored).toBeGreaterThan(1000)
    expect(most).toBeLessThanOrEqual(2 * PAGE)
    const listed = Number(here.library.rows('select count(*) as count from assets')[0]?.['count'])
    expect(listed).toBeLessThanOrEqual(ran.end.stored + 2 * PAGE)
  })

  test('pages of known files are walked through without waiting for anything', async () => {
    const here = await place()
    here.site.on('/*', ({ path }) => picture(path, 1200))
    const short = testSource({
      async *list({ argument }, cursor) {
        const from = typeof cursor === 'number' ? cursor : 0
        for (let at = from; at < from + 100; at += 1) yield asset(`http://site.test/f/${at}.jpg`)
        if (from < 900) yield ref('next', 'list', { argument: argument ?? null }, { cursor: from + 100 })
      },
    })
    await collectWith([short], here, ['test:list/1'])
    const again = await collectWith([short], here, ['test:list/1'])
    expect(counts(again)).toEqual({ known: 1000 })
    expect(here.site.log).toHaveLength(1000)
  })
})

test('a slow host keeps its own slots only; another is collected meanwhile', async () => {
  const slow = await place()
  const quick = await place()
  const collected = Promise.withResolvers<void>()
  let open = 0
  let most = 0
  // Too slow for anybody who waits for it.
  slow.site.on('/*', async ({ path }) => {
    open += 1
    most = Math.max(most, open)
    await collected.promise
    open -= 1
    return picture(path, 1200)
  })
  quick.site.on('/*', ({ path }) => picture(path, 1200))
  let done = 0
  const ran = await get(slow.library, [slow.site.url('/[1-12].jpg'), quick.site.url('/q/[1-100].jpg')], {
    flags: { perHost: '3', jobs: '6' },
    onEvent: (event) => {
      if (event.event !== 'stored' || !event.url.includes('/q/')) return
      done += 1
      if (done === 100) collected.resolve()
    },
  })
  expect(counts(ran)).toEqual({ stored: 112 })
  expect(most).toBeLessThanOrEqual(3)
})
