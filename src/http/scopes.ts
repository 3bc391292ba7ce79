import type { Limit } from '../core/source.ts'
import { hostMatches } from '../core/hosts.ts'
import type { Budget } from '../ports/limiter.ts'

/** What shares one budget, with the budget, the time limit and the user agent its source advises. */
export interface Scope {
  readonly name: string
  readonly budget: Budget
  /** Milliseconds; absent where the user has set one. */
  readonly timeout?: number
  readonly userAgent?: string
}

interface ScopeSettings {
  readonly jobs: number
  readonly perHost?: number
  readonly rate?: number
  readonly limits: readonly Limit[]
  /** The user has set time limits: sources advise none. */
  readonly ownTimeouts: boolean
}

/** The scopes that a host takes part in: by path prefix, longest first; a host in no scope is its own. */
export class Scopes {
  readonly #settings: ScopeSettings
  readonly #byName = new Map<string, Scope>()

  constructor(settings: ScopeSettings) {
    this.#settings = settings
  }

  /** Of one origin; `host` with its port names the scope where no source does. The last one takes every path. */
  of(hostname: string, host: string): readonly { readonly path: string; readonly scope: Scope }[] {
    const limits = this.#settings.limits.filter((limit) =>
      limit.hosts.some((pattern) => hostMatches(pattern, hostname)),
    )
    const found = limits.map((limit) => ({ path: limit.path ?? '/', scope: this.#scope(limit.scope, limit) }))
    if (!found.some((entry) => entry.path === '/')) found.push({ path: '/', scope: this.#scope(host) })
    return found.toSorted((a, b) => b.path.length - a.path.length)
  }

  #scope(name: string, limit?: Limit): Scope {
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    const perSecond = this.#settings.rate ?? limit?.perSecond
    const scope: Scope = {
      name,
      budget: {
        slots: this.#settings.perHost ?? limit?.slots ?? this.#settings.jobs,
        ...(perSecond === undefined ? {} : { perSecond }),
      },
      ...(limit?.timeout === undefined || this.#settings.ownTimeouts ? {} : { timeout: limit.timeout * 1000 }),
      ...(limit?.userAgent === undefined ? {} : { userAgent: limit.userAgent }),
    }
    this.#byName.set(name, scope)
    return scope
  }
}
