import { createServer as createHttpServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createRawServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { generate } from 'selfsigned'
import { afterEach } from 'vitest'
import { MemoryLimiter } from '../../src/adapters/limiter/memory.ts'
import { Fault } from '../../src/core/errors.ts'
import type { Http, Receiver, ResponseHead } from '../../src/core/http.ts'
import { createHttp } from '../../src/http/client.ts'
import type { HttpSettings } from '../../src/http/settings.ts'

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** Registers what must be closed when the test ends. */
export function onEnd(close: () => Promise<void>): void {
  closing.push(close)
}

export async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onEnd(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

/** A web server over plain http; its origin. */
export async function web(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createHttpServer(listener))}`
}

/** A server that answers every request (up to its blank line) with what `reply` writes. */
export async function raw(reply: (socket: Socket, request: string) => void): Promise<string> {
  const server = createRawServer((socket) => {
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const request = text.slice(0, end + 4)
      text = text.slice(end + 4)
      reply(socket, request)
    })
  })
  return `http://127.0.0.1:${await listen(server)}`
}

export interface Authority {
  readonly ca: string
  issue(
    names: readonly string[],
    valid?: { readonly from: Date; readonly to: Date },
  ): Promise<{ readonly key: string; readonly cert: string }>
}

let shared: Promise<Authority> | undefined

/** A certificate authority; made once for a test file. */
export function authority(): Promise<Authority> {
  shared ??= makeAuthority()
  return shared
}

async function makeAuthority(): Promise<Authority> {
  const ca = await generate([{ name: 'commonName', value: 'Test authority' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  })
  return {
    ca: ca.cert,
    async issue(names, valid) {
      const made = await generate([{ name: 'commonName', value: names[0] ?? 'none' }], {
        keyType: 'ec',
        algorithm: 'sha256',
        ca: { key: ca.private, cert: ca.cert },
        ...(valid === undefined ? {} : { notBeforeDate: valid.from, notAfterDate: valid.to }),
        extensions: [
          { name: 'basicConstraints', cA: false },
          {
            name: 'subjectAltName',
            altNames: names.map((name) => (/^[\d.]+$/.test(name) ? { type: 7, ip: name } : { type: 2, value: name })),
          },
        ],
      })
      return { key: made.private, cert: made.cert }
    },
  }
}

/** A web server over TLS whose certificate is for these names; its port. */
export async function secureWeb(names: readonly string[], listener: RequestListener): Promise<number> {
  const { key, cert } = await (await authority()).issue(names)
  return listen(createHttpsServer({ key, cert }, listener))
}

/** The way out, with settings for quick tests. */
export function open(settings: Partial<HttpSettings> = {}, limiter = new MemoryLimiter()): Http {
  const http = createHttp({ version: 'test', ...settings }, limiter)
  onEnd(async () => {
    await http.close()
    await limiter.close()
  })
  return http
}

/** Keeps what a transfer brings. */
export class Keep implements Receiver {
  head: ResponseHead | undefined
  readonly #chunks: Buffer[] = []

  start(head: ResponseHead): void {
    this.head = head
  }

  data(chunk: Uint8Array): void {
    this.#chunks.push(Buffer.from(chunk))
  }

  get body(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}

const never = new AbortController().signal

/** One transfer of a URL that the user named. */
export async function fetchFile(
  http: Http,
  url: string,
  more: { readonly named?: boolean; readonly headers?: Record<string, string>; readonly signal?: AbortSignal } = {},
): Promise<Keep> {
  const keep = new Keep()
  await http.transfer({ url, named: true, signal: never, ...more }, keep)
  return keep
}

/** The fault that a promise ends with; anything else is a failure of the test. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  try {
    await promise
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown
    throw new Error('something other than a Fault was thrown', { cause: thrown })
  }
  throw new Error('no fault was thrown')
}
