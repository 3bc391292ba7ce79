import { suite } from './shared.ts'

export interface Reply {
  readonly part: string
  readonly bytes_latin1?: string
}

export interface CurlTest {
  readonly checks: string
  readonly curl_exit_code: string
  readonly curl_command: string
  readonly replies: readonly Reply[]
}

const text = suite('curl-http/replies.json')

export const HAVE_CURL_SUITE = text !== undefined

/** Tests of curl's suite whose replies are all known byte by byte, by their number. */
export function curlTests(): readonly (readonly [string, CurlTest])[] {
  const { tests } = JSON.parse(text ?? '{"tests":{}}') as { tests: Record<string, CurlTest> }
  return Object.entries(tests).filter(
    ([, { replies }]) => replies.length > 0 && replies.every((reply) => reply.bytes_latin1 !== undefined),
  )
}

/** Header lines with CRLF: the table's older rows have bare LF, which is refused as such (a test of its own below). */
function withCrlf(reply: string): string {
  let rest = reply
  let out = ''
  while (rest.startsWith('HTTP/')) {
    const end = /\r?\n\r?\n/.exec(rest)
    const cut = end === null ? rest.length : end.index + end[0].length
    out += rest.slice(0, cut).replace(/\r?\n/g, '\r\n')
    rest = rest.slice(cut)
  }
  return out + rest
}

/** The part of a reply that curl's test server gives: by a number in the path (test × 10,000 + part), or the next one after a bounce. */
export class Script {
  readonly #id: number
  readonly #replies: readonly Reply[]
  #bounced = 0
  #bounce = false

  constructor(id: string, replies: readonly Reply[]) {
    this.#id = Number(id)
    this.#replies = replies
  }

  next(request: string, port: string): string {
    const path = /^\S+ (\S+)/.exec(request)?.[1] ?? ''
    const numbers = [...path.matchAll(/\d{5,}/g)]
      .map(Number)
      .filter((number) => Math.floor(number / 10_000) === this.#id)
    const part = this.#bounce
      ? `data${++this.#bounced}`
      : numbers[0] === undefined
        ? 'data'
        : `data${numbers[0] % 10_000}`
    const reply = this.#replies.find((one) => one.part === part) ?? this.#replies[0]
    const bytes = (reply?.bytes_latin1 ?? '').replaceAll('{{PORT}}', port)
    this.#bounce = /^[^\n]*swsbounce/.test(bytes)
    return withCrlf(bytes.replace(/^([^\n]*?) ?sws(?:close|bounce)/, '$1'))
  }
}
