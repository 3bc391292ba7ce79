import type { ServerResponse } from 'node:http'
import { describe, expect, test, vi } from 'vitest'
import { MemoryLimiter } from '../../src/adapters/limiter/memory.ts'
import { budgetReset, retryAfter } from '../../src/http/retry-after.ts'
import { parseHttpDate } from '../../src/http/dates.ts'
import type { Wait } from '../../src/http/settings.ts'
import { suite } from './shared.ts'
import { faultOf, fetchFile, open, web } from './support.ts'

const table = suite('curl-http/dates.json')

describe.skipIf(table === undefined)('dates of the test suite of curl (skipped without ../shared/suites)', () => {
  const { cases } = JSON.parse(table ?? '{"cases":[]}') as { cases: { input: string; epoch: number | null }[] }
  const standard =
    /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$|^\w{6,9}, \d\d-\w{3}-\d\d \d\d:\d\d:\d\d GMT$|^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/
  test.each(cases.filter((one) => standard.test(one.input)))('$input', ({ input, epoch }) => {
    expect(parseHttpDate(input) ?? null).toBe(epoch === null ? null : epoch * 1000)
  })

  test('what curl refuses is refused', () => {
    const taken = cases.filter((one) => one.epoch === null && parseHttpDate(one.input) !== undefined)
    expect(taken).toEqual([])
  })
})

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1, 12)
  const serverDate = 'Thu, 01 Jan 2026 15:00:00 GMT'
  test.each([
    ['0', 0],
    ['120', 120_000],
    ['86400', 86_400_000],
    ['1.5', 1500],
    ['Thu, 01 Jan 2026 15:00:30 GMT', 30_000],
    ['Thursday, 01-Jan-26 15:00:30 GMT', 30_000],
    ['Thu Jan  1 15:00:30 2026', 30_000],
    ['Thu, 01 Jan 2026 14:00:00 GMT', 0],
    ['-1', undefined],
    ['soon', undefined],
    ['', undefined],
    ['1e9', undefined],
    ['99999999999999999999', undefined],
    ['Thu, 32 Jan 2026 15:00:30 GMT', undefined],
  ])('"%s", by the clock of the server', (value, expected) => {
    expect(retryAfter({ 'retry-after': value, date: serverDate }, now)).toBe(expected)
  })

  test('as a date without the Date of the server goes by our clock', () => {
    expect(retryAfter({ 'retry-after': 'Thu, 01 Jan 2026 12:00:10 GMT' }, now)).toBe(10_000)
  })

  test.each([
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '7' }, 7000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 9) }, 9000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now + 9000) }, 9000],
    [{ 'x-ratelimit-remaining': '0.0', 'x-ratelimit-reset': '59' }, 59_000],
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '3' }, 3000],
    [{ 'x-ratelimit-userremaining': '0', 'x-ratelimit-userreset': String(now / 1000 + 9) }, 9000],
    [{ 'x-ratelimit-userremaining': '499', 'x-ratelimit-userreset': String(now / 1000 + 9) }, undefined],
    [{ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '7' }, undefined],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'never' }, undefined],
    [{ 'x-ratelimit-remaining': '0' }, undefined],
  ])('of a budget that is used up: %j', (headers, expected) => {
    expect(budgetReset(headers, now)).toBe(expected)
  })
})

describe('a host that refuses', () => {
  test('with a number of seconds is left alone for so long, by everybody, and is asked again', async () => {
    const times: number[] = []
    const origin = await web((_request, response) => {
      times.push(performance.now())
      if (times.length === 1) response.writeHead(429, { 'retry-after': '1' })
      response.end('{}')
    })
    const waits: Wait[] = []
    const began = Date.now()
    const http = open({ onWait: (wait) => waits.push(wait) })
    const answer = await http.request({ url: `${origin}/a` }, { named: true })
    await fetchFile(http, `${origin}/b`)
    expect(answer.status).toBe(200)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990)
    expect(waits).toMatchObject([{ host: new URL(origin).host, reason: 'it answered 429' }])
    expect(Date.parse(waits[0]?.until ?? '')).toBeGreaterThanOrEqual(began + 1000)
  })

  test("holds a transfer back that comes after it, but the refusal is the caller's to judge", async () => {
    const times: number[] = []
    const origin = await web((_request, response) => {
      times.push(performance.now())
      response.writeHead(times.length === 1 ? 503 : 200, { 'retry-after': '1' }).end()
    })
    const http = open()
    expect((await fetchFile(http, `${origin}/a`)).head?.status).toBe(503)
    expect((await fetchFile(http, `${origin}/a`)).head?.status).toBe(200)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900)
  })

  test.each(['x-ratelimit-', 'ratelimit-', 'x-ratelimit-user'])(
    'is not asked before its budget is full again: %sremaining',
    async (budget) => {
      const times: number[] = []
      const origin = await web((_request, response) => {
        times.push(performance.now())
        response.writeHead(200, { [`${budget}remaining`]: '0', [`${budget}reset`]: '1' }).end()
      })
      const waits: Wait[] = []
      const http = open({ onWait: (wait) => waits.push(wait) })
      await fetchFile(http, `${origin}/a`)
      await fetchFile(http, `${origin}/b`)
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900)
      expect(waits[0]).toMatchObject({ reason: 'its budget of requests is used up' })
    },
  )

  test('for a day is reported, not slept on', async () => {
    let asked = 0
    const origin = await web((_request, response) => {
      asked++
      response.writeHead(429, { 'retry-after': '86400' }).end()
    })
    const http = open()
    for (let time = 0; time < 2; time++) {
      const fault = await faultOf(http.request({ url: origin }, { named: true }))
      expect(fault.code).toBe('RateLimited')
      expect(fault.evidence.retryAfter).toBeGreaterThan(80_000_000)
    }
    expect((await faultOf(fetchFile(http, origin))).code).toBe('RateLimited')
    expect(asked).toBe(1)
  })

  test('for ever is given up after the retries, each later than the one before', async () => {
    const times: number[] = []
    const origin = await web((_request, response) => {
      times.push(performance.now())
      response.writeHead(429, { 'retry-after': 'rubbish' }).end()
    })
    const fault = await faultOf(open({ retries: 2 }).request({ url: origin }, { named: true }))
    expect(fault.code).toBe('RateLimited')
    expect(times).toHaveLength(3)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(450)
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThan(900)
  })

  test('a single file with 503 does not stop the others', async () => {
    // Whatever is faster: the others are served after the refusal, so that two never come one after the other.
    let refused = Promise.withResolvers<void>()
    const origin = await web((request, response) => {
      if (request.url === '/bad') response.writeHead(503).end()
      else void refused.promise.then(() => response.end())
    })
    const limiter = new MemoryLimiter()
    const postpone = vi.spyOn(limiter, 'postpone')
    const http = open({}, limiter)
    for (let round = 0; round < 20; round++) {
      refused = Promise.withResolvers()
      const bad = fetchFile(http, `${origin}/bad`).finally(refused.resolve)
      await Promise.all([bad, fetchFile(http, `${origin}/good`), fetchFile(http, `${origin}/good`)])
    }
    expect(postpone).toHaveBeenCalledTimes(20)
    const now = Date.now()
    expect(postpone.mock.calls.filter(([, until]) => until > now)).toEqual([])
  })
})

describe('exploring requests', () => {
  test.each([
    [401, 'NeedsLogin'],
    [403, 'Blocked'],
    [404, 'Gone'],
    [410, 'Gone'],
    [418, 'HttpStatus'],
    [451, 'Blocked'],
  ] as const)('turn %i into %s, without a second try', async (status, code) => {
    let asked = 0
    const origin = await web((_request, response) => {
      asked++
      response.writeHead(status).end('no')
    })
    const http = open()
    const fault = await faultOf(http.request({ url: `${origin}/?token=secret` }, { named: true }))
    expect(fault).toMatchObject({ code, evidence: { status, method: 'GET' } })
    expect(fault.message + JSON.stringify(fault.evidence)).not.toContain('secret')
    expect(asked).toBe(1)
    expect((await http.request({ url: origin, accept: [status] }, { named: true })).text()).toBe('no')
  })

  test('try again after 5xx and broken connections', async () => {
    let asked = 0
    const origin = await web((_request, response) => {
      asked++
      if (asked === 1) response.writeHead(502).end()
      else if (asked === 2) response.destroy()
      else response.end('there')
    })
    expect((await open().request({ url: origin }, { named: true })).text()).toBe('there')
    expect(asked).toBe(3)
  })

  test('name the wall that stands before the answer', async () => {
    const origin = await web((request, response) => {
      if (request.url === '/header') response.writeHead(403, { 'cf-mitigated': 'challenge' })
      else response.writeHead(503, { 'content-type': 'text/html' })
      response.end('<title>Just a moment...</title><script>window._cf_chl_opt={}</script>')
    })
    const http = open()
    for (const path of ['header', 'page']) {
      const fault = await faultOf(http.request({ url: `${origin}/${path}` }, { named: true }))
      expect(fault.code).toBe('Blocked')
      expect(fault.message).toContain('Cloudflare')
    }
  })

  test('read text by its charset, and refuse JSON that is none', async () => {
    const origin = await web((request, response) => {
      const [type, body] =
        request.url === '/sjis'
          ? ['text/html; charset=shift_jis', Buffer.from([0x93, 0xfa])]
          : ['text/html', Buffer.from('\uFEFF<é>')]
      response.writeHead(200, { 'content-type': type }).end(body)
    })
    const http = open()
    expect((await http.request({ url: `${origin}/sjis` }, { named: true })).text()).toBe('日')
    const answer = await http.request({ url: `${origin}/utf8` }, { named: true })
    expect(answer.text()).toBe('<é>')
    expect(() => answer.json()).toThrow(expect.objectContaining({ code: 'SiteChanged' }))
  })
})

describe('at once', () => {
  test('no more transfers run than there are jobs, and no more to a host than its source advises', async () => {
    let most = 0
    let wanted = 0
    const running: ServerResponse[] = []
    // As many as may run are answered together, after a moment for one too many. Twelve are so many times two, three or four.
    const origin = await web((_request, response) => {
      most = Math.max(most, running.push(response))
      if (running.length !== wanted) return
      setTimeout(() => {
        for (const one of running.splice(0)) one.end('x')
      }, 20)
    })
    const peak = async (settings: Parameters<typeof open>[0], slots: number): Promise<number> => {
      most = 0
      wanted = slots
      const http = open(settings)
      await Promise.all(Array.from({ length: 12 }, () => fetchFile(http, origin)))
      return most
    }
    expect(await peak({ jobs: 3 }, 3)).toBe(3)
    expect(await peak({ jobs: 8, perHost: 2 }, 2)).toBe(2)
    expect(await peak({ jobs: 8, limits: [{ scope: 'one', hosts: ['127.0.0.1'], slots: 4 }] }, 4)).toBe(4)
  })

  test('scopes are told by host and by the longest path', () => {
    const http = open({
      limits: [
        { scope: 'site', hosts: ['example.org', '*.example.org'], slots: 5 },
        { scope: 'site api', hosts: ['www.example.org'], path: '/api/', slots: 1 },
      ],
    })
    expect(http.scope('https://www.example.org/api/v1')).toEqual({ name: 'site api', slots: 1 })
    expect(http.scope('https://www.example.org/art/api/')).toEqual({ name: 'site', slots: 5 })
    expect(http.scope('https://example.org/api/')).toEqual({ name: 'site', slots: 5 })
    expect(http.scope('https://other.example:8443/')).toEqual({ name: 'other.example:8443', slots: 24 })
  })

  test("says who is asking: the program, the source's advice, or the user's own choice", async () => {
    const origin = await web((request, response) => response.end(request.headers['user-agent']))
    const limits = [{ scope: 'one', hosts: ['127.0.0.1'], userAgent: 'Browser/1' }]
    const asked = async (settings: Parameters<typeof open>[0]): Promise<string> =>
      (await fetchFile(open(settings), origin)).body.toString()
    expect(await asked({ version: '1.2.3' })).toBe('bowerbird/1.2.3')
    expect(await asked({ limits })).toBe('Browser/1')
    expect(await asked({ limits, userAgent: 'Mine/2' })).toBe('Mine/2')
  })
})
