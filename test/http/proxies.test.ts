import { createServer as createHttpServer } from 'node:http'
import { connect, createServer as createRawServer } from 'node:net'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { parseConnectTo } from '../../src/http/connect/connect-to.ts'
import { isExempt, parseProxy, proxyFor } from '../../src/http/connect/proxies.ts'
import { authority, faultOf, fetchFile, listen, open, secureWeb, web } from './support.ts'

/** An HTTP proxy that sends everything to one port, and keeps what it was asked. */
async function httpProxy(
  target: number,
  password?: string,
): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = []
  const expected = password === undefined ? undefined : `Basic ${Buffer.from(password).toString('base64')}`
  const server = createHttpServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response
      .writeHead(expected !== undefined && request.headers['proxy-authorization'] !== expected ? 407 : 200)
      .end('by proxy')
  })
  server.on('connect', (request, client: Socket) => {
    asked.push(`CONNECT ${request.url}`)
    if (expected !== undefined && request.headers['proxy-authorization'] !== expected) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const upstream = connect(target, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
  })
  return { port: await listen(server), asked }
}

/** A SOCKS proxy of both versions that sends everything to one port; its replies come byte by byte. */
async function socksProxy(
  target: number,
  password?: string,
): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = []
  const server = createRawServer((client) => {
    let buffer = Buffer.alloc(0)
    let step: 'hello' | 'login' | 'request' | 'open' = 'hello'
    const drip = (bytes: readonly number[]): void => {
      for (const byte of bytes) client.write(Buffer.from([byte]))
    }
    const join = (reply: readonly number[]): void => {
      step = 'open'
      const upstream = connect(target, '127.0.0.1', () => {
        drip(reply)
        upstream.pipe(client)
        client.on('data', (bytes) => upstream.write(bytes))
      })
      client.on('close', () => upstream.destroy())
      upstream.on('error', () => client.destroy())
    }
    client.setNoDelay(true)
    client.on('data', (bytes) => {
      if (step === 'open') return
      buffer = Buffer.concat([buffer, bytes])
      if (buffer[0] === 4) {
        const text = buffer.subarray(8).toString('latin1').split('\0')
        asked.push(
          `4 ${[...buffer.subarray(4, 8)].join('.')}:${buffer.readUInt16BE(2)} user=${text[0]} name=${text[1] ?? ''}`,
        )
        join([0, 0x5a, 0, 0, 0, 0, 0, 0])
      } else if (step === 'hello') {
        const methods = [...buffer.subarray(2)]
        buffer = Buffer.alloc(0)
        step = methods.includes(2) ? 'login' : 'request'
        drip([5, methods.includes(2) ? 2 : password === undefined ? 0 : 255])
      } else if (step === 'login') {
        const userLength = buffer[1] ?? 0
        const pair = `${buffer.subarray(2, 2 + userLength).toString()}:${buffer.subarray(3 + userLength).toString()}`
        buffer = Buffer.alloc(0)
        step = 'request'
        drip([1, pair === password ? 0 : 1])
      } else {
        const kind = buffer[3]
        const address =
          kind === 3 ? buffer.subarray(5, 5 + (buffer[4] ?? 0)).toString() : [...buffer.subarray(4, 8)].join('.')
        asked.push(`5 ${address}:${buffer.readUInt16BE(buffer.length - 2)}`)
        join([5, 0, 0, 1, 127, 0, 0, 1, 0, 80])
      }
    })
    client.on('error', () => undefined)
  })
  return { port: await listen(server), asked }
}

const portOf = (origin: string): number => Number(new URL(origin).port)

describe('an HTTP proxy', () => {
  test('gets plain http in absolute form, with its own credentials alone', async () => {
    const proxy = await httpProxy(1, 'joe:secret')
    const http = open({ proxy: `http://joe:secret@127.0.0.1:${proxy.port}` })
    expect((await fetchFile(http, 'http://museum.example/a?b=1', { named: false })).body.toString()).toBe('by proxy')
    expect(proxy.asked).toEqual(['GET http://museum.example/a?b=1'])
  })

  test('opens a tunnel for https, in which the certificate is checked', async () => {
    const port = await secureWeb(['museum.example'], (request, response) =>
      response.end(`${request.headers.host} ${request.headers['proxy-authorization']}`),
    )
    const proxy = await httpProxy(port, 'joe:secret')
    const http = open({ proxy: `http://joe:secret@127.0.0.1:${proxy.port}`, ca: (await authority()).ca })
    expect((await fetchFile(http, 'https://museum.example/', { named: false })).body.toString()).toBe(
      'museum.example undefined',
    )
    expect(proxy.asked).toEqual(['CONNECT museum.example:443'])
    expect((await faultOf(fetchFile(http, 'https://other.example/'))).code).toBe('Certificate')
  })

  test('that refuses the tunnel is named as the one who did', async () => {
    const proxy = await httpProxy(1, 'joe:secret')
    const fault = await faultOf(fetchFile(open({ proxy: `127.0.0.1:${proxy.port}` }), 'https://museum.example/'))
    expect(fault).toMatchObject({ code: 'Network', evidence: { status: 407 } })
    expect(fault.message).toContain('127.0.0.1')
  })

  test('tunnels to the place that --connect-to names', async () => {
    const origin = await web((request, response) => response.end(request.headers.host))
    const proxy = await httpProxy(portOf(origin))
    const http = open({
      proxy: `127.0.0.1:${proxy.port}`,
      connectTo: [parseConnectTo('museum.example:80:inner.example:8080')],
    })
    expect((await fetchFile(http, 'http://museum.example/')).body.toString()).toBe('museum.example')
    expect(proxy.asked).toEqual(['CONNECT inner.example:8080'])
  })

  test('is no way to a private address for what nobody named', async () => {
    const proxy = await httpProxy(1)
    const http = open({ proxy: `127.0.0.1:${proxy.port}` })
    expect((await faultOf(fetchFile(http, 'http://169.254.169.254/', { named: false }))).code).toBe('Address')
    expect(proxy.asked).toEqual([])
  })
})

describe('a SOCKS proxy', () => {
  test.each([
    ['socks5h://', 'museum.example', '5 museum.example:80'],
    ['socks5://', '10.1.2.3', '5 10.1.2.3:80'],
    ['socks4a://joe@', 'museum.example', '4 0.0.0.1:80 user=joe name=museum.example'],
    ['socks4://joe@', '10.1.2.3', '4 10.1.2.3:80 user=joe name='],
  ])('%s for %s', async (scheme, host, asked) => {
    const origin = await web((request, response) => response.end(request.headers.host))
    const proxy = await socksProxy(portOf(origin))
    const http = open({ proxy: `${scheme}127.0.0.1:${proxy.port}` })
    expect((await fetchFile(http, `http://${host}/`)).body.toString()).toBe(host)
    expect(proxy.asked).toEqual([asked])
  })

  test('carries TLS to the host', async () => {
    const port = await secureWeb(['museum.example'], (_request, response) => response.end('inside'))
    const proxy = await socksProxy(port)
    const http = open({ proxy: `socks5h://127.0.0.1:${proxy.port}`, ca: (await authority()).ca })
    expect((await fetchFile(http, 'https://museum.example/', { named: false })).body.toString()).toBe('inside')
  })

  test('is told user name and password, and a wrong one is a fault', async () => {
    const origin = await web((_request, response) => response.end('in'))
    const proxy = await socksProxy(portOf(origin), 'joe:secret')
    expect(
      (
        await fetchFile(open({ proxy: `socks5h://joe:secret@127.0.0.1:${proxy.port}` }), 'http://museum.example/')
      ).body.toString(),
    ).toBe('in')
    for (const login of ['joe:wrong@', '']) {
      const fault = await faultOf(
        fetchFile(open({ proxy: `socks5h://${login}127.0.0.1:${proxy.port}` }), 'http://museum.example/'),
      )
      expect(fault.code).toBe('Network')
      expect(fault.message).toMatch(/user name/)
    }
  })

  test('that says nothing is given up', async () => {
    const port = await listen(createRawServer(() => undefined))
    const fault = await faultOf(
      fetchFile(open({ proxy: `socks5h://127.0.0.1:${port}`, timeouts: { connect: 200 } }), 'http://museum.example/'),
    )
    expect(fault.code).toBe('Timeout')
  })
})

describe('the proxy variables', () => {
  const http = new URL('http://museum.example/')
  const https = new URL('https://museum.example/')
  test.each([
    ['http_proxy for http', http, { http_proxy: 'a:1' }, 'a'],
    ['HTTP_PROXY in capitals for nothing', http, { HTTP_PROXY: 'a:1' }, undefined],
    ['HTTPS_PROXY for https', https, { HTTPS_PROXY: 'a:1', http_proxy: 'b:1' }, 'a'],
    ['https_proxy before HTTPS_PROXY', https, { HTTPS_PROXY: 'a:1', https_proxy: 'b:1' }, 'b'],
    ['ALL_PROXY for the rest', https, { ALL_PROXY: 'socks5://a' }, 'a'],
    ['none for a host in NO_PROXY', https, { https_proxy: 'a:1', NO_PROXY: 'x.example, .museum.example' }, undefined],
    ['none with *', https, { https_proxy: 'a:1', no_proxy: '*' }, undefined],
  ] as const)('give %s', (_name, url, environment, host) => {
    expect(proxyFor(url, undefined, environment)?.host).toBe(host)
  })

  test('lose against --proxy, and against an empty one', () => {
    expect(proxyFor(https, 'mine:3', { https_proxy: 'a:1' })).toMatchObject({ host: 'mine', port: 3 })
    expect(proxyFor(https, '', { https_proxy: 'a:1' })).toBeUndefined()
  })

  test.each([
    ['example.org', 'www.example.org', true],
    ['example.org', 'notexample.org', false],
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['::1', '[::1]', true],
    ['10.0.0.0/8', 'example.org', false],
  ])('NO_PROXY=%s for %s', (list, host, exempt) => {
    expect(isExempt(list, host)).toBe(exempt)
  })

  test('are read as curl reads them', () => {
    expect(parseProxy('proxy.example')).toEqual({ kind: 'http', tls: false, host: 'proxy.example', port: 1080 })
    expect(parseProxy('https://u%40x:p@[::1]:9')).toEqual({
      kind: 'http',
      tls: true,
      host: '::1',
      port: 9,
      username: 'u@x',
      password: 'p',
    })
    expect(() => parseProxy('ftp://proxy')).toThrow(expect.objectContaining({ code: 'Usage' }))
  })
})
