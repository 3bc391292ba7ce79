import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dispositionFilename } from './content-disposition.ts'

const shared = process.env['BOWERBIRD_SHARED'] ?? resolve(import.meta.dirname, '../../../shared')
const suite = resolve(shared, 'suites/jshttp-content-disposition/v3-lenient-parse.json')

interface Case {
  readonly input: string
  readonly options?: object
  readonly expected: { readonly parameters: Readonly<Record<string, string>> }
}

const cases: readonly Case[] = existsSync(suite) ? (JSON.parse(readFileSync(suite, 'utf8')) as Case[]) : []
const plain = cases.filter(
  ({ options, expected }) => options === undefined && !/[/\\]/.test(expected.parameters['filename'] ?? ''),
)

describe('dispositionFilename', () => {
  it.skipIf(plain.length === 0)('finds the names of the lenient suite (skipped without ../shared)', () => {
    expect(plain.length).toBeGreaterThan(80)
    for (const { input, expected } of plain) {
      expect([input, dispositionFilename(input) ?? '']).toEqual([input, (expected.parameters['filename'] ?? '').trim()])
    }
  })

  it.each([
    ['attachment; filename="a b.jpg"', 'a b.jpg'],
    ["attachment; filename=plain.jpg; filename*=UTF-8''%E2%82%AC.jpg", '€.jpg'],
    [String.raw`attachment; filename="C:\\temp\\a.jpg"`, 'a.jpg'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ['attachment; filename=""', undefined],
    ['inline', undefined],
    [undefined, undefined],
  ])('reads %s as %s', (header, name) => {
    expect(dispositionFilename(header)).toBe(name)
  })
})
