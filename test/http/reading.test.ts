import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { Flow, ResponseHead } from '../../src/core/http.ts'
import { fetchFile, open, raw, web } from './support.ts'

/** A head in pieces that end in its most awkward places. */
const PIECES = [
  'HT',
  'TP/1.1 200 OK\r\nX-Own: mi',
  `ne\r\nX-Long: ${'a'.repeat(20_000)}`,
  'b\r\nContent-Le',
  'ngth: 2\r',
  '\n\r\nok',
]

function writePieces(socket: Socket): void {
  socket.setNoDelay(true)
  PIECES.forEach((piece, index) => setTimeout(() => socket.write(piece), 15 * index))
}

/** Other connections that read all the while. */
async function withNoise<T>(http: ReturnType<typeof open>, work: Promise<T>): Promise<T> {
  const origin = await web((_request, response) => response.end('NOISE'.repeat(12_000)))
  const over = new AbortController()
  const done = work.finally(() => over.abort())
  while (!over.signal.aborted) {
    await fetchFile(http, origin)
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
  return done
}

const OWN = { own: 'mine', long: `${'a'.repeat(20_000)}b` }

function own(head: ResponseHead | undefined): unknown {
  return { own: head?.headers['x-own'], long: head?.headers['x-long'] }
}

describe('a head that comes in pieces is heard as it is, whatever other connections bring meanwhile', () => {
  test('on a new connection', async () => {
    const origin = await raw(writePieces)
    const http = open()
    const kept = await withNoise(http, fetchFile(http, origin))
    expect(own(kept.head)).toEqual(OWN)
    expect(kept.body.toString()).toBe('ok')
  })

  test('after an interim answer in the same breath', async () => {
    const origin = await raw((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nX-Own: mi')
      setTimeout(() => socket.write(`ne\r\nX-Long: ${'a'.repeat(20_000)}b\r\nContent-Length: 2\r\n\r\nok`), 40)
    })
    const http = open()
    expect(own((await withNoise(http, fetchFile(http, origin))).head)).toEqual(OWN)
  })

  test('on a connection whose body before was held back until its end', async () => {
    let connections = 0
    const origin = await raw((socket, request) => {
      if (request.startsWith('GET /first')) {
        connections++
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n${'x'.repeat(70_000)}`)
      } else writePieces(socket)
    })
    const http = open({ perHost: 1 })
    let bytes = 0
    let held: Flow | undefined
    await http.transfer(
      { url: `${origin}/first`, named: true, signal: new AbortController().signal },
      {
        start: (_head, flow) => (held = flow),
        data(chunk) {
          bytes += chunk.length
          held?.pause()
          setTimeout(() => held?.resume(), 10)
        },
      },
    )
    expect(bytes).toBe(70_000)
    expect(own((await withNoise(http, fetchFile(http, `${origin}/second`))).head)).toEqual(OWN)
    expect(connections).toBe(1)
  })
})

test('bodies are whole when many run at once and some are held back', async () => {
  const body = (index: number): string => String.fromCodePoint(97 + (index % 26)).repeat(300_000 + index)
  const origin = await web((request, response) => response.end(body(Number(request.url?.slice(1)))))
  const http = open({ jobs: 16 })
  const received = await Promise.all(
    Array.from({ length: 48 }, async (_, index) => {
      const chunks: Buffer[] = []
      let held: Flow | undefined
      await http.transfer(
        { url: `${origin}/${index}`, named: true, signal: new AbortController().signal },
        {
          start: (_head, flow) => (held = flow),
          data(chunk) {
            chunks.push(Buffer.from(chunk))
            if (index % 3 !== 0) return
            held?.pause()
            setTimeout(() => held?.resume(), index % 5)
          },
        },
      )
      return Buffer.concat(chunks).toString()
    }),
  )
  received.forEach((text, index) => expect(text === body(index)).toBe(true))
})
