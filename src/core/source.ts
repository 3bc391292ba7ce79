import type { z } from 'zod'
import type { Browser } from './browser.ts'
import type { SourceHttp } from './http.ts'
import type { FaultCode } from './errors.ts'
import type { Json, JsonObject, Kind } from './glossary.ts'

/** What the user wrote, read once. Exactly one of the three readings applies. */
export type Target =
  | { readonly kind: 'url'; readonly text: string; readonly url: URL }
  /** `imgur:r/funny`: a source's name and the rest behind the colon. */
  | {
      readonly kind: 'short'
      readonly text: string
      readonly source: string
      readonly rest: string
      /** What an index file lists under it. */
      readonly urls?: readonly string[]
    }
  /** A URL with `{1..9}`, `[1-9]` or `{a,b}` in it. */
  | { readonly kind: 'template'; readonly text: string }

/** Route parameters: plain JSON, so that a ref can wait in a database. */
export type Params = JsonObject

/** Where a listing goes on: plain JSON. `undefined` is its first page. */
export type Cursor = Json

/** One unit of exploring, before the catalog knows it. */
export interface RefSpec {
  readonly source: string
  readonly route: string
  readonly params: Params
  readonly cursor?: Cursor
}

/** Best first: `original` is the uploaded file, `full` the largest rendering, `preview` anything smaller. */
export type Quality = 'original' | 'full' | 'preview'

/** One way to the bytes of an asset. */
export interface Candidate {
  readonly url: string
  readonly quality: Quality
  readonly headers?: Readonly<Record<string, string>>
  /** Unix milliseconds after which the URL is no longer good. */
  readonly expires?: number
}

/**
 * What is known of an asset besides its bytes: plain JSON, for templates, `--where`, sidecars and the catalog.
 * These names mean the same in every source; a source may add others.
 */
export interface Meta {
  readonly [name: string]: Json | undefined
  readonly title?: string
  readonly author?: string
  readonly description?: string
  /** ISO 8601, as exact as the site says. */
  readonly date?: string
  /** The page a person would open to see the asset. */
  readonly page?: string
  readonly tags?: readonly string[]
  readonly width?: number
  readonly height?: number
  readonly bytes?: number
  readonly mime?: string
  readonly kind?: Kind
  /** The name the file has at the site, without its extension. */
  readonly filename?: string
  readonly credit?: string
  readonly rights?: string
}

/** How an answer that is not the file may be read. */
export interface AssetRules {
  /** An answer of another kind is a `WrongType` fault. Without it any media file is taken. */
  readonly expect?: Kind
  /** An enumerated number: 404, 410, and what `missingIf` names, make the asset `missing`, not failed. */
  readonly enumerated?: boolean
  /** Beyond 404 and 410 of an enumerated asset: an HTML answer; a body that does not begin with these bytes (latin1). */
  readonly missingIf?: { readonly html?: boolean; readonly notMagic?: string }
  /** SHA-256 digests (hex) of the site's pictures for removed images, and endings of the final URL that lead to one. */
  readonly placeholder?: { readonly sha256?: readonly string[]; readonly finalUrl?: readonly string[] }
  /** Statuses besides 401, 403, 404 and 410 that a signed URL answers when it has expired. */
  readonly expiredStatuses?: readonly number[]
  /** An HTML answer turns the asset into this ref, with the body as its first answer (one GET decides). */
  readonly otherwise?: RefSpec
}

/** One thing to collect, as a route describes it. */
export interface Asset {
  /** `source:id[/media]`, from what no edit, order, quality, host or locale changes. See `kit/keys.ts`. */
  readonly key: string
  /** Best first, at least one. */
  readonly candidates: readonly Candidate[]
  readonly meta: Meta
  /** Position in its post or keyword, from 1; `{index}`. Without it: the position in the target's listing. */
  readonly index?: number
  /** The narrowest ref that yields the asset again with a fresh URL. */
  readonly refresh?: RefSpec
  readonly rules?: AssetRules
}

export type Finding =
  | { readonly kind: 'asset'; readonly asset: Asset }
  /** `next`: the listing goes on there. `child`: something below it (an album of a subreddit). */
  | {
      readonly kind: 'ref'
      readonly as: 'next' | 'child'
      readonly ref: RefSpec
      /** Keys the ref will yield, where the listing already tells them: it is skipped when all are settled. */
      readonly yields?: readonly string[]
    }
  /** A URL of whatever site: resolved like a target of the user's. */
  | { readonly kind: 'url'; readonly url: string; readonly depth?: number }
  | { readonly kind: 'unavailable'; readonly code: FaultCode; readonly what: string; readonly why: string }
  /** Something worth knowing that is no loss, such as the upper bound that was found. */
  | { readonly kind: 'note'; readonly message: string }
  /** An enumerated number that the site does not have: counted as missing, which is no failure, and recorded. */
  | {
      readonly kind: 'missing'
      readonly key: string
      readonly url: string
      readonly status?: number
      readonly why: string
    }

/** What a strategy may use. It has no disk, no clock of its own, no database, no `fetch`. */
export interface ExploreContext {
  readonly http: SourceHttp
  /** Given to strategies that say `uses: 'browser'`, and to no other. */
  readonly browser?: Browser
  /** The source's options after its schema. */
  readonly options: Readonly<Record<string, unknown>>
  /** Unix milliseconds. */
  readonly now: number
  /** Steps from the target to this ref; each `child` is one more. */
  readonly depth: number
  /** A value made once per run and source (a token, a CSRF pair). Kept in memory only. */
  session<T>(name: string, make: () => Promise<T>): Promise<T>
}

export interface Strategy {
  readonly name: string
  /** What it needs besides requests. */
  readonly uses?: 'browser'
  /** Options of the source without which the strategy is left out, such as credentials that only some users have. */
  readonly needs?: readonly string[]
  /** It lists less than the others, a last resort: what it has listed does not end a later listing early. */
  readonly lists?: 'less'
  /**
   * Yields the findings of ONE page or window: at most 1,000; more is a `next` ref with a cursor. Throws a `Fault`:
   * `Gone`, `NeedsLogin`, `Blocked`, `RateLimited`, `SiteChanged`. Strategies of a route yield the same keys.
   */
  explore(params: Params, cursor: Cursor | undefined, context: ExploreContext): AsyncIterable<Finding>
}

export interface Route {
  readonly name: string
  /** A target that the route takes; used by help, documentation and tests. */
  readonly example: string
  /** Other ways to write such a target, one of each form; for documentation and tests, as `example` is. */
  readonly also?: readonly string[]
  /** One line for `bowerbird sources`. */
  readonly about: string
  /** The parameters, or nothing when the target is not for this route. Pure. */
  match(target: Target): Params | undefined
  /** How many assets the target has, where that is known before exploring; for the progress bar. */
  total?(params: Params): number | undefined
  readonly order?: 'newest-first'
  /** The key of the one asset that the parameters name, or what the keys of its files begin with before a `/`. */
  key?(params: Params): string | undefined
  /** In order of preference; the next is tried on `SiteChanged`, `Blocked`, or an error after retries. */
  readonly strategies: readonly Strategy[]
}

/** A budget of requests that one or more hosts share. */
export interface Limit {
  readonly scope: string
  /** Host names; `*.example.org` takes every host below. */
  readonly hosts: readonly string[]
  /** Path prefix; the longest match wins. */
  readonly path?: string
  /** Requests at once. */
  readonly slots?: number
  readonly perSecond?: number
  /** Seconds to connect, to the first byte and between bytes: for hosts that answer soon or not at all. */
  readonly timeout?: number
  /** Only where the site refuses an honest one. */
  readonly userAgent?: string
}

/** What a source rests on: nobody has run it against the live site. One sentence each, for the documentation. */
export interface SourceEvidence {
  /** What recorded answers of the site show; tests read them. */
  readonly recorded: readonly string[]
  /** What is known from documentation and other programs alone, or is inferred. */
  readonly unverified: readonly string[]
}

/** One web site or protocol: data, except for the functions of its routes. */
export interface Source {
  readonly name: string
  /** One line for `bowerbird sources`. */
  readonly about: string
  /** Hosts whose URLs the source takes, and to which the user's headers go for a short form. `*.` as in `Limit`. */
  readonly hosts: readonly string[]
  /** A zod object; every field has a description and a default. */
  readonly options: z.ZodObject
  /** Fields of `meta` besides those of `Meta`, and what each holds: templates may use these and no others. */
  readonly fields?: Readonly<Record<string, string>>
  readonly limits: readonly Limit[]
  readonly routes: readonly Route[]
  /** Templates where the user gives none. */
  readonly folder: string
  readonly filename: string
  /** Absent where no site is meant. */
  readonly evidence?: SourceEvidence
  /** `true`: asked after all sources that know the host (direct, page, template). */
  readonly generic?: boolean
}
