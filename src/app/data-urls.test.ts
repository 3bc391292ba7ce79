import { describe, expect, it } from 'vitest'
import { Fault } from '../core/errors.ts'
import type { Http, ResponseHead, TransferRequest } from '../core/http.ts'
import { withDataUrls } from './data-urls.ts'

/** A network that must not be asked. */
const NO_NETWORK: Http = {
  request: () => Promise.reject(new Error('asked the network')),
  transfer: () => Promise.reject(new Error('asked the network')),
  answer: () => {
    throw new Error('asked the network')
  },
  scope: () => ({ name: 'network', slots: 1 }),
  close: () => Promise.resolve(),
}

const http = withDataUrls(NO_NETWORK)

function request(url: string): TransferRequest {
  return { url, named: false, signal: new AbortController().signal }
}

async function transfer(
  url: string,
): Promise<{ readonly head: ResponseHead; readonly chunks: readonly number[]; readonly text: string }> {
  const chunks: Buffer[] = []
  const head = await http.transfer(request(url), {
    start: () => undefined,
    data: (chunk) => void chunks.push(Buffer.from(chunk)),
  })
  return { head, chunks: chunks.map(({ length }) => length), text: Buffer.concat(chunks).toString() }
}

describe('data: URLs', () => {
  it('are answered as a file of the network is, without asking it', async () => {
    const { head, text } = await transfer('data:image/svg+xml;charset=utf-8,%3Csvg/%3E')
    expect(text).toBe('<svg/>')
    expect(head).toMatchObject({
      status: 200,
      redirects: 0,
      headers: { 'content-type': 'image/svg+xml;charset=utf-8', 'content-length': '6' },
    })
  })

  it('come in chunks', async () => {
    const { chunks } = await transfer(`data:image/png;base64,${Buffer.alloc(150_000).toString('base64')}`)
    expect(chunks).toEqual([65_536, 65_536, 18_928])
  })

  it('have no host whose budget they use', () => {
    expect([http.scope('data:,x').name, http.scope('https://a.example/').name]).toEqual(['data:', 'network'])
  })

  it.each(['data:image/png;base64', 'data:image/png;base64,abcde', 'data:;base64,===='])(
    'that cannot be decoded are left, not tried again: %s',
    async (url) => {
      const fault = await http
        .transfer(request(url), { start: () => undefined, data: () => undefined })
        .catch((thrown: unknown) => thrown)
      expect(fault).toBeInstanceOf(Fault)
      expect((fault as Fault).disposition).toBe('skip')
    },
  )
})
