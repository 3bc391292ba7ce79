import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What a path answers; `undefined`: nothing more comes, as the handler wrote (or destroyed) the answer itself. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface Asked {
  /** How often this path was asked before, in all. */
  readonly before: number
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly response: ServerResponse
}

export type Handler = (asked: Asked) => Reply | undefined | Promise<Reply | undefined>

/** One request, noted when it came. */
export interface Visited {
  readonly host: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** Milliseconds of `performance.now()`. */
  readonly at: number
  /** The whole answer was handed to the connection. */
  done: boolean
}

/** A web site on a loopback port that does what a test says, and notes who asked for what. */
export class Site {
  readonly log: Visited[] = []
  readonly #handlers: (readonly [string, Handler])[] = []
  readonly #server = createServer((request, response) => void this.#serve(request, response))
  readonly #sockets = new Set<Socket>()
  /** Milliseconds before every answer. */
  latency = 0
  /** Called for every request when it comes in. */
  onAsked: (path: string) => void = () => undefined

  static async open(): Promise<Site> {
    const site = new Site()
    site.#server.on('connection', (socket: Socket) => {
      site.#sockets.add(socket)
      socket.on('close', () => site.#sockets.delete(socket))
      socket.on('error', () => undefined)
    })
    await listenOnOwnPort(site.#server)
    return site
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`
  }

  /** The same under the name of a host; `--connect-to` leads there. */
  at(path: string, host = 'site.test'): string {
    return `http://${host}${path}`
  }

  /** `path` whole, or its beginning when it ends with `*`; the last word counts. */
  on(path: string, handler: Handler | Reply): void {
    this.#handlers.unshift([path, typeof handler === 'function' ? handler : () => handler])
  }

  /** Paths that were asked for, in order; those that begin with `prefix`. */
  paths(prefix = '/'): readonly string[] {
    return this.log.map(({ path }) => path).filter((path) => path.startsWith(prefix))
  }

  /** Out of reach: all connections break, new ones are refused. */
  async vanish(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** In reach again, at the same port. */
  async comeBack(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve))
  }

  async close(): Promise<void> {
    await this.vanish()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/'
    const before = this.log.filter((visited) => visited.path === path).length
    const visited: Visited = {
      host: request.headers.host ?? '',
      path,
      headers: request.headers,
      at: performance.now(),
      done: false,
    }
    this.log.push(visited)
    response.on('finish', () => (visited.done = true))
    this.onAsked(path)
    if (this.latency > 0) await new Promise((resolve) => setTimeout(resolve, this.latency))
    const handler = this.#handlers.find(([pattern]) =>
      pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern,
    )?.[1]
    const reply =
      handler === undefined ? { status: 404 } : await handler({ before, path, headers: request.headers, response })
    if (reply !== undefined) send(response, reply)
  }
}

/**
 * Systems give their ports away from 32768 on: to one below nobody else comes by chance, as long as the site is out of
 * reach.
 */
async function listenOnOwnPort(server: Server): Promise<void> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening')
      return
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE')) throw thrown
    }
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '' }: Reply): void {
  const bytes = Buffer.from(body)
  response.writeHead(status, { 'content-length': String(bytes.length), ...headers })
  response.end(bytes)
}
