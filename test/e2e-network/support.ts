/** The real program against real servers on the loopback, and what those servers saw. */
import { createServer as createHttpServer } from 'node:http'
import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect, createServer as createRawServer } from 'node:net'
import type { Socket } from 'node:net'
import { makeMedia } from '../../replicas/harness/media.ts'
import { workplace } from '../cli/support.ts'
import type { Ended } from '../cli/support.ts'
import { listen, onEnd } from '../http/support.ts'

/** One request as a server saw it. */
export interface Seen {
  readonly host: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Monotonic milliseconds. */
  readonly at: number
}

export interface Server {
  readonly port: number
  /** `http://127.0.0.1:PORT`, or https. */
  readonly origin: string
  readonly seen: Seen[]
  /** How many requests it had at once, at most. */
  readonly crowd: { most: number }
}

/** A JPEG; another seed, another file. */
export async function picture(seed: number, bytes = 0): Promise<Buffer> {
  return (await makeMedia({ format: 'jpeg', width: 32, height: 24, seed, bytes })).bytes
}

export function sendPicture(response: ServerResponse, bytes: Uint8Array, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': bytes.length, ...headers }).end(bytes)
}

export async function serve(
  answer: RequestListener,
  tls?: { readonly key: string; readonly cert: string },
): Promise<Server> {
  const seen: Seen[] = []
  const crowd = { most: 0 }
  let now = 0
  const listener: RequestListener = (request, response) => {
    const { headers, url = '' } = request
    seen.push({ host: headers.host ?? '', path: url, headers, at: performance.now() })
    crowd.most = Math.max(crowd.most, ++now)
    response.on('close', () => now--)
    answer(request, response)
  }
  const server = tls === undefined ? createHttpServer(listener) : createHttpsServer(tls, listener)
  const port = await listen(server)
  return { port, origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, seen, crowd }
}

/** An empty folder to run the program in; gone when the test ends. */
export async function place(environment: NodeJS.ProcessEnv = {}): Promise<Place> {
  const made = await workplace(environment)
  onEnd(() => made.remove())
  return { folder: made.folder, environment: made.environment, run: (...args) => made.run(...args) }
}

interface Place {
  readonly folder: string
  /** Of the programs that are started later. */
  readonly environment: NodeJS.ProcessEnv
  readonly run: (...args: readonly string[]) => Promise<Ended>
}

/** A proxy for http and https that leads everything to one port. */
export async function httpProxy(target: number): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = []
  const server = createHttpServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const path = new URL(request.url ?? '/').pathname
    void fetch(`http://127.0.0.1:${target}${path}`)
      .then(async (answer) => sendPicture(response, new Uint8Array(await answer.arrayBuffer())))
      .catch(() => response.destroy())
  })
  server.on('connect', (request, client: Socket) => {
    asked.push(`CONNECT ${request.url}`)
    const upstream = connect(target, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    endTogether(client, upstream)
  })
  return { port: await listen(server), asked }
}

function endTogether(one: Socket, other: Socket): void {
  one.on('error', () => other.destroy())
  other.on('error', () => one.destroy())
}

/** A SOCKS5 proxy without passwords that leads everything to one port. */
export async function socksProxy(target: number): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = []
  const server = createRawServer((client) => {
    client.once('data', () => {
      client.write(Buffer.from([5, 0]))
      client.once('data', (request) => {
        const name = request[3] === 3 ? request.subarray(5, -2).toString() : request.subarray(4, -2).join('.')
        asked.push(`${name}:${request.readUInt16BE(request.length - 2)}`)
        const upstream = connect(target, '127.0.0.1', () => {
          client.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80]))
          upstream.pipe(client).pipe(upstream)
        })
        endTogether(client, upstream)
      })
    })
  })
  return { port: await listen(server), asked }
}
