import type { Socket } from 'node:net'
import { rawServer } from './raw.ts'
import type { RawServer } from './raw.ts'

export interface RawAsked {
  readonly socket: Socket
  /** The request's head. */
  readonly request: string
  readonly path: string
  /** How often this path was asked before. */
  readonly before: number
  /** How many requests this connection brought before. */
  readonly earlier: number
  /** Of its `Range: bytes=N-`. */
  readonly from: number | undefined
}

/** What a path answers: bytes for a connection that is closed behind them, or whatever it does with the socket. */
export type RawHandler = (asked: RawAsked) => Buffer | string | undefined

export interface RawSite extends RawServer {
  readonly log: readonly RawAsked[]
  /** Adds a path, or what all paths that no other handler is for answer (`*`). */
  on(path: string, handler: RawHandler): void
  /** Requests for a path. */
  count(path: string): number
}

/** A site that writes its answers byte by byte. */
export async function rawSite(): Promise<RawSite> {
  const handlers = new Map<string, RawHandler>()
  const log: RawAsked[] = []
  const server = await rawServer((socket, request) => {
    const path = /^\S+ (\S+)/.exec(request)?.[1] ?? '/'
    const from = /^range: bytes=(\d+)-/im.exec(request)?.[1]
    const asked: RawAsked = {
      socket,
      request,
      path,
      before: log.filter((one) => one.path === path).length,
      earlier: log.filter((one) => one.socket === socket).length,
      from: from === undefined ? undefined : Number(from),
    }
    log.push(asked)
    const handler = handlers.get(path) ?? handlers.get('*')
    const reply = handler === undefined ? head(404, { 'content-length': 0 }) : handler(asked)
    if (reply !== undefined) socket.end(typeof reply === 'string' ? Buffer.from(reply, 'latin1') : reply)
  })
  return {
    ...server,
    log,
    on: (path, handler) => void handlers.set(path, handler),
    count: (path) => log.filter((one) => one.path === path).length,
  }
}

type Headers = Readonly<Record<string, string | number>>

/** Status line and headers, with the blank line. */
export function head(status: number, headers: Headers = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} Status\r\n${lines.join('')}\r\n`
}

/** A whole answer, or the beginning of one. */
export function answer(status: number, headers: Headers, body: Uint8Array | string = ''): Buffer {
  return Buffer.concat([Buffer.from(head(status, headers), 'latin1'), Buffer.from(body)])
}
