import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const TESTS = resolve(import.meta.dirname, '..')
const ROWS = readFileSync(resolve(import.meta.dirname, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))

test('every row of the fault table says where it is provoked', () => {
  expect(ROWS.map((row) => Number(row.split('|')[1]))).toEqual(Array.from({ length: 54 }, (_, at) => at + 1))
})

test.each(ROWS)('%s', (row) => {
  const places = [...row.matchAll(/`([\w./-]+\.ts)`/g)].map(([, path = '']) => path)
  expect(places.filter((path) => !existsSync(resolve(TESTS, path)))).toEqual([])
  expect(places.length > 0 || row.includes('Later:')).toBe(true)
  // A test that is named must be there, too.
  const texts = places.map((path) => readFileSync(resolve(TESTS, path), 'utf8')).join('\n')
  const names = [...row.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name)
  expect(names.filter((name) => !texts.includes(name))).toEqual([])
})
