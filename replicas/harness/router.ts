import type { Answer, Handler, Request } from './replica.ts'

interface Entry {
  readonly method: string
  readonly host: string
  readonly pattern: RegExp
  readonly handle: Handler
}

/**
 * Picks a handler by method, host and path, in the order they were added. In a path `:name` takes one part, and
 * `*name` at its end takes the rest, slashes included; both come decoded in `request.params`.
 */
export class Router {
  readonly #entries: Entry[] = []

  /** `host` as in `Replica.hosts`; `*` takes all hosts of the replica. */
  get(host: string, path: string, handle: Handler): this {
    return this.#add('GET', host, path, handle)
  }

  post(host: string, path: string, handle: Handler): this {
    return this.#add('POST', host, path, handle)
  }

  /** The replica's handler: HEAD is taken by GET's entries; nothing that fits gives a bare 404. */
  readonly handler: Handler = async (request) => {
    const method = request.method === 'HEAD' ? 'GET' : request.method
    for (const entry of this.#entries) {
      const match =
        entry.method === method && hostMatches(entry.host, request.url.hostname)
          ? entry.pattern.exec(request.url.pathname)
          : null
      if (match === null) continue
      const answer = await entry.handle({ ...request, params: decodeAll(match.groups ?? {}) })
      if (answer !== undefined) return answer
    }
    return NOT_FOUND
  }

  #add(method: string, host: string, path: string, handle: Handler): this {
    this.#entries.push({ method, host, pattern: compile(path), handle })
    return this
  }
}

const NOT_FOUND: Answer = {
  status: 404,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>404 Not Found</title><h1>Not Found</h1>',
}

/** `*.example.org` takes every host below example.org, `*` any. */
export function hostMatches(pattern: string, host: string): boolean {
  if (pattern === '*' || pattern === host) return true
  return pattern.startsWith('*.') && host.endsWith(pattern.slice(1))
}

function compile(path: string): RegExp {
  const source = path
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:([a-z]\w*)/gi, '(?<$1>[^/]+)')
    .replace(/\*([a-z]\w*)$/i, '(?<$1>.*)')
  return new RegExp(`^${source}$`)
}

function decodeAll(groups: Readonly<Record<string, string | undefined>>): Request['params'] {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value ?? '')]))
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
