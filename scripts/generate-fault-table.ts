/** Writes the last column of docs/faults.md: the tests of each row, whose names begin with `row N:`. */
import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { GeneratedFiles } from './generated-files.ts'
import { writeGenerated } from './generated-files.ts'

const ROOT = resolve(import.meta.dirname, '..')
const PAGE = 'docs/faults.md'
const FOLDERS = ['test/faults', 'test/e2e']
/** A name as it stands in the source, in any quotes; that of a template ends where its first value is put in. */
const NAME = /(['"`])row (\d+): ((?:\\.|(?!\1|\$\{).)*)/g
const ROW = /^\| (\d+) \|(.*)\|[^|]*\|$/

interface Named {
  readonly row: number
  readonly file: string
  readonly name: string
}

export async function generate(): Promise<GeneratedFiles> {
  const names = await testNames()
  const page = await readFile(resolve(ROOT, PAGE), 'utf8')
  const lines = page.split('\n').map((line) => {
    const [, row, middle] = ROW.exec(line) ?? []
    return row === undefined ? line : `| ${row} |${middle}| ${testsOf(Number(row), names)} |`
  })
  return { [PAGE]: lines.join('\n') }
}

async function testNames(): Promise<readonly Named[]> {
  const names: Named[] = []
  for (const folder of FOLDERS) {
    for (const file of (await readdir(resolve(ROOT, folder))).filter((each) => each.endsWith('.test.ts')).toSorted()) {
      const text = await readFile(resolve(ROOT, folder, file), 'utf8')
      for (const [, , row, name = ''] of text.matchAll(NAME))
        names.push({ row: Number(row), file: `${folder}/${file}`, name })
    }
  }
  return names
}

/** What stands in the place of a value of `test.each` is left out. */
function testsOf(row: number, names: readonly Named[]): string {
  const own = Object.groupBy(
    names.filter((one) => one.row === row),
    ({ file }) => file,
  )
  const cells = Object.entries(own).map(([file, tests = []]) => {
    const texts = tests.map(({ name }) =>
      name
        .replaceAll(/%[sio]|\$\w+/g, '…')
        .replaceAll("\\'", "'")
        .replace(/ \[$/, ''),
    )
    return `\`${file}\`: ${texts.join(' · ')}`
  })
  return cells.length === 0 ? 'none' : cells.join('<br>').replaceAll('|', String.raw`\|`)
}

if (import.meta.main) await writeGenerated(await generate())
