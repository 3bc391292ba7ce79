import { Pool } from 'undici'
import { isPrivateHost } from './addresses.ts'
import type { Connectors, Route } from './connect/connector.ts'
import type { Scope, Scopes } from './scopes.ts'

/** Everything that is the same for all requests to one scheme, host and port: worked out once. */
export interface Origin {
  /** `https://example.org`, with the port where it is not the standard one. */
  readonly name: string
  readonly route: Route
  readonly scopes: readonly { readonly path: string; readonly scope: Scope }[]
  /** The user's headers for this origin. */
  readonly userHeaders: Readonly<Record<string, string>> | undefined
  /** Private by its text alone. */
  readonly privateHost: boolean
}

interface Entry extends Origin {
  readonly url: URL
  /** Two pools, so that a connection that a named URL made to a private address serves nothing else. */
  open: Pool | undefined
  guarded: Pool | undefined
  reachedPublic: boolean
  reachedPrivate: boolean
  active: number
  /** Monotonic milliseconds. */
  lastUsed: number
}

interface OriginSettings {
  readonly connectors: Connectors
  readonly scopes: Scopes
  readonly routeOf: (url: URL) => Route
  readonly userHeadersOf: (url: URL) => Readonly<Record<string, string>> | undefined
  readonly http2: boolean
}

/** The header block of one answer; a longer one is an attack or a mistake. */
const MAX_HEADER_BYTES = 64 * 1024

/** A search by keyword meets thousands of hosts: beyond so many, those that rest for a while are forgotten. */
const MANY_ORIGINS = 256
const REST_MS = 10_000

/** The scope of a path at an origin. */
export function scopeOf({ scopes }: Origin, pathname: string): Scope {
  const entry = scopes.find((one) => pathname.startsWith(one.path)) ?? scopes.at(-1)
  if (entry === undefined) throw new Error('an origin has at least one scope')
  return entry.scope
}

/**
 * A connection rests for one turn of the event loop after each answer. Without a spare one every answer of a turn waits
 * for its end, and so do the requests behind them: from then on they come and go in one burst.
 */
const SLOTS_PER_SPARE = 4

export class Origins {
  readonly #settings: OriginSettings
  readonly #byName = new Map<string, Entry>()

  constructor(settings: OriginSettings) {
    this.#settings = settings
  }

  of(url: URL): Origin {
    const name = url.origin
    return this.#byName.get(name) ?? this.#make(name, url)
  }

  /** The scope of a path at an origin. */
  scope(origin: Origin, pathname: string): Scope {
    return scopeOf(origin, pathname)
  }

  /** Whether requests to the origin have gone to private addresses: then it may redirect to private ones. */
  isPrivate(origin: Origin): boolean {
    const entry = this.#entry(origin)
    return entry.privateHost || (entry.reachedPrivate && !entry.reachedPublic)
  }

  pool(origin: Origin, named: boolean): Pool {
    const entry = this.#entry(origin)
    if (named) return (entry.open ??= this.#pool(entry, false))
    return (entry.guarded ??= this.#pool(entry, true))
  }

  enter(origin: Origin): void {
    this.#entry(origin).active++
  }

  leave(origin: Origin): void {
    const entry = this.#entry(origin)
    entry.active--
    entry.lastUsed = performance.now()
  }

  async close(): Promise<void> {
    const pools = [...this.#byName.values()].flatMap((entry) => [entry.open, entry.guarded])
    this.#byName.clear()
    await Promise.all(pools.filter((pool) => pool !== undefined).map((pool) => pool.destroy()))
  }

  // Every Origin that leaves this class is an Entry of its own making.
  #entry(origin: Origin): Entry {
    return origin as Entry
  }

  #make(name: string, url: URL): Entry {
    if (this.#byName.size >= MANY_ORIGINS) this.#forget()
    const entry: Entry = {
      name,
      url: new URL(name),
      route: this.#settings.routeOf(url),
      scopes: this.#settings.scopes.of(url.hostname, url.host),
      userHeaders: this.#settings.userHeadersOf(url),
      privateHost: isPrivateHost(url.hostname),
      open: undefined,
      guarded: undefined,
      reachedPublic: false,
      reachedPrivate: false,
      active: 0,
      lastUsed: performance.now(),
    }
    this.#byName.set(name, entry)
    return entry
  }

  #pool(entry: Entry, guarded: boolean): Pool {
    const reached = (isPublic: boolean): void => {
      if (isPublic) entry.reachedPublic = true
      else entry.reachedPrivate = true
    }
    const { timeout } = scopeOf(entry, entry.url.pathname)
    const connect = this.#settings.connectors.make(entry.url, entry.route, guarded, reached, timeout)
    const slots = entry.scopes.reduce((sum, { scope }) => sum + scope.budget.slots, 0)
    // Time limits are the watch's.
    return new Pool(entry.name, {
      connect,
      connections: slots + Math.floor(slots / SLOTS_PER_SPARE),
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MAX_HEADER_BYTES,
      pipelining: 1,
      allowH2: this.#settings.http2,
    })
  }

  #forget(): void {
    const before = performance.now() - REST_MS
    for (const [name, entry] of this.#byName) {
      if (entry.active > 0 || entry.lastUsed > before) continue
      this.#byName.delete(name)
      // A request may still hold the entry in a queue: it then gets a new pool.
      void entry.open?.close()
      void entry.guarded?.close()
      entry.open = undefined
      entry.guarded = undefined
    }
  }
}
