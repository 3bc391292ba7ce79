import { createSecureServer } from 'node:http2'
import type { ServerHttp2Session } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createRawServer } from 'node:net'
import { generate } from 'selfsigned'
import { describe, expect, test } from 'vitest'
import { parseConnectTo } from '../../src/http/connect/connect-to.ts'
import { authority, faultOf, fetchFile, listen, onEnd, open, secureWeb } from './support.ts'

const DAY = 86_400_000

describe('a certificate', () => {
  test.each([
    [
      'that has expired',
      async () =>
        (await authority()).issue(['museum.example'], {
          from: new Date(Date.now() - 9 * DAY),
          to: new Date(Date.now() - DAY),
        }),
    ],
    ['for another name', async () => (await authority()).issue(['other.example'])],
    [
      'that signs itself',
      async () => {
        const { private: key, cert } = await generate([{ name: 'commonName', value: 'museum.example' }], {
          keyType: 'ec',
          algorithm: 'sha256',
        })
        return { key, cert }
      },
    ],
  ])('%s is refused, and never tried again', async (_name, issue) => {
    let connections = 0
    const server = createHttpsServer(await issue(), (_request, response) => response.end('never'))
    server.on('connection', () => connections++)
    const port = await listen(server)
    const http = open({ ca: (await authority()).ca, connectTo: [parseConnectTo(`::127.0.0.1:${port}`)] })
    const fault = await faultOf(http.request({ url: 'https://museum.example/' }))
    expect(fault.code).toBe('Certificate')
    expect(connections).toBe(1)
  })

  test('is not at fault when the connection closes in the middle of the handshake', async () => {
    const port = await listen(createRawServer((socket) => socket.once('data', () => socket.destroy())))
    expect((await faultOf(fetchFile(open(), `https://127.0.0.1:${port}/`))).code).toBe('Network')
  })

  test('is not at fault when the server does not speak TLS', async () => {
    const port = await listen(createRawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    const { code, message } = await faultOf(fetchFile(open(), `https://127.0.0.1:${port}/`))
    expect([code, message]).toEqual([
      'Network',
      `the server does not speak TLS at this port: http:// may do: GET https://127.0.0.1:${port}/`,
    ])
  })

  test('a handshake that fails is told without the source files of OpenSSL', async () => {
    // A fatal alert: handshake_failure.
    const port = await listen(createRawServer((socket) => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 40]))))
    const { code, message } = await faultOf(fetchFile(open(), `https://127.0.0.1:${port}/`))
    expect([code, message]).toEqual([
      'Network',
      expect.stringMatching(/^the TLS handshake failed \([a-z/ \d]+\): GET /),
    ])
  })
})

describe('a request in the clear to a port of TLS', () => {
  const hint = /speaks TLS at this port(?:: |, )https:\/\/ may do: GET http:\/\/127\.0\.0\.1:/

  test('is told as that when the server closes the connection', async () => {
    const port = await secureWeb(['museum.example'], (_request, response) => response.end('never'))
    const { code, message } = await faultOf(fetchFile(open(), `http://127.0.0.1:${port}/`))
    expect([code, message]).toEqual(['Network', expect.stringMatching(hint)])
  })

  test('is told as that when the server answers with an alert', async () => {
    // protocol_version
    const port = await listen(createRawServer((socket) => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 70]))))
    const { code, message } = await faultOf(fetchFile(open(), `http://127.0.0.1:${port}/`))
    expect([code, message]).toEqual(['Network', expect.stringMatching(hint)])
  })
})

describe('HTTP/2', () => {
  async function server(): Promise<{ readonly port: number; readonly sessions: Set<ServerHttp2Session> }> {
    const { key, cert } = await (await authority()).issue(['museum.example'])
    const http2 = createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
      response.setHeader('x-version', request.httpVersion)
      if (request.url === '/cut') {
        response.setHeader('content-length', 100)
        response.write('short')
        setTimeout(() => request.stream.close(2), 20)
      } else if (request.url === '/moved') {
        response.writeHead(302, { location: '/file' })
        response.end()
      } else response.end(Buffer.alloc(100_000, 'x'))
    })
    const sessions = new Set<ServerHttp2Session>()
    http2.on('session', (session) => sessions.add(session))
    const port = await listen(http2)
    onEnd(async () => {
      for (const session of sessions) session.destroy()
    })
    return { port, sessions }
  }

  async function client(port: number, http2: boolean) {
    return open({ ca: (await authority()).ca, http2, connectTo: [parseConnectTo(`::127.0.0.1:${port}`)] })
  }

  test('carries many transfers over one connection where it is on', async () => {
    const { port, sessions } = await server()
    const http = await client(port, true)
    const kept = await Promise.all(
      Array.from({ length: 20 }, () => fetchFile(http, 'https://museum.example/moved', { named: false })),
    )
    expect(kept.map((one) => one.body.length)).toEqual(Array.from({ length: 20 }, () => 100_000))
    expect(kept[0]?.head?.headers['x-version']).toBe('2.0')
    expect(sessions.size).toBe(1)
  })

  test('reports a stream that ends early as truncated', async () => {
    const { port } = await server()
    expect((await faultOf(fetchFile(await client(port, true), 'https://museum.example/cut'))).code).toBe('Truncated')
  })

  test('is not offered by default', async () => {
    const { port } = await server()
    const kept = await fetchFile(await client(port, false), 'https://museum.example/file')
    expect(kept.head?.headers['x-version']).toBe('1.1')
  })
})
