import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readKeywordTable } from './table.ts'

async function keywords(text: string, column?: string): Promise<readonly string[]> {
  return (await readKeywordTable(text, { name: 'q.csv', ...(column !== undefined && { column }) })).keywords
}

async function refusal(text: string, column?: string): Promise<string> {
  return keywords(text, column).then(
    () => 'taken',
    (thrown: unknown) => String(thrown),
  )
}

describe('keywords of a table', () => {
  test.each([
    ['one a line', 'cat\nred panda\n', undefined, ['cat', 'red panda']],
    ['below a header that says so', 'Keyword\ncat\ndog', undefined, ['cat', 'dog']],
    ['of the column whose header says so', 'id,query,note\n1,cat,x\n2,dog,y', undefined, ['cat', 'dog']],
    ['of the column that is named', 'id;Tier;note\n1;"Katze; rot";x\n2;Hund;y', 'tier', ['Katze; rot', 'Hund']],
    ['of the column with this number, without a header', '1,cat\n2,dog', '2', ['cat', 'dog']],
    ['of the column with this number, below a header', 'id,query\n1,cat', '2', ['cat']],
    ['with tabs', 'query\tn\ncat\t1', undefined, ['cat']],
    [
      'in quotes, with commas, quotes and line ends in them',
      'q\r\n"a, b"\r\n"say ""hi"""\r\n"two\r\nlines"\r\n',
      undefined,
      ['a, b', 'say "hi"', 'two lines'],
    ],
    ['with a quote in the middle', 'q\n5" disk\nthe "best" cat', undefined, ['5" disk', 'the "best" cat']],
    [
      'each once, blanks tidied, empty rows left out',
      'cat\n\n  cat  \nred   panda\n,\n',
      undefined,
      ['cat', 'red panda'],
    ],
    ['that begin like formulas', 'q\n=SUM(A1)\n+1\n@x', undefined, ['=SUM(A1)', '+1', '@x']],
    ['with the names of objects', 'q\n__proto__\nconstructor', undefined, ['__proto__', 'constructor']],
  ])('%s', async (_what, text, column, expected) => {
    expect(await keywords(text, column)).toEqual(expected)
  })

  test('a row that cannot be used is told with its line, and the rest goes on', async () => {
    const { keywords: found, faults } = await readKeywordTable(`q\ncat\n\u0000\u0001\ndog\n${'x'.repeat(1001)}\nemu`, {
      name: 'q.csv',
    })
    expect(found).toEqual(['cat', 'dog', 'emu'])
    expect(faults.map(({ code, evidence: { where } }) => [code, where])).toEqual([
      ['Usage', 'q.csv:3'],
      ['Usage', 'q.csv:5'],
    ])
  })

  test('a quote that is never closed is told where it opens; what stands before it is taken', async () => {
    const { keywords: found, faults } = await readKeywordTable('cat\n"dog\nemu\n', { name: 'q.csv' })
    expect(found).toEqual(['cat'])
    expect(faults.map(({ message, evidence: { where } }) => [message, where])).toEqual([
      ['a quote is opened and never closed', 'q.csv:2'],
    ])
  })

  test('the first of several columns without a telling header is taken, and that is said', async () => {
    const { keywords: found, notes } = await readKeywordTable('cat,1\ndog,2', { name: 'q.csv' })
    expect([found, notes]).toEqual([
      ['cat', 'dog'],
      [expect.stringMatching(/^q\.csv has 2 columns .* the first is taken/)],
    ])
  })

  test('a column that is not there is refused with those there are', async () => {
    expect(await refusal('animal,size\ncat,1', 'anmal')).toContain('the table q.csv has no column "anmal"')
    expect(await refusal('animal,size\ncat,1', '3')).toContain('no column "3"')
  })

  test.each(['', '\n\n', 'keyword\n'])('nothing in %j is refused', async (text) => {
    expect(await refusal(text)).toContain('has no keyword')
  })
})

const shared = process.env['BOWERBIRD_SHARED'] ?? resolve(import.meta.dirname, '../../../../shared')
const suite = resolve(shared, 'suites/csv-spectrum')
const names = existsSync(suite) ? readdirSync(resolve(suite, 'csvs')) : []

test.skipIf(names.length === 0)('csv-spectrum, column by column (skipped without ../shared)', async () => {
  for (const name of names) {
    const text = readFileSync(resolve(suite, 'csvs', name), 'utf8')
    const file = resolve(suite, 'json', name.replace('.csv', '.json'))
    const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly Readonly<Record<string, string>>[]
    for (const column of Object.keys(rows[0] ?? {})) {
      const cells = rows.map((row) => (row[column] ?? '').replace(/\s+/g, ' ').trim()).filter((cell) => cell !== '')
      const { keywords: found, faults } = await readKeywordTable(text, { name, column })
      // One cell of the suite is no UTF-8: that is no keyword.
      const sound = [...new Set(cells)].filter((cell) => !cell.includes('\ufffd'))
      expect([name, column, found, faults.length]).toEqual([name, column, sound, new Set(cells).size - sound.length])
    }
  }
})
