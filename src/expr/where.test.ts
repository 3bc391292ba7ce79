import { describe, expect, it } from 'vitest'
import { Fault } from '../core/errors.ts'
import type { Fields } from './fields.ts'
import { parseWhere } from './where.ts'

const listed: Fields = {
  key: 'imgur:abc',
  source: 'imgur',
  title: 'Hé',
  tags: ['a', 'b'],
  date: '2024-05-01',
  index: 3,
  meta: { score: 5, ratio: 0.5, nested: { x: 1 }, good: true },
}
const sized: Fields = { ...listed, kind: 'image', mime: 'image/png', width: 2000, height: 1000, bytes: 10_240 }

const judge = (text: string, fields: Fields): string => parseWhere(text).judge(fields)

function faultOf(text: string): Fault {
  try {
    parseWhere(text)
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error(`${text} was taken`)
}

describe('what a condition takes for granted below meta', () => {
  it.each([
    ['width > 5 && title == "x"', []],
    ['meta.score > 3 || "x" in tags && meta.nested.x == 2', ['score', 'nested']],
    ['has(meta.score) && meta.score > 3 || meta.good', ['good']],
    ['tags.exists(t, t == meta.artist)', ['artist']],
    ['meta.score > 3 ? meta.score < 5 : false', ['score']],
  ])('%s', (text, names) => {
    expect(parseWhere(text).asks).toEqual(names)
  })
})

describe('a condition on what is known', () => {
  it.each([
    'width >= 2000',
    'width == 2000',
    '2000 == width',
    'width != 1999',
    'width > 1999.5',
    'width / height == 2',
    'height / width > 0.4',
    'width * 1.5 == 3000',
    '2 * height == width',
    'width % 2 == 0',
    'width % 300.0 == 200',
    'width + 1 > 2000 && width - 1 < 2000',
    'width in [1920, 2000, 2560]',
    'bytes > 10 * 1000 && bytes <= 10.5 * 1024',
    'kind == "image"',
    'kind in ["image", "video"]',
    'mime.startsWith("image/")',
    'date >= "2024-01-01" && date < "2025"',
    '"a" in tags',
    'tags.exists(t, t.startsWith("b"))',
    'tags.exists(t, t == "b" && bytes > 5)',
    'size(tags) == 2 && tags.size() > 1',
    'title.matches("^H.$")',
    'title.lowerAscii().contains("h")',
    'title.substring(0, 1) == "H"',
    'tags[0] == "a"',
    'index == 3',
    'meta.score == 5',
    'meta.score > 4.5',
    'meta.score * 2 == 10',
    'meta.score in [5, 6]',
    'meta.ratio == 0.5',
    'meta.nested.x == 1',
    'meta.good',
    'has(meta.score) && !has(meta.nope)',
    'width > height ? title == "Hé" : false',
    '!(width < height)',
    'key.startsWith("imgur:") && source == "imgur"',
    'true',
  ])('%s holds', (text) => {
    expect(judge(text, sized)).toBe('admit')
    expect(parseWhere(text).judgeFile(sized)).toBe(true)
    expect(judge(`!(${text})`, sized)).toBe('exclude')
    expect(parseWhere(`!(${text})`).judgeFile(sized)).toBe(false)
  })
})

describe('a condition on what only the file tells', () => {
  it.each([
    ['width >= 2000', 'ask-file'],
    ['!(width >= 2000)', 'ask-file'],
    ['title == "x" && width >= 2000', 'exclude'],
    ['width >= 2000 && title == "x"', 'exclude'],
    ['title == "Hé" && width >= 2000', 'ask-file'],
    ['source == "imgur" || bytes > 5', 'admit'],
    ['bytes > 5 || source == "imgur"', 'admit'],
    ['source == "other" || bytes > 5', 'ask-file'],
    ['source == "imgur" ? true : width > 5', 'admit'],
    ['width > 5 ? title == "x" : title == "y"', 'exclude'],
    ['width > 5 ? title == "Hé" : title == "y"', 'ask-file'],
    ['tags.exists(t, t == "a" || bytes > 5)', 'admit'],
    ['tags.exists(t, t == "c" && bytes > 5)', 'exclude'],
    ['tags.all(t, bytes > 5)', 'ask-file'],
    ['kind == "image" && mime == "image/png"', 'ask-file'],
  ])('%s: %s', (text, verdict) => expect(judge(text, listed)).toBe(verdict))

  it('is asked again when the file is here', () => {
    const where = parseWhere('width >= 2000 && title == "Hé"')
    expect(where.judgeFile(sized)).toBe(true)
    expect(where.judgeFile({ ...sized, width: 1999 })).toBe(false)
  })

  it('does not hold when the file has no such thing either', () => {
    expect(parseWhere('width >= 2000').judgeFile({ ...listed, kind: 'audio' })).toBe(false)
    expect(parseWhere('width < 2000').judgeFile({ ...listed, kind: 'audio' })).toBe(false)
    expect(parseWhere('kind == "audio" || width < 2000').judgeFile({ ...listed, kind: 'audio' })).toBe(true)
  })
})

describe('a condition on a field that is absent', () => {
  it.each([
    ['author == "x"', 'exclude'],
    ['author != "x"', 'exclude'],
    ['!(author == "x")', 'exclude'],
    ['author == "x" || title == "Hé"', 'admit'],
    ['author == "x" || width > 5', 'ask-file'],
    ['author == "x" && width > 5', 'exclude'],
    ['!(author == "x" && width > 5)', 'ask-file'],
    ['author == "x" ? true : width > 5', 'exclude'],
    ['meta.nope == 1', 'exclude'],
    ['meta.nope == 1 || meta.score == 5', 'admit'],
    ['meta.score > "x"', 'exclude'],
    ['meta.score', 'exclude'],
  ])('%s: %s', (text, verdict) => expect(judge(text, listed)).toBe(verdict))

  it('is no different from a field of another type', () => {
    expect(judge('title == "5"', { title: 5 })).toBe('admit')
    expect(judge('"a" in tags', { tags: 'a' })).toBe('admit')
    expect(judge('title == "x" || true', { title: { a: 1 } })).toBe('admit')
    expect(judge('title == "x"', { title: null })).toBe('exclude')
    expect(judge('has(meta.x)', {})).toBe('exclude')
  })
})

describe('a mistake in a condition', () => {
  it.each([
    ['titel == "x"', 'asks for "titel"', 1, 'did you mean "title"?'],
    ['width > 5 && colour == "x"', 'asks for "colour"', 14, 'meta.colour'],
    ['title == 5', 'text == number', 1, 'compare text'],
    ['width == "x"', 'number == text', 1, 'compare text'],
    ['bytes == "x"', 'number == text', 1, 'compare text'],
    ['title && true', 'cannot be understood', 1, ''],
    ['type == "image"', 'type == text', 1, 'kind'],
    ['title == "x" &&', 'Unexpected', 16, ''],
    ['title == "x', 'cannot be understood', 10, ''],
    ['title', 'is a text, not true or false', 1, 'compare it'],
    ['width + 1', 'is a number, not true or false', 1, 'compare it'],
    ['', 'is empty', 1, 'width >= 2000'],
    ['has(title)', 'cannot be understood', 5, 'has(meta.score)'],
    ['nosuch(1)', 'nosuch', 1, ''],
    ['__proto__ == "x"', 'Reserved identifier', 1, ''],
    ['constructor == "x"', 'asks for "constructor"', 1, ''],
  ])('%s: %s', (text, what, column, advice) => {
    const fault = faultOf(text)
    expect(fault.code).toBe('Usage')
    expect(fault.message).toContain(what)
    expect(fault.evidence.where).toBe(`column ${column}`)
    expect(fault.evidence.advice).toContain(advice)
  })
})

it('judges a listing quickly', () => {
  const where = parseWhere('kind == "image" && (width >= 2000 || "a" in tags)')
  for (let warm = 0; warm < 5000; warm += 1) where.judge(sized)
  const started = process.threadCpuUsage()
  for (let count = 0; count < 50_000; count += 1) where.judge(sized)
  expect(process.threadCpuUsage(started).user).toBeLessThan(1_000_000)
})
