import { expect, test } from 'vitest'
import { compact } from './compact.ts'

test('leaves out every way to say nothing, and keeps what is false or zero', () => {
  const fields = { none: null, absent: undefined, empty: '', list: [], zero: 0, no: false, text: 'a', some: [0] }
  expect(compact(fields)).toEqual({ zero: 0, no: false, text: 'a', some: [0] })
})
