import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib'
import { toFault } from '../../core/errors.ts'
import type { Flow, Receiver, ResponseHead, ResponseHeaders } from '../../core/http.ts'
import { hopFault } from '../faults.ts'
import type { Layer, Outgoing } from '../outgoing.ts'
import { headerText } from '../retry-after.ts'
import { sizeLimit } from './limits.ts'
import { SharedFlow } from './shared-flow.ts'

/** Servers send one, rarely two; more is an attack. */
const MAX_ENCODINGS = 2

/** Decoded to encoded. Real pages stay below 30; deflate ends near 1,030. */
const MAX_RATIO = 100

/** Below this a high ratio is no harm: a short page of blanks. */
const RATIO_FREE_BYTES = 256 * 1024

/** Headers that describe the encoded bytes, which nobody sees any more. */
const OF_ENCODED = new Set(['content-encoding', 'content-length', 'etag', 'last-modified', 'accept-ranges'])

/** An archive that is labelled with the encoding it is made with (Apache's `AddEncoding`): the file is wanted as it is. */
const ARCHIVE = /^application\/(?:x-)?(?:gzip|gtar|tar|tgz|compress(?:ed)?|zstd|brotli)\b|\+gzip/

function encodingsOf(headers: ResponseHeaders): readonly string[] {
  const names = (headerText(headers, 'content-encoding') ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
  return names.filter((name) => name !== '' && name !== 'identity' && name !== 'none')
}

function decoderFor(name: string, first: number | undefined): Transform | undefined {
  if (name === 'gzip' || name === 'x-gzip') return createGunzip()
  if (name === 'br') return createBrotliDecompress()
  if (name === 'zstd') return createZstdDecompress()
  // Some servers mean raw deflate; the low half of the first byte of a zlib stream is always 8.
  if (name === 'deflate') return first !== undefined && (first & 15) !== 8 ? createInflateRaw() : createInflate()
  return undefined
}

/** Takes encodings off a body while it comes. */
class Decoder implements Receiver, Flow {
  readonly #receiver: Receiver
  readonly #request: Outgoing
  readonly #maxSize: number | undefined
  #encodings: readonly string[] = []
  #flow: SharedFlow | undefined
  #chain: readonly Transform[] = []
  #limit = 0
  #encodedBytes = 0
  #decodedBytes = 0
  #ended: Promise<void> | undefined
  #failure: Error | undefined

  constructor(receiver: Receiver, request: Outgoing, maxSize: number | undefined) {
    this.#receiver = receiver
    this.#request = request
    this.#maxSize = maxSize
  }

  start(head: ResponseHead, flow: Flow): void {
    if (head.headers['content-encoding'] === undefined) {
      this.#receiver.start(head, flow)
      return
    }
    const type = headerText(head.headers, 'content-type') ?? ''
    this.#encodings = this.#request.kind === 'transfer' && ARCHIVE.test(type) ? [] : encodingsOf(head.headers)
    if (this.#encodings.length === 0 || this.#request.method === 'HEAD') {
      this.#encodings = []
      this.#receiver.start(head, flow)
      return
    }
    this.#refuseUnusable(head)
    this.#flow = new SharedFlow(flow)
    this.#limit = sizeLimit(this.#request, head, this.#maxSize)
    const headers = Object.fromEntries(Object.entries(head.headers).filter(([name]) => !OF_ENCODED.has(name)))
    this.#receiver.start({ ...head, headers }, this)
  }

  data(chunk: Uint8Array): void {
    if (this.#encodings.length === 0) {
      this.#receiver.data(chunk)
      return
    }
    if (this.#failure !== undefined) throw this.#failure
    this.#encodedBytes += chunk.length
    this.#ended ??= this.#open(chunk[0])
    const [first] = this.#chain
    // zlib keeps what it is given, and the chunk is only valid now.
    if (first !== undefined && !first.write(Buffer.from(chunk))) {
      this.#flow?.hold()
      first.once('drain', () => this.#flow?.letGo())
    }
  }

  pause(): void {
    this.#flow?.pause()
    this.#chain.at(-1)?.pause()
  }

  resume(): void {
    this.#chain.at(-1)?.resume()
    this.#flow?.resume()
  }

  /** Resolves when the last decoded byte has been passed on. */
  async end(): Promise<void> {
    this.#chain[0]?.end()
    await this.#ended
  }

  close(): void {
    for (const decoder of this.#chain) decoder.destroy()
  }

  #refuseUnusable(head: ResponseHead): void {
    const many = this.#encodings.length > MAX_ENCODINGS
    const unknown = this.#encodings.find((name) => !/^(x-)?gzip$|^br$|^zstd$|^deflate$/.test(name))
    if (many) throw hopFault('BadResponse', `the body is encoded ${this.#encodings.length} times over`, this.#request)
    if (unknown !== undefined)
      throw hopFault('BadResponse', 'the body comes in an encoding that nobody asked for', this.#request)
    if (head.status === 206) throw hopFault('BadResponse', 'the rest of the file comes encoded', this.#request)
  }

  #open(firstByte: number | undefined): Promise<void> {
    // The encoding that was put on last comes off first.
    const names = this.#encodings.toReversed()
    const chain = names
      .map((name, depth) => decoderFor(name, depth === 0 ? firstByte : undefined))
      .filter((one) => one !== undefined)
    this.#chain = chain
    chain.reduce((from, to) => from.pipe(to))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const fail = (thrown: Error): void => {
      this.#failure ??= thrown
      this.close()
      this.#flow?.letGo()
      reject(thrown)
    }
    for (const decoder of chain) decoder.on('error', (error) => fail(this.#broken(error)))
    const last = chain.at(-1)
    last?.on('end', resolve)
    last?.on('data', (bytes: Uint8Array) => {
      try {
        this.#pass(bytes)
      } catch (thrown) {
        fail(toFault(thrown))
      }
    })
    // The failure is thrown at the next chunk or at the end; until then it is nobody's unhandled rejection.
    promise.catch(() => undefined)
    return promise
  }

  #pass(bytes: Uint8Array): void {
    if (this.#failure !== undefined) return
    this.#decodedBytes += bytes.length
    const bomb = this.#decodedBytes > RATIO_FREE_BYTES && this.#decodedBytes > this.#encodedBytes * MAX_RATIO
    if (bomb)
      throw hopFault('TooLarge', `the body grows more than ${MAX_RATIO} times when it is decoded`, this.#request)
    if (this.#decodedBytes > this.#limit) {
      throw hopFault('TooLarge', `the decoded body goes on beyond the limit of ${this.#limit} bytes`, this.#request)
    }
    this.#receiver.data(bytes)
  }

  #broken(error: Error): Error {
    const cut = /unexpected end/.test(error.message)
    return hopFault(cut ? 'Truncated' : 'BadResponse', `the body cannot be decoded (${error.message})`, this.#request, {
      cause: error,
    })
  }
}

/** Takes `Content-Encoding` off, with limits; the head then no longer tells of the encoded bytes. */
export function decoding(maxSize: number | undefined): Layer {
  return (next) => async (request, receiver) => {
    const decoder = new Decoder(receiver, request, maxSize)
    try {
      const head = await next(request, decoder)
      await decoder.end()
      return head
    } finally {
      decoder.close()
    }
  }
}
