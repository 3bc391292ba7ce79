import { describe, expect, it } from 'vitest'
import { advance, nextWindow, SEARCH_START, type Search } from './upper-bound.ts'

/** The last occupied window that the search finds, and how many windows it asked for. */
function find(occupied: (window: number) => boolean): {
  readonly low: number
  readonly asked: number
  readonly empty: number
} {
  let search: Search = SEARCH_START
  let asked = 0
  let empty = 0
  while (search.phase !== 'done') {
    const hit = occupied(nextWindow(search))
    asked += 1
    empty += hit ? 0 : 1
    search = advance(search, hit)
  }
  return { low: search.low, asked, empty }
}

describe('the search for the upper bound', () => {
  it('finds every end where there are no holes', () => {
    for (let last = 0; last < 300; last += 1) expect(find((window) => window <= last).low).toBe(last)
  })

  it('asks for few windows: for 400,000 numbers about 40', () => {
    const { low, asked, empty } = find((window) => window <= 6250)
    expect(low).toBe(6250)
    expect(asked).toBeLessThan(50)
    expect(empty).toBeLessThan(25)
  })

  it('says when nothing is there, after a look far ahead', () => {
    expect(find(() => false)).toMatchObject({ low: -1, empty: 7 })
  })

  it('finds what begins late', () => {
    expect(find((window) => window >= 7 && window <= 30).low).toBe(30)
  })

  it('is not fooled by holes, wherever the bisection meets them', () => {
    for (let hole = 10; hole < 200; hole += 1) {
      const width = Math.ceil(hole / 4)
      const last = 260
      expect(find((window) => window <= last && !(window >= hole && window < hole + width)).low).toBe(last)
    }
  })

  it('is not fooled by many holes: every second window, random ones', () => {
    expect(find((window) => window <= 1000 && window % 2 === 0).low).toBeGreaterThanOrEqual(994)
    let seed = 7
    const there = Array.from({ length: 900 }, () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % 3 > 0)
    expect(find((window) => there[window] ?? false).low).toBeGreaterThan(890)
  })

  it('can wait as JSON at any moment', () => {
    let search: Search = SEARCH_START
    while (search.phase !== 'done')
      search = JSON.parse(JSON.stringify(advance(search, nextWindow(search) <= 77))) as Search
    expect(search.low).toBe(77)
  })
})
