import { glob, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

/** Text in quotes: the message of a fault, or what it advises. */
const SAID = [
  /(?:new Fault|hopFault)\(\s*[^,()]+,\s*(['"`])((?:\\.|(?!\1)[^])*?)\1/g,
  /\badvice(?:: string)?\s*[:=]\s*(['"`])((?:\\.|(?!\1)[^])*?)\1/g,
]

/** Names begin as they are written. */
const NAMES = /^(?:DeviantArt|Lofter|Firefox|Chromium|Node)\b/

/** What is wrong with how a fault speaks; they all stand in one place, behind `bowerbird:` or the key of an item. */
function wrongIn(said: string): string | undefined {
  if (/^[A-Z][a-z]* /.test(said) && !NAMES.test(said)) return 'begins with a capital'
  return /(?<!\.\.)\.$/.test(said) ? 'ends with a full stop' : undefined
}

function sayingsOf(source: string): string[] {
  return SAID.flatMap((pattern) => Array.from(source.matchAll(pattern), (match) => match[2] ?? ''))
}

test('faults speak in one voice: no capital at the beginning, no full stop at the end', async () => {
  const wrong: string[] = []
  let seen = 0
  for await (const file of glob('src/**/*.ts', { cwd: ROOT, exclude: ['**/*.test.ts'] }))
    for (const said of sayingsOf(await readFile(join(ROOT, file), 'utf8'))) {
      seen += 1
      const what = wrongIn(said)
      if (what !== undefined) wrong.push(`${file}: "${said}" ${what}`)
    }
  expect(wrong).toEqual([])
  expect(seen).toBeGreaterThan(300)
})

test.each([
  [`throw new Fault('Usage', 'The file is gone')`, 'begins with a capital'],
  ['new Fault(code, `${file} is gone.`)', 'ends with a full stop'],
  [`{ advice: "Look elsewhere" }`, 'begins with a capital'],
  [`new Fault('Gone', 'DeviantArt has it no more')`, undefined],
  [`const advice = 'and so on ...'`, undefined],
])('%s', (source, wrong) => {
  expect(sayingsOf(source).map((said) => wrongIn(said))).toEqual([wrong])
})
