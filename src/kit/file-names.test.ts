import { describe, expect, it } from 'vitest'
import { extensionOf, filenameOf, stemOf } from './file-names.ts'

describe('filenameOf', () => {
  it.each([
    ['https://h/a/b.jpg', 'b'],
    ['https://h/a/b.tar.gz?x=1/2.png#y', 'b.tar'],
    ['https://h/a/', 'a'],
    ['https://h/', 'h'],
    ['https://h/%C3%BCber%20all.JPEG', 'über all'],
    ['https://h/100%.png', '100%'],
    ['https://h/.htaccess', '.htaccess'],
    ['https://h/v2.0%20final', 'v2.0 final'],
    ['https://h/a%2Fb.png', 'a/b'],
    ['data:image/png;base64,AAAA', ''],
    ['nowhere', ''],
  ])('%s is named %s', (url, name) => {
    expect(filenameOf(url)).toBe(name)
  })
})

describe('extensionOf', () => {
  it.each([
    ['https://h/a/b.JPG?x=y.png', 'jpg'],
    ['https://h/a.b/c', ''],
    ['https://h/', ''],
    ['nowhere', ''],
  ])('%s has "%s"', (url, extension) => {
    expect(extensionOf(url)).toBe(extension)
  })
})

it('stemOf takes only a short, plain ending for an extension', () => {
  expect(['a.jpg', 'a.jpeg2000', 'Mr. Smith', '.jpg'].map(stemOf)).toEqual(['a', 'a.jpeg2000', 'Mr. Smith', '.jpg'])
})
