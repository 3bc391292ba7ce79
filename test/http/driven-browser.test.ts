import { execFile } from 'node:child_process'
import { createServer as createHttpsServer } from 'node:https'
import type { Server } from 'node:https'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { generate } from 'selfsigned'
import { afterAll, expect, test, vi } from 'vitest'
import { MemoryLimiter } from '../../src/adapters/limiter/memory.ts'
import type { Page } from '../../src/core/browser.ts'
import { DrivenBrowser } from '../../src/http/browser/browser.ts'
import { openGateway } from '../../src/http/browser/gateway.ts'
import { createHttp } from '../../src/http/client.ts'
import { parseConnectTo } from '../../src/http/connect/connect-to.ts'
import { CookieJar } from '../../src/http/cookies/jar.ts'
import type { HttpSettings } from '../../src/http/settings.ts'
import { describeWithBrowser } from '../chromium.ts'
import { httpProxy, socksProxy } from './proxy-servers.ts'
import { authority, faultOf, listen, onEnd, secureWeb } from './support.ts'

const HOST = 'museum.example'
const HOME = `https://${HOST}/`

interface Asked {
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

interface Site {
  readonly port: number
  /** What was asked of it, favicons apart. */
  readonly asked: Asked[]
}

type Pages = Readonly<Record<string, string | RequestListener>>

/** What a site answers: pages by path, or what answers there. */
function answering(pages: () => Pages, asked: Asked[]): RequestListener {
  return (request, response) => {
    const url = request.url ?? '/'
    if (url !== '/favicon.ico') asked.push({ url, headers: request.headers })
    const page = pages()[new URL(url, HOME).pathname]
    if (typeof page === 'function') page(request, response)
    else if (page === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  }
}

/** A site over TLS, for one test. */
async function site(pages: Pages, names: readonly string[] = [HOST]): Promise<Site> {
  const asked: Asked[] = []
  return {
    port: await secureWeb(
      names,
      answering(() => pages, asked),
    ),
    asked,
  }
}

interface Opened {
  readonly browser: DrivenBrowser
  readonly limiter: MemoryLimiter
  close(): Promise<void>
}

function makeBrowser(settings: Partial<HttpSettings>): Opened {
  const limiter = new MemoryLimiter()
  const http = createHttp(
    { version: '1.2.3', retries: 0, environment: { PATH: process.env['PATH'] }, ...settings },
    limiter,
  )
  const browser = new DrivenBrowser(http.share())
  const close = async (): Promise<void> => {
    await browser.close()
    await http.close()
    await limiter.close()
  }
  return { browser, limiter, close }
}

/** For one test. */
function openBrowser(settings: Partial<HttpSettings>): DrivenBrowser {
  const opened = makeBrowser(settings)
  onEnd(() => opened.close())
  return opened.browser
}

/** The same, which finds a site in place of its host and trusts the tests' authority. */
async function openAt({ port }: Site, settings: Partial<HttpSettings> = {}): Promise<DrivenBrowser> {
  const connectTo = [parseConnectTo(`${HOST}:443:127.0.0.1:${port}`)]
  return openBrowser({ ca: (await authority()).ca, connectTo, ...settings })
}

const html = (page: Page): Promise<string> => page.html()

/** One site and one browser for all tests that need no settings of their own: a browser takes a second to start. */
let shared: (Opened & { readonly server: Server }) | undefined
let pages: Pages = {}
const asked: Asked[] = []

async function serve(answers: Pages): Promise<DrivenBrowser> {
  pages = answers
  asked.length = 0
  if (shared !== undefined) return shared.browser
  const trusted = await authority()
  const server = createHttpsServer(
    await trusted.issue([HOST]),
    answering(() => pages, asked),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const connectTo = [parseConnectTo(`${HOST}:443:127.0.0.1:${port}`)]
  const limits = [{ scope: 'museum', hosts: [HOST], slots: 1 }]
  shared = { ...makeBrowser({ ca: trusted.ca, connectTo, limits }), server }
  return shared.browser
}

afterAll(async () => {
  await shared?.close()
  await new Promise((resolve) => shared?.server.close(resolve) ?? resolve(undefined))
})

describeWithBrowser('a page in the driven browser', () => {
  test('is what its scripts make of it, with what they fetch from its origin', async () => {
    const browser = await serve({
      '/': '<div id="a"></div><script>fetch("/more").then((r) => r.text()).then((t) => { document.querySelector("#a").innerHTML = `<b title="${t}">` })</script>',
      '/more': 'found',
    })
    const seen = await browser.visit({ url: HOME }, async (page) => {
      const isThere = await page.waitFor('#a b', { within: 20_000 })
      return [page.status, page.url(), isThere, await page.attributes('b', 'title'), await page.answers()]
    })
    expect(seen).toEqual([200, HOME, true, ['found'], ['found']])
  })

  test('grows by scrolling until its scripts bring nothing more', async () => {
    const browser = await serve({
      '/': `<style>p{height:900px}</style><p>1<p>2<script>let n = 2; addEventListener('scroll', async () => {
        if (n >= 4) return; const name = await (await fetch('/more?n=' + ++n)).text()
        document.body.append(Object.assign(document.createElement('p'), { id: name })) })</script>`,
      '/more': 'new',
    })
    const grown = await browser.visit({ url: HOME }, async (page) => {
      const steps = [await page.scroll(), await page.scroll(), await page.scroll()]
      return [...steps, (await page.attributes('#new', 'id')).length]
    })
    expect(grown).toEqual([true, true, false, 2])
  })

  test('can be clicked; what is not there or hidden cannot', async () => {
    const here = await site({
      '/': '<button onclick="this.id=1">a</button><button onclick="this.id=2">b</button><i hidden>',
    })
    // So long may loading take; so long is waited for what cannot be clicked.
    const browser = await openAt(here, { timeouts: { firstByte: 4000 } })
    const clicked = await browser.visit({ url: HOME }, async (page) => [
      await page.click('button', 1),
      await page.click('button', 2),
      await page.click('i'),
      await page.attributes('button', 'id'),
    ])
    expect(clicked).toEqual([true, false, false, [undefined, '2']])
  })

  test('comes without fonts, media and, where nobody asks for them, pictures', async () => {
    const browser = await serve({
      '/': `<style>@font-face{font-family:x;src:url(/font.woff2)}body{font-family:x}</style>text
        <video src="/film.mp4" autoplay></video><img src="/picture.png"><link rel="stylesheet" href="/style.css"><script src="/end.js"></script>`,
      '/end.js': (_request, response) =>
        response.end('onload = () => document.body.append(document.createElement("hr"))'),
    })
    const load = async (pictures: boolean): Promise<readonly string[]> => {
      asked.length = 0
      await browser.visit({ url: HOME, pictures }, (page) => page.waitFor('hr', { within: 20_000 }))
      return asked.map(({ url }) => url).toSorted()
    }
    expect(await load(false)).toEqual(['/', '/end.js', '/style.css'])
    expect(await load(true)).toEqual(['/', '/end.js', '/picture.png', '/style.css'])
  })

  test('is opened over https alone', async () => {
    const browser = openBrowser({})
    expect((await faultOf(browser.visit({ url: 'http://museum.example/' }, html))).code).toBe('Address')
  })
})

describeWithBrowser('what the driven browser says of itself', () => {
  test('names the program, unless the user or the source of the site has another name for it', async () => {
    const here = await site({ '/': 'hello' })
    const limits = [{ scope: HOST, hosts: [HOST], userAgent: 'advised/1' }]
    for (const [settings, sign] of [
      [{}, /HeadlessChrome.* bowerbird\/1\.2\.3$/],
      [{ limits }, /^advised\/1$/],
      [{ limits, userAgent: 'mine/2' }, /^mine\/2$/],
    ] as const) {
      const browser = await openAt(here, settings)
      await browser.visit({ url: HOME }, html)
      expect(here.asked.pop()?.headers['user-agent']).toMatch(sign)
    }
  })

  test('hides from no page that a program drives it', async () => {
    const browser = await serve({ '/': '<script>document.documentElement.id = String(navigator.webdriver)</script>' })
    expect(await browser.visit({ url: HOME }, (page) => page.attributes('html', 'id'))).toEqual(['true'])
  })

  test("sends the run's cookies to their hosts, and brings back what sites set", async () => {
    const cookies = new CookieJar()
    const cookie = { path: '/', secure: true, httpOnly: true, subdomains: false, value: 'ü', name: 'own' }
    cookies.add([
      { ...cookie, domain: HOST },
      { ...cookie, domain: 'other.example', name: 'theirs' },
    ])
    const here = await site({
      '/': (_request, response) => response.setHeader('set-cookie', ['seen=1; Path=/; Secure']).end('hello'),
    })
    const browser = await openAt(here, { cookies })
    await browser.visit({ url: HOME }, html)
    await browser.visit({ url: HOME }, html)
    expect(here.asked.map(({ headers }) => headers['cookie'])).toEqual([
      Buffer.from('own=ü').toString('latin1'),
      Buffer.from('own=ü; seen=1').toString('latin1'),
    ])
    expect(cookies.header(new URL(HOME))).toContain('seen=1')
  })
})

describeWithBrowser('the ways of the driven browser', () => {
  test('lead through the proxy of the user, whatever its kind', async () => {
    const here = await site({ '/': '<p id="p">' })
    const http = await httpProxy(here.port, 'joe:secret')
    const socks = await socksProxy(here.port, 'joe:secret')
    const { ca } = await authority()
    for (const proxy of [`http://joe:secret@127.0.0.1:${http.port}`, `socks5h://joe:secret@127.0.0.1:${socks.port}`]) {
      const browser = openBrowser({ ca, proxy })
      expect(await browser.visit({ url: HOME }, (page) => page.attributes('p', 'id'))).toEqual(['p'])
    }
    expect([http.asked[0], socks.asked[0]]).toEqual([`CONNECT ${HOST}:443`, `5 ${HOST}:443`])
  })

  test('end where a certificate is not of the named authority, though the chain may show it', async () => {
    const rogue = await generate([{ name: 'commonName', value: HOST }], {
      keyType: 'ec',
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: HOST }] }],
    })
    const { ca } = await authority()
    // Anybody can show the public certificate of an authority behind one that it never signed.
    const server = createHttpsServer({ key: rogue.private, cert: `${rogue.cert}\n${ca}` }, (_request, response) =>
      response.end('rogue'),
    )
    const browser = await openAt({ port: await listen(server), asked: [] })
    const fault = await faultOf(browser.visit({ url: HOME }, html))
    expect([fault.code, fault.evidence.advice]).toEqual(['Certificate', expect.stringContaining('--cacert')])
  })

  test('end where the certificate is for another host', async () => {
    const browser = await openAt(await site({ '/': 'hello' }, ['other.example']))
    expect((await faultOf(browser.visit({ url: HOME }, html))).code).toBe('Certificate')
  })

  test('without --cacert the browser itself speaks TLS, and trusts no authority of tests', async () => {
    const here = await site({ '/': 'hello' })
    const connectTo = [parseConnectTo(`${HOST}:443:127.0.0.1:${here.port}`)]
    const fault = await faultOf(openBrowser({ connectTo }).visit({ url: HOME }, html))
    expect([fault.code, fault.message]).toEqual(['Certificate', expect.stringContaining('ERR_CERT_AUTHORITY_INVALID')])
  })

  test('never lead to private addresses, neither of pages nor in them', async () => {
    const inside = await site({ '/secret': 'secret' }, ['127.0.0.1'])
    const secret = `https://127.0.0.1:${inside.port}/secret`
    const browser = await serve({
      '/': `<script>fetch(${JSON.stringify(secret)}, { mode: 'no-cors' }).finally(() => { document.body.id = 'tried' })</script>`,
      '/moved': (_request, response) => response.writeHead(302, { location: secret }).end(),
    })
    const isTried = await browser.visit({ url: HOME }, (page) => page.waitFor('#tried', { within: 20_000 }))
    expect(isTried).toBe(true)
    expect((await faultOf(browser.visit({ url: `${HOME}moved` }, html))).code).toMatch(/^(Address|Network)$/)
    expect((await faultOf(browser.visit({ url: secret }, html))).code).toBe('Address')
    expect(inside.asked).toEqual([])
  })

  test('cannot be used by others on this machine', async () => {
    const here = await site({ '/': 'hello' })
    const gateway = await openGateway({ version: '0', connectTo: [parseConnectTo(`::127.0.0.1:${here.port}`)] })
    onEnd(() => gateway.close())
    const socket = connect(gateway.port, '127.0.0.1')
    socket.end(`CONNECT ${HOST}:443 HTTP/1.1\r\nHost: ${HOST}:443\r\n\r\n`)
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 407 /)
  })
})

describeWithBrowser('the manners of the driven browser', () => {
  test('pages wait for the slot of their host and for its clock', async () => {
    let open = 0
    let most = 0
    const browser = await serve({
      '/': (_request, response) => {
        most = Math.max(most, ++open)
        setTimeout(() => response.end('hello', () => open--), 300)
      },
      '/busy': (_request, response) => response.writeHead(429, { 'retry-after': '60' }).end('later'),
    })
    await Promise.all([1, 2].map(() => browser.visit({ url: HOME }, html)))
    expect(most).toBe(1)
    const before = Date.now()
    const told: number[] = []
    const postpone = vi.spyOn(MemoryLimiter.prototype, 'postpone')
    postpone.mockImplementation((scope, until) => void told.push(scope === 'museum' ? until : 0))
    const visit = browser.visit({ url: `${HOME}busy` }, (page) => Promise.resolve(page.status))
    const status = await visit.finally(() => postpone.mockRestore())
    expect(status).toBe(429)
    expect(told.map((until) => until >= before + 60_000)).toEqual([true])
  })

  test('robots.txt is obeyed where the user asks for it', async () => {
    const here = await site({
      '/robots.txt': (_request, response) => response.end('User-agent: *\nDisallow: /search'),
      '/search': 'results',
    })
    const browser = await openAt(here, { robots: true })
    expect((await faultOf(browser.visit({ url: `${HOME}search` }, html))).code).toBe('Robots')
    expect(here.asked.map(({ url }) => url)).toEqual(['/robots.txt'])
  })
})

describeWithBrowser('hostile pages', () => {
  test('that never come to rest are given up, and the browser goes on', async () => {
    const here = await site({ '/': '<script>setTimeout(() => { for (;;); }, 0)</script>', '/next': '<p id="p">' })
    const browser = await openAt(here, { timeouts: { firstByte: 8000 } })
    const fault = await faultOf(
      browser.visit({ url: HOME }, async (page) => {
        for (;;) await page.html()
      }),
    )
    expect(fault.code).toBe('Timeout')
    expect(await browser.visit({ url: `${HOME}next` }, (page) => page.attributes('p', 'id'))).toEqual(['p'])
  })

  test('open no dialogs and no windows, and leave no files', async () => {
    const browser = await serve({
      '/': `<script>alert(1); confirm(2); open('/window'); document.documentElement.id = 'on'; setTimeout(() => { location = '/file' }, 50)</script>`,
      '/window': 'window',
      '/file': (_request, response) =>
        response.writeHead(200, { 'content-disposition': 'attachment; filename=x.bin' }).end('x'),
    })
    expect(await browser.visit({ url: HOME }, (page) => page.attributes('html', 'id'))).toEqual(['on'])
    expect((await faultOf(browser.visit({ url: `${HOME}file` }, html))).code).toBe('BadResponse')
  })

  test('that grow without end are refused', async () => {
    const browser = await serve({
      '/': '<script>document.documentElement.title = "x".repeat(17 * 1024 * 1024)</script>',
    })
    expect((await faultOf(browser.visit({ url: HOME }, html))).code).toBe('TooLarge')
  })

  test('that bring the browser down are a fault, and the next page gets a new one', async () => {
    const browser = await serve({ '/': '<p id="p">' })
    const visit = browser.visit({ url: HOME }, async (page) => {
      const { stdout } = await promisify(execFile)('pgrep', ['--parent', String(process.pid), 'chrom'])
      for (const pid of stdout.trim().split('\n')) process.kill(Number(pid), 'SIGKILL')
      return page.waitFor('#never', { within: 20_000 })
    })
    expect((await faultOf(visit)).code).toBe('Browser')
    expect(await browser.visit({ url: HOME }, (page) => page.attributes('p', 'id'))).toEqual(['p'])
  })

  test('are left at once when the run ends', async () => {
    const browser = await serve({ '/': 'hello' })
    const ending = new AbortController()
    const visit = browser.visit({ url: HOME, signal: ending.signal }, (page) => {
      ending.abort()
      return page.waitFor('#never', { within: 20_000 })
    })
    expect((await faultOf(visit)).code).toBe('Cancelled')
  })
})

test('a missing browser is told with what to install and how to name another one', async () => {
  const browser = openBrowser({ environment: { PATH: '/nowhere' } })
  const fault = await faultOf(browser.visit({ url: HOME }, html))
  expect([fault.code, fault.exit, fault.message]).toEqual([
    'Browser',
    4,
    'a browser is needed here, and no Chromium is installed',
  ])
  expect(fault.evidence.advice).toMatch(/apt-get install chromium.*--browser FILE/)
  const named = openBrowser({ browser: '/nowhere/chromium' })
  expect((await faultOf(named.visit({ url: HOME }, html))).message).toContain('there is no program /nowhere/chromium')
})

test('a browser that does not start is told in one line, with what it said', async () => {
  const browser = openBrowser({ browser: 'false' })
  const fault = await faultOf(browser.visit({ url: HOME }, html))
  expect([fault.code, fault.message.includes('\n')]).toEqual(['Browser', false])
  expect(fault.message).toMatch(/\/false does not start: it ended with status 1$/)
})
