import { Fault } from '../core/errors.ts'
import type { Flow, Receiver, ResponseHead, ResponseHeaders } from '../core/http.ts'
import { hasPasswordField, leadsToLogin } from '../core/login-page.ts'
import { redactUrl } from '../core/redact.ts'
import { wallIn } from '../core/walls.ts'
import type { AssetRules } from '../core/source.ts'
import type { Incoming, Part, Store } from '../ports/store.ts'
import { isMediaName } from './verify/expect.ts'

/** A page that came in place of a file is kept up to this size, to be explored without a second request. */
const MOST_PAGE_BYTES = 16 * 1024 * 1024
/** How much older than the answer a date must be to prove that nothing changed within the same second. */
const STRONG_DATE_AGE_MS = 60_000

/** The body of an answer that is no file is read to its end, for the sake of the connection, unless it is long. */
const MOST_DRAINED_BYTES = 256 * 1024
/** How far into a page its field for a password is looked for. */
const LOGIN_LOOK_BYTES = 64 * 1024

/** What the transfer brought. */
export type Intaken =
  | { readonly kind: 'file'; readonly incoming: Incoming }
  /** An answer that is no file, drained so that the connection can serve again. */
  | { readonly kind: 'status' }
  /** A page in place of a file, and who put it there to ask for proof of a person. */
  | { readonly kind: 'html'; readonly wall?: string }
  /** The site's login page in place of the file. */
  | { readonly kind: 'login' }
  /** A file, which was only to be looked at: none of its body is kept. */
  | { readonly kind: 'seen' }
  | { readonly kind: 'page'; readonly bytes: Uint8Array }

export interface IntakeOptions {
  readonly key: string
  readonly url: string
  readonly rules: AssetRules
  readonly store: Store
  readonly part: Part | undefined
  readonly maxSize: { readonly image: number; readonly any: number }
  readonly onBytes: (count: number) => void
  /** Dry runs: it is enough to know that it is a file. */
  readonly lookOnly: boolean
}

/**
 * Takes one streamed answer and leads its body to where it belongs: into the store, into memory (a page), or
 * nowhere. Judges status, announced length and `Content-Range` before the first byte is kept.
 */
export class Intake implements Receiver {
  readonly #options: IntakeOptions
  #mode: 'none' | 'store' | 'drain' | 'html' | 'seen' | 'page' = 'none'
  #incoming: Incoming | undefined
  #page: Buffer[] = []
  #bytes = 0
  #most = Infinity
  #flow: Flow | undefined
  #head: ResponseHead | undefined
  #unread = false
  /** How the page began that came where a file should. */
  #beginning = ''
  #login = false

  constructor(options: IntakeOptions) {
    this.#options = options
  }

  start(head: ResponseHead, flow: Flow): void {
    this.#head = head
    this.#flow = flow
    const { rules, part } = this.#options
    if (head.status === 206 && part !== undefined) {
      checkRange(head, part)
      this.#receive(head, part.bytes)
    } else if (head.status !== 200 && head.status !== 203) {
      this.#mode = 'drain'
    } else if (isHtml(head.headers) && leadsToLogin(this.#options.url, head.url)) {
      this.#mode = 'drain'
      this.#login = true
    } else if (isHtml(head.headers) && rules.otherwise !== undefined) {
      this.#mode = 'page'
    } else if (isHtml(head.headers) && rules.missingIf?.html === true) {
      this.#mode = 'html'
    } else {
      this.#receive(head, 0)
    }
  }

  data(chunk: Uint8Array): void {
    this.#options.onBytes(chunk.length)
    if (this.#mode !== 'drain') this.#lookForLogin(chunk)
    if (this.#mode === 'page') this.#addPage(chunk)
    if (this.#mode === 'drain' || this.#mode === 'html' || this.#mode === 'seen') this.#drain(chunk)
    if (this.#mode !== 'store' || this.#incoming === undefined) return
    this.#bytes += chunk.length
    if (this.#bytes > this.#most) throw tooLarge(this.#options.url, this.#most)
    if (!this.#incoming.write(chunk)) this.#flow?.pause()
  }

  /** After the transfer ended well. */
  get intaken(): Intaken {
    if (this.#login) return { kind: 'login' }
    if (this.#mode === 'page') return { kind: 'page', bytes: Buffer.concat(this.#page) }
    if (this.#mode === 'html') {
      const wall = wallIn(this.#beginning)
      return { kind: 'html', ...(wall !== undefined && { wall }) }
    }
    if (this.#mode === 'seen') return { kind: 'seen' }
    return this.#incoming === undefined ? { kind: 'status' } : { kind: 'file', incoming: this.#incoming }
  }

  /** The head of an answer that is no file, where the rest of its long body was not read. */
  get unread(): ResponseHead | undefined {
    return this.#unread ? this.#head : undefined
  }

  /** After the transfer broke: `keep` leaves the part for a later try. */
  async abandon(keep: boolean): Promise<void> {
    await this.#incoming?.abort(keep)
  }

  #receive(head: ResponseHead, from: number): void {
    const { key, url, maxSize, store } = this.#options
    const length = contentLength(head.headers)
    this.#most = header(head.headers, 'content-type')?.startsWith('image/') === true ? maxSize.image : maxSize.any
    this.#bytes = from
    if (length !== undefined && from + length > this.#most) throw tooLarge(url, this.#most)
    if (this.#options.lookOnly) {
      this.#mode = 'seen'
      return
    }
    this.#mode = 'store'
    const incoming = from > 0 ? store.receive(key, from) : store.receive(key)
    this.#incoming = incoming
    incoming.onDrain(() => this.#flow?.resume())
    // A continued part keeps the proof it was continued with: a 206 need not repeat it (RFC 9110, 15.3.7).
    const before = from > 0 ? this.#options.part : undefined
    const validator = before?.validator ?? strongValidator(head.headers)
    const total = before?.total ?? (length === undefined ? undefined : from + length)
    if (validator !== undefined) {
      incoming.note({ validator, url: redactUrl(url), ...(total !== undefined && { total }) })
    }
  }

  /** Where a page would do, its field for a password may be the one in its corner, unless the URL names a file. */
  #lookForLogin(chunk: Uint8Array): void {
    if (this.#login || this.#head === undefined || !isHtml(this.#head.headers)) return
    if (this.#beginning.length >= LOGIN_LOOK_BYTES) return
    this.#beginning += Buffer.from(chunk.subarray(0, LOGIN_LOOK_BYTES)).toString('latin1')
    const file = this.#options.rules.otherwise === undefined || isMediaName(this.#options.url)
    this.#login = file && hasPasswordField(this.#beginning)
  }

  #drain(chunk: Uint8Array): void {
    this.#bytes += chunk.length
    if (this.#bytes <= MOST_DRAINED_BYTES) return
    this.#unread = true
    throw tooLarge(this.#options.url, MOST_DRAINED_BYTES)
  }

  /** The header said HTML; when the first bytes do not, it is a file after all. */
  #addPage(chunk: Uint8Array): void {
    if (this.#page.length === 0 && this.#head !== undefined && !looksLikeText(chunk)) {
      this.#receive(this.#head, 0)
      return
    }
    this.#bytes += chunk.length
    if (this.#bytes > MOST_PAGE_BYTES) throw tooLarge(this.#options.url, MOST_PAGE_BYTES)
    this.#page.push(Buffer.from(chunk))
  }
}

export function header(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'object' ? value[0] : value
}

/** Length of an identity-encoded body; what a coded body has decoded is not known ahead. */
function contentLength(headers: ResponseHeaders): number | undefined {
  const value = header(headers, 'content-length')
  const encoding = header(headers, 'content-encoding')
  if (value === undefined || !/^\d{1,15}$/.test(value)) return undefined
  return encoding === undefined || encoding === 'identity' ? Number(value) : undefined
}

function isHtml(headers: ResponseHeaders): boolean {
  return /^\s*(?:text\/html|application\/xhtml\+xml)/i.test(header(headers, 'content-type') ?? '')
}

/** `<` behind white space and a byte order mark; or nothing at all. */
function looksLikeText(chunk: Uint8Array): boolean {
  let at = chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0
  while (
    at < chunk.length &&
    (chunk[at] === 0x20 || (chunk[at] ?? 0) === 0x0a || chunk[at] === 0x0d || chunk[at] === 0x09)
  )
    at += 1
  return at >= chunk.length || chunk[at] === 0x3c
}

/** An ETag without `W/`, or a Last-Modified at least a minute older than the answer (RFC 9110, 8.8.2.2). */
export function strongValidator(headers: ResponseHeaders): string | undefined {
  const etag = header(headers, 'etag')
  if (etag !== undefined && /^"[^"]*"$/.test(etag)) return etag
  const modified = header(headers, 'last-modified')
  const date = header(headers, 'date')
  if (modified === undefined || date === undefined) return undefined
  return Date.parse(date) - Date.parse(modified) >= STRONG_DATE_AGE_MS ? modified : undefined
}

/** A 206 is only good when it begins where the part ends, belongs to the same whole, and carries no other validator. */
function checkRange(head: ResponseHead, part: Part): void {
  const value = header(head.headers, 'content-range') ?? ''
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(value)
  const total = match?.[3] === '*' ? undefined : Number(match?.[3])
  const validator = strongValidator(head.headers)
  const sound =
    match !== null &&
    Number(match[1]) === part.bytes &&
    (total === undefined || part.total === undefined || total === part.total) &&
    (total === undefined || Number(match[2]) === total - 1) &&
    (validator === undefined || validator === part.validator || !sameKind(validator, part.validator))
  if (sound) return
  throw new Fault('BadResponse', `the server sent another range than was asked for (${value || 'no Content-Range'})`, {
    url: head.url,
    status: 206,
    advice: 'the file is fetched again from its beginning',
  })
}

function sameKind(a: string, b: string): boolean {
  return a.startsWith('"') === b.startsWith('"')
}

function tooLarge(url: string, most: number): Fault {
  return new Fault('TooLarge', `the file is larger than ${most} bytes`, { url, advice: 'raise --max-size to take it' })
}
