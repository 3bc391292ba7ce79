import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { constants } from 'node:http2'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Misbehaviour } from './mishaps.ts'
import type { HeaderValues } from './headers.ts'

export type Incoming = IncomingMessage | Http2ServerRequest
export type Outgoing = ServerResponse | Http2ServerResponse

/** An answer as it goes on the wire. */
export interface Reply {
  readonly status: number
  readonly headers: HeaderValues
  readonly body: Uint8Array
  /** HEAD: the length is told, the body is not sent. */
  readonly headOnly: boolean
}

/** A connection's two ends: the answer, and the TCP socket below TLS and HTTP/2. */
export interface Line {
  readonly response: Outgoing
  readonly socket: Socket
}

/** Sends a reply, well or as a misbehaviour has it. Resolves when all is handed over, with the body's bytes sent. */
export async function send(line: Line, reply: Reply, wrong: Misbehaviour | undefined): Promise<number> {
  switch (wrong?.kind) {
    case undefined:
    case 'answer':
      return sendWhole(line, reply)
    case 'headers':
      return sendWhole(line, { ...reply, headers: { ...reply.headers, ...wrong.headers } })
    case 'delay':
      await wait(wrong.milliseconds)
      return sendWhole(line, reply)
    case 'slow':
      return sendSlowly(line, reply, wrong.bytesPerSecond)
    case 'cut':
      return sendStart(line, reply, wrong.after, () => {
        hangUp(line)
      })
    case 'reset':
      return sendStart(line, reply, wrong.after, () => {
        line.socket.resetAndDestroy()
      })
    case 'silence':
      return sendStart(line, reply, wrong.after, () => {})
    case 'endless':
      return sendForEver(line, wrong.mime)
    case 'raw':
      return sendRaw(line, wrong)
  }
}

function sendWhole(line: Line, reply: Reply): number {
  writeHead(line.response, reply)
  if (reply.headOnly) line.response.end()
  else line.response.end(reply.body)
  return reply.headOnly ? 0 : reply.body.length
}

async function sendSlowly(line: Line, reply: Reply, bytesPerSecond: number): Promise<number> {
  const tick = 50
  const step = Math.max(1, Math.round((bytesPerSecond * tick) / 1000))
  writeHead(line.response, reply)
  let sent = 0
  while (sent < reply.body.length && !isOver(line)) {
    write(line.response, reply.body.subarray(sent, sent + step))
    sent += step
    await wait(tick)
  }
  line.response.end()
  return Math.min(sent, reply.body.length)
}

/** The head and the first bytes (nothing at all where `after` is not given), then whatever goes wrong. */
async function sendStart(line: Line, reply: Reply, after: number | undefined, goWrong: () => void): Promise<number> {
  if (after !== undefined) {
    writeHead(line.response, reply)
    await flush(line.response, reply.body.subarray(0, after))
    // The bytes must have left the TLS and HTTP/2 layers before the socket below them goes.
    await wait(20)
  }
  goWrong()
  return Math.min(after ?? 0, reply.body.length)
}

async function sendForEver(line: Line, mime: string): Promise<number> {
  const chunk = new Uint8Array(65_536)
  let sent = 0
  line.response.statusCode = 200
  line.response.setHeader('content-type', mime)
  while (!isOver(line)) {
    await flush(line.response, chunk)
    sent += chunk.length
  }
  return sent
}

/** Writes past node's own HTTP layer, into the TLS stream. */
function sendRaw(line: Line, wrong: Extract<Misbehaviour, { kind: 'raw' }>): number {
  const stream = 'stream' in line.response ? undefined : line.response.socket
  if (stream === null || stream === undefined)
    throw new Error('raw bytes need an HTTP/1.1 connection: start the replicas with http2: false')
  if (wrong.then === 'hang') stream.write(wrong.bytes)
  else stream.end(wrong.bytes)
  return wrong.bytes.length
}

function writeHead(response: Outgoing, reply: Reply): void {
  const headers = new Map<string, string | readonly string[]>()
  if (reply.status !== 304 && reply.status !== 204) headers.set('content-length', String(reply.body.length))
  for (const [name, value] of Object.entries(reply.headers)) {
    if (value === null) headers.delete(name)
    else headers.set(name, value)
  }
  response.statusCode = reply.status
  for (const [name, value] of headers) response.setHeader(name, value)
}

function write(response: Outgoing, chunk: Uint8Array, done?: () => void): void {
  if ('stream' in response) response.write(Buffer.from(chunk), done)
  else response.write(chunk, done)
}

/** Resolves when the bytes were taken over, or the client has gone. */
function flush(response: Outgoing, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve)
    write(response, chunk, () => {
      response.off('close', resolve)
      resolve()
    })
  })
}

function isOver(line: Line): boolean {
  return line.socket.destroyed || ('stream' in line.response ? line.response.stream.destroyed : line.response.destroyed)
}

/** Ends an answer before its announced length: the stream of HTTP/2, the connection of HTTP/1.1. */
function hangUp(line: Line): void {
  if ('stream' in line.response) line.response.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  else line.socket.destroy()
}
