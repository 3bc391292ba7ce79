/** How a page names a version of a picture, best first. */
export const RANK = {
  /** An attribute that names the original or the full size. */
  named: 4,
  /** The link around a picture. */
  linked: 3,
  /** One of several sizes. */
  sized: 2,
  /** What the page itself shows. */
  shown: 1,
} as const

/** One URL of a picture, as the page gives it. */
export interface Version {
  /** Absolute. */
  readonly url: string
  readonly rank: number
  /** Pixels, where the page tells them (`320w`). */
  readonly width?: number
  readonly density?: number
}

/** One picture, video or archive that a page shows or links to. */
export interface Found {
  /** Best first, at least one. */
  readonly versions: readonly Version[]
  readonly title?: string
}

/** Best first, each URL once. */
export function inOrder(versions: readonly Version[]): readonly Version[] {
  const sorted = versions.toSorted(
    (a, b) => b.rank - a.rank || (b.width ?? 0) - (a.width ?? 0) || (b.density ?? 1) - (a.density ?? 1),
  )
  const seen = new Set<string>()
  return sorted.filter(({ url }) => !seen.has(url) && seen.add(url))
}

/**
 * Each picture once: those with the same best URL become one, and what is only a smaller version of another goes.
 * Order of first appearance.
 */
export function distinct(found: readonly Found[]): readonly Found[] {
  const byBest = new Map<string, Found>()
  for (const each of found) {
    const best = bestUrl(each)
    const known = byBest.get(best)
    byBest.set(best, known === undefined ? each : merge(known, each))
  }
  const dropped = new Set<Found>()
  const holders = Map.groupBy(
    [...byBest.values()].flatMap((each) => each.versions.slice(1).map(({ url }) => ({ url, each }))),
    ({ url }) => url,
  )
  for (const [best, each] of byBest) {
    if (holders.get(best)?.some((holder) => holder.each !== each && !dropped.has(holder.each)) === true)
      dropped.add(each)
  }
  return [...byBest.values()].filter((each) => !dropped.has(each))
}

function merge(one: Found, other: Found): Found {
  const title = one.title ?? other.title
  return { versions: inOrder([...one.versions, ...other.versions]), ...(title !== undefined && { title }) }
}

function bestUrl(found: Found): string {
  return found.versions[0]?.url ?? ''
}
