/** What comes over the wire: heads, lengths, chunks, encodings, cookies and redirects, to the real client by a real socket. */
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, describe, expect } from 'vitest'
import { MemoryLimiter } from '../../src/adapters/limiter/memory.ts'
import type { Http } from '../../src/core/http.ts'
import { createHttp } from '../../src/http/client.ts'
import { CookieJar } from '../../src/http/cookies/jar.ts'
import { suite } from '../http/shared.ts'
import { Keep } from '../http/support.ts'
import { OF_STRANGERS, onlyFaults } from './support/faults.ts'
import { editText, edits, pump, pumps, rubbish } from './support/foreign.ts'
import { holds } from './support/rounds.ts'

const MOST_BYTES = 200_000
const OF_THE_WIRE = [
  ...OF_STRANGERS,
  ...(['Network', 'Timeout', 'TooSlow', 'Truncated', 'BadResponse', 'Redirect', 'Address', 'Certificate'] as const),
]

/** latin1: what the next connections are answered, whatever they ask. */
let reply = ''
let connections = 0
const server = createServer((socket) => {
  connections += 1
  socket.on('error', () => socket.destroy())
  socket.once('data', () => socket.end(Buffer.from(reply, 'latin1')))
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.jpg`

const timeouts = { connect: 5000, firstByte: 5000, idle: 5000 }
const never = new AbortController().signal

/** A client of its own: one that was refused would wait longer each time, as it should. */
async function withClient(use: (http: Http) => Promise<unknown>): Promise<void> {
  const limiter = new MemoryLimiter()
  const cookies = new CookieJar()
  const http = createHttp({ version: 'test', retries: 0, maxSize: MOST_BYTES, timeouts, cookies }, limiter)
  try {
    await onlyFaults(() => use(http), OF_THE_WIRE)
  } finally {
    await http.close()
    await limiter.close()
  }
}

afterAll(() => void server.close())

const HEADERS = [
  'Content-Length: ',
  'Transfer-Encoding: chunked\r\n',
  'Content-Encoding: gzip\r\n',
  'Content-Encoding: br, gzip, deflate\r\n',
  'Content-Range: bytes 5-9/10\r\n',
  'Content-Range: bytes */10\r\n',
  'Content-Type: image/jpeg\r\n',
  'Content-Disposition: attachment; filename="',
  'Set-Cookie: sid=1; Path=/\r\n',
  'Location: http://127.0.0.1:1/\r\n',
  'Location: ',
  'ETag: "1"\r\n',
  'Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n',
  'Retry-After: 0\r\n',
  'X-RateLimit-Remaining: 0\r\n',
  'X-Robots-Tag: noai\r\n',
]
const WORDS = [
  ...HEADERS,
  ...[
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 206 Partial\r\n',
    'HTTP/1.1 416 No\r\n',
    'HTTP/1.1 302 Found\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
  ],
  ...[
    'HTTP/1.1 204 None\r\n',
    'HTTP/0.9 200\r\n',
    'HTTP/2 200\r\n',
    '\r\n\r\n',
    '\r\n',
    '\n',
    '5\r\nabcde\r\n',
    '0\r\n\r\n',
    '\u001f\u008b\u0008\0',
    '1',
    '-1',
  ],
]

interface CurlTest {
  readonly replies: readonly { readonly bytes_latin1?: string }[]
}

/** Replies that made other clients stumble, where they are at hand, and three that are sound. */
const { tests = {} } = JSON.parse(suite('curl-http/replies.json') ?? '{}') as { tests?: Record<string, CurlTest> }
const known = Object.values(tests).flatMap(({ replies }) => replies.flatMap(({ bytes_latin1: bytes = '' }) => bytes))
const SAMPLES = [
  'HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 10\r\nETag: "1"\r\n\r\n0123456789',
  'HTTP/1.1 206 Partial\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\nETag: "1"\r\n\r\n56789',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n',
  ...known,
]

/** The same reply as a file, as the rest of a file (which of these may be used decides `engine`), and as the answer to a source. */
async function takes(text: string): Promise<void> {
  reply = text
  const before = connections
  for (const resume of [undefined, { from: 5, validator: '"1"' }]) {
    const keep = new Keep()
    const request = { url, named: true, signal: never, ...(resume !== undefined && { resume }) }
    await withClient((http) => http.transfer(request, keep))
    expect(keep.body.length).toBeLessThanOrEqual(MOST_BYTES)
  }
  await withClient(async (http) => {
    const answer = await http.request({ url, maxBytes: 50_000 }, { named: true })
    expect(answer.bytes.length).toBeLessThanOrEqual(50_000)
    answer.text()
  })
  // All of it went over the wire: no host is given up on the way.
  expect(connections - before).toBeGreaterThanOrEqual(3)
}

const tampered = fc.tuple(fc.constantFrom(...SAMPLES), edits(WORDS)).map(([text, all]) => editText(text, all))
const status = fc.constantFrom(
  '200 OK',
  '206 Partial',
  '302 Found',
  '416 No',
  '429 Slow',
  '503 No',
  '999',
  '0',
  '-1',
  '',
)
const invented = fc
  .tuple(status, fc.array(fc.constantFrom(...HEADERS), { maxLength: 8 }), rubbish(WORDS))
  .map(([line, headers, rest]) => `HTTP/1.1 ${line}\r\n${headers.join('')}${rest}`)

describe('answers on the wire', () => {
  holds('that were tampered with', 120, tampered, takes)
  holds('that nobody would send', 80, invented, takes)
  holds('without measure', 20, pumps(WORDS), (one) => takes(`HTTP/1.1 200 OK\r\n${pump(one)}`))
})
