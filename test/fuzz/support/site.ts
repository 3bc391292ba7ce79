/** A site that answers as its replica does, and tampers with what it answers. In this process: thousands of answers a second. */
import fc from 'fast-check'
import type { Answer as ReplicaAnswer, Handler, Replica } from '../../../replicas/harness/replica.ts'
import { redirect } from '../../../replicas/harness/answers.ts'
import type { HttpAnswer, HttpRequest, SourceHttp } from '../../../src/core/http.ts'
import { Answer } from '../../../src/http/answer.ts'
import { statusFault } from '../../../src/http/status.ts'
import { editJson, editText, edits, jsonEdits, pump, pumps, rubbish } from './foreign.ts'
import type { Edit, JsonEdit, Pump } from './foreign.ts'

/** What happens to the answer of one request. */
export interface Tampering {
  /** The how manieth request, from 0. */
  readonly request: number
  readonly status: number | undefined
  readonly text: readonly Edit[]
  readonly json: readonly JsonEdit[]
  /** In place of the whole body. */
  readonly body: string | Pump | undefined
  readonly type: string | undefined
}

const STATUSES = [200, 200, 204, 206, 301, 400, 401, 403, 404, 410, 429, 500, 503]
const TYPES = [
  'text/html',
  'application/json',
  'text/html; charset=utf-16',
  'image/jpeg',
  '',
  'application/xml; charset=x',
]

/** Most requests are answered with a sound answer in which something was changed. */
export function tamperings(tokens: readonly string[]): fc.Arbitrary<readonly Tampering[]> {
  const rare = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { freq: 8, nil: undefined })
  const whole = fc.oneof(rubbish(tokens), pumps(tokens))
  return fc.array(
    fc.record({
      request: fc.nat(3),
      status: rare(fc.constantFrom(...STATUSES)),
      text: fc.oneof(fc.constant([]), edits(tokens)),
      json: fc.oneof(fc.constant([]), jsonEdits()),
      body: rare(whole),
      type: rare(fc.constantFrom(...TYPES)),
    }),
    { minLength: 1, maxLength: 3 },
  )
}

const MOST_REDIRECTS = 5

/** What a source is given in place of the network: `MOST_ANSWERS` answers, then the end. */
export class TamperedSite implements SourceHttp {
  readonly #handler: Handler
  readonly #tamperings: readonly Tampering[]
  readonly asked: string[] = []

  constructor(handler: Handler, all: readonly Tampering[]) {
    this.#handler = handler
    this.#tamperings = all
  }

  static async handlerOf(replica: Replica): Promise<Handler> {
    return replica.make({ scale: 1 })
  }

  async request(request: HttpRequest): Promise<HttpAnswer> {
    const number = this.asked.push(request.url) - 1
    let url = new URL(request.url)
    let answer = await this.#ask(url, request)
    for (let hop = 0; hop < MOST_REDIRECTS; hop += 1) {
      const location = [answer.headers?.['location'] ?? []].flat()[0]
      if (location === undefined) break
      url = new URL(location, url)
      answer = await this.#ask(url, request)
    }
    const { status, body, headers } = this.#tampered(answer, number)
    const head = { url: url.href, status, headers, redirects: 0 }
    const told = new Answer(head, body)
    if ((status >= 200 && status < 300) || request.accept?.includes(status) === true) return told
    // Of the request the fault tells the address alone.
    throw statusFault(told, { url, method: request.method ?? 'GET', kind: 'explore' } as Parameters<
      typeof statusFault
    >[1])
  }

  async #ask(url: URL, { method = 'GET', headers = {}, body = '' }: HttpRequest): Promise<ReplicaAnswer> {
    if (!/^https?:$/.test(url.protocol)) throw new Error(`a source asks for ${url.href.slice(0, 200)}`)
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const asked = { method, url, headers: lower, body: Buffer.from(body), params: {} }
    return (await this.#handler(asked)) ?? redirect('https://nowhere.example/', 404)
  }

  #tampered(answer: ReplicaAnswer, number: number): { status: number; body: Buffer; headers: Record<string, string> } {
    const given = Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)])
    const headers = Object.fromEntries(given) as Record<string, string>
    let text = Buffer.from(answer.body ?? '').toString()
    let status = answer.status ?? 200
    for (const one of this.#tamperings.filter(({ request }) => request === number)) {
      text = editText(jsonText(text, one.json), one.text)
      if (one.body !== undefined) text = typeof one.body === 'string' ? one.body : pump(one.body)
      status = one.status ?? status
      if (one.type !== undefined) headers['content-type'] = one.type
    }
    return { status, body: Buffer.from(text), headers }
  }
}

function jsonText(text: string, all: readonly JsonEdit[]): string {
  if (all.length === 0) return text
  try {
    return JSON.stringify(editJson(JSON.parse(text), all)) ?? 'undefined'
  } catch {
    return text
  }
}
