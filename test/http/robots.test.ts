import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/errors.ts'
import { optsOut } from '../../src/http/layers/robots.ts'
import { faultOf, fetchFile, open, web } from './support.ts'

async function site(robots: { readonly status: number; readonly text: string }, tag?: string) {
  const asked: string[] = []
  const origin = await web((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/robots.txt') response.writeHead(robots.status).end(robots.text)
    else response.writeHead(200, tag === undefined ? {} : { 'x-robots-tag': tag }).end('body')
  })
  return { origin, asked }
}

describe('--robots', () => {
  test('asks for robots.txt once per origin, and obeys it', async () => {
    const { origin, asked } = await site({ status: 200, text: 'User-agent: *\nDisallow: /private\n' })
    const http = open({ robots: true })
    await Promise.all([fetchFile(http, `${origin}/a`), fetchFile(http, `${origin}/b`)])
    expect((await faultOf(fetchFile(http, `${origin}/private/c`))).code).toBe('Robots')
    expect((await faultOf(http.request({ url: `${origin}/private/d` }, { named: true }))).code).toBe('Robots')
    expect(asked.toSorted()).toEqual(['/a', '/b', '/robots.txt'])
  })

  test.each([
    ['our name has its own group', 200, 'User-agent: *\nDisallow: /\n\nUser-agent: bowerbird\nAllow: /\n', true],
    ['there is none', 404, 'no', true],
    ['the server is out of order', 500, 'no', false],
    ['the server wants fewer requests', 429, 'no', false],
    ['it wants a login', 401, 'User-agent: *\nDisallow: /\n', true],
  ] as const)('when %s', async (_name, status, text, allowed) => {
    const { origin } = await site({ status, text })
    const outcome = fetchFile(open({ robots: true, retries: 0 }), `${origin}/a`)
    if (allowed) expect((await outcome).body.toString()).toBe('body')
    else expect((await faultOf(outcome)).code).toBe('Robots')
  })

  test('tries again after an error of the server, and then says what it does not know', async () => {
    let asked = 0
    const origin = await web((request, response) => {
      if (request.url === '/robots.txt') asked++
      response.writeHead(request.url === '/robots.txt' && asked < 2 ? 500 : 404).end()
    })
    expect((await fetchFile(open({ robots: true, retries: 1 }), `${origin}/a`)).head?.status).toBe(404)
    expect(asked).toBe(2)
    asked = 0
    const fault = await faultOf(fetchFile(open({ robots: true, retries: 0 }), `${origin}/a`))
    expect(fault.message).toContain('not known')
    expect(fault.message).toContain('500')
  })

  test.each([false, true])(
    'reads the first 500 KiB of a longer one (encoded: %s), whatever --max-size',
    async (encoded) => {
      const lines = `# ${'x'.repeat(97)}\n`.repeat(5000)
      const text = Buffer.from(`User-agent: *\nDisallow: /first\n${lines}${lines}Disallow: /last\n`)
      const origin = await web((request, response) => {
        if (request.url !== '/robots.txt') response.end('body')
        else
          response
            .writeHead(200, encoded ? { 'content-encoding': 'gzip' } : {})
            .end(encoded ? gzipSync(text, { level: 0 }) : text)
      })
      const http = open({ robots: true, maxSize: 1000 })
      expect((await faultOf(fetchFile(http, `${origin}/first`))).code).toBe('Robots')
      expect((await fetchFile(http, `${origin}/last`)).body.toString()).toBe('body')
    },
  )

  test('follows redirects to the file, and takes an endless one for none', async () => {
    const elsewhere = await web((_request, response) => response.end('User-agent: *\nDisallow: /b\n'))
    const origin = await web((request, response) => {
      const [, place = '', count = ''] = /^\/(robots\.txt|hop)(\d*)/.exec(request.url ?? '') ?? []
      if (place === '') response.end('body')
      else if (count === '5') response.writeHead(302, { location: `${elsewhere}/robots.txt` }).end()
      else response.writeHead(302, { location: `/hop${Number(count) + 1}` }).end()
    })
    expect((await faultOf(fetchFile(open({ robots: true }), `${origin}/b`))).code).toBe('Robots')
    const endless = await web((request, response) => {
      if (request.url === '/a') response.end('body')
      else response.writeHead(302, { location: '/robots.txt' }).end()
    })
    expect((await fetchFile(open({ robots: true }), `${endless}/a`)).body.toString()).toBe('body')
  })

  test('does not wait for a silent robots.txt once nobody wants the file', async () => {
    const origin = await web(() => undefined)
    const stop = new AbortController()
    const outcome = faultOf(fetchFile(open({ robots: true }), `${origin}/a`, { signal: stop.signal }))
    stop.abort(new Fault('Cancelled', 'enough'))
    expect((await outcome).code).toBe('Cancelled')
  })

  test('obeys an opt-out header', async () => {
    const { origin } = await site({ status: 404, text: '' }, 'noai')
    expect((await faultOf(fetchFile(open({ robots: true }), `${origin}/a`))).code).toBe('Robots')
  })

  test('is off by default', async () => {
    const { origin, asked } = await site({ status: 200, text: 'User-agent: *\nDisallow: /\n' }, 'noai')
    await fetchFile(open(), `${origin}/a`)
    expect(asked).toEqual(['/a'])
  })

  test.each([
    ['noai', true],
    ['NoImageAI, nofollow', true],
    ['noindex', true],
    ['none', true],
    ['max-image-preview: large, noai', true],
    ['otherbot: nofollow, bowerbird: noimageai', true],
    ['*: noai', true],
    ['max-snippet: none', false],
    ['otherbot: nofollow, noai', false],
    ['bowerbird: noai', true],
    ['otherbot: noai', false],
    ['nofollow', false],
    ['unavailable_after: 25 Jun 2030 15:00:00 PST', false],
  ])('X-Robots-Tag: %s', (value, expected) => {
    expect(optsOut(value)).toBe(expected)
  })
})
