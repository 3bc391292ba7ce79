import { createServer as createRawServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { parseConnectTo } from '../../src/http/connect/connect-to.ts'
import { isExempt, parseProxy, proxyFor } from '../../src/http/connect/proxies.ts'
import { httpProxy, socksProxy } from './proxy-servers.ts'
import { authority, faultOf, fetchFile, listen, open, secureWeb, web } from './support.ts'

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
