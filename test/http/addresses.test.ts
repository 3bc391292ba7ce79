import { describe, expect, test } from 'vitest'
import { Connectors } from '../../src/http/connect/connector.ts'
import { mapConnection, parseConnectTo } from '../../src/http/connect/connect-to.ts'
import { Reading } from '../../src/http/connect/reading.ts'
import { suite } from './shared.ts'
import { authority, faultOf, fetchFile, open, secureWeb, web } from './support.ts'

const table = suite('ssrf/addresses.json')

describe.skipIf(table === undefined)('a URL that nobody named (skipped without ../shared/suites)', () => {
  const { deny, allow } = JSON.parse(table ?? '{"deny":[],"allow":[]}') as { deny: string[]; allow: string[] }

  test.each(deny)('is refused before a connection: %s', async (url) => {
    const fault = await faultOf(fetchFile(open(), url, { named: false }))
    expect(fault.code).toBe('Address')
  })

  test.each(allow)('may be asked for: %s', async (url) => {
    const stop = AbortSignal.abort(new Error('far enough'))
    const fault = await faultOf(fetchFile(open(), url, { named: false, signal: stop }))
    expect(fault.code).toBe('Cancelled')
  })

  test.each(deny)('is refused as the place a redirect leads to: %s', async (location) => {
    const port = await secureWeb(['public.example'], (request, response) => {
      if (request.url === '/start') response.writeHead(302, { location: Buffer.from(location).toString('latin1') })
      response.end('page')
    })
    const http = open({
      ca: (await authority()).ca,
      connectTo: [parseConnectTo(`public.example:443:127.0.0.1:${port}`)],
    })
    const fault = await faultOf(fetchFile(http, 'https://public.example/start'))
    expect(['Address', 'Redirect']).toContain(fault.code)
  })
})

describe('private addresses', () => {
  test('are reached when the user named them, and may redirect to each other', async () => {
    const inner = await web((_request, response) => response.end('inner'))
    const outer = await web((_request, response) => response.writeHead(302, { location: `${inner}/x` }).end())
    expect((await fetchFile(open(), `${outer}/`)).body.toString()).toBe('inner')
  })

  test('are refused though a connection that the user named stands open to them', async () => {
    const origin = await web((_request, response) => response.end('inner'))
    const http = open()
    await fetchFile(http, `${origin}/named`)
    const fault = await faultOf(fetchFile(http, `${origin}/linked`, { named: false }))
    expect(fault.code).toBe('Address')
  })

  test('are refused at connect when a name leads to them', async () => {
    // Any name that the resolver of this machine knows as loopback will do; "localhost" itself is refused by its text.
    const connectors = new Connectors({ timeout: 1000, http2: false }, new Reading())
    const connect = connectors.make(new URL('http://localhost'), { kind: 'direct' }, true, () => undefined)
    const error = await new Promise((resolve) =>
      connect({ hostname: 'localhost', protocol: 'http:', port: '9' }, (...result) => resolve(result[0])),
    )
    expect(error).toMatchObject({ code: 'Address' })
  })
})

describe('--connect-to', () => {
  test.each([
    ['a.example:443:b.example:8443', 'a.example', 443, { host: 'b.example', port: 8443 }],
    ['a.example:443:b.example:8443', 'a.example', 80, undefined],
    ['::b.example:8443', 'any.example', 80, { host: 'b.example', port: 8443 }],
    ['A.example::b.example:', 'a.example', 81, { host: 'b.example', port: 81 }],
    [':443::8443', 'a.example', 443, { host: 'a.example', port: 8443 }],
    ['[::1]:80:[::2]:81', '[::1]', 80, { host: '::2', port: 81 }],
  ] as const)('%s for %s:%i', (rule, host, port, expected) => {
    expect(mapConnection([parseConnectTo(rule)], host, port)).toEqual(expected)
  })

  test.each(['a', 'a:1:b', 'a:x:b:1', 'a:1:b:99999', '::1:80:b:1'])('is refused when it reads %s', (rule) => {
    expect(() => parseConnectTo(rule)).toThrow('HOST1:PORT1:HOST2:PORT2')
  })

  test('keeps name, Host header and certificate check with the original host', async () => {
    const port = await secureWeb(['museum.example'], (request, response) => response.end(request.headers.host))
    const { ca } = await authority()
    const connectTo = [parseConnectTo(`::127.0.0.1:${port}`)]
    const http = open({ ca, connectTo })
    expect((await fetchFile(http, 'https://museum.example/', { named: false })).body.toString()).toBe('museum.example')
    expect((await faultOf(fetchFile(http, 'https://other.example/', { named: false }))).code).toBe('Certificate')
    expect((await faultOf(fetchFile(open({ connectTo }), 'https://museum.example/'))).code).toBe('Certificate')
    expect((await faultOf(fetchFile(http, 'https://127.0.0.2/', { named: true }))).code).toBe('Certificate')
  })
})
