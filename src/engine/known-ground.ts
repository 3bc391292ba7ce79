import type { Finding, Source } from '../core/source.ts'
import type { Known, RefRow, TargetRow } from '../ports/catalog.ts'
import type { RunSettings } from './parts.ts'
import { routeOf } from './resolve.ts'

/** So many items in a row, page ends included, make known ground: a few pinned posts stand first everywhere. */
const ENOUGH = 20

/**
 * Where a newest-first listing may end before its last page (ADR 0080). Known ground is a row of whole pages, of 20 items
 * or more in all, each of which an earlier visit of this target has listed or explored: then everything behind them was
 * listed, too, as long as no visit has left a page waiting, held or failed. What is listed there and not collected yet
 * is taken from the catalog.
 */
export class KnownGround {
  readonly #mayEnd: boolean
  readonly #sources: readonly Source[]
  /** Items in a row up to now, by listing. */
  readonly #rows = new Map<string, number>()

  constructor(target: TargetRow, settings: RunSettings, sources: readonly Source[]) {
    const { overwrite, pages, range } = settings
    const wholeWanted = overwrite || pages !== undefined || range !== undefined
    // What lies below the place where visits have ended so far is wanted by one that has no such place.
    const below = target.partial && target.stop === undefined
    this.#mayEnd = target.visit > 1 && target.left === 0 && !target.changed && !wholeWanted && !below
    this.#sources = sources
  }

  /** The listing of this ref is one that may end before its last page. */
  mayEnd(ref: RefRow): boolean {
    return this.#mayEnd && isNewestFirst(ref, this.#sources)
  }

  /** Counts the items of a page; `true`: known ground is reached, and the listing may end. */
  reached(ref: RefRow, findings: readonly Finding[], known: Known): boolean {
    if (!this.mayEnd(ref)) return false
    const listing = listingName(ref)
    const items = findings.map((finding) => isKnown(finding, known)).filter((item) => item !== undefined)
    const row = items.every(Boolean) ? (this.#rows.get(listing) ?? 0) + items.length : 0
    this.#rows.set(listing, row)
    return row >= ENOUGH
  }
}

export function isNewestFirst(ref: RefRow, sources: readonly Source[]): boolean {
  return routeOf(ref.spec, sources).route.order === 'newest-first'
}

/** Whether an earlier visit had it. `undefined`: it is no item, or one that the site keeps from us and gives no key of. */
function isKnown(finding: Finding, { keys, explored }: Known): boolean | undefined {
  const isListed = (key: string): boolean => keys.get(key)?.before === true
  switch (finding.kind) {
    case 'asset':
      return isListed(finding.asset.key)
    case 'ref': {
      if (finding.as === 'next') return undefined
      const { ref, yields = [] } = finding
      return explored.has(ref) || (yields.length > 0 && yields.every(isListed))
    }
    case 'url':
      return false
    case 'missing':
    case 'note':
    case 'unavailable':
      return undefined
  }
}

/** All pages of one listing have the same. */
function listingName({ spec }: RefRow): string {
  return JSON.stringify([spec.source, spec.route, spec.params])
}
