import type { Limit } from '../core/source.ts'
import type { CookieJar } from './cookies/jar.ts'
import type { ConnectTo } from './connect/connect-to.ts'

/** A pause that a host asked for, as the `wait` event tells it. */
export interface Wait {
  /** The scope: a host, or an API that several hosts make up. */
  readonly host: string
  readonly reason: string
  /** ISO 8601. */
  readonly until: string
}

/** Headers of the user (`-H`), and where alone they go. */
export interface UserHeaders {
  readonly headers: Readonly<Record<string, string>>
  /**
   * Origins (`http://example.org:8080`) or hosts (`example.org`; `*.example.org` is every host below). A host alone
   * stands for https on any port.
   */
  readonly to: readonly string[]
}

export interface Timeouts {
  /** Milliseconds for name, connection and TLS together; default 8,000. */
  readonly connect?: number
  /** Milliseconds from the request to the last header line; default 30,000. */
  readonly firstByte?: number
  /** Milliseconds without any byte of a body; default 30,000. */
  readonly idle?: number
}

/** Everything the way out to the network can be told. */
export interface HttpSettings {
  /** For the default user agent. */
  readonly version: string
  /** Transfers at once over all hosts; exploring requests do not count. Default 24. */
  readonly jobs?: number
  /** Transfers at once to one host; without it the source's advice, else `jobs`. */
  readonly perHost?: number
  /** Requests per second to one host; without it the source's advice, else none. */
  readonly rate?: number
  /** Budgets that sources advise. */
  readonly limits?: readonly Limit[]
  /** Bytes per second of all bodies together. */
  readonly limitRate?: number
  /** Win over what sources advise for their hosts. */
  readonly timeouts?: Timeouts
  /** Bytes per second over a window; a transfer below it is given up. Default 1,024; 0 switches it off. */
  readonly minSpeed?: number
  /** Milliseconds of the window of `minSpeed`; default 30,000. */
  readonly speedWindow?: number
  /** Bytes of one file; without it 4 GiB, and 512 MiB for what says it is an image. */
  readonly maxSize?: number
  /** Further tries of an exploring request; default 4. */
  readonly retries?: number
  /** Instead of `bowerbird/VERSION` and of what sources advise. */
  readonly userAgent?: string
  readonly userHeaders?: UserHeaders
  readonly cookies?: CookieJar
  /** `http://`, `https://`, `socks4://`, `socks4a://`, `socks5://` or `socks5h://`, as curl's `--proxy`. */
  readonly proxy?: string
  /** Where the usual proxy variables are read from; none without it. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly connectTo?: readonly ConnectTo[]
  /** PEM certificates that are trusted instead of the built-in ones. */
  readonly ca?: string
  /** Offers HTTP/2 to servers; off by default, see docs/adr/0010-http2.md. */
  readonly http2?: boolean
  /** Obeys robots.txt and opt-out headers. */
  readonly robots?: boolean
  /** The Chromium that is driven: a path, or a program on the search path. Without it the first that is found. */
  readonly browser?: string
  readonly onWait?: (wait: Wait) => void
}
