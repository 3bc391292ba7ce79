import { setTimeout as sleep } from 'node:timers/promises'
import type { Page as ChromiumPage, Request, Response } from 'playwright-core'
import type { Page } from '../../core/browser.ts'
import { Fault } from '../../core/errors.ts'

/** Characters of a document, and of all answers together, that are handed over. */
const MOST_CHARACTERS = 16 * 1024 ** 2

/** Milliseconds without a request of the page's scripts after which nothing more is expected of a scroll. */
const REST_MS = 1000
const LOOK_MS = 100

/** How often a page may be replaced by another while it is read. */
const MOST_MOVES = 5

/** What is run in the page. A page may give anything back, so what comes is looked at. */
const HEIGHT = 'document.documentElement.scrollHeight'
const SCROLL = `scrollTo(0, ${HEIGHT})`
const DOCUMENT = `document.documentElement.outerHTML.slice(0, ${MOST_CHARACTERS + 1})`

function attributesOf(selector: string, name: string): string {
  const found = `document.querySelectorAll(${JSON.stringify(selector)})`
  return `Array.from(${found}, (element) => element.getAttribute(${JSON.stringify(name)}))`
}

/** Turns what the library throws into faults, and ends what takes too long. */
export type Guard = <T>(work: Promise<T>) => Promise<T>

/** Takes a slot of the page's host while something is done that makes the page ask for more. */
export type Politely = <T>(work: () => Promise<T>) => Promise<T>

interface Manner {
  readonly guard: Guard
  readonly politely: Politely
  /** Milliseconds for one step. */
  readonly patience: number
}

/** A page that is open in Chromium. */
export class OpenPage implements Page {
  readonly #page: ChromiumPage
  readonly #manner: Manner
  readonly #answers: Promise<string | undefined>[] = []
  #room = MOST_CHARACTERS
  #pending = 0
  /** Monotonic milliseconds of the last request's end. */
  #busy = performance.now()
  status = 0

  constructor(page: ChromiumPage, manner: Manner) {
    this.#page = page
    this.#manner = manner
    page.on('request', (request) => {
      if (isOfScripts(request)) this.#pending += 1
    })
    page.on('requestfinished', (request) => this.#ended(request))
    page.on('requestfailed', (request) => this.#ended(request))
    page.on('response', (response) => this.#keep(response))
  }

  url(): string {
    return this.#page.url()
  }

  async html(): Promise<string> {
    const text = await this.#evaluate(DOCUMENT)
    if (typeof text !== 'string') throw new Fault('BadResponse', 'the page hides its document', { url: this.url() })
    if (text.length > MOST_CHARACTERS) {
      throw new Fault('TooLarge', `the page has grown beyond ${MOST_CHARACTERS} characters`, { url: this.url() })
    }
    return text
  }

  async answers(): Promise<readonly string[]> {
    const texts = await this.#manner.guard(Promise.all(this.#answers))
    return texts.filter((text) => text !== undefined)
  }

  async attributes(selector: string, name: string): Promise<readonly (string | undefined)[]> {
    const values = await this.#evaluate(attributesOf(selector, name))
    return Array.isArray(values) ? values.map((value) => (typeof value === 'string' ? value : undefined)) : []
  }

  async waitFor(
    selector: string,
    { over = 0, within }: { readonly over?: number; readonly within: number },
  ): Promise<boolean> {
    const found = this.#page.locator(css(selector)).nth(over).waitFor({ state: 'attached', timeout: within })
    return this.#manner.guard(found.then(() => true, unlessLate))
  }

  scroll(): Promise<boolean> {
    return this.#manner.politely(async () => {
      const before = await this.#height()
      await this.#evaluate(SCROLL)
      return this.#grown(before)
    })
  }

  click(selector: string, position = 0): Promise<boolean> {
    return this.#manner.politely(() => {
      const clicked = this.#page.locator(css(selector)).nth(position).click({ timeout: this.#manner.patience })
      return this.#manner.guard(clicked.then(() => true, unlessLate))
    })
  }

  /** Growing takes as long as the scripts' requests do: the page has grown when those are over and it is higher. */
  async #grown(before: number): Promise<boolean> {
    const began = performance.now()
    for (;;) {
      const height = await this.#height()
      const now = performance.now()
      if (this.#pending === 0 && height > before) return true
      if (this.#pending === 0 && now - Math.max(began, this.#busy) > REST_MS) return false
      if (now - began > this.#manner.patience) return height > before
      await sleep(LOOK_MS)
    }
  }

  async #height(): Promise<number> {
    const height = await this.#evaluate(HEIGHT)
    return typeof height === 'number' ? height : 0
  }

  #evaluate(expression: string): Promise<unknown> {
    return this.#manner.guard(this.#steady(() => this.#page.evaluate<unknown>(expression)))
  }

  /** Asks again when the page was replaced in the meantime: one may lead to another by its scripts. */
  async #steady<T>(read: () => Promise<T>): Promise<T> {
    for (let moves = 0; ; moves += 1) {
      try {
        return await read()
      } catch (thrown) {
        if (moves >= MOST_MOVES || !isReplaced(thrown)) throw thrown
        await this.#page.waitForLoadState('domcontentloaded')
      }
    }
  }

  #ended(request: Request): void {
    if (!isOfScripts(request)) return
    this.#pending -= 1
    this.#busy = performance.now()
  }

  /** Answers of other origins are advertisements, fonts and counters. One that cannot be read any more is left out. */
  #keep(response: Response): void {
    if (!isOfScripts(response.request()) || originOf(response.url()) !== originOf(this.url())) return
    this.#answers.push(
      response.text().then(
        (text) => {
          this.#room -= text.length
          return this.#room < 0 ? undefined : text
        },
        () => undefined,
      ),
    )
  }
}

function isReplaced(thrown: unknown): boolean {
  return thrown instanceof Error && /context was destroyed|Cannot find context|frame was detached/.test(thrown.message)
}

function isOfScripts(request: Request): boolean {
  return ['xhr', 'fetch'].includes(request.resourceType())
}

function originOf(url: string): string | undefined {
  return URL.parse(url)?.origin
}

/** Selectors are CSS, and never one of the library's own languages. */
function css(selector: string): string {
  return `css=${selector}`
}

/** Time that is up is an answer; everything else is a fault. */
function unlessLate(thrown: unknown): false {
  if (thrown instanceof Error && thrown.name === 'TimeoutError') return false
  throw thrown
}
