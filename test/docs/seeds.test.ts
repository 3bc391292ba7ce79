/** docs/seeds.md: each command is one that the program takes, and each test that is named is there. */
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { replicaNames, startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
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
    return { what, command: command.replaceAll(String.raw`\|`, '|'), file, name }
  })
}

/** The words of a command line as a shell has them: blanks divide, single quotes hold together. */
function words(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(1)
}

/** Leads a command to the replicas, which know few of its targets, and keeps it from fetching and waiting. */
function safely(command: string): readonly string[] {
  const known = new Set<string>(optionsOf(command))
  return [
    ...(known.has('connectTo') ? ['--connect-to', running.connectTo] : []),
    ...(known.has('cacert') ? ['--cacert', running.caFile] : []),
    ...(known.has('rate') ? ['--rate', '1000'] : []),
    ...(known.has('retries') ? ['--retries', '0'] : []),
    ...(known.has('dryRun') ? ['--dry-run'] : []),
    ...(known.has('limit') ? ['--limit', '1'] : []),
  ]
}

function commandOf([first]: readonly string[]): string {
  return COMMANDS.find(({ name }) => name === first)?.name ?? 'get'
}

const TITLE = /^\s*(?:(?:test|it|describe)\b|\](?: as const)?\)\(|['"`])/

const ROWS = rows()
const COMMAND_LINES = [...new Set(ROWS.map(({ command }) => command))]
/** Targets and nothing else: one process explains them all. */
const PLAIN = COMMAND_LINES.filter((command) => {
  const [first = '', ...others] = words(command)
  return /[:/]/.test(first) && others.every((word) => /[:/]/.test(word) && !word.startsWith('-'))
})

let place: Workplace
let running: RunningReplicas

beforeAll(async () => {
  place = await workplace()
  running = await startReplicas(await replicaNames())
  // What the commands name: a library, lists, and what an original left behind.
  const site = await startSite()
  await place.run(`${site.origin}/n/1.jpg`)
  await site.close()
  await writeFile(
    join(place.folder, 'info.json'),
    JSON.stringify({ download_location: 'art', author_ids: ['guweiz'], update_info: {} }),
  )
  await writeFile(join(place.folder, 'queries.csv'), 'query\ncat\n')
  await writeFile(join(place.folder, 'keyword_urls.json'), JSON.stringify({ cat: ['https://cats.example/1.jpg'] }))
  await writeFile(join(place.folder, 'keyword_urls.txt'), "{'cat': ['https://cats.example/1.jpg']}")
  await writeFile(join(place.folder, 'cookies.txt'), '# Netscape HTTP Cookie File\n')
})
afterAll(async () => {
  await running.close()
  await place.remove()
})

describe('the jobs of the originals', () => {
  test('have a row each, with command and proof', () => {
    expect(ROWS.filter(({ command, file, name }) => !command || !file || !name)).toEqual([])
    expect(ROWS.length).toBeGreaterThan(40)
  })

  test.each(ROWS)('$what: $file has the test', ({ file, name }) => {
    // A title stands behind the call, behind the table of `each`, or on a line of its own.
    const titles = readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .filter((line) => TITLE.test(line))
    expect(titles.filter((line) => line.includes(name))).not.toEqual([])
  })

  test('name targets that a source takes', async () => {
    const targets = PLAIN.flatMap(words)
    const { status, stdout, stderr } = await place.run('explain', ...targets, '--json')
    expect([status, stderr, stdout.trim().split('\n').length]).toEqual([0, '', targets.length])
  })

  test.each(COMMAND_LINES.filter((command) => !PLAIN.includes(command)))('%s is understood', async (command) => {
    const args = words(command)
    const { status, stderr } = await place.run(...args, ...safely(commandOf(args)))
    // 3 and 4: understood, but the replicas have no such thing. 2 would be not understood, 1 a mistake, 5 trouble.
    expect([stderr, [0, 3, 4].includes(status ?? 1)]).toEqual([expect.not.stringContaining('in a later version'), true])
  })
})
