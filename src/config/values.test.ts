import { describe, expect, it } from 'vitest'
import { optionOf } from './options.ts'
import { allowed, CONNECT_TO, fromText, isProxy, parseHeader, parseSize, parseSpan, sameName, shown } from './values.ts'

describe('parseSize', () => {
  it.each([
    ['0', 0],
    [512, 512],
    ['512', 512],
    ['1K', 1024],
    ['1k', 1024],
    ['1KB', 1024],
    ['1KiB', 1024],
    ['10 M', 10_485_760],
    ['1.5M', 1_572_864],
    ['4G', 4_294_967_296],
    ['1T', 1_099_511_627_776],
    ['100B', 100],
    ['0.3K', 307],
  ])('reads %j as %d bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes))

  it.each(['', 'K', '-1', '1X', '1 2', '1.K', '.5M', '1e3', '9999999T', '1KK', 'Infinity', '0x10'])(
    'refuses %j',
    (text) => {
      expect(parseSize(text)).toBeUndefined()
    },
  )
})

describe('parseSpan', () => {
  it.each([
    ['5', 5, 5],
    [5, 5, 5],
    ['5-', 5, Infinity],
    ['-5', 1, 5],
    ['2-9', 2, 9],
    ['3-3', 3, 3],
  ])('reads %j as %d to %d', (text, from, to) => expect(parseSpan(text)).toEqual({ from, to }))

  it.each(['', '-', '0', '0-5', '9-3', '1-2-3', 'a-b', '1..3', '1,3', ' 1'])('refuses %j', (text) => {
    expect(parseSpan(text)).toBeUndefined()
  })
})

describe('parseHeader', () => {
  it.each([
    ['Referer: https://example.org/', 'Referer', 'https://example.org/'],
    ['X-Empty:', 'X-Empty', ''],
    ['A:b: c ', 'A', 'b: c'],
  ])('reads %j', (line, name, value) => expect(parseHeader(line)).toEqual({ name, value }))

  it.each(['', 'no colon', ': x', 'A b: c', 'A: b\r\nC: d', 'A: b\nc', 'A: 日'])('refuses %j', (line) => {
    expect(parseHeader(line)).toBeUndefined()
  })
})

describe('a proxy', () => {
  it.each([
    'http://h:1',
    'https://u:p@h',
    'socks5://127.0.0.1:1080',
    'socks5h://h:1',
    'socks4a://h',
    'h:8080',
    '127.0.0.1:3128',
  ])('may be %s', (text) => expect(isProxy(text)).toBe(true))
  it.each(['', 'ftp://h', 'http://', 'http://h:99999', 'a b'])('may not be %j', (text) =>
    expect(isProxy(text)).toBe(false),
  )
})

describe('connect-to', () => {
  it.each(['a:1:b:2', '::b:2', 'a::b:', ':::', '[::1]:443:[::2]:8443'])('may be %s', (text) =>
    expect(text).toMatch(CONNECT_TO),
  )
  it.each(['', 'a:b', 'a:1:b', 'a:x:b:2', '::1:443:b:2', 'a:1:b:2:3'])('may not be %j', (text) =>
    expect(text).not.toMatch(CONNECT_TO),
  )
})

describe('fromText', () => {
  it.each([
    ['jobs', '24', 24],
    ['jobs', 'x', 'x'],
    ['jobs', '0x10', '0x10'],
    ['jobs', '1e3', '1e3'],
    ['rate', '0.5', 0.5],
    ['robots', 'Yes', true],
    ['robots', 'off', false],
    ['robots', 'perhaps', 'perhaps'],
    ['to', '5', '5'],
    ['maxSize', '5', '5'],
  ] as const)('reads %s %j as %j', (name, text, value) => expect(fromText(optionOf(name), text)).toBe(value))
})

describe('messages', () => {
  it('say what is allowed', () => {
    expect(allowed(optionOf('jobs'))).toBe('a whole number, at least 1')
    expect(allowed(optionOf('verify'))).toBe('one of structure, decode')
    expect(allowed(optionOf('screen'))).toBe('text, or a list of such')
  })

  it('show a refused value, but no secret and no novel', () => {
    expect(shown('x', optionOf('jobs'))).toBe('"x"')
    expect(shown(null, optionOf('jobs'))).toBe('nothing')
    expect(shown('hunter2', optionOf('proxy'))).toBe('the value')
    expect(shown('x'.repeat(1000), optionOf('jobs'))).toHaveLength(60)
  })

  it('know a name in other spellings', () => {
    expect(sameName('per-host', ['jobs', 'perHost'])).toBe('perHost')
    expect(sameName('PER_HOST', ['jobs', 'perHost'])).toBe('perHost')
    expect(sameName('host', ['jobs', 'perHost'])).toBeUndefined()
  })
})
