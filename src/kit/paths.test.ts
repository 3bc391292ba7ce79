import { expect, test } from 'vitest'
import { pathParts } from './paths.ts'

test.each([
  ['/a//b/', ['a', 'b']],
  ['tag/%E6%8F%92%E7%94%BB', ['tag', '插画']],
  ['/100%/a%2Fb', ['100%', 'a/b']],
  ['/', []],
])('the parts of %s', (path, parts) => {
  expect(pathParts(path)).toEqual(parts)
})
