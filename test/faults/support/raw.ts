import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A server that writes bytes as they are. */
export interface RawServer {
  readonly port: number
  /** First lines of all requests so far. */
  readonly asked: readonly string[]
  url(path: string): string
  close(): Promise<void>
}

/** `answer` gets every request as text, with the socket that it may write to, end or destroy. */
export async function rawServer(answer: (socket: Socket, request: string) => void): Promise<RawServer> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const request = text.slice(0, end)
        text = text.slice(end + 4)
        asked.push(request.split('\r\n', 1)[0] ?? '')
        answer(socket, request)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    asked,
    url: (path) => `http://127.0.0.1:${port}${path}`,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
