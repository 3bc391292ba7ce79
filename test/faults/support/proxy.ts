import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** What happens to one connection on its way; bytes are those of the answers. */
export type Toxic =
  /** Every chunk is late by so many milliseconds. */
  | { readonly kind: 'latency'; readonly milliseconds: number }
  /** A reset (RST) after so many bytes. */
  | { readonly kind: 'reset'; readonly bytes: number }
  /** A regular end (FIN) after so many bytes. */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** So many bytes a second. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** In pieces of so many bytes, each one a packet of its own. */
  | { readonly kind: 'slicer'; readonly bytes: number }
  /** Nothing comes any more after so many bytes, and the connection stays. */
  | { readonly kind: 'silence'; readonly bytes: number }

const TICK_MS = 20

/**
 * A TCP proxy before a server of the test: `choose` says for each new connection, counted from 0, what happens to it.
 */
export class FaultProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #connections = 0

  private constructor(upstream: number, choose: (connection: number) => Toxic | undefined) {
    this.#server = createServer({ allowHalfOpen: false }, (client) => {
      const server = connect(upstream, '127.0.0.1')
      for (const socket of [client, server]) {
        this.#sockets.add(socket)
        socket.on('error', () => client.destroy())
        socket.on('close', () => this.#sockets.delete(socket))
      }
      client.pipe(server)
      client.on('close', () => server.destroy())
      pass(server, client, choose(this.#connections))
      this.#connections += 1
    })
  }

  static async open(upstream: number, choose: (connection: number) => Toxic | undefined): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstream, choose)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get connections(): number {
    return this.#connections
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

function pass(from: Socket, to: Socket, toxic: Toxic | undefined): void {
  switch (toxic?.kind) {
    case undefined:
      from.pipe(to)
      break
    case 'latency':
      from.on('data', (chunk: Buffer) => setTimeout(() => to.write(chunk), toxic.milliseconds))
      from.on('end', () => setTimeout(() => to.end(), toxic.milliseconds))
      break
    case 'reset':
      upTo(from, to, toxic.bytes, () => to.resetAndDestroy())
      break
    case 'cut':
      upTo(from, to, toxic.bytes, () => to.end())
      break
    case 'silence':
      upTo(from, to, toxic.bytes, () => undefined)
      break
    case 'slow':
      drip(from, to, Math.max(1, Math.round((toxic.bytesPerSecond * TICK_MS) / 1000)), TICK_MS)
      break
    case 'slicer':
      to.setNoDelay(true)
      drip(from, to, toxic.bytes, 0)
      break
  }
}

/** Lets the first bytes through; what comes behind them goes nowhere. */
function upTo(from: Socket, to: Socket, bytes: number, then: () => void): void {
  let left = bytes
  from.on('data', (chunk: Buffer) => {
    if (left <= 0) return
    const piece = chunk.subarray(0, left)
    left -= piece.length
    to.write(piece, () => {
      if (left <= 0) then()
    })
  })
  from.on('end', () => {
    if (left > 0) to.end()
  })
}

/** Hands on pieces of so many bytes, one each `milliseconds` (0: one each turn of the event loop). */
function drip(from: Socket, to: Socket, bytes: number, milliseconds: number): void {
  const waiting: Buffer[] = []
  let ended = false
  from.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; at += bytes) waiting.push(chunk.subarray(at, at + bytes))
  })
  from.on('end', () => (ended = true))
  const step = (): void => {
    const piece = waiting.shift()
    if (to.destroyed) return
    if (piece !== undefined) to.write(piece)
    else if (ended) {
      to.end()
      return
    }
    if (milliseconds === 0) setImmediate(step)
    else setTimeout(step, milliseconds)
  }
  step()
}
