import type { Finding, Params } from '../../core/source.ts'
import type { Search } from '../../kit/upper-bound.ts'
import { advance, nextWindow } from '../../kit/upper-bound.ts'

/** A site that ignores the number answers forever: beyond this there is no last page. */
const MOST_PAGES = 1 << 16

/**
 * The last page of a listing whose first one is there: doubling steps, then halves, then a look beyond, so that pages that
 * hold nothing of the blog's own do not pass for its end. Nothing where the pages do not end.
 */
export async function findLastPage(isThere: (page: number) => Promise<boolean>): Promise<number | undefined> {
  let search: Search = { phase: 'gallop', low: 0, distance: 1 }
  while (search.phase !== 'done') {
    const window = nextWindow(search)
    if (window >= MOST_PAGES) return undefined
    search = advance(search, await isThere(window + 1))
  }
  return search.low + 1
}

/** What is said of a blog before its pages are read. */
export function rangeNote(params: Params, last: number, detail = ''): Finding {
  const what = typeof params['blog'] === 'string' ? `${params['blog']}.lofter.com` : 'the blog'
  const pages = last === 1 ? '1 page' : `${last} pages`
  return { kind: 'note', message: `${what} has ${pages}${detail}; --pages A-B takes some of them` }
}
