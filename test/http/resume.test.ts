import { createHash } from 'node:crypto'
import { createServer as createHttpServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { Keep, listen, open } from './support.ts'

const file = Buffer.from(Array.from({ length: 1000 }, (_, n) => String(n)).join(','))
const tag = (bytes: Buffer): string => `"${createHash('sha1').update(bytes).digest('hex')}"`

/** A file server that knows ranges and If-Range. */
async function files(bytes: Buffer): Promise<string> {
  const server = createHttpServer((request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN)
    response.setHeader('etag', tag(bytes))
    if (Number.isNaN(from) || request.headers['if-range'] !== tag(bytes)) response.end(bytes)
    else if (from >= bytes.length) response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end('no')
    else
      response
        .writeHead(206, { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` })
        .end(bytes.subarray(from))
  })
  return `http://127.0.0.1:${await listen(server)}/file`
}

async function resume(url: string, from: number, validator: string): Promise<Keep> {
  const keep = new Keep()
  await open().transfer({ url, named: true, signal: new AbortController().signal, resume: { from, validator } }, keep)
  return keep
}

describe('a resumed transfer', () => {
  test('brings the rest while the validator holds', async () => {
    const kept = await resume(await files(file), 100, tag(file))
    expect(kept.head).toMatchObject({
      status: 206,
      headers: { 'content-range': `bytes 100-${file.length - 1}/${file.length}` },
    })
    expect(kept.body.equals(file.subarray(100))).toBe(true)
  })

  test('brings the whole file when it has changed', async () => {
    const kept = await resume(await files(file), 100, '"of another day"')
    expect(kept.head?.status).toBe(200)
    expect(kept.body.equals(file)).toBe(true)
  })

  test('tells of a range that the file does not reach', async () => {
    const kept = await resume(await files(file), file.length, tag(file))
    expect(kept.head).toMatchObject({ status: 416, headers: { 'content-range': `bytes */${file.length}` } })
  })
})
