import { connect as connectHttp2 } from 'node:http2'
import { createHash } from 'node:crypto'
import { request as requestHttps } from 'node:https'
import { request as requestHttp } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { file, html, json } from './answers.ts'
import { makeMedia } from './media.ts'
import type { Media } from './media.ts'
import type { Replica } from './replica.ts'
import { Router } from './router.ts'
import { startReplicas } from './start.ts'
import type { RunningReplicas } from './start.ts'

const PHOTO: Media = { format: 'jpeg', width: 64, height: 48, seed: 7, bytes: 200_000 }

const toy: Replica = {
  name: 'toy',
  hosts: ['toy.example', '*.toys.example'],
  targets: [],
  make: () =>
    new Router()
      .get('toy.example', '/photo.jpg', () => file(PHOTO))
      .get('*.toys.example', '/album/:id/*rest', ({ params, url }) =>
        json({ ...params, host: url.host, protocol: url.protocol }),
      )
      .post('*', '/echo', ({ body }) => html(Buffer.from(body).toString())).handler,
}

interface Got {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

let running: RunningReplicas
let photo: Buffer

beforeAll(async () => {
  running = await startReplicas([toy])
  photo = (await makeMedia(PHOTO)).bytes
})
afterAll(() => running.close())
beforeEach(() => {
  running.reset()
})

function get(url: string, headers: Record<string, string> = {}, method = 'GET', posted = ''): Promise<Got> {
  const { hostname, pathname, protocol } = new URL(url)
  const secure = protocol === 'https:'
  const options = {
    host: '127.0.0.1',
    port: running.port,
    path: pathname,
    method,
    agent: false as const,
    headers: { host: hostname, ...headers },
    ...(secure ? { servername: hostname, ca: running.ca } : {}),
  }
  return new Promise((resolve, reject) => {
    const request = (secure ? requestHttps : requestHttp)(options, (answer) => {
      resolve(buffer(answer).then((body) => ({ status: answer.statusCode ?? 0, headers: answer.headers, body })))
    })
    request.once('error', reject).end(posted)
  })
}

async function getOverHttp2(url: string): Promise<Got> {
  const { origin, pathname } = new URL(url)
  const session = connectHttp2(origin, {
    ca: running.ca,
    host: '127.0.0.1',
    port: running.port,
    servername: new URL(url).hostname,
  })
  try {
    const stream = session.request({ ':path': pathname })
    const head = new Promise<IncomingHttpHeaders & { ':status'?: number }>((resolve, reject) =>
      stream.once('response', resolve).once('error', reject),
    )
    const body = buffer(stream)
    const headers = await head
    return { status: headers[':status'] ?? 0, headers, body: await body }
  } finally {
    session.destroy()
  }
}

describe('a running replica', () => {
  test('answers over TLS that the exported authority vouches for, by host and path', async () => {
    const answer = await get('https://red.toys.example/album/a%20b/c/d')
    expect(JSON.parse(answer.body.toString())).toEqual({
      id: 'a b',
      rest: 'c/d',
      host: 'red.toys.example',
      protocol: 'https:',
    })
  })

  test('speaks HTTP/2 and plain HTTP on the same port', async () => {
    expect((await getOverHttp2('https://toy.example/photo.jpg')).body.equals(photo)).toBe(true)
    expect((await get('http://toy.example/photo.jpg')).body.equals(photo)).toBe(true)
    expect(running.requests.map(({ http, url }) => [http, url])).toEqual([
      ['2.0', 'https://toy.example/photo.jpg'],
      ['1.1', 'http://toy.example/photo.jpg'],
    ])
  })

  test('gives a file its type, length and validators, on HEAD without the body', async () => {
    const answer = await get('https://toy.example/photo.jpg', {}, 'HEAD')
    expect(answer.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(photo.length),
      'accept-ranges': 'bytes',
    })
    expect(answer.headers.etag).toBe(`"${createHash('sha256').update(photo).digest('hex').slice(0, 32)}"`)
    expect(answer.body).toHaveLength(0)
  })

  test('gives byte ranges, and the whole file where If-Range no longer holds', async () => {
    const {
      headers: { etag = '' },
    } = await get('https://toy.example/photo.jpg', {}, 'HEAD')
    const tail = await get('https://toy.example/photo.jpg', { range: 'bytes=1000-', 'if-range': etag })
    expect([tail.status, tail.headers['content-range']]).toEqual([
      206,
      `bytes 1000-${photo.length - 1}/${photo.length}`,
    ])
    expect(tail.body.equals(photo.subarray(1000))).toBe(true)
    expect((await get('https://toy.example/photo.jpg', { range: 'bytes=1000-', 'if-range': '"other"' })).status).toBe(
      200,
    )
    const beyond = await get('https://toy.example/photo.jpg', { range: `bytes=${photo.length}-` })
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${photo.length}`])
  })

  test('answers 304 to a known validator, 404 to an unknown path and 421 to an unknown host', async () => {
    const {
      headers: { etag = '' },
    } = await get('https://toy.example/photo.jpg', {}, 'HEAD')
    expect((await get('https://toy.example/photo.jpg', { 'if-none-match': etag })).status).toBe(304)
    expect((await get('https://toy.example/nothing')).status).toBe(404)
    expect((await get('http://other.example/')).status).toBe(421)
  })

  test('reads what is posted', async () => {
    expect((await get('https://toy.example/echo', {}, 'POST', 'a=1')).body.toString()).toBe('a=1')
  })
})

describe('mishaps', () => {
  test('come as often as they were ordered', async () => {
    running.mishap({
      on: 'toy.example/photo.jpg',
      after: 1,
      times: 2,
      does: { kind: 'answer', status: 429, headers: { 'retry-after': '3' } },
    })
    const answers = []
    for (let round = 0; round < 4; round += 1) answers.push(await get('https://toy.example/photo.jpg'))
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 429, 200])
    expect(answers[1]?.headers['retry-after']).toBe('3')
  })

  test('cut a body short of its announced length, over HTTP/1.1 and HTTP/2', async () => {
    running.mishap({ on: 'toy.example/*', does: { kind: 'cut', after: 1000 } })
    await expect(get('https://toy.example/photo.jpg')).rejects.toThrow('aborted')
    await expect(getOverHttp2('https://toy.example/photo.jpg')).rejects.toThrow('NGHTTP2_INTERNAL_ERROR')
    expect(running.requests.map(({ status, bytes, mishap }) => [status, bytes, mishap])).toEqual([
      [200, 1000, 'cut'],
      [200, 1000, 'cut'],
    ])
  })

  test('reset the connection before the headers', async () => {
    running.mishap({ on: 'toy.example/*', does: { kind: 'reset' } })
    await expect(get('https://toy.example/photo.jpg')).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  test('slow an answer down', async () => {
    running.mishap({ on: 'toy.example/*', does: { kind: 'slow', bytesPerSecond: 1_000_000 } })
    const before = performance.now()
    expect((await get('https://toy.example/photo.jpg')).body.equals(photo)).toBe(true)
    expect(performance.now() - before).toBeGreaterThan(150)
  })

  test('change headers and put raw bytes on the wire', async () => {
    running.mishap({
      on: 'toy.example/photo.jpg',
      times: 1,
      does: { kind: 'headers', headers: { 'content-type': 'text/html', etag: null } },
    })
    const lying = await get('https://toy.example/photo.jpg')
    expect([lying.headers['content-type'], lying.headers.etag]).toEqual(['text/html', undefined])
    running.mishap({
      on: 'toy.example/photo.jpg',
      does: { kind: 'raw', bytes: 'HTTP/1.1 200 Fine\r\ncontent-length: 2\r\n\r\nhi' },
    })
    expect((await get('https://toy.example/photo.jpg')).body.toString()).toBe('hi')
  })

  test('leave a client waiting', async () => {
    running.mishap({ on: 'toy.example/*', does: { kind: 'silence', after: 10 } })
    const outcome = await Promise.race([
      get('https://toy.example/photo.jpg').catch(() => 'closed'),
      new Promise((resolve) => setTimeout(resolve, 150, 'still waiting')),
    ])
    expect(outcome).toBe('still waiting')
  })
})

test('media of every format are made from their descriptions, each time the same', async () => {
  const formats = ['jpeg', 'png', 'gif', 'webp', 'avif', 'mp4'] as const
  const files = await Promise.all(formats.map((format) => makeMedia({ format, width: 40, height: 30, seed: 1 })))
  const magics = files.map(({ bytes }) => bytes.subarray(0, 12).toString('latin1'))
  expect(magics[0]).toMatch(/^\xff\xd8/)
  expect(magics[1]).toMatch(/^\x89PNG/)
  expect(magics[2]).toMatch(/^GIF89a/)
  expect(magics[3]).toMatch(/^RIFF.{4}WEBP/s)
  expect(magics[4]).toMatch(/ftypavif$/)
  expect(magics[5]).toMatch(/ftypisom$/)
  expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(formats.length)
})
