import type { HeaderValues } from './headers.ts'

/** What goes wrong with one answer. */
export type Misbehaviour =
  /** Another answer in place of the real one: `429` with `retry-after`, an HTML page, a redirect. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: HeaderValues
      readonly body?: string | Uint8Array
    }
  /** Headers of the real answer changed (`null`: taken away): a wrong type, no length, another `ETag`. */
  | { readonly kind: 'headers'; readonly headers: HeaderValues }
  /** The real answer, its length announced, ends after so many bytes of the body. */
  | { readonly kind: 'cut'; readonly after: number }
  /** The connection is reset: at once, or after so many bytes of the body. */
  | { readonly kind: 'reset'; readonly after?: number }
  /** The real answer, but not before. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The real answer at this pace. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** Nothing comes any more: not even headers, or (with `after`) after so many bytes of the body. */
  | { readonly kind: 'silence'; readonly after?: number }
  /** A body without length and without end. */
  | { readonly kind: 'endless'; readonly mime: string }
  /** These very bytes on the wire, then the connection ends or stays open. HTTP/1.1 clients only. */
  | { readonly kind: 'raw'; readonly bytes: string | Uint8Array; readonly then?: 'end' | 'hang' }

/** Which requests go wrong, how often, and how. */
export interface Mishap {
  /** `host/path` without the query, as in `i.imgur.com/abc.jpg`; `*` at its end takes everything that begins so. */
  readonly on: string
  /** Requests that go well before. */
  readonly after?: number
  /** How many requests go wrong; all of them without it. */
  readonly times?: number
  readonly does: Misbehaviour
}

/** The mishaps of a running replica, with how often each was met. */
export class MishapTable {
  readonly #entries: { readonly mishap: Mishap; met: number }[] = []

  add(mishaps: readonly Mishap[]): void {
    this.#entries.push(...mishaps.map((mishap) => ({ mishap, met: 0 })))
  }

  clear(): void {
    this.#entries.length = 0
  }

  /** What goes wrong with this request. Every mishap that it matches counts it; the first that is due wins. */
  take(url: URL): Misbehaviour | undefined {
    const place = url.hostname + url.pathname
    let found: Misbehaviour | undefined
    for (const entry of this.#entries) {
      if (!isAt(entry.mishap.on, place)) continue
      const { after = 0, times = Infinity, does } = entry.mishap
      const due = entry.met >= after && entry.met < after + times
      if (found !== undefined && due) continue
      entry.met += 1
      if (due) found = does
    }
    return found
  }
}

function isAt(on: string, place: string): boolean {
  return on.endsWith('*') ? place.startsWith(on.slice(0, -1)) : place === on
}
