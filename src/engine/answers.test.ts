import { expect, test } from 'vitest'
import { statusFault } from './answers.ts'

// nginx answers 400 to a request in the clear at a port of TLS.
test.each([
  ['http://museum.example:8443/a.jpg', true],
  ['http://museum.example/a.jpg', false],
  ['https://museum.example:8443/a.jpg', false],
])('400 from %s names the other scheme: %s', (url, named) => {
  const { code, message } = statusFault({ url, status: 400, headers: {}, redirects: 0 })
  expect(code).toBe('HttpStatus')
  expect(/https:\/\//.test(message)).toBe(named)
})
