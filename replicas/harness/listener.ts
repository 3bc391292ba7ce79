import type { AddressInfo, Socket } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { createServer as createPlainServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { Certificates } from './certificates.ts'
import type { Incoming, Line, Outgoing } from './send.ts'

export type Serve = (request: Incoming, line: Line, scheme: 'http' | 'https') => void

export interface Listener {
  readonly port: number
  close(): Promise<void>
}

/** The first byte of a TLS handshake record. */
const TLS_HANDSHAKE = 0x16

/** One loopback port that speaks HTTP/2 and HTTP/1.1 over TLS (by ALPN), and plain HTTP/1.1. */
export async function listen(certificates: Certificates, http2: boolean, serve: Serve): Promise<Listener> {
  const sockets = new Map<number, Socket>()
  const answer =
    (scheme: 'http' | 'https') =>
    (request: Incoming, response: Outgoing): void => {
      const socket = sockets.get(request.socket.remotePort ?? -1)
      if (socket !== undefined) serve(request, { response, socket }, scheme)
    }
  const ALPNProtocols = http2 ? ['h2', 'http/1.1'] : ['http/1.1']
  const secure = createSecureServer(
    { key: certificates.key, cert: certificates.chain, allowHTTP1: true, ALPNProtocols },
    answer('https'),
  )
  const plain = createPlainServer(answer('http'))
  for (const server of [secure, plain]) server.on('clientError', (_error: Error, socket: Socket) => socket.destroy())
  secure.on('sessionError', () => {})

  const tcp = createTcpServer({ noDelay: true }, (socket) => {
    const port = socket.remotePort ?? -1
    sockets.set(port, socket)
    socket.once('close', () => sockets.delete(port))
    socket.on('error', () => socket.destroy())
    socket.once('data', (first: Buffer) => {
      socket.pause()
      socket.unshift(first)
      const server = first[0] === TLS_HANDSHAKE ? secure : plain
      server.emit('connection', socket)
      process.nextTick(() => socket.resume())
    })
  })
  await new Promise<void>((resolve, reject) => tcp.once('error', reject).listen(0, '127.0.0.1', resolve))
  return {
    port: (tcp.address() as AddressInfo).port,
    close: () => {
      const closed = new Promise<void>((resolve) => tcp.close(() => resolve()))
      for (const socket of sockets.values()) socket.destroy()
      return closed
    },
  }
}
