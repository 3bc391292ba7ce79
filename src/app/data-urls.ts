import { Fault } from '../core/errors.ts'
import type { Flow, Http, Receiver, ResponseHead, TransferRequest } from '../core/http.ts'

const NO_FLOW: Flow = { pause: () => undefined, resume: () => undefined }
const CHUNK_BYTES = 65_536

/** Bytes that stand in the page itself (`data:` URLs) go the same way as those from the network, without a request. */
export function withDataUrls(http: Http): Http {
  return {
    request: (request, options) => http.request(request, options),
    transfer: (request, receiver) =>
      request.url.startsWith('data:') ? transferData(request, receiver) : http.transfer(request, receiver),
    answer: (head, bytes) => http.answer(head, bytes),
    scope: (url) => (url.startsWith('data:') ? { name: 'data:', slots: 4 } : http.scope(url)),
    close: () => http.close(),
  }
}

/** The decoder is loaded with the first such URL: its tables are large. */
async function transferData(request: TransferRequest, receiver: Receiver): Promise<ResponseHead> {
  const { decodeDataUrl } = await import('../kit/data-url.ts')
  const data = decodeDataUrl(request.url)
  // The same text would not decode the next time either: it is skipped, not tried again.
  if (data === undefined) throw new Fault('WrongType', 'the data: URL in the page cannot be decoded')
  const headers = { 'content-type': data.mime, 'content-length': String(data.bytes.length) }
  const head: ResponseHead = { url: request.url, status: 200, headers, redirects: 0 }
  receiver.start(head, NO_FLOW)
  for (let at = 0; at < data.bytes.length; at += CHUNK_BYTES) receiver.data(data.bytes.subarray(at, at + CHUNK_BYTES))
  return head
}
