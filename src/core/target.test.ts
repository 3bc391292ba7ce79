import { describe, expect, it } from 'vitest'
import { Fault } from './errors.ts'
import { namedOrigin, readTarget } from './target.ts'

function refusal(text: string): Fault {
  try {
    readTarget(text)
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown
  }
  throw new Error(`${text} was not refused with a fault`)
}

describe('readTarget', () => {
  it.each([
    ['https://example.org/a.jpg', 'https://example.org/a.jpg'],
    ['  HTTP://Example.ORG/a b#c ', 'http://example.org/a%20b#c'],
    ['https:example.org', 'https://example.org/'],
    ['example.org/a.jpg', 'https://example.org/a.jpg'],
    ['example.org:8080', 'https://example.org:8080/'],
    ['localhost:8080/a', 'https://localhost:8080/a'],
    ['127.0.0.1:80/a', 'https://127.0.0.1:80/a'],
    ['[::1]:8080/a', 'https://[::1]:8080/a'],
    ['http://[::1]:81/a', 'http://[::1]:81/a'],
    ['http://user:pw@[2001:db8::7]/a', 'http://user:pw@[2001:db8::7]/a'],
    [String.raw`https://example.org/a\[1\]\{b\}`, 'https://example.org/a[1]%7Bb%7D'],
    ['https://example.org/über', 'https://example.org/%C3%BCber'],
  ])('takes %s for the URL %s', (text, href) => {
    const target = readTarget(text)
    expect(target.kind === 'url' && target.url.href).toBe(href)
  })

  it.each([
    ['imgur:r/funny', 'imgur', 'r/funny'],
    ['Lofter:yurisa123', 'lofter', 'yurisa123'],
    ['deviantart:12345', 'deviantart', '12345'],
    ['direct:https://example.org/[1]', 'direct', 'https://example.org/[1]'],
    ['a-b2:x', 'a-b2', 'x'],
  ])('takes %s for a short form', (text, source, rest) => {
    expect(readTarget(text)).toEqual({ kind: 'short', text, source, rest })
  })

  it.each([
    'https://example.org/{1..9}.jpg',
    'https://example.org/[1-9].jpg',
    'https://example.org/[].jpg',
    'https://{a,b}.example.org/',
    'https://example.org/x}.jpg',
    'http://[::1]:80/[1-3]',
    'http://example.org/[::1]',
  ])('takes %s for a template', (text) => {
    expect(readTarget(text)).toEqual({ kind: 'template', text })
  })

  it('gives a template without scheme one', () => {
    expect(readTarget('example.org/{1..3}.jpg')).toEqual({ kind: 'template', text: 'https://example.org/{1..3}.jpg' })
  })

  it('takes marks literally with globoff', () => {
    const target = readTarget('https://example.org/?a[]={1..9}', { globoff: true })
    expect(target.kind === 'url' && target.url.href).toBe('https://example.org/?a[]={1..9}')
  })

  it.each([
    ['bowerbird', 'did you mean `bowerbird search bowerbird`?'],
    ["blue bird's nest", String.raw`did you mean \`bowerbird search 'blue bird'\''s nest'\`?`.replaceAll('\\`', '`')],
    ['example.org', 'did you mean `bowerbird search example.org`, or `bowerbird https://example.org`?'],
  ])('asks whether %s was meant for search', (text, advice) => {
    const fault = refusal(text)
    expect([fault.code, fault.evidence.advice]).toEqual(['Usage', advice])
  })

  it.each([
    '',
    '   ',
    'imgur:',
    'file:///etc/passwd',
    'ftp://example.org/a',
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    '/home/me/list.txt',
    './list.txt',
    'r/funny',
    'https://',
    'https://exa mple.org/',
    'https://example.org:99999/',
  ])('refuses "%s" as a usage error', (text) => {
    expect(refusal(text).code).toBe('Usage')
  })

  it('refuses what is longer than any URL, and looks at hostile text for no noticeable time', () => {
    expect(refusal(`https://example.org/${'a'.repeat(70_000)}`).code).toBe('Usage')
    const start = process.threadCpuUsage()
    refusal(`${'a.'.repeat(30_000)}@`)
    expect(process.threadCpuUsage(start).user).toBeLessThan(200_000)
  })
})

describe('namedOrigin', () => {
  it.each([
    ['https://user:pw@Example.org:8443/a', 'https://example.org:8443'],
    ['http://[::1]:81/[1-3]', 'http://[::1]:81'],
    ['https://example.org/{1..3}', 'https://example.org'],
    ['https://{a,b}.example.org/', undefined],
    ['page:http://192.168.1.5/cam', 'http://192.168.1.5'],
    ['template:https://example.org/{1..3}', 'https://example.org'],
    ['imgur:r/funny', undefined],
  ])('of %s is %s', (text, origin) => {
    expect(namedOrigin(readTarget(text))).toBe(origin)
  })
})
