/** docs/faults.md: a row for every row of the fault table, each with its outcome and the tests that provoke it. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const TABLE = join(process.env['BOWERBIRD_SHARED'] ?? resolve(ROOT, '../shared'), 'FAULTS.md')
const WHY = existsSync(TABLE) ? '' : ' (skipped: ../shared is not beside this checkout)'

interface Row {
  readonly row: number
  readonly fault: string
  readonly outcome: string
  readonly tests: string
}

function rows(): readonly Row[] {
  const lines = readFileSync(join(ROOT, 'docs/faults.md'), 'utf8').split('\n')
  return lines
    .filter((line) => /^\| \d+ \|/.test(line))
    .map((line) => {
      const [, row = '', fault = '', outcome = '', tests = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim())
      return { row: Number(row), fault, outcome, tests }
    })
}

test('every row says what was seen, and names a test or what it comes with', () => {
  expect(rows().map(({ row }) => row)).toEqual(Array.from({ length: 54 }, (_, at) => at + 1))
  for (const { row, outcome, tests } of rows()) {
    expect(outcome, `row ${row}`).toMatch(/^[A-Z0-9`].{10,}\.$/)
    expect(tests === 'none', `row ${row}`).toBe(outcome.startsWith('Comes with '))
  }
})

test('every file of scenarios is named', () => {
  const files = readdirSync(join(ROOT, 'test/faults')).filter((name) => name.endsWith('.test.ts'))
  const named = new Set(
    rows().flatMap(({ tests }) => [...tests.matchAll(/`test\/faults\/([^`]+)`/g)].map(([, name]) => name)),
  )
  expect(files.filter((name) => !named.has(name))).toEqual([])
})

describe.skipIf(WHY !== '')(`the fault table${WHY}`, () => {
  test('has these rows and no others', () => {
    const [, section = ''] = /^## 4\.([^]*?)^## 5\./m.exec(readFileSync(TABLE, 'utf8')) ?? []
    const faults = section.split('\n').flatMap((line) => {
      const [, row, fault] = /^\| (\d+) \| (.*?) \| /.exec(line) ?? []
      return row === undefined ? [] : [[Number(row), fault]]
    })
    expect(rows().map(({ row, fault }) => [row, fault])).toEqual(faults)
  })
})
