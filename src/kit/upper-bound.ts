/**
 * Finds the last number of a site that has one, over windows of numbers, so that single holes do not count. A window
 * is occupied when any number in it is there. Plain data, so that it can wait as a cursor:
 *
 *     gallop   steps behind the last occupied window, each twice as far, until one is empty
 *     bisect   between the last occupied window and that empty one
 *     outlook  behind the border so found, at growing distances, up to as far again as it lies itself: where anything
 *              is there, the border was that of a hole, and galloping begins anew behind it
 *     done     `low` is the last occupied window; -1 when there is none
 */
export type Search =
  | { readonly phase: 'gallop' | 'outlook'; readonly low: number; readonly distance: number }
  | { readonly phase: 'bisect'; readonly low: number; readonly high: number }
  | { readonly phase: 'done'; readonly low: number }

export const SEARCH_START: Search = { phase: 'gallop', low: -1, distance: 1 }

/** How far to look, in windows, while nothing was found at all, and behind a border that lies near the start. */
const FIRST_OUTLOOK = 64
const LEAST_OUTLOOK = 4

/** The window that decides how the search goes on. */
export function nextWindow(search: Exclude<Search, { phase: 'done' }>): number {
  return search.phase === 'bisect' ? Math.floor((search.low + search.high) / 2) : search.low + search.distance
}

/** The search after it was seen whether `nextWindow` is occupied. */
export function advance(search: Exclude<Search, { phase: 'done' }>, occupied: boolean): Search {
  const window = nextWindow(search)
  switch (search.phase) {
    case 'gallop':
      if (occupied) return { phase: 'gallop', low: window, distance: search.distance * 2 }
      return between(search.low, window)
    case 'bisect':
      return occupied ? between(window, search.high) : between(search.low, window)
    case 'outlook':
      return occupied ? { phase: 'gallop', low: window, distance: 1 } : lookOut(search.low, search.distance * 2)
  }
}

function between(low: number, high: number): Search {
  return high - low > 1 ? { phase: 'bisect', low, high } : lookOut(low, 2)
}

function lookOut(low: number, distance: number): Search {
  const furthest = low < 0 ? FIRST_OUTLOOK : Math.max(LEAST_OUTLOOK, low + 1)
  return distance > furthest ? { phase: 'done', low } : { phase: 'outlook', low, distance }
}
