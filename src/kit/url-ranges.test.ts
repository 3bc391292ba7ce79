import { describe, expect, it } from 'vitest'
import { Fault } from '../core/errors.ts'
import { parseUrlTemplate } from './url-ranges.ts'

function all(text: string): readonly string[] {
  const template = parseUrlTemplate(`http://h/${text}`)
  return Array.from({ length: template.count }, (_, index) => template.at(index).url.slice('http://h/'.length))
}

function refusal(text: string): Fault {
  try {
    parseUrlTemplate(text)
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown
  }
  throw new Error(`${text} was not refused with a fault`)
}

describe('a URL template', () => {
  it.each([
    ['[1-3]', ['1', '2', '3']],
    ['{1..3}', ['1', '2', '3']],
    ['[8-11]', ['8', '9', '10', '11']],
    ['[08-11]', ['08', '09', '10', '11']],
    ['[001-003].jpg', ['001.jpg', '002.jpg', '003.jpg']],
    ['[09-101:46]', ['09', '55', '101']],
    ['{09..101..46}', ['009', '055', '101']],
    ['{8..010}', ['008', '009', '010']],
    ['[0-10:5]', ['0', '5', '10']],
    ['[1-8:5]', ['1', '6']],
    ['[7-7]', ['7']],
    ['[a-c]', ['a', 'b', 'c']],
    ['[A-E:2]', ['A', 'C', 'E']],
    ['{a..c}', ['a', 'b', 'c']],
    ['{a,b,c}', ['a', 'b', 'c']],
    ['{one}', ['one']],
    ['x{,s}', ['x', 'xs']],
    ['{1..3,5}', ['1..3', '5']],
    [String.raw`{a\,b,\}}`, ['a,b', '}']],
    ['[1-2]{a,b}', ['1a', '1b', '2a', '2b']],
    ['{a,b}/[1-2]-[x-y]', ['a/1-x', 'a/1-y', 'a/2-x', 'a/2-y', 'b/1-x', 'b/1-y', 'b/2-x', 'b/2-y']],
    [String.raw`\[1-2\]\{a,b\}`, ['[1-2]{a,b}']],
    [String.raw`a\b`, [String.raw`a\b`]],
    ['plain', ['plain']],
  ])('%s stands for %j', (text, expected) => {
    expect(all(text)).toEqual(expected)
  })

  it('names the parts, left to right', () => {
    expect(parseUrlTemplate('http://h/{a,b}/[01-12]').at(14)).toEqual({ url: 'http://h/b/03', parts: ['b', '03'] })
  })

  it('takes no IPv6 host for a range', () => {
    const template = parseUrlTemplate('http://u:p@[::1]:80/[1-2]')
    expect([template.count, template.at(1).url]).toEqual([2, 'http://u:p@[::1]:80/2'])
  })

  it('is as large as its ranges, and reaches any place at once', () => {
    const template = parseUrlTemplate('https://h/[000000-999999]/{1..1000000}')
    expect(template.count).toBe(1e12)
    expect(template.at(1e12 - 1).url).toBe('https://h/999999/1000000')
    expect(template.at(123_456_789_012).parts).toEqual(['123456', '789013'])
  })

  it.each(['{1..}', '[1-]', '{001..}', '[1-:5]'])('may have an open end: %s', (range) => {
    const template = parseUrlTemplate(`https://h/${range}`)
    expect(template.count).toBe(Infinity)
    expect(Number(template.at(400_000).parts[0])).toBe(range.includes(':') ? 2_000_001 : 400_001)
  })

  it.each([
    ['http://h/[]', 10, 'an empty range'],
    ['http://h/{}', 10, 'an empty list'],
    ['http://h/a[5-1]', 11, 'the range runs backwards'],
    ['http://h/{5..1}', 10, 'the range runs backwards'],
    ['http://h/[1-9:0]', 10, 'a step of 0'],
    ['http://h/[1-:0]', 10, 'a step of 0'],
    ['http://h/[1-9:9]', 10, 'a step of 9 is longer than the range'],
    ['http://h/[a-Z]', 10, '"[a-Z]" is no range'],
    ['http://h/[a-9]', 10, '"[a-9]" is no range'],
    ['http://h/[abc]', 10, '"[abc]" is no range'],
    ['http://h/[::1]', 10, '"[::1]" is no range'],
    ['http://h/{1..x}', 10, '"{1..x}" is no range'],
    ['http://h/{..5}', 10, '"{..5}" is no range'],
    ['http://h/[1-2', 10, 'no "]" for this "["'],
    ['http://h/{a,b', 10, 'no "}" for this "{"'],
    ['http://h/{a,{b}}', 13, 'a "{" inside a range'],
    ['http://h/[1-[2-3]]', 13, 'a "[" inside a range'],
    ['http://h/a]', 11, 'a "]" that closes nothing'],
    ['http://h/a}', 11, 'a "}" that closes nothing'],
    ['http://h/[1-9999999999999999]', 10, 'a number of more than 15 digits'],
    ['http://h/[1-1000001]/[1-1000000]', 1, 'it stands for 1e+12 URLs, more than 10^12'],
    ['http://h/{a,b}/[1-]', 1, 'an open end must be the only range of a URL'],
  ])('%s is refused at character %i: %s', (text, place, why) => {
    const fault = refusal(text)
    expect(fault.code).toBe('Usage')
    expect(fault.message).toContain(`at character ${place}: ${why}`)
    expect(fault.evidence.advice).toBeDefined()
  })
})
