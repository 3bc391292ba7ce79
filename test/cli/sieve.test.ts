import { describe, expect, test } from 'vitest'
import { BYSTANDERS, sieve } from './sieve.ts'

describe('the net below all suites', () => {
  test.each([
    ['the value of a variable', `x ${BYSTANDERS.GITHUB_TOKEN}`],
    ['a token', 'failed https://e.org/a.jpg?token=abc: no'],
    ['a password', '"url":"https://me:pw@e.org/"'],
    ['a signature that an event tells', '{"url":"https://e.org/a?x=1&X-Amz-Signature=abc"}'],
  ])('holds %s', (_what, text) => {
    expect(() => sieve([], '', text)).toThrow(/tells/)
  })

  test.each([
    ['what was taken out', [], 'failed https://e.org/a.jpg?token=REDACTED: no; me@e.org'],
    ['whole URLs that were asked for', ['get', '--print', 'url'], 'https://e.org/a.jpg?token=abc'],
  ])('lets through %s', (_what, args, text) => {
    expect(() => sieve(args, text)).not.toThrow()
  })
})
