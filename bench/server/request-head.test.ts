import { expect, test } from 'vitest'
import { readHead } from './request-head.ts'

const GET = 'GET /pictures/17.jpg HTTP/1.1\r\nHost: 127.0.0.1:8080'

test('folder and number of a file', () => {
  expect(readHead(GET)).toEqual({ method: 'GET', folder: 'pictures', number: 17, close: false })
})

test('a path that is no file', () => {
  expect(readHead('GET /robots.txt HTTP/1.1')).toEqual({ method: 'GET', close: false })
})

test.each([
  ['Range: bytes=100-', { from: 100 }],
  ['range:bytes=0-63', { from: 0, to: 63 }],
])('%s', (line, range) => {
  expect(readHead(`${GET}\r\n${line}`)).toMatchObject(range)
})

test('whether the connection stays', () => {
  expect(readHead(`${GET}\r\nConnection: close`).close).toBe(true)
  expect(readHead(GET.replace('1.1\r', '1.0\r')).close).toBe(true)
  expect(readHead(`${GET.replace('1.1\r', '1.0\r')}\r\nConnection: Keep-Alive`).close).toBe(false)
})
