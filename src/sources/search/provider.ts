import type { Json } from '../../core/glossary.ts'
import type { ExploreContext, Limit, Meta, Quality } from '../../core/source.ts'

/** What is searched for. */
export interface Query {
  /** As the user wrote it, blanks tidied. */
  readonly keyword: string
  /** Parameters of a result page's URL that narrow the search, as they stood there; empty for a short form. */
  readonly filters: Readonly<Record<string, string>>
}

/** One image of a result page. */
export interface Result {
  /** The provider's own id of the image: one that comes back under another URL is not listed again. */
  readonly id?: string
  /** The full-size image: http(s), or `data:` where the page holds the image itself. Absent: only a thumbnail is known. */
  readonly url?: string
  readonly quality?: Quality
  /** Stored only where the user asks for thumbnails. */
  readonly thumbnail?: string
  /** Sent as `Referer` where the host of the image refuses a request without one. */
  readonly referer?: string
  readonly meta: Meta
}

/** What stands in the way of results. Each is told apart, and none is worked around. */
export type Wall = 'consent' | 'captcha' | 'script-shell' | 'unknown-layout'

export interface WallPage {
  readonly kind: Wall
  /** The place in the answer that tells. */
  readonly where?: string
  /** More than the kind says. */
  readonly why?: string
}

/** What a parser makes of one answer. `note` is for the user to know. */
export type SearchPage =
  | {
      readonly kind: 'results'
      readonly results: readonly Result[]
      /** Where the results go on, as plain JSON; without it this was the last page. */
      readonly next?: Json
      readonly note?: string
    }
  | { readonly kind: 'none'; readonly note?: string }
  | WallPage

/** A parsed answer and where it came from. */
export interface Answered {
  readonly url: string
  readonly page: SearchPage
}

/** One search engine. Reading its answers is a pure function beside it; `page` only asks and hands over. */
export interface Provider {
  /** In short forms and as the name of its route. */
  readonly name: string
  /** One line for `bowerbird sources`. */
  readonly about: string
  /** Of its result pages, where they are targets. */
  readonly hosts: readonly string[]
  readonly limits: readonly Limit[]
  /** Result pages that are targets, one of each form. */
  readonly also: readonly string[]
  /** The query of a result page's URL with its filters; nothing for any other URL. Pure. */
  readPageUrl(url: URL): Query | undefined
  /** How it is asked; the name of the route's strategy. */
  readonly way: string
  readonly uses?: 'browser'
  /** One page of results; `at` is what the page before gave as `next`. */
  page(query: Query, at: Json | undefined, context: ExploreContext): Promise<Answered>
}
