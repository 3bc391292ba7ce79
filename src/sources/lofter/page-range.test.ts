import { describe, expect, test } from 'vitest'
import { findLastPage } from './page-range.ts'

describe('the last page', () => {
  test('is found wherever it is, by few looks', async () => {
    for (const last of [1, 2, 3, 7, 50, 163]) {
      let looks = 0
      const found = await findLastPage(async (page) => {
        looks += 1
        return page <= last
      })
      expect(found).toBe(last)
      expect(looks).toBeLessThan(24)
    }
  })

  test('is not a page of reblogs in the middle', async () => {
    expect(await findLastPage(async (page) => page <= 20 && page !== 5 && page !== 9)).toBe(20)
  })

  test('does not exist where every number is answered', async () => {
    expect(await findLastPage(async () => true)).toBeUndefined()
  })
})
