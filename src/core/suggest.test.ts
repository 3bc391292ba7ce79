import { describe, expect, it } from 'vitest'
import { didYouMean, editDistance, nearest } from './suggest.ts'

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['jobs', 'jobs', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['jbos', 'jobs', 1],
    ['kitten', 'sitting', 3],
    ['foldr', 'folder', 1],
  ])('from %j to %j is %d', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance)
    expect(editDistance(to, from)).toBe(distance)
  })
})

describe('nearest', () => {
  const known = ['jobs', 'perHost', 'rate', 'retries']
  it('finds a word with a slip of the finger', () => expect(nearest('jbos', known)).toBe('jobs'))
  it('does not care about case', () => expect(nearest('PERHOST', known)).toBe('perHost'))
  it('finds nothing for a word of its own', () => expect(nearest('colour', known)).toBeUndefined())
  it('does not turn one letter into another', () => expect(nearest('x', ['y', 'z'])).toBeUndefined())
  it('is quick on a hostile word', () => expect(nearest('a'.repeat(1_000_000), known)).toBeUndefined())
})

describe('didYouMean', () => {
  it('asks', () => expect(didYouMean('rat', ['rate', 'jobs'])).toBe('did you mean "rate"?'))
  it('lists when nothing is near', () => expect(didYouMean('colour', ['rate', 'jobs'])).toBe('there are: rate, jobs'))
  it('says so when there is nothing', () => expect(didYouMean('colour', [])).toBe('there is none to choose from'))
})
