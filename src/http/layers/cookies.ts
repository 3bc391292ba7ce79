import type { Flow, Receiver, ResponseHead } from '../../core/http.ts'
import type { CookieJar } from '../cookies/jar.ts'
import type { Layer, Outgoing } from '../outgoing.ts'

class Keeper implements Receiver {
  readonly #receiver: Receiver
  readonly #jar: CookieJar
  readonly #url: URL

  constructor(receiver: Receiver, jar: CookieJar, url: URL) {
    this.#receiver = receiver
    this.#jar = jar
    this.#url = url
  }

  start(head: ResponseHead, flow: Flow): void {
    const set = head.headers['set-cookie']
    if (set !== undefined) for (const one of typeof set === 'string' ? [set] : set) this.#jar.store(one, this.#url)
    this.#receiver.start(head, flow)
  }

  data(chunk: Uint8Array): void {
    this.#receiver.data(chunk)
  }
}

/** Cookies of each hop's own URL. A `cookie` header that the caller asked for is joined with them. */
export function cookieKeeping(jar: CookieJar): Layer {
  return (next) => (request, receiver) => {
    const keeper = new Keeper(receiver, jar, request.url)
    const cookies = request.downgraded ? undefined : jar.header(request.url)
    return next(cookies === undefined ? request : withCookies(request, cookies), keeper)
  }
}

function withCookies(request: Outgoing, cookies: string): Outgoing {
  const own = request.headers['cookie']
  return { ...request, headers: { ...request.headers, cookie: own === undefined ? cookies : `${cookies}; ${own}` } }
}
