import { expect, test } from 'vitest'
import { median, medianRatio } from './statistics.ts'

test('the median of odd and even numbers of values, whatever their order', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([10, 1, 4, 2])).toBe(3)
  expect(median([5])).toBe(5)
  expect(median([])).toBeUndefined()
})

test('a ratio compares round with round, so a slow spell of the machine does not count', () => {
  const curl = [1, 1, 10].map((wall) => ({ wall, items: 100 }))
  const bowerbird = [2, 2, 20].map((wall) => ({ wall, items: 100 }))
  expect(medianRatio(bowerbird, curl)).toBe(2)
})

test('a program that fetched fewer files is compared by seconds per file', () => {
  expect(medianRatio([{ wall: 5, items: 10 }], [{ wall: 1, items: 100 }])).toBe(50)
})

test('rounds that failed are left out', () => {
  const lap = { wall: 1, items: 1 }
  expect(medianRatio([undefined, { wall: 3, items: 1 }, lap], [lap, lap, undefined])).toBe(3)
  expect(medianRatio([undefined], [lap])).toBeUndefined()
})
