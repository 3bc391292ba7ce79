/** docs/seeds.md: each command is one that the program takes, and each test that is named is there. */
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSite, workplace } from '../cli/support.ts'
import type { Workplace } from '../cli/support.ts'
import { COMMANDS } from '../../src/cli/commands.ts'
import { optionsOf } from '../../src/config/options.ts'

const ROOT = resolve(import.meta.dirname, '../..')

interface Row {
  readonly what: string
  readonly command: string
  readonly file: string
  readonly name: string
}

/** `| what | \`command\` | \`file\`: name |` */
function rows(): readonly Row[] {
  const page = readFileSync(join(ROOT, 'docs/seeds.md'), 'utf8')
  const lines = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:---|what it did)/.test(line))
  return lines.map((line) => {
    const [, what = '', command = '', file = '', name = ''] =
      /^\| (.+) \| `(bowerbird [^`]+)` \| `([^`]+)`: (.+) \|$/.exec(line) ?? []
    return { what, command, file, name: name.replaceAll(String.raw`\|`, '|') }
  })
}

/** The words of a command line as a shell has them: blanks divide, single quotes hold together. */
function words(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(1)
}

/** Keeps a command from the network (nothing listens there), from waiting, and from what a dry run leaves out. */
function safely(command: string): readonly string[] {
  const known = new Set<string>(optionsOf(command))
  return [
    ...(known.has('connectTo') ? ['--connect-to', '::127.0.0.1:9'] : []),
    ...(known.has('retries') ? ['--retries', '0'] : []),
    ...(known.has('dryRun') ? ['--dry-run'] : []),
    ...(known.has('limit') ? ['--limit', '1'] : []),
  ]
}

const ROWS = rows()

let place: Workplace

beforeAll(async () => {
  place = await workplace()
  // What the commands name: a library, lists, and what an original left behind.
  const site = await startSite()
  await place.run(`${site.origin}/n/1.jpg`)
  await site.close()
  await writeFile(
    join(place.folder, 'info.json'),
    JSON.stringify({ download_location: 'art', author_ids: ['guweiz'], update_info: {} }),
  )
  await writeFile(join(place.folder, 'queries.csv'), 'query\ncat\n')
  await writeFile(join(place.folder, 'keyword_urls.json'), JSON.stringify({ cat: [] }))
  await writeFile(join(place.folder, 'targets.txt'), 'imgur:r/earthporn\n')
})
afterAll(() => place.remove())

describe('the jobs of the originals', () => {
  test('have a row each, with command and proof', () => {
    expect(ROWS.filter(({ command, file, name }) => !command || !file || !name)).toEqual([])
    expect(ROWS.length).toBeGreaterThan(15)
  })

  test.each(ROWS)('$what: $file has the test', ({ file, name }) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    expect(text.includes(name)).toBe(true)
  })

  test.each([...new Set(ROWS.map(({ command }) => command))])('%s is understood', async (command) => {
    const args = words(command)
    const name = COMMANDS.find((each) => each.name === args[0])?.name ?? 'get'
    const { status, stderr } = await place.run(...args, ...safely(name))
    // 3 to 5: understood, but there is nobody to ask, or nothing to go on with. 2 is not understood, 1 a mistake.
    expect([command, [0, 3, 4, 5].includes(status ?? 1), stderr]).toEqual([command, true, expect.any(String)])
    expect(stderr).not.toContain('comes in a later version')
  })
})
