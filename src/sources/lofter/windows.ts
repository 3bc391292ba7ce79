import type { Cursor, Finding, Params } from '../../core/source.ts'
import { nextRef } from '../../kit/refs.ts'

/** Findings of one ref at most. */
const WINDOW = 1000

/** One window of what a page yields, which a very long post is asked for again with each. */
export function* windowOf(
  route: string,
  params: Params,
  cursor: Cursor | undefined,
  findings: readonly Finding[],
): Iterable<Finding> {
  const from = typeof cursor === 'number' ? cursor : 0
  yield* findings.slice(from, from + WINDOW)
  if (from + WINDOW < findings.length) yield nextRef({ source: 'lofter', route, params, cursor: from + WINDOW })
}
