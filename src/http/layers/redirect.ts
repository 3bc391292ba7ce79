import type { Flow, Receiver, ResponseHead } from '../../core/http.ts'
import { isPrivateHost } from '../addresses.ts'
import { hopFault } from '../faults.ts'
import type { Origins } from '../origins.ts'
import type { Exchange, Layer, Outgoing } from '../outgoing.ts'
import { headerText } from '../retry-after.ts'

const MAX_REDIRECTS = 20

/** All header blocks of one chain of redirects together. */
const MAX_HEADER_BYTES = 300 * 1024

const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** What may cross to another origin. Everything else, known or not, may be a credential. */
const HARMLESS = new Set(['accept', 'accept-language', 'range', 'if-range', 'referer', 'user-agent'])

/** Passes the final answer on and keeps redirects to itself. */
class Hop implements Receiver {
  readonly #receiver: Receiver
  redirect: ResponseHead | undefined

  constructor(receiver: Receiver) {
    this.#receiver = receiver
  }

  start(head: ResponseHead, flow: Flow): void {
    if (REDIRECTS.has(head.status) && head.headers['location'] !== undefined) this.redirect = head
    else this.#receiver.start(head, flow)
  }

  data(chunk: Uint8Array): void {
    if (this.redirect === undefined) this.#receiver.data(chunk)
  }
}

/** A Location is ASCII by the rules and UTF-8 in the wild; undici reads bytes as latin1. */
function locationText(head: ResponseHead): string {
  const text = headerText(head.headers, 'location') ?? ''
  return /[\u0080-\u00ff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text
}

function nextUrl(request: Outgoing, head: ResponseHead): URL {
  const location = locationText(head).trim()
  if (Array.isArray(head.headers['location']))
    throw hopFault('Redirect', 'the answer redirects to several places at once', request)
  if (location === '') throw hopFault('Redirect', 'the redirect names no place', request)
  if (!URL.canParse(location, request.url.href))
    throw hopFault('Redirect', 'the redirect leads to something that is no URL', request)
  const url = new URL(location, request.url.href)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw hopFault('Redirect', `the redirect leads to ${url.protocol}, and only http and https are followed`, request)
  }
  url.hash = ''
  url.username = ''
  url.password = ''
  return url
}

/** The headers that the caller asked for, as far as they may go there. */
function carriedHeaders(request: Outgoing, url: URL): Outgoing['headers'] {
  if (url.origin === request.url.origin) return request.headers
  const downgrade = request.url.protocol === 'https:' && url.protocol === 'http:'
  const kept = Object.entries(request.headers).filter(
    ([name]) => HARMLESS.has(name) && !(downgrade && name === 'referer'),
  )
  return Object.fromEntries(kept)
}

/** Body and method after a redirect: POST becomes GET but for 307 and 308, and no body goes to another origin. */
function carriedBody(request: Outgoing, url: URL, status: number): Pick<Outgoing, 'method' | 'body'> {
  if (request.method !== 'POST') return { method: request.method }
  if (status !== 307 && status !== 308) return { method: 'GET' }
  if (url.origin !== request.url.origin)
    throw hopFault('Redirect', 'the redirect would send the body to another origin', request)
  return { method: 'POST', ...(request.body === undefined ? {} : { body: request.body }) }
}

function follow(request: Outgoing, head: ResponseHead, origins: Origins): Outgoing {
  const url = nextUrl(request, head)
  const origin = origins.of(url)
  const named = request.named && origins.isPrivate(request.origin)
  if (!named && origin.route.kind !== 'mapped' && isPrivateHost(url.hostname)) {
    throw hopFault('Address', `the redirect leads from a public place to a private one (${url.hostname})`, request)
  }
  const { body: _body, ...rest } = request
  return {
    ...rest,
    ...carriedBody(request, url, head.status),
    headers: carriedHeaders(request, url),
    url,
    origin,
    named,
    downgraded: request.downgraded || (request.url.protocol === 'https:' && url.protocol === 'http:'),
    redirects: request.redirects + 1,
  }
}

function headerBytes(head: ResponseHead): number {
  return Object.entries(head.headers).reduce((sum, [name, value]) => sum + name.length + String(value).length + 4, 0)
}

/**
 * Follows redirects. Every hop is a new request with new headers. Only http and https; from a public place never to a
 * private one; a private place that the user named may lead to others.
 */
export function redirecting(origins: Origins): Layer {
  return (next: Exchange): Exchange =>
    async (first, receiver) => {
      let request = first
      let bytes = 0
      for (;;) {
        const hop = new Hop(receiver)
        const head = await next(request, hop)
        if (hop.redirect === undefined) return head
        bytes += headerBytes(head)
        if (request.redirects >= MAX_REDIRECTS)
          throw hopFault('Redirect', `more than ${MAX_REDIRECTS} redirects`, first)
        if (bytes > MAX_HEADER_BYTES) throw hopFault('Redirect', 'the headers of the redirects have no end', first)
        request = follow(request, head, origins)
      }
    }
}
