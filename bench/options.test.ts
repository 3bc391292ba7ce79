import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

const read = (...args: readonly string[]) => readOptions(args, ['a', 'b', 'help'], ['curl', 'aria2c'])

test('by default everything, five times', () => {
  expect(read()).toEqual({ only: ['a', 'b', 'help'], rounds: 5, quick: false, build: true })
})

test('a part of it', () => {
  expect(read('--only', 'b,a', '--peers', 'curl', '--runs', '7', '--no-build', '--name', 'v1.2')).toEqual({
    only: ['b', 'a'],
    rounds: 7,
    quick: false,
    peers: ['curl'],
    build: false,
    name: 'v1.2',
  })
})

test('a try has fewer rounds, unless it is told', () => {
  expect(read('--quick')).toMatchObject({ quick: true, rounds: 2 })
  expect(read('--quick', '--runs', '3')).toMatchObject({ rounds: 3 })
})

test('no peer at all', () => {
  expect(read('--peers', '')).toMatchObject({ peers: [] })
})

test.each([
  [['--only', 'z'], /--only: z is none of a, b, help/],
  [['--only', ''], /--only: some of a, b, help/],
  [['--peers', 'curl,wget9'], /--peers: wget9 is none of/],
  [['--runs', '0'], /--runs 0/],
  [['--runs', 'many'], /--runs many/],
  [['--name', '../x'], /--name/],
  [['--unknown'], /Unknown option/],
])('%j is refused', (args, message) => {
  expect(() => read(...args)).toThrow(message)
})

test('help', () => {
  expect(read('--help')).toBe('help')
})
