import { describe, expect, test } from 'vitest'
import { parsePythonLiteral, PythonSyntaxError } from './python-literal.ts'

describe('a literal of Python', () => {
  test.each([
    [
      "{'cat': ['http://a/1.jpg', \"http://a/it's.jpg\"], 'dog': []}",
      [
        ['cat', ['http://a/1.jpg', "http://a/it's.jpg"]],
        ['dog', []],
      ],
    ],
    ["{u'k\\xe4tzchen': ('a',), }", [['kätzchen', ['a']]]],
    [String.raw`{'\u732b \U0001F431 \101': ["a\\b", 'c\'d', "\x41"]}`, [['猫 🐱 A', ['a\\b', "c'd", 'A']]]],
    [
      "# who\n{'a' 'b': None, # why\n 'c': [1, -2.5e3, True, False]}",
      [
        ['ab', null],
        ['c', [1, -2500, true, false]],
      ],
    ],
    [
      "{'''a\nb''': r'c\\d', 'e': '\\d'}",
      [
        ['a\nb', 'c\\d'],
        ['e', '\\d'],
      ],
    ],
    ["{'__proto__': ['x']}", [['__proto__', ['x']]]],
    ['{}', []],
  ])('%s', (text, entries) => {
    const value = parsePythonLiteral(text)
    expect(value instanceof Map && [...value]).toEqual(entries)
  })

  test.each([
    ["{'a': [open('x')]}", 7, 'text in quotes'],
    ["{'a': ['b' 'c', ]} + x", 19, 'behind the end'],
    ["{'a': ['b]}", 7, 'never closed'],
    ["{'a' ['b']}", 5, 'a ":" is missing'],
    ["{1: ['b']}", 2, 'no text'],
    ["{'a': ['b' ", 11, 'a "," or "]"'],
    ["'\\U00110000'", 11, 'no such character'],
    ['['.repeat(50), 17, 'too many levels'],
    ['', 0, 'missing'],
  ])('%s is refused at %i', (text, at, message) => {
    expect(() => parsePythonLiteral(text)).toThrow(PythonSyntaxError)
    try {
      parsePythonLiteral(text)
    } catch (thrown) {
      expect([(thrown as PythonSyntaxError).at, (thrown as Error).message]).toEqual([
        at,
        expect.stringContaining(message),
      ])
    }
  })

  test('reads a hundred thousand URLs at once', () => {
    const urls = Array.from({ length: 100_000 }, (_, at) => `'https://museum.example/${at}.jpg'`)
    const value = parsePythonLiteral(`{'cat': [${urls.join(', ')}]}`)
    expect(value instanceof Map && value.get('cat')).toHaveLength(100_000)
  })
})
