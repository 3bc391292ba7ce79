import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOwn } from './own.ts'
import type { Server } from './server.ts'

const LATENCY = 50

let plain: Server
let sparse: Server

beforeAll(async () => {
  plain = await startOwn({ shelf: 'tiny', items: 200 })
  sparse = await startOwn({ shelf: 'sparse', items: 80, latency: LATENCY })
})

afterAll(() => Promise.all([plain.close(), sparse.close()]))

test('every number has bytes of its own, always the same ones', async () => {
  const hashes = new Set<string>()
  for (const number of [1, 2, 9, 1]) {
    const answer = await fetch(`${plain.origin}/tiny/${number}.jpg`)
    expect(answer.headers.get('content-type')).toBe('image/jpeg')
    hashes.add(
      createHash('sha256')
        .update(await answer.bytes())
        .digest('hex'),
    )
  }
  expect(hashes.size).toBe(3)
})

test.each(['tiny/0.jpg', 'tiny/201.jpg', 'films/1.mp4', 'robots.txt'])('%s is not there', async (path) => {
  expect((await fetch(`${plain.origin}/${path}`)).status).toBe(404)
})

test('a range is a part of the whole, also where that is put together', async () => {
  const url = `${plain.origin}/tiny/7.jpg`
  const whole = await (await fetch(url)).bytes()
  for (const [from, to] of [
    [0, 9],
    [10, 40],
    [25, 1_499],
    [1_499, 9_999],
  ] as const) {
    const answer = await fetch(url, { headers: { range: `bytes=${from}-${to}` } })
    expect(answer.status).toBe(206)
    expect(answer.headers.get('content-range')).toBe(`bytes ${from}-${Math.min(to, 1_499)}/1500`)
    expect(await answer.bytes()).toEqual(whole.subarray(from, to + 1))
  }
  const beyond = await fetch(url, { headers: { range: 'bytes=1500-' } })
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */1500'])
})

test('HEAD tells the length and sends nothing', async () => {
  const answer = await fetch(`${plain.origin}/tiny/7.jpg`, { method: 'HEAD' })
  expect(answer.headers.get('content-length')).toBe('1500')
  expect((await answer.bytes()).length).toBe(0)
})

test('of a sparse shelf every fortieth number is there, each answer after the latency', async () => {
  const before = performance.now()
  const statuses = await Promise.all(
    [39, 40, 41, 80, 120].map(async (number) => (await fetch(`${sparse.origin}/sparse/${number}.jpg`)).status),
  )
  expect(performance.now() - before).toBeGreaterThanOrEqual(LATENCY - 1)
  expect(statuses).toEqual([404, 200, 404, 200, 404])
})

test('requests are counted', async () => {
  const before = await plain.requests()
  await Promise.all([1, 2, 3].map((number) => fetch(`${plain.origin}/tiny/${number}.jpg`)))
  expect((await plain.requests()) - before).toBe(3)
})
