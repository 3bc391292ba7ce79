import { readdir } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jsonLines } from '../cli/support.ts'
import type { Ended } from '../cli/support.ts'
import { picture, place, sendPicture, serve } from './support.ts'

/** Different pictures, by the number in their path. */
async function pictures(count: number, bytes = 0): Promise<(path: string | undefined) => Buffer> {
  const made = await Promise.all(Array.from({ length: count }, (_, index) => picture(index, bytes)))
  return (path) => made[Number(/\d+/.exec(path ?? '')?.[0] ?? 0) % count] ?? Buffer.alloc(0)
}

function failures(ended: Ended): readonly Record<string, unknown>[] {
  return jsonLines(ended.stdout).filter(({ event }) => event === 'failed')
}

function seconds(ended: Ended): number {
  return Number(jsonLines(ended.stdout).find(({ event }) => event === 'end')?.['seconds'])
}

describe('--limit-rate', () => {
  test('holds for all transfers together', async () => {
    const file = await pictures(3, 150_000)
    const server = await serve((request, response) => sendPicture(response, file(request.url)))
    const { run } = await place()
    const ended = await run(`${server.origin}/{0,1,2}.jpg`, '--limit-rate', '200K', '--json')
    expect(ended.status, ended.stderr).toBe(0)
    // 450,000 bytes at 204,800 a second; one second's worth may come at once.
    expect(seconds(ended)).toBeGreaterThan(1)
    // A tenth of the rate would take longer, on however quick a machine.
    expect(seconds(ended)).toBeLessThan(20)
  })
})

/**
 * Answers no request before so many are there at once, and then each one after some milliseconds more, in which one too
 * many would show.
 */
function together(count: number, milliseconds: number, answer: RequestListener): RequestListener {
  const { promise: met, resolve: meet } = Promise.withResolvers<void>()
  let asked = 0
  return (request, response) => {
    asked += 1
    if (asked === count) meet()
    void met.then(() => setTimeout(() => answer(request, response), milliseconds))
  }
}

describe('the slots of a host', () => {
  test.each([
    [3, 3],
    [16, 20],
  ])('%i requests at once, over %i connections at most', async (slots, most) => {
    const file = await pictures(1)
    const connections = new Set<object>()
    const late = together(slots, 10, (request, response) => sendPicture(response, file(request.url)))
    const server = await serve((request, response) => {
      connections.add(request.socket)
      late(request, response)
    })
    const { run } = await place()
    const ended = await run(`${server.origin}/[1-300].jpg`, '-j', String(slots), '--per-host', String(slots))
    expect(ended.status, ended.stderr).toBe(0)
    expect(server.crowd.most).toBe(slots)
    expect(connections.size).toBeGreaterThanOrEqual(slots)
    expect(connections.size).toBeLessThanOrEqual(most)
  })
})

describe('--rate', () => {
  test('holds for the requests to one host', async () => {
    const file = await pictures(14)
    const server = await serve((request, response) => sendPicture(response, file(request.url)))
    const { run } = await place()
    const ended = await run(`${server.origin}/{0..13}.jpg`, '--rate', '5', '--json')
    expect(ended.status, ended.stderr).toBe(0)
    expect(server.seen).toHaveLength(14)
    // One second's worth goes at once, nine more follow 200 ms apart. By the clock of the program: the server may see the
    // first one late.
    expect(seconds(ended)).toBeGreaterThan(1.6)
  })
})

describe('--per-host', () => {
  test('is the most that a server has at once', async () => {
    const file = await pictures(8)
    const server = await serve(together(2, 100, (request, response) => sendPicture(response, file(request.url))))
    const { run } = await place()
    const ended = await run(`${server.origin}/{0..7}.jpg`, '--per-host', '2')
    expect(ended.status, ended.stderr).toBe(0)
    expect(server.seen).toHaveLength(8)
    expect(server.crowd.most).toBe(2)
  })
})

describe('--timeout', () => {
  test('ends the wait for an answer, and for the rest of a body', async () => {
    const bytes = await picture(1, 50_000)
    const server = await serve((request, response) => {
      if (request.url !== '/body.jpg') return
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': bytes.length })
      response.write(bytes.subarray(0, 1000))
    })
    const { run } = await place()
    const ended = await run(
      ...[`${server.origin}/head.jpg`, `${server.origin}/body.jpg`, '--timeout', '0.5', '--retries', '0', '--json'],
    )
    expect(ended.status).toBe(3)
    expect(failures(ended)).toMatchObject([{ code: 'Timeout' }, { code: 'Timeout' }])
    // Without the option it is thirty.
    expect(seconds(ended)).toBeLessThan(25)
  })
})

describe('--retries', () => {
  test('is how often a request is made again', async () => {
    const retries = 2
    const server = await serve((_request, response) => response.writeHead(500).end('broken'))
    const { run } = await place()
    const ended = await run(`${server.origin}/a.jpg`, '--retries', `${retries}`, '--json')
    expect(ended.status).toBe(3)
    expect(server.seen).toHaveLength(retries + 1)
    expect(failures(ended)).toMatchObject([{ status: 500, attempts: retries + 1 }])
  })
})

describe('--max-size', () => {
  test('refuses what announces more, and what turns out to be more, and leaves nothing behind', async () => {
    const bytes = await picture(1, 50_000)
    const server = await serve((request, response) => {
      if (request.url === '/told.jpg') sendPicture(response, bytes)
      else {
        response.writeHead(200, { 'content-type': 'image/jpeg' })
        response.write(bytes.subarray(0, 5000))
        response.end(bytes.subarray(5000))
      }
    })
    const { run, folder } = await place()
    const ended = await run(`${server.origin}/told.jpg`, `${server.origin}/untold.jpg`, '--max-size', '20K', '--json')
    expect(ended.status).toBe(3)
    expect(failures(ended).map(({ code, attempts }) => [code, attempts])).toEqual([
      ['TooLarge', 1],
      ['TooLarge', 1],
    ])
    expect(failures(ended)[0]?.['reason']).toContain('--max-size')
    const files = await readdir(join(folder, 'bowerbird'), { recursive: true })
    expect(files.filter((name) => /jpg|parts\/./.test(name))).toEqual([])
  })
})

describe('--robots', () => {
  test('keeps to robots.txt and to the opt-out of a file, and neither counts without it', async () => {
    const file = await pictures(3)
    const server = await serve((request, response) => {
      if (request.url === '/robots.txt') response.end('User-agent: *\nDisallow: /private\n')
      else
        sendPicture(
          response,
          file(request.url),
          request.url === '/out1.jpg' ? { 'x-robots-tag': 'noai, noimageai' } : {},
        )
    })
    const { run } = await place()
    const targets = ['/open0.jpg', '/out1.jpg', '/private2.jpg'].map((path) => `${server.origin}${path}`)
    const ended = await run(...targets, '--robots', '--json')
    expect(ended.status).toBe(3)
    const refused = failures(ended).map(({ url, code }) => `${String(url).slice(server.origin.length)} ${String(code)}`)
    expect(refused.toSorted()).toEqual(['/out1.jpg Robots', '/private2.jpg Robots'])
    expect(server.seen.map(({ path }) => path).toSorted()).toEqual(['/open0.jpg', '/out1.jpg', '/robots.txt'])
    const again = await run(...targets)
    expect(again.status, again.stderr).toBe(0)
    expect(server.seen.filter(({ path }) => path === '/robots.txt')).toHaveLength(1)
  })
})
