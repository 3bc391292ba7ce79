import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { parseConnectTo } from '../../src/http/connect/connect-to.ts'
import { CookieJar } from '../../src/http/cookies/jar.ts'
import { loadNetscape } from '../../src/http/cookies/netscape.ts'
import { authority, faultOf, fetchFile, open, secureWeb, web } from './support.ts'

/** A server that keeps what it was asked. */
async function recorder(
  answer: (request: IncomingMessage) => {
    readonly status: number
    readonly location?: string
    readonly cookie?: string
  },
) {
  const seen: IncomingMessage[] = []
  const origin = await web((request, response) => {
    seen.push(request)
    const { status, location, cookie } = answer(request)
    response.writeHead(status, {
      ...(location === undefined ? {} : { location }),
      ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
    })
    response.end('body')
  })
  return { origin, seen }
}

const secrets = {
  authorization: 'Bearer secret',
  cookie: 'own=secret',
  'x-api-key': 'secret',
  referer: 'https://example.org/page',
  'accept-language': 'en',
}

describe('a redirect to another origin', () => {
  test('carries nothing secret, whatever its name', async () => {
    const other = await recorder(() => ({ status: 200 }))
    const first = await recorder(() => ({ status: 302, location: `${other.origin}/file` }))
    const http = open({ userHeaders: { headers: { 'X-Mine': 'secret', 'User-Token': 'secret' }, to: [first.origin] } })
    await fetchFile(http, `${first.origin}/start`, { headers: secrets })
    expect(first.seen[0]?.headers).toMatchObject({ ...secrets, 'x-mine': 'secret', 'user-token': 'secret' })
    expect(JSON.stringify(other.seen[0]?.rawHeaders)).not.toContain('secret')
    expect(other.seen[0]?.headers).toMatchObject({ referer: 'https://example.org/page', 'accept-language': 'en' })
  })

  test('gets the user headers again when it leads back', async () => {
    const first = await recorder((request) =>
      request.url === '/start' ? { status: 302, location: `${other.origin}/middle` } : { status: 200 },
    )
    const other = await recorder(() => ({ status: 302, location: `${first.origin}/end` }))
    const http = open({ userHeaders: { headers: { 'x-mine': 'secret' }, to: [first.origin] } })
    const kept = await fetchFile(http, `${first.origin}/start`)
    expect(kept.head).toMatchObject({ url: `${first.origin}/end`, redirects: 2, status: 200 })
    expect(first.seen.map((request) => request.headers['x-mine'])).toEqual(['secret', 'secret'])
    expect(other.seen[0]?.headers['x-mine']).toBeUndefined()
  })

  test('keeps the range of a resumed transfer', async () => {
    const other = await recorder(() => ({ status: 206 }))
    const first = await recorder(() => ({ status: 307, location: `${other.origin}/file` }))
    const http = open()
    await http.transfer(
      {
        url: `${first.origin}/start`,
        named: true,
        signal: new AbortController().signal,
        resume: { from: 7, validator: '"v1"' },
      },
      { start() {}, data() {} },
    )
    expect(other.seen[0]?.headers).toMatchObject({
      range: 'bytes=7-',
      'if-range': '"v1"',
      'accept-encoding': 'identity',
    })
  })

  test('never carries a body', async () => {
    const other = await recorder(() => ({ status: 200 }))
    const first = await recorder((request) => ({
      status: request.url === '/307' ? 307 : 303,
      location: `${other.origin}/in`,
    }))
    const http = open({ retries: 0 })
    const fault = await faultOf(
      http.request({ url: `${first.origin}/307`, method: 'POST', body: 'password=secret' }, { named: true }),
    )
    expect(fault.code).toBe('Redirect')
    await http.request({ url: `${first.origin}/303`, method: 'POST', body: 'password=secret' }, { named: true })
    expect(other.seen.map((request) => request.method)).toEqual(['GET'])
  })
})

describe('cookies', () => {
  test('belong to their host on every hop, those set on the way too', async () => {
    const jar = new CookieJar()
    const first = await recorder((request) =>
      request.url === '/start' ? { status: 302, location: '/next', cookie: 'step=1; Path=/' } : { status: 200 },
    )
    const http = open({ cookies: jar })
    jar.add(
      loadNetscape(`127.0.0.1\tFALSE\t/\tFALSE\t0\tfile\tfrom-file\nexample.org\tFALSE\t/\tFALSE\t0\tother\thost`),
    )
    await fetchFile(http, `${first.origin}/start`)
    expect(first.seen.map((request) => request.headers.cookie)).toEqual(['file=from-file', 'file=from-file; step=1'])
  })

  test('and every other secret stay behind when https redirects to http', async () => {
    const plain = await recorder(() => ({ status: 200 }))
    const port = await secureWeb(['shop.example'], (_request, response) => {
      response.writeHead(302, { location: `http://shop.example/plain` }).end()
    })
    const jar = new CookieJar()
    jar.add(loadNetscape('shop.example\tFALSE\t/\tFALSE\t0\tsession\tsecret'))
    const http = open({
      ca: (await authority()).ca,
      cookies: jar,
      userHeaders: { headers: { 'x-mine': 'secret' }, to: ['http://shop.example', 'https://shop.example'] },
      connectTo: [
        parseConnectTo(`shop.example:443:127.0.0.1:${port}`),
        parseConnectTo(`shop.example:80:127.0.0.1:${new URL(plain.origin).port}`),
      ],
    })
    await fetchFile(http, 'https://shop.example/start', { headers: secrets })
    expect(plain.seen).toHaveLength(1)
    expect(JSON.stringify(plain.seen[0]?.rawHeaders)).not.toContain('secret')
    expect(plain.seen[0]?.headers.referer).toBeUndefined()
  })
})

test('user name and password of a URL go to its own origin, and into no head', async () => {
  const other = await recorder(() => ({ status: 200 }))
  const first = await recorder((request) =>
    request.url === '/start' ? { status: 302, location: `${other.origin}/x` } : { status: 200 },
  )
  const http = open()
  await fetchFile(http, `${first.origin.replace('//', '//joe:s%65cret@')}/start`)
  expect(first.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('joe:secret').toString('base64')}`)
  expect(other.seen[0]?.headers.authorization).toBeUndefined()
  const kept = await fetchFile(http, `${first.origin.replace('//', '//joe:secret@')}/file`)
  expect(kept.head?.url).toBe(`${first.origin}/file`)
})

describe('a redirect is refused with its reason', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['that loops', '/again', 'Redirect'],
    ['that is empty', '', 'Redirect'],
    ['that is no URL', 'http://[::1', 'Redirect'],
    ['with a port beyond 65535', 'http://example.org:99999/', 'Redirect'],
    ['to a file', 'file:///etc/passwd', 'Redirect'],
    ['to a script', 'javascript:alert(1)', 'Redirect'],
  ]
  test.each(cases)('%s', async (_name, location, code) => {
    const first = await recorder(() => ({ status: 302, location }))
    const fault = await faultOf(fetchFile(open(), `${first.origin}/start`))
    expect(fault.code).toBe(code)
    expect(first.seen.length).toBeLessThanOrEqual(21)
  })

  test('that has spaces, bytes of UTF-8 and a fragment is followed like a browser does', async () => {
    const first = await recorder((request) =>
      request.url === '/start'
        ? { status: 302, location: Buffer.from('/a b/é?x=1 2#here').toString('latin1') }
        : { status: 200 },
    )
    const kept = await fetchFile(open(), `${first.origin}/start`)
    expect(kept.head?.url).toBe(`${first.origin}/a%20b/%C3%A9?x=1%202`)
  })
})

describe('a site that sets cookies without end', () => {
  test('is sent no more than servers take: no long one, and whole ones from the front', () => {
    const jar = new CookieJar()
    const url = new URL('http://shop.example/')
    jar.store(`long=${'x'.repeat(5000)}`, url)
    expect(jar.header(url)).toBeUndefined()
    for (let at = 0; at < 300; at += 1) jar.store(`c${at}=${'x'.repeat(90)}`, url)
    const header = jar.header(url) ?? ''
    expect(header.length).toBeGreaterThan(8000)
    expect(header.length).toBeLessThanOrEqual(8190)
    expect(header.split('; ').every((cookie, at) => cookie === `c${at}=${'x'.repeat(90)}`)).toBe(true)
  })
})
