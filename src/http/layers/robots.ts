import { toFault } from '../../core/errors.ts'
import type { Flow, Receiver, ResponseHead } from '../../core/http.ts'
import { hopFault } from '../faults.ts'
import type { Layer, Outgoing } from '../outgoing.ts'
import type { RobotsFile } from './robots-file.ts'
import { parseRules } from './robots-rules.ts'

/** Why a URL may not be fetched; `undefined` when it may. */
type Rules = (url: URL) => string | undefined

/** The name that robots.txt and opt-out headers know the program by. */
const AGENT = 'bowerbird'

/** Directives of `X-Robots-Tag` that keep pictures out of collections, as img2dataset reads them; `none` is noindex. */
const OPT_OUT = new Set(['noai', 'noimageai', 'noindex', 'noimageindex', 'none'])

/** Directives that have a value behind a colon, as the name of an agent has directives behind one. */
const VALUED = /^(unavailable_after|max-snippet|max-image-preview|max-video-preview)$/i

/** A search by keyword meets thousands of hosts; rules that are forgotten are read again. */
const MANY_ORIGINS = 1000

/** RFC 9309 section 2.3.1: 4xx means that there are no rules; silence and errors of the server mean hands off. */
function rulesOf(url: string, file: RobotsFile): Rules {
  if (file.status >= 400) return () => undefined
  const allows = parseRules(url, file.text, AGENT)
  return (page) => (allows(page) ? undefined : 'robots.txt forbids it')
}

/** Redirects that lead nowhere mean the same as 4xx. */
function rulesWithoutFile(thrown: unknown): Rules {
  const { code, message } = toFault(thrown)
  if (code === 'Redirect') return () => undefined
  return () => `whether robots.txt allows it is not known (${message})`
}

/** The rules of all origins, each read once. */
export class RobotsRules {
  readonly #read: (url: string, named: boolean) => Promise<RobotsFile>
  readonly #rules = new Map<string, Promise<Rules>>()

  constructor(read: (url: string, named: boolean) => Promise<RobotsFile>) {
    this.#read = read
  }

  /** Why a URL may not be fetched; `undefined` when it may. */
  async refusal(url: URL, named: boolean): Promise<string | undefined> {
    if (url.pathname === '/robots.txt') return undefined
    return (await (this.#rules.get(url.origin) ?? this.#learn(url.origin, named)))(url)
  }

  #learn(origin: string, named: boolean): Promise<Rules> {
    const place = `${origin}/robots.txt`
    const rules = this.#read(place, named).then((file) => rulesOf(place, file), rulesWithoutFile)
    const [oldest] = this.#rules.keys()
    if (oldest !== undefined && this.#rules.size >= MANY_ORIGINS) this.#rules.delete(oldest)
    this.#rules.set(origin, rules)
    return rules
  }
}

/** Whether the values of `X-Robots-Tag` opt out for everybody or for this program. */
export function optsOut(values: string | readonly string[]): boolean {
  return [values].flat().some(lineOptsOut)
}

/** `noai, nofollow` is for everybody, `bowerbird: noai, nofollow` for one; a name holds for what follows it. */
function lineOptsOut(line: string): boolean {
  let meant = true
  return line.split(',').some((piece) => {
    const [, name = '', rest = piece] = /^\s*([\w*-]+)\s*:(.*)$/.exec(piece) ?? []
    if (VALUED.test(name)) return false
    if (name !== '') meant = name === '*' || name.toLowerCase() === AGENT
    return meant && OPT_OUT.has(rest.trim().toLowerCase())
  })
}

class OptOut implements Receiver {
  readonly #receiver: Receiver
  readonly #request: Outgoing

  constructor(receiver: Receiver, request: Outgoing) {
    this.#receiver = receiver
    this.#request = request
  }

  start(head: ResponseHead, flow: Flow): void {
    const tag = head.headers['x-robots-tag']
    if (tag !== undefined && optsOut(tag))
      throw hopFault('Robots', 'the site opts out of collections (X-Robots-Tag)', this.#request)
    this.#receiver.start(head, flow)
  }

  data(chunk: Uint8Array): void {
    this.#receiver.data(chunk)
  }
}

/** Others wait for the same rules: who gives up does not take them along. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const giveUp = (): void => reject(toFault(signal.reason, 'Cancelled'))
  if (signal.aborted) giveUp()
  else signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

/** `--robots`: composed only where it is on. */
export function robotsObeying(rules: Pick<RobotsRules, 'refusal'>): Layer {
  return (next) => async (request, receiver) => {
    const refusal = await unlessAborted(rules.refusal(request.url, request.named), request.signal)
    if (refusal !== undefined) throw hopFault('Robots', refusal, request)
    return next(request, new OptOut(receiver, request))
  }
}
