import { describe, expect, test } from 'vitest'
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
  ] as const)('when %s', async (_name, status, text, allowed) => {
    const { origin } = await site({ status, text })
    const outcome = fetchFile(open({ robots: true }), `${origin}/a`)
    if (allowed) expect((await outcome).body.toString()).toBe('body')
    else expect((await faultOf(outcome)).code).toBe('Robots')
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
    ['bowerbird: noai', true],
    ['otherbot: noai', false],
    ['nofollow', false],
    ['unavailable_after: 25 Jun 2030 15:00:00 PST', false],
  ])('X-Robots-Tag: %s', (value, expected) => {
    expect(optsOut(value)).toBe(expected)
  })
})
