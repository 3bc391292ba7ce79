import type { BrowserContext, Page as ChromiumPage, Response, Route } from 'playwright-core'
import type { Browser, Page, PageRequest } from '../../core/browser.ts'
import { Fault, toFault } from '../../core/errors.ts'
import { redactUrl } from '../../core/redact.ts'
import type { Flow, Receiver, ResponseHead } from '../../core/http.ts'
import type { Shared } from '../client.ts'
import { retrying } from '../layers/retry.ts'
import type { Exchange, Outgoing } from '../outgoing.ts'
import { Semaphore } from '../semaphore.ts'
import { lendCookies, takeCookies } from './cookies.ts'
import { pageFault } from './errors.ts'
import type { Launched } from './launch.ts'
import { OpenPage } from './page.ts'

/** Pages at once: each takes 100 to 300 MB. */
const MOST_PAGES = 2

/** Milliseconds for one visit in all, whatever the page does. */
const VISIT_MS = 10 * 60_000

/** Milliseconds for one step of a visit where the settings name none. */
const PATIENCE_MS = 30_000

/** What no page needs to tell what it has. */
const NEEDLESS: ReadonlySet<string> = new Set(['font', 'media', 'manifest', 'texttrack', 'websocket', 'eventsource'])

const NO_FLOW: Flow = { pause: () => undefined, resume: () => undefined }
const NOBODY: Receiver = { start: () => undefined, data: () => undefined }

/**
 * Chromium, driven: started with the first page, closed with the program. Every page has a context of its own with the
 * cookies of the run. What is governed and what is not: see docs/adr/0081-driven-browser.md.
 */
export class DrivenBrowser implements Browser {
  readonly #shared: Shared
  readonly #pages = new Semaphore(MOST_PAGES)
  #launched: Promise<Launched> | undefined
  #isClosed = false

  constructor(shared: Shared) {
    this.#shared = shared
  }

  async visit<T>(request: PageRequest, use: (page: Page) => Promise<T>): Promise<T> {
    const { settings } = this.#shared
    if (!request.url.startsWith('https://')) {
      throw new Fault('Address', `the browser opens https pages only: ${redactUrl(request.url).slice(0, 200)}`)
    }
    await this.#pages.take(request.signal)
    try {
      return await retrying(settings.retries ?? 4, request.signal, () => this.#visit(request, use))
    } finally {
      this.#pages.give()
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const launched = await this.#launched?.catch(() => undefined)
    await launched?.close()
  }

  async #visit<T>(request: PageRequest, use: (page: Page) => Promise<T>): Promise<T> {
    if (request.signal?.aborted === true) throw toFault(request.signal.reason, 'Cancelled')
    const outgoing = this.#shared.outgoing(request.url, request.signal)
    const launched = await this.#start()
    const context = await this.#context(launched, outgoing)
    try {
      const value = await new Visit(launched, context, this.#shared, outgoing).run(request, use)
      await takeCookies(this.#shared.cookies, context)
      return value
    } finally {
      await context.close().catch(() => undefined)
    }
  }

  /** One that has broken down is started again. */
  async #start(): Promise<Launched> {
    if (this.#isClosed) throw new Fault('Cancelled', 'the program is closing its browser')
    const { launch } = await import('./launch.ts')
    this.#launched ??= launch(this.#shared.settings)
    const launched = await this.#launched.catch((thrown: unknown) => {
      this.#launched = undefined
      throw thrown
    })
    if (launched.chromium.isConnected()) return launched
    this.#launched = undefined
    await launched.close()
    return this.#start()
  }

  async #context({ chromium, userAgent }: Launched, outgoing: Outgoing): Promise<BrowserContext> {
    const context = await chromium.newContext({
      acceptDownloads: false,
      serviceWorkers: 'block',
      userAgent: this.#shared.userAgent(outgoing) ?? `${userAgent} bowerbird/${this.#shared.settings.version}`,
    })
    await lendCookies(this.#shared.cookies, context)
    return context
  }
}

/** One page from its opening to its end. Dialogs are dismissed by the library where nobody listens for them. */
class Visit {
  readonly #launched: Launched
  readonly #context: BrowserContext
  readonly #shared: Shared
  readonly #outgoing: Outgoing
  readonly #ending = new AbortController()

  constructor(launched: Launched, context: BrowserContext, shared: Shared, outgoing: Outgoing) {
    this.#launched = launched
    this.#context = context
    this.#shared = shared
    this.#outgoing = outgoing
  }

  async run<T>(request: PageRequest, use: (page: Page) => Promise<T>): Promise<T> {
    const page = await this.#open(request.pictures ?? false)
    const patience = this.#shared.settings.timeouts?.firstByte ?? PATIENCE_MS
    const place = redactUrl(request.url)
    const timer = setTimeout(() => this.#end(new Fault('Browser', `the page has no end: ${place}`)), VISIT_MS)
    const cancel = (): void => this.#end(toFault(request.signal?.reason, 'Cancelled'))
    request.signal?.addEventListener('abort', cancel)
    page.on('crash', () => this.#end(new Fault('Browser', `the page broke down in the browser: ${place}`)))
    const guard = <V>(work: Promise<V>): Promise<V> => this.#guard(work, patience)
    const politely = <V>(work: () => Promise<V>): Promise<V> => this.#shared.inTurn(this.#outgoing, work)
    const open = new OpenPage(page, { guard, politely, patience })
    try {
      open.status = (await this.#load(page, patience)).status
      return await use(open)
    } finally {
      clearTimeout(timer)
      request.signal?.removeEventListener('abort', cancel)
    }
  }

  async #open(pictures: boolean): Promise<ChromiumPage> {
    const admit = (route: Route): Promise<void> => {
      const request = route.request()
      const type = request.resourceType()
      const isWanted = request.url().startsWith('https:') && !NEEDLESS.has(type) && (pictures || type !== 'image')
      return (isWanted ? route.continue() : route.abort('blockedbyclient')).catch(() => undefined)
    }
    await this.#context.route('**/*', admit)
    const page = await this.#context.newPage()
    this.#context.on('page', (other) => void other.close().catch(() => undefined))
    return page
  }

  /** Loads the page as a request is made: robots rules, a slot and the clock of its scope. */
  #load(page: ChromiumPage, patience: number): Promise<ResponseHead> {
    const load: Exchange = async ({ url }, receiver) => {
      const loading = page.goto(url.href, { waitUntil: 'domcontentloaded', timeout: patience })
      const head = await headOf(await this.#guard(loading, patience), url.href)
      receiver.start(head, NO_FLOW)
      return head
    }
    return this.#shared.considerate(load)(this.#outgoing, NOBODY)
  }

  #end(fault: Fault): void {
    this.#ending.abort(fault)
  }

  /** A step ends with the visit at the latest, also where the page's scripts have no end. */
  async #guard<T>(work: Promise<T>, patience: number): Promise<T> {
    const { signal } = this.#ending
    const late = new Fault('Timeout', `the page does not answer the browser: ${redactUrl(this.#outgoing.url.href)}`)
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(late), patience + SPARE_MS)
    const ended = (): void => reject(toFault(signal.reason))
    signal.addEventListener('abort', ended)
    // Work that nobody waits for any more ends with the page.
    work.catch(() => undefined)
    try {
      signal.throwIfAborted()
      return await Promise.race([work, promise])
    } catch (thrown) {
      throw signal.aborted ? toFault(signal.reason) : pageFault(thrown, this.#outgoing.url.href, this.#launched.gateway)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', ended)
    }
  }
}

/** Milliseconds for the library to notice its own time limits. */
const SPARE_MS = 2000

/** Nothing comes back for a page that stands there already, which a new one never does. */
async function headOf(response: Response | null, url: string): Promise<ResponseHead> {
  if (response === null) throw new Fault('BadResponse', `the browser got no answer: ${redactUrl(url)}`, { url })
  return { url: response.url(), status: response.status(), headers: await response.allHeaders(), redirects: 0 }
}
