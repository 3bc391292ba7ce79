import { createServer as createRawServer } from 'node:net'
import type { Socket } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Flow, ResponseHead } from '../../src/core/http.ts'
import { faultOf, fetchFile, listen, open, raw, web } from './support.ts'

const OK = 'HTTP/1.1 200 OK\r\n'

describe('a server that', () => {
  test.each([
    ['cuts the body short', `${OK}Content-Length: 100\r\n\r\nshort`, 'Truncated'],
    ['cuts a chunked body', `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhe`, 'Truncated'],
    [
      'ends a chunked body without its last chunk',
      `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
      'Truncated',
    ],
    ['sends a bad chunk size', `${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n`, 'BadResponse'],
    ['sends two lengths', `${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`, 'BadResponse'],
    ['sends a negative length', `${OK}Content-Length: -5\r\n\r\nhello`, 'BadResponse'],
    ['sends rubbish for a length', `${OK}Content-Length: five\r\n\r\nhello`, 'BadResponse'],
    [
      'sends length and chunks',
      `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
      'BadResponse',
    ],
    [
      'compresses the transfer unasked',
      `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
      'BadResponse',
    ],
    ['speaks HTTP/0.9', 'just a body', 'BadResponse'],
    ['ends its lines with bare LF', 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello', 'BadResponse'],
    ['puts NUL into a header', `${OK}X: a\0b\r\nContent-Length: 5\r\n\r\nhello`, 'BadResponse'],
    ['puts CR into a header', `${OK}X: a\rb\r\nContent-Length: 5\r\n\r\nhello`, 'BadResponse'],
    ['sends 100 KB of one header', `${OK}X: ${'a'.repeat(100_000)}\r\nContent-Length: 5\r\n\r\nhello`, 'BadResponse'],
    [
      'sends 10,000 headers',
      `${OK}${Array.from({ length: 10_000 }, (_, n) => `X-${n}: value\r\n`).join('')}Content-Length: 5\r\n\r\nhello`,
      'BadResponse',
    ],
    ['closes without a word', '', 'Network'],
  ] as const)('%s', async (_name, reply, code) => {
    const origin = await raw((socket) => socket.end(Buffer.from(reply, 'latin1')))
    expect((await faultOf(fetchFile(open(), origin))).code).toBe(code)
  })

  test("sends more than it announced: the rest is nobody's answer", async () => {
    let connections = 0
    const origin = await raw((socket) => {
      connections++
      socket.write(`${OK}Content-Length: 5\r\n\r\nhello${OK}Content-Length: 4\r\n\r\nevil`)
    })
    const http = open()
    expect((await fetchFile(http, origin)).body.toString()).toBe('hello')
    expect((await fetchFile(http, origin)).body.toString()).toBe('hello')
    expect(connections).toBe(2)
  })

  test('resets in the middle of the body', async () => {
    let connection: Socket | undefined
    const origin = await raw((socket) => {
      connection = socket
      socket.write(`${OK}Content-Length: 1000\r\n\r\nhello`)
    })
    // A reset discards what has not been read.
    const receiver = { start: () => {}, data: () => void connection?.resetAndDestroy() }
    const cut = open().transfer({ url: origin, named: true, signal: new AbortController().signal }, receiver)
    expect((await faultOf(cut)).code).toBe('Truncated')
  })

  test('sends a status of 999 is believed', async () => {
    const origin = await raw((socket) => socket.end('HTTP/1.1 999 Request denied\r\nContent-Length: 0\r\n\r\n'))
    expect((await fetchFile(open(), origin)).head?.status).toBe(999)
  })

  test('sends interim answers without end', async () => {
    const origin = await raw((socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'), 1)
      socket.on('close', () => clearInterval(timer))
    })
    expect((await faultOf(fetchFile(open(), origin))).code).toBe('BadResponse')
  })

  test('sends a few interim answers is heard', async () => {
    const origin = await raw((socket) =>
      socket.end(`HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`),
    )
    expect((await fetchFile(open(), origin)).body.toString()).toBe('hello')
  })
})

describe('patience ends', () => {
  const timeouts = { firstByte: 200, idle: 200 }

  test.each([
    ['with silence after the request', ''],
    ['with headers that never finish', `${OK}X-1: a\r\n`],
    ['with a body that stands still', `${OK}Content-Length: 100\r\n\r\nhello`],
  ])('%s', async (_name, reply) => {
    const origin = await raw((socket) => socket.write(reply))
    const { code, message } = await faultOf(fetchFile(open({ timeouts }), origin))
    expect([code, message]).toEqual(['Timeout', expect.stringContaining('0.2 s')])
  })

  test('but not for the time in which this process itself stood still', async () => {
    const origin = await raw((socket) => {
      const answer = (): void => {
        socket.end(`${OK}Content-Length: 5\r\n\r\nhello`)
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
      }
      // Timers that are due come next, before anything is read.
      setTimeout(() => setImmediate(answer), 100)
    })
    expect((await fetchFile(open({ timeouts }), origin)).body.toString()).toBe('hello')
  })

  test('with headers that drip', async () => {
    const origin = await raw((socket) => {
      socket.write(OK)
      const timer = setInterval(() => socket.write('X: a\r\n'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    expect((await faultOf(fetchFile(open({ timeouts }), origin))).code).toBe('Timeout')
  })

  test('with a handshake that never comes', async () => {
    const port = await listen(createRawServer(() => undefined))
    const fault = await faultOf(fetchFile(open({ timeouts: { connect: 300 } }), `https://127.0.0.1:${port}/`))
    expect(fault.code).toBe('Timeout')
  })

  describe('as a source advises for its hosts', () => {
    const limits = [{ scope: 'local', hosts: ['127.0.0.1'], timeout: 0.2 }]

    test.each([
      ['to the first byte', '', 'no answer came within 0.2 s'],
      ['between bytes', `${OK}Content-Length: 100\r\n\r\nhello`, 'the body stood still for 0.2 s'],
    ])('%s', async (_name, reply, message) => {
      const origin = await raw((socket) => socket.write(reply))
      const fault = await faultOf(fetchFile(open({ limits }), origin))
      expect([fault.code, fault.message]).toEqual(['Timeout', expect.stringContaining(message)])
    })

    test('to connect', async () => {
      const port = await listen(createRawServer(() => undefined))
      const began = performance.now()
      expect((await faultOf(fetchFile(open({ limits }), `https://127.0.0.1:${port}/`))).code).toBe('Timeout')
      // Without advice it takes eight seconds.
      expect(performance.now() - began).toBeLessThan(7500)
    })

    test('for no other host', async () => {
      const origin = await raw(
        (socket) => void setTimeout(() => socket.end(`${OK}Content-Length: 5\r\n\r\nhello`), 900),
      )
      const elsewhere = [{ scope: 'elsewhere', hosts: ['example.org'], timeout: 0.2 }]
      expect((await fetchFile(open({ limits: elsewhere }), origin)).body.toString()).toBe('hello')
    })

    test('unless the user says otherwise', async () => {
      const origin = await raw(
        (socket) => void setTimeout(() => socket.end(`${OK}Content-Length: 5\r\n\r\nhello`), 900),
      )
      const patient = { connect: 30_000, firstByte: 30_000, idle: 30_000 }
      expect((await fetchFile(open({ limits, timeouts: patient }), origin)).body.toString()).toBe('hello')
    })
  })

  test('with a body slower than --min-speed, though it never stands still', async () => {
    const origin = await raw((socket) => {
      socket.write(`${OK}Content-Length: 100000\r\n\r\n`)
      const timer = setInterval(() => socket.write('x'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    const fault = await faultOf(fetchFile(open({ speedWindow: 300, minSpeed: 1024 }), origin))
    expect(fault.code).toBe('TooSlow')
    expect(fault.message).toContain('--min-speed 1024')
  })

  test('but not while the receiver itself holds the body back', async () => {
    const origin = await web((_request, response) => response.end(Buffer.alloc(1024 * 1024)))
    const http = open({ timeouts, speedWindow: 200 })
    let held: Flow | undefined
    let bytes = 0
    const done = http.transfer(
      { url: origin, named: true, signal: new AbortController().signal },
      {
        start: (_head: ResponseHead, flow: Flow) => (held = flow),
        data(chunk) {
          bytes += chunk.length
          if (bytes === chunk.length) held?.pause()
        },
      },
    )
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect(bytes).toBeLessThan(1024 * 1024)
    held?.resume()
    await done
    expect(bytes).toBe(1024 * 1024)
  })

  test('a slot is given back by every failure', async () => {
    const origin = await raw((socket, request) => {
      if (request.startsWith('GET /good')) socket.end(`${OK}Content-Length: 2\r\n\r\nok`)
    })
    const http = open({ timeouts, jobs: 1 })
    for (let time = 0; time < 3; time++) await faultOf(fetchFile(http, `${origin}/silent`))
    expect((await fetchFile(http, `${origin}/good`)).body.toString()).toBe('ok')
  })

  test('when the run is stopped, for those who run and those who wait', async () => {
    const origin = await raw(() => undefined)
    const http = open({ jobs: 1 })
    const stop = new AbortController()
    const all = [1, 2, 3].map(() => faultOf(fetchFile(http, origin, { signal: stop.signal })))
    setTimeout(() => stop.abort(), 50)
    expect((await Promise.all(all)).map((fault) => fault.code)).toEqual(['Cancelled', 'Cancelled', 'Cancelled'])
  })
})

describe('size', () => {
  test('beyond the limit is refused by its announcement, and while it comes', async () => {
    let sent = 0
    const origin = await web((request, response) => {
      if (request.url === '/announced') response.writeHead(200, { 'content-length': 5000 })
      const timer = setInterval(() => {
        response.write(Buffer.alloc(1000))
        sent += 1000
      }, 1)
      response.on('close', () => clearInterval(timer))
    })
    const http = open({ maxSize: 4000 })
    expect((await faultOf(fetchFile(http, `${origin}/announced`))).code).toBe('TooLarge')
    expect((await faultOf(fetchFile(http, `${origin}/endless`))).code).toBe('TooLarge')
    expect(sent).toBeLessThan(100_000)
  })

  test('of a whole file counts when a part of it comes', async () => {
    const origin = await web((_request, response) =>
      response.writeHead(206, { 'content-range': 'bytes 9000-9004/9005' }).end('hello'),
    )
    expect((await faultOf(fetchFile(open({ maxSize: 4000 }), origin))).code).toBe('TooLarge')
  })

  test('of an image has a limit of its own', async () => {
    const origin = await raw((socket, request) => {
      const type = request.startsWith('GET /image') ? 'image/jpeg' : 'video/mp4'
      socket.end(`${OK}Content-Type: ${type}\r\nContent-Length: ${600 * 1024 ** 2}\r\n\r\nx`)
    })
    expect((await faultOf(fetchFile(open(), `${origin}/image`))).code).toBe('TooLarge')
    expect((await faultOf(fetchFile(open(), `${origin}/video`))).code).toBe('Truncated')
  })

  test('--limit-rate holds all transfers together to the rate', async () => {
    const origin = await web((_request, response) => response.end(Buffer.alloc(200_000)))
    const http = open({ limitRate: 500_000 })
    const began = performance.now()
    await Promise.all([fetchFile(http, origin), fetchFile(http, origin)])
    expect(performance.now() - began).toBeGreaterThan(550)
  })
})

describe('a refusal by the receiver', () => {
  test('keeps the connection when the rest of the body is short', async () => {
    const sockets = new Set<unknown>()
    const origin = await web((request, response) => {
      sockets.add(request.socket)
      response.writeHead(404).end('a short page')
    })
    const http = open({ perHost: 1 })
    const refusal = new Error('no page wanted')
    for (let time = 0; time < 5; time++) {
      const refused = http.transfer(
        { url: origin, named: true, signal: new AbortController().signal },
        {
          start() {
            throw refusal
          },
          data: () => expect.unreachable(),
        },
      )
      await expect(refused).rejects.toBe(refusal)
    }
    expect(sockets.size).toBe(1)
  })

  test('in the middle of the body ends the transfer with its reason', async () => {
    const origin = await web((_request, response) => response.end(Buffer.alloc(1024 * 1024)))
    const refusal = new Error('not this')
    const refused = open().transfer(
      { url: origin, named: true, signal: new AbortController().signal },
      {
        start() {},
        data() {
          throw refusal
        },
      },
    )
    await expect(refused).rejects.toBe(refusal)
  })
})

describe('an encoded body', () => {
  const page = Buffer.from('<p>a page</p>'.repeat(100))
  test.each([
    ['gzip', gzipSync(page)],
    ['x-gzip', gzipSync(page)],
    ['deflate', deflateSync(page)],
    ['deflate', deflateRawSync(page)],
    ['br', brotliCompressSync(page)],
    ['zstd', zstdCompressSync(page)],
    ['gzip, br', brotliCompressSync(gzipSync(page))],
    ['identity', page],
  ])('is decoded: %s', async (encoding, bytes) => {
    const origin = await web((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding, etag: '"v"' }).end(bytes),
    )
    const http = open()
    expect((await http.request({ url: origin }, { named: true })).text()).toBe(page.toString())
    const kept = await fetchFile(http, origin)
    expect(kept.body.equals(page)).toBe(true)
    // Nothing of the encoded bytes may be taken for the file's: neither length nor validator.
    if (encoding !== 'identity')
      expect(Object.keys(kept.head?.headers ?? {})).not.toEqual(expect.arrayContaining(['etag']))
  })

  test.each([
    ['a bomb', 'gzip', gzipSync(Buffer.alloc(50_000_000)), 'TooLarge'],
    ['a bomb in brotli', 'br', brotliCompressSync(Buffer.alloc(50_000_000)), 'TooLarge'],
    ['a bomb in a bomb', 'gzip, gzip', gzipSync(gzipSync(Buffer.alloc(50_000_000))), 'TooLarge'],
    ['three encodings', 'gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(page))), 'BadResponse'],
    ['a thousand encodings', Array.from({ length: 1000 }, () => 'gzip').join(','), page, 'BadResponse'],
    ['what nobody knows', 'sdch', page, 'BadResponse'],
    ['rubbish', 'gzip', page, 'BadResponse'],
    ['half a file', 'gzip', gzipSync(page).subarray(0, 30), 'Truncated'],
  ] as const)('is refused when it is %s', async (_name, encoding, bytes, code) => {
    const origin = await web((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(bytes),
    )
    const before = process.memoryUsage.rss()
    expect((await faultOf(fetchFile(open(), origin))).code).toBe(code)
    expect((await faultOf(open({ retries: 0 }).request({ url: origin }, { named: true }))).code).toBe(code)
    expect(process.memoryUsage.rss() - before).toBeLessThan(40_000_000)
  })

  test('is an archive left as it is when that is what was asked for', async () => {
    const archive = gzipSync(page)
    const origin = await web((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'x-gzip', 'content-type': 'application/x-gzip' }).end(archive),
    )
    expect((await fetchFile(open(), origin)).body.equals(archive)).toBe(true)
  })

  test('never goes on where a part ends', async () => {
    const origin = await web((_request, response) =>
      response.writeHead(206, { 'content-encoding': 'gzip' }).end(gzipSync(page)),
    )
    expect((await faultOf(fetchFile(open(), origin))).code).toBe('BadResponse')
  })
})
