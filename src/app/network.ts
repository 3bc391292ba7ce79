import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Fault } from '../core/errors.ts'
import type { Browser } from '../core/browser.ts'
import type { Emit } from '../core/events.ts'
import type { Http } from '../core/http.ts'
import type { Source } from '../core/source.ts'
import { whyUnreadable } from '../core/unreadable.ts'
import type { Settings } from '../config/settings.ts'
import { DrivenBrowser } from '../http/browser/browser.ts'
import { createHttp } from '../http/client.ts'
import { parseConnectTo } from '../http/connect/connect-to.ts'
import { CookieJar } from '../http/cookies/jar.ts'
import { requireNetscape } from '../http/cookies/netscape.ts'
import type { HttpSettings } from '../http/settings.ts'
import type { Limiter } from '../ports/limiter.ts'
import { withDataUrls } from './data-urls.ts'
import { LoginRenewal, stampOf } from './login-renewal.ts'
import { version } from './version.ts'

/** All ways out to the network, which go by the same rules. */
interface Network {
  readonly http: Http
  readonly browser: Browser
  /** The cookies in the file of `--cookies`. */
  readonly login?: LoginRenewal
  close(): Promise<void>
}

/** The way out to the network, as the settings want it. `named`: origins that the user named; `-H` goes there. */
export async function openNetwork(
  settings: Settings,
  sources: readonly Source[],
  named: readonly string[],
  limiter: Limiter,
  emit: Emit,
): Promise<Network> {
  const cookies = new CookieJar()
  const login = await readCookies(settings, cookies, emit)
  const all: HttpSettings = {
    version,
    jobs: settings.jobs,
    limits: sources.flatMap((source) => source.limits),
    minSpeed: settings.minSpeed,
    maxSize: settings.maxSize.any,
    retries: settings.retries,
    robots: settings.robots,
    environment: process.env,
    connectTo: settings.connectTo.map((text) => parseConnectTo(text)),
    cookies,
    onWait: (wait) => emit({ event: 'wait', ...wait }),
    ...(settings.timeout !== undefined && {
      timeouts: { firstByte: settings.timeout, idle: settings.timeout, connect: settings.timeout },
    }),
    ...(settings.perHost !== undefined && { perHost: settings.perHost }),
    ...(settings.rate !== undefined && { rate: settings.rate }),
    ...(settings.limitRate !== undefined && { limitRate: settings.limitRate }),
    ...(settings.userAgent !== undefined && { userAgent: settings.userAgent }),
    ...(settings.proxy !== undefined && { proxy: settings.proxy }),
    ...(settings.browser !== undefined && { browser: settings.browser }),
    ...(settings.cacert !== undefined && { ca: await readCertificates(settings.cacert) }),
    ...(settings.header.length > 0 && {
      userHeaders: { headers: Object.fromEntries(settings.header.map(({ name, value }) => [name, value])), to: named },
    }),
  }
  const client = createHttp(all, limiter)
  const driven = new DrivenBrowser(client.share())
  return {
    http: withDataUrls(client),
    browser: settings.header.length === 0 ? driven : withoutHeaders(driven, emit),
    ...(login && { login }),
    close: async () => {
      await driven.close()
      await client.close()
    },
  }
}

/** A header that the browser was given for a page would follow its redirects to other sites. */
function withoutHeaders(browser: Browser, emit: Emit): Browser {
  let told = false
  const message = 'pages that are opened in the browser are asked for without the headers of -H'
  return {
    visit: (request, use) => {
      if (!told) emit({ event: 'note', level: 'warning', message })
      told = true
      return browser.visit(request, use)
    },
  }
}

/** Fills the jar; a file can be read again later in the run. */
async function readCookies(settings: Settings, jar: CookieJar, emit: Emit): Promise<LoginRenewal | undefined> {
  if (settings.cookiesFromBrowser !== undefined) await addBrowserCookies(jar, settings.cookiesFromBrowser, emit)
  const { cookies: path } = settings
  if (path === undefined) return undefined
  // Apart from what sites set themselves, which no login comes with.
  const own = new CookieJar()
  const read = async (): Promise<void> => {
    const cookies = requireNetscape(await readText(path, '--cookies'), path)
    for (const one of [jar, own]) one.add(cookies)
  }
  const isFor = (url: string): boolean => URL.canParse(url) && own.header(new URL(url)) !== undefined
  // Before the reading: what is written meanwhile is new.
  const stamp = await stampOf(path).catch(() => undefined)
  await read()
  return stamp === undefined ? undefined : new LoginRenewal({ path, read, isFor }, stamp, settings.loginWait, emit)
}

/** Cookies that are locked away are no fault while there are others: most sites need but a few of them. */
async function addBrowserCookies(jar: CookieJar, text: string, emit: Emit): Promise<void> {
  const { EXPORT_ADVICE } = await import('../http/cookies/advice.ts')
  const { readBrowserCookies, thisMachine } = await import('../http/cookies/browser.ts')
  const { browser, cookies, file, leftOut } = await readBrowserCookies(text, thisMachine())
  jar.add(cookies)
  if (leftOut === 0 && cookies.length > 0) return
  const place = `${file} (${browser})`
  const locked = `${leftOut} of ${cookies.length + leftOut} cookies in ${place} cannot be decrypted: their key is in the desktop's keyring, which is not read`
  if (leftOut > 0 && cookies.length === 0) throw new Fault('Usage', locked, { advice: EXPORT_ADVICE })
  const message = leftOut === 0 ? `there are no cookies in ${place}` : `${locked}; ${EXPORT_ADVICE}`
  emit({ event: 'note', level: 'warning', message })
}

/** A file without certificates would make every server look like an impostor. */
async function readCertificates(file: string): Promise<string> {
  const text = await readText(file, '--cacert')
  try {
    void new X509Certificate(text)
    return text
  } catch (thrown) {
    throw new Fault('Usage', `the file of --cacert holds no certificate: ${file}`, {
      advice: 'give certificates in the PEM format: they begin with -----BEGIN CERTIFICATE-----',
      cause: thrown,
    })
  }
}

async function readText(file: string, option: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (thrown) {
    throw new Fault('Usage', `the file of ${option}, ${file}, cannot be read: ${whyUnreadable(thrown)}`, {
      cause: thrown,
    })
  }
}
