import { Fault } from '../core/errors.ts'
import type {
  Http,
  HttpAnswer,
  HttpRequest,
  Receiver,
  RequestOptions,
  ResponseHead,
  TransferRequest,
} from '../core/http.ts'
import { isPrivateHost } from './addresses.ts'
import type { Limiter } from '../ports/limiter.ts'
import { Answer, Collector } from './answer.ts'
import { Connectors } from './connect/connector.ts'
import { Reading } from './connect/reading.ts'
import { routeOf } from './connect/route-of.ts'
import { CookieJar } from './cookies/jar.ts'
import { dispatching } from './dispatch.ts'
import { cookieKeeping } from './layers/cookies.ts'
import { decoding } from './layers/decode.ts'
import { headerWriting } from './layers/headers.ts'
import { limiting } from './layers/limits.ts'
import { cancelled, politeness } from './layers/politeness.ts'
import { redirecting } from './layers/redirect.ts'
import { retrying } from './layers/retry.ts'
import { readRobots } from './layers/robots-file.ts'
import { RobotsRules, robotsObeying } from './layers/robots.ts'
import { throttling } from './layers/throttle.ts'
import { Origins } from './origins.ts'
import { Outages } from './outages.ts'
import type { Exchange, Layer, Outgoing } from './outgoing.ts'
import { hostMatches } from '../core/hosts.ts'
import { Scopes } from './scopes.ts'
import type { Scope } from './scopes.ts'
import { Semaphore } from './semaphore.ts'
import type { HttpSettings, UserHeaders } from './settings.ts'
import { isChallenge, statusFault } from './status.ts'
import { Watch } from './watch.ts'

/*
 * The single way out to the network. Every request passes these layers, outermost first:
 *
 *   retry        exploring requests alone; transfers are tried again by engine/fetch
 *   redirect     every hop below is a request of its own, so that nothing secret outlives its origin
 *   robots       only with --robots: robots.txt of the hop's origin, opt-out headers of its answer
 *   cookies      of the hop's URL, out of and into the jar
 *   headers      user agent, what the caller asks for, the user's headers for their origins
 *   politeness   the scope's slot, rate and clock, then one of the jobs; until the end of the body
 *   decode       Content-Encoding comes off, with limits on size and ratio
 *   limits       size, and the length that was announced
 *   throttle     only with --limit-rate
 *   dispatch     undici, over two pools per origin; the watch looks after time limits and minimum speed
 *
 * Waiting for politeness lies inside the redirect, so each hop waits for its own host; and outside of decode, so a
 * slot is held until the last decoded byte is out. Layers that are not configured are not composed.
 */

const DEFAULT_JOBS = 24
const DEFAULT_RETRIES = 4
const EXPLORE_BYTES = 16 * 1024 ** 2
const CLOSING = 'the program is closing its connections'

/** The user's headers for an origin. */
function userHeadersOf(user: UserHeaders | undefined, url: URL): Readonly<Record<string, string>> | undefined {
  const meant = user?.to.some((place) =>
    place.includes('://')
      ? url.origin === new URL(place).origin
      : url.protocol === 'https:' && hostMatches(place, url.hostname),
  )
  if (user === undefined || meant !== true) return undefined
  return lowerCaseNames(user.headers)
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** Takes user name and password out of a URL: they go to its own origin as `Authorization`, and into no log. */
function takeCredentials(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined
  const pair = `${percentDecoded(url.username)}:${percentDecoded(url.password)}`
  url.username = ''
  url.password = ''
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

/** Undoes percent-encoding, also where a stray `%` stands. */
function percentDecoded(text: string): string {
  return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'))
}

type Start = Pick<Outgoing, 'url' | 'origin' | 'headers' | 'named' | 'downgraded' | 'redirects'>

function compose(layers: readonly (Layer | undefined)[], innermost: Exchange): Exchange {
  return layers.reduceRight<Exchange>((next, layer) => (layer === undefined ? next : layer(next)), innermost)
}

/** What a driven browser needs to go by the same rules as the requests. */
export interface Shared {
  readonly settings: HttpSettings
  readonly cookies: CookieJar
  /** A request for a page: checked, with its origin. */
  outgoing(url: string, signal: AbortSignal | undefined): Outgoing
  /** Robots rules and the waiting for the host's budget around the loading of a page. */
  considerate(load: Exchange): Exchange
  /** Works while holding a slot of the request's scope. */
  inTurn<T>(request: Outgoing, work: () => Promise<T>): Promise<T>
  /** What the user wants, or a source advises for its site. */
  userAgent(request: Outgoing): string | undefined
}

class Client implements Http {
  readonly #settings: HttpSettings
  readonly #limiter: Limiter
  readonly #origins: Origins
  readonly #watch: Watch
  readonly #cookies: CookieJar
  readonly #robots: Layer | undefined
  readonly #polite: Layer
  readonly #exchange: Exchange
  /** Ends the reading of robots.txt, which belongs to no single request. */
  readonly #closing = new AbortController()

  constructor(settings: HttpSettings, limiter: Limiter) {
    this.#settings = settings
    this.#limiter = limiter
    this.#cookies = settings.cookies ?? new CookieJar()
    const { timeouts = {}, maxSize, limitRate, onWait } = settings
    const jobs = settings.jobs ?? DEFAULT_JOBS
    const reading = new Reading()
    this.#origins = new Origins({
      connectors: new Connectors(
        {
          timeout: timeouts.connect ?? 8000,
          http2: settings.http2 ?? false,
          ...(settings.ca === undefined ? {} : { ca: settings.ca }),
        },
        reading,
      ),
      scopes: new Scopes({
        jobs,
        limits: settings.limits ?? [],
        ownTimeouts: settings.timeouts !== undefined,
        ...(settings.perHost === undefined ? {} : { perHost: settings.perHost }),
        ...(settings.rate === undefined ? {} : { rate: settings.rate }),
      }),
      routeOf: (url) => routeOf(settings, url),
      userHeadersOf: (url) => userHeadersOf(settings.userHeaders, url),
      http2: settings.http2 ?? false,
    })
    this.#watch = new Watch({
      firstByte: timeouts.firstByte ?? 30_000,
      idle: timeouts.idle ?? 30_000,
      speedWindow: settings.speedWindow ?? 30_000,
      minSpeed: settings.minSpeed ?? 1024,
    })
    const outages = new Outages(onWait)
    this.#polite = politeness({ limiter, jobs: new Semaphore(jobs), origins: this.#origins, outages, onWait })
    const inner = compose(
      [
        cookieKeeping(this.#cookies),
        headerWriting(
          { userAgent: settings.userAgent, defaultUserAgent: `bowerbird/${settings.version}` },
          this.#origins,
        ),
        this.#polite,
        decoding(maxSize),
        limiting(maxSize),
        limitRate === undefined ? undefined : throttling(limitRate),
      ],
      dispatching(this.#origins, this.#watch, reading),
    )
    const redirects = redirecting(this.#origins)
    this.#robots = settings.robots === true ? robotsObeying(this.#robotsRules(redirects(inner))) : undefined
    this.#exchange = compose([redirects, this.#robots], inner)
  }

  async request(request: HttpRequest, options: RequestOptions = {}): Promise<HttpAnswer> {
    const outgoing: Outgoing = {
      ...this.#start(request.url, request.headers, options.named ?? false),
      method: request.method ?? 'GET',
      ...(request.body === undefined ? {} : { body: request.body }),
      kind: 'explore',
      maxBytes: request.maxBytes ?? EXPLORE_BYTES,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    }
    return retrying(this.#settings.retries ?? DEFAULT_RETRIES, options.signal, () =>
      explore(this.#exchange, outgoing, request.accept),
    )
  }

  async transfer(request: TransferRequest, receiver: Receiver): Promise<ResponseHead> {
    const { url, headers, resume, named, signal, waiting } = request
    const range = resume === undefined ? {} : { range: `bytes=${resume.from}-`, 'if-range': resume.validator }
    const start = this.#start(url, resume === undefined ? headers : { ...headers, ...range }, named)
    const stops = { signal, ...(waiting && { waiting }) }
    return this.#exchange({ ...start, ...stops, method: 'GET', kind: 'transfer' }, receiver)
  }

  answer(head: ResponseHead, bytes: Uint8Array): HttpAnswer {
    return new Answer(head, bytes)
  }

  scope(url: string): { readonly name: string; readonly slots: number } {
    const parsed = new URL(url)
    const { name, budget } = this.#origins.scope(this.#origins.of(parsed), parsed.pathname)
    return { name, slots: budget.slots }
  }

  async close(): Promise<void> {
    this.#closing.abort(new Fault('Cancelled', CLOSING))
    this.#watch.close(new Fault('Cancelled', CLOSING))
    await this.#origins.close()
  }

  /** For a browser beside it. */
  share(): Shared {
    const scopeOf = ({ origin, url }: Outgoing): Scope => this.#origins.scope(origin, url.pathname)
    return {
      settings: this.#settings,
      cookies: this.#cookies,
      outgoing: (url, signal) => ({
        ...this.#start(url, undefined, false),
        method: 'GET',
        kind: 'explore',
        ...(signal && { signal }),
      }),
      considerate: (load) => compose([this.#robots, this.#polite], load),
      inTurn: async (request, work) => {
        const { name, budget } = scopeOf(request)
        const permit = await this.#limiter.take(name, budget, request.signal).catch(cancelled)
        try {
          return await work()
        } finally {
          permit.release()
        }
      },
      userAgent: (request) => this.#settings.userAgent ?? scopeOf(request).userAgent,
    }
  }

  /** What every first hop has. A URL of a page is checked by its text here, and by its address at connect. */
  #start(text: string, given: HttpRequest['headers'], named: boolean): Start {
    if (!URL.canParse(text)) throw new Fault('Address', `this is no URL: ${text.slice(0, 200)}`, { url: text })
    const url = new URL(text)
    url.hash = ''
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new Fault('Address', `only http and https are fetched, not ${url.protocol}`, { url: text })
    }
    const origin = this.#origins.of(url)
    if (!named && origin.route.kind !== 'mapped' && isPrivateHost(url.hostname)) {
      throw new Fault('Address', `a public page leads to a private place (${url.hostname}), which nobody named`, {
        url: text,
      })
    }
    const authorization = takeCredentials(url)
    const headers = given === undefined ? {} : lowerCaseNames(given)
    if (authorization !== undefined) headers['authorization'] ??= authorization
    return { url, origin, headers, named, downgraded: false, redirects: 0 }
  }

  #robotsRules(exchange: Exchange): RobotsRules {
    const { signal } = this.#closing
    return new RobotsRules((place, named) =>
      retrying(this.#settings.retries ?? DEFAULT_RETRIES, signal, () =>
        readRobots(exchange, { ...this.#start(place, undefined, named), method: 'GET', kind: 'explore', signal }),
      ),
    )
  }
}

/** One try of an exploring request: the whole answer, or the fault that its status stands for. */
async function explore(exchange: Exchange, request: Outgoing, accept: readonly number[] = []): Promise<Answer> {
  const collector = new Collector()
  const final = await exchange(request, collector)
  const answer = new Answer(collector.head ?? final, collector.bytes())
  const wanted = (answer.status >= 200 && answer.status < 300) || accept.includes(answer.status)
  if (!wanted || (isChallenge(answer.headers) && !accept.includes(answer.status))) throw statusFault(answer, request)
  return answer
}

/** Opens the way out to the network. Whoever opened it closes it. */
export function createHttp(settings: HttpSettings, limiter: Limiter): Http & { share(): Shared } {
  return new Client(settings, limiter)
}
