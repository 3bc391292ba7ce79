import { createServer as createHttpServer } from 'node:http'
import { connect, createServer as createRawServer } from 'node:net'
import type { Socket } from 'node:net'
import { listen } from './support.ts'

/** An HTTP proxy that sends everything to one port, and keeps what it was asked. */
export async function httpProxy(
  target: number,
  password?: string,
): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = []
  const expected = password === undefined ? undefined : `Basic ${Buffer.from(password).toString('base64')}`
  const server = createHttpServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response
      .writeHead(expected !== undefined && request.headers['proxy-authorization'] !== expected ? 407 : 200)
      .end('by proxy')
  })
  server.on('connect', (request, client: Socket) => {
    asked.push(`CONNECT ${request.url}`)
    if (expected !== undefined && request.headers['proxy-authorization'] !== expected) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const upstream = connect(target, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
  })
  return { port: await listen(server), asked }
}

/** A SOCKS proxy of both versions that sends everything to one port; its replies come byte by byte. */
export async function socksProxy(
  target: number,
  password?: string,
): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = []
  const server = createRawServer((client) => {
    let buffer = Buffer.alloc(0)
    let step: 'hello' | 'login' | 'request' | 'open' = 'hello'
    const drip = (bytes: readonly number[]): void => {
      for (const byte of bytes) client.write(Buffer.from([byte]))
    }
    const join = (reply: readonly number[]): void => {
      step = 'open'
      const upstream = connect(target, '127.0.0.1', () => {
        drip(reply)
        upstream.pipe(client)
        client.on('data', (bytes) => upstream.write(bytes))
      })
      client.on('close', () => upstream.destroy())
      upstream.on('error', () => client.destroy())
    }
    client.setNoDelay(true)
    client.on('data', (bytes) => {
      if (step === 'open') return
      buffer = Buffer.concat([buffer, bytes])
      if (buffer[0] === 4) {
        const text = buffer.subarray(8).toString('latin1').split('\0')
        asked.push(
          `4 ${[...buffer.subarray(4, 8)].join('.')}:${buffer.readUInt16BE(2)} user=${text[0]} name=${text[1] ?? ''}`,
        )
        join([0, 0x5a, 0, 0, 0, 0, 0, 0])
      } else if (step === 'hello') {
        const methods = [...buffer.subarray(2)]
        buffer = Buffer.alloc(0)
        step = methods.includes(2) ? 'login' : 'request'
        drip([5, methods.includes(2) ? 2 : password === undefined ? 0 : 255])
      } else if (step === 'login') {
        const userLength = buffer[1] ?? 0
        const pair = `${buffer.subarray(2, 2 + userLength).toString()}:${buffer.subarray(3 + userLength).toString()}`
        buffer = Buffer.alloc(0)
        step = 'request'
        drip([1, pair === password ? 0 : 1])
      } else {
        const kind = buffer[3]
        const address =
          kind === 3 ? buffer.subarray(5, 5 + (buffer[4] ?? 0)).toString() : [...buffer.subarray(4, 8)].join('.')
        asked.push(`5 ${address}:${buffer.readUInt16BE(buffer.length - 2)}`)
        join([5, 0, 0, 1, 127, 0, 0, 1, 0, 80])
      }
    })
    client.on('error', () => undefined)
  })
  return { port: await listen(server), asked }
}
