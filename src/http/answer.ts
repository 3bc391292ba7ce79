import { Fault } from '../core/errors.ts'
import type { HttpAnswer, Receiver, ResponseHead, ResponseHeaders } from '../core/http.ts'
import { headerText } from './retry-after.ts'

/** Keeps a whole small answer. */
export class Collector implements Receiver {
  readonly #chunks: Buffer[] = []
  head: ResponseHead | undefined

  start(head: ResponseHead): void {
    this.head = head
  }

  data(chunk: Uint8Array): void {
    this.#chunks.push(Buffer.from(chunk))
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}

/** By byte order mark, else the header, else UTF-8. A charset that nobody knows is read as UTF-8. */
function charsetOf(bytes: Uint8Array, headers: ResponseHeaders): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  return /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(headerText(headers, 'content-type') ?? '')?.[1] ?? 'utf-8'
}

function decode(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder().decode(bytes)
    throw error
  }
}

/** A buffered answer, as sources see it. */
export class Answer implements HttpAnswer {
  readonly url: string
  readonly status: number
  readonly headers: ResponseHeaders
  readonly bytes: Uint8Array

  constructor(head: ResponseHead, bytes: Uint8Array) {
    this.url = head.url
    this.status = head.status
    this.headers = head.headers
    this.bytes = bytes
  }

  text(): string {
    return decode(this.bytes, charsetOf(this.bytes, this.headers))
  }

  json(): unknown {
    try {
      return JSON.parse(this.text())
    } catch (cause) {
      const type = headerText(this.headers, 'content-type') ?? 'no type'
      throw new Fault('SiteChanged', `the answer should be JSON and is not (${type}): ${this.url}`, {
        url: this.url,
        status: this.status,
        where: 'the whole body',
        cause,
      })
    }
  }
}
