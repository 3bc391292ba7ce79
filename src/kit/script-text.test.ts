import { expect, test } from 'vitest'
import { scriptTextAt } from './script-text.ts'

test.each([
  [String.raw`"a \"b\" \\ c"`, String.raw`a "b" \ c`],
  [String.raw`"it\'s"`, "it's"],
  [String.raw`'it\'s "so"'`, `it's "so"`],
  [String.raw`"\u00e9 \ud83d\ude00 \x41 \u{1F600} \n\t\/"`, 'é 😀 A 😀 \n\t/'],
  [String.raw`"ends with \\"; var b = "other"`, String.raw`ends with \\`.slice(0, -1)],
  ['"one \\\nline"', 'one line'],
  ['""', ''],
])('%s', (literal, text) => {
  expect(scriptTextAt(literal, 0)).toBe(text)
})

test.each([['JSON'], ['"never ends'], [String.raw`"never ends\"`]])('%s is none', (literal) => {
  expect(scriptTextAt(literal, 0)).toBeUndefined()
})

test('of a whole page of data', () => {
  const value = JSON.stringify({ quoted: '"\\'.repeat(50_000) })
  expect(scriptTextAt(`x = ${JSON.stringify(value)}`, 4)).toBe(value)
})
