import type { Flow, Receiver, ResponseHead } from '../../core/http.ts'
import { hopFault } from '../faults.ts'
import type { Layer, Outgoing } from '../outgoing.ts'
import { headerText } from '../retry-after.ts'

/** Bytes of a file where the user set no limit. */
const MAX_FILE_BYTES = 4 * 1024 ** 3
const MAX_IMAGE_BYTES = 512 * 1024 ** 2

/** Other transfer codings need a `TE` header, which is never sent; undici would pass them on undecoded. */
const PLAIN_CODING = /^\s*(chunked|identity)\s*$/i

/** Bytes of the body of a redirect, which nobody reads. */
const MAX_REDIRECT_BYTES = 1024 ** 2

/** The limit for the body of an answer. */
export function sizeLimit(request: Outgoing, head: ResponseHead, maxSize: number | undefined): number {
  if (head.status >= 300 && head.status < 400) return MAX_REDIRECT_BYTES
  if (request.maxBytes !== undefined) return request.maxBytes
  if (maxSize !== undefined) return maxSize
  return headerText(head.headers, 'content-type')?.startsWith('image/') === true ? MAX_IMAGE_BYTES : MAX_FILE_BYTES
}

/** Counts the body against its limit and against the length that was announced. */
class Counter implements Receiver {
  readonly #receiver: Receiver
  readonly #request: Outgoing
  readonly #maxSize: number | undefined
  #limit = 0
  announced: number | undefined
  bytes = 0

  constructor(receiver: Receiver, request: Outgoing, maxSize: number | undefined) {
    this.#receiver = receiver
    this.#request = request
    this.#maxSize = maxSize
  }

  start(head: ResponseHead, flow: Flow): void {
    this.#limit = sizeLimit(this.#request, head, this.#maxSize)
    const coding = head.headers['transfer-encoding']
    if (coding !== undefined && !PLAIN_CODING.test(String(coding))) {
      throw hopFault(
        'BadResponse',
        `the body comes in a transfer coding that nobody asked for (${String(coding)})`,
        this.#request,
      )
    }
    const length = head.headers['content-length']
    const bodiless = this.#request.method === 'HEAD' || head.status === 204 || head.status === 304
    if (length !== undefined && coding === undefined && !bodiless) {
      this.announced = Number(length)
      if (this.announced > this.#limit) throw this.#tooLarge(`announces ${this.announced} bytes`)
    }
    const whole = wholeLength(head)
    if (whole !== undefined && whole > this.#limit) throw this.#tooLarge(`belongs to a file of ${whole} bytes,`)
    this.#receiver.start(head, flow)
  }

  data(chunk: Uint8Array): void {
    this.bytes += chunk.length
    if (this.bytes > this.#limit) throw this.#tooLarge('goes on')
    this.#receiver.data(chunk)
  }

  #tooLarge(what: string): Error {
    const more = this.#request.kind === 'transfer' ? { advice: 'raise --max-size to take it' } : {}
    return hopFault('TooLarge', `the body ${what} beyond the limit of ${this.#limit} bytes`, this.#request, more)
  }
}

/** The length of the whole file that a 206 is a part of, if the server says it. */
function wholeLength(head: ResponseHead): number | undefined {
  if (head.status !== 206) return undefined
  const total = /\/(\d+)\s*$/.exec(headerText(head.headers, 'content-range') ?? '')?.[1]
  return total === undefined ? undefined : Number(total)
}

/** Ends bodies that are larger than allowed, while they come, and those that are shorter than announced. */
export function limiting(maxSize: number | undefined): Layer {
  return (next) => async (request, receiver) => {
    const counter = new Counter(receiver, request, maxSize)
    const head = await next(request, counter)
    if (counter.announced !== undefined && counter.announced !== counter.bytes) {
      throw hopFault('Truncated', `the body has ${counter.bytes} of ${counter.announced} bytes`, request)
    }
    return head
  }
}
