/**
 * The project's own server for benchmarks. It speaks just enough HTTP/1.1 for GET and HEAD with ranges, on bare sockets
 * and from memory, so that it costs little of the two cores that the measured program shares with it.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { digitsOf } from '../corpus/mold.ts'
import { moldOf, openShelf, type Shelf } from '../corpus/shelf.ts'
import type { Answer, Question } from './own-messages.ts'
import { readHead, type Head } from './request-head.ts'
import type { Demand } from './server.ts'

const HEAD_END = '\r\n\r\n'
const MOST_HEAD = 16_384
const MODIFIED = 'Thu, 01 Jan 2026 00:00:00 GMT'

let requests = 0
let port = 0

process.on('disconnect', () => process.exit(0))
process.on('message', (question: Question) => {
  const tell = (): boolean | undefined => process.send?.({ port, requests } satisfies Answer)
  if (question === 'count') tell()
  else void serve(question.serve).then(tell)
})

async function serve({ shelf, items, latency }: Demand): Promise<void> {
  const open = await openShelf(shelf)
  const listener = createServer({ noDelay: true }, (socket) => converse(socket, open, items, latency))
  listener.listen({ host: '127.0.0.1', port: 0, backlog: 1024 })
  await once(listener, 'listening')
  port = (listener.address() as AddressInfo).port
}

/** Answers come in the order of their requests: the latency is the same for all. */
function converse(socket: Socket, shelf: Shelf, items: number, latency: number | undefined): void {
  let text = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    for (let end = text.indexOf(HEAD_END); end >= 0; end = text.indexOf(HEAD_END)) {
      const head = readHead(text.slice(0, end))
      text = text.slice(end + HEAD_END.length)
      requests += 1
      if (latency === undefined) answer(socket, shelf, items, head)
      else setTimeout(() => answer(socket, shelf, items, head), latency)
    }
    if (text.length > MOST_HEAD) socket.destroy()
  })
}

function answer(socket: Socket, shelf: Shelf, items: number, head: Head): void {
  if (socket.destroyed) return
  const mold = head.number !== undefined && head.number <= items ? moldOf(shelf, head.number) : undefined
  if (mold === undefined || head.folder !== shelf.name || head.number === undefined) {
    send(socket, head, '404 Not Found', ['Content-Length: 0'], [])
    return
  }
  const { bytes } = shelf
  const last = Math.min(head.to ?? bytes - 1, bytes - 1)
  const from = head.from ?? 0
  if (from > last) {
    send(socket, head, '416 Range Not Satisfiable', [`Content-Range: bytes */${bytes}`, 'Content-Length: 0'], [])
    return
  }
  const part = head.from !== undefined
  send(
    socket,
    head,
    part ? '206 Partial Content' : '200 OK',
    [
      `Content-Type: ${shelf.mime}`,
      `Content-Length: ${last + 1 - from}`,
      `Last-Modified: ${MODIFIED}`,
      `ETag: "${shelf.name}-${head.number}"`,
      'Accept-Ranges: bytes',
      ...(part ? [`Content-Range: bytes ${from}-${last}/${bytes}`] : []),
    ],
    cut([mold.before, Buffer.from(digitsOf(head.number)), mold.after], from, last + 1),
  )
}

function send(socket: Socket, head: Head, status: string, lines: readonly string[], body: readonly Buffer[]): void {
  const connection = head.close ? 'close' : 'keep-alive'
  socket.cork()
  socket.write([`HTTP/1.1 ${status}`, ...lines, `Connection: ${connection}`, '', ''].join('\r\n'), 'latin1')
  if (head.method !== 'HEAD') for (const piece of body) socket.write(piece)
  if (head.close) socket.end()
  socket.uncork()
}

/** The bytes `from` to `to` of pieces in a row. */
function cut(pieces: readonly Buffer[], from: number, to: number): Buffer[] {
  let at = 0
  return pieces.flatMap((piece) => {
    const kept = piece.subarray(Math.max(0, from - at), Math.max(0, to - at))
    at += piece.length
    return kept.length > 0 ? [kept] : []
  })
}
