import { expect, test } from 'vitest'
import { Fault } from '../../core/errors.ts'
import { readIndex } from './index-file.ts'

test.each([
  ['{"cat": ["https://a/1.jpg", "https://a/2.jpg"], "dog": []}'],
  ["{'cat': ['https://a/1.jpg', 'https://a/2.jpg'], 'dog': []}"],
  ['{"  cat ": ["https://a/1.jpg", "https://a/2.jpg", "https://a/1.jpg"], "dog": []}'],
])('%s', (text) => {
  expect([...readIndex(text, 'x')]).toEqual([
    ['cat', ['https://a/1.jpg', 'https://a/2.jpg']],
    ['dog', []],
  ])
})

test('names of objects are keywords like others', () => {
  expect([...readIndex('{"__proto__": ["https://a/1.jpg"]}', 'x')]).toEqual([['__proto__', ['https://a/1.jpg']]])
})

test.each([
  ["{'cat': [\n'https://a/1.jpg',\n__import__('os')]}", 'urls.txt:3 is no index', 'neither JSON nor a dict'],
  ['["https://a/1.jpg"]', 'urls.txt is no index', 'no object'],
  ['{"cat": "https://a/1.jpg"}', 'urls.txt is no index', 'under "cat" is no list'],
  ['{"cat": [{}]}', 'urls.txt is no index', 'under "cat" is no list'],
  ['{"": []}', 'urls.txt is no index', '"" is no keyword'],
])('%j is refused', (text, place, why) => {
  expect(() => readIndex(text, 'urls.txt')).toThrow(Fault)
  expect(() => readIndex(text, 'urls.txt')).toThrow(place)
  expect(() => readIndex(text, 'urls.txt')).toThrow(why)
})
