/** `npm run check`: every static check, two at a time, with the output of those that fail. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, resolve } from 'node:path'

interface Step {
  readonly name: string
  readonly command: readonly [string, ...string[]]
}

const ROOT = resolve(import.meta.dirname, '..')
const FOLDERS = ['src', 'web', 'replicas', 'bench', 'test', 'scripts'].filter((name) => existsSync(resolve(ROOT, name)))
/** Far below the real number: fewer can only mean that the graph was not read. */
const MINIMUM_MODULES = 200

const STEPS: readonly Step[] = [
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'lint', command: ['oxlint', ...FOLDERS] },
  { name: 'format', command: ['oxfmt', '--check', '.'] },
  {
    name: 'layers',
    command: ['node', 'scripts/check-layers.ts', '--minimum', String(MINIMUM_MODULES), ...FOLDERS],
  },
  { name: 'dead code', command: ['knip'] },
  { name: 'generated files', command: ['node', 'scripts/generate.ts', '--check'] },
]

interface Outcome {
  readonly name: string
  readonly passed: boolean
  readonly seconds: string
  readonly output: string
}

function run({ name, command: [program, ...args] }: Step): Promise<Outcome> {
  const started = performance.now()
  const path = `${resolve(ROOT, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`
  const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, PATH: path } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((settle) => {
    const end = (passed: boolean): void =>
      settle({ name, passed, seconds: ((performance.now() - started) / 1000).toFixed(1), output })
    child.on('error', (error) => {
      output += error.message
      end(false)
    })
    child.on('close', (code) => end(code === 0))
  })
}

async function worker(queue: Step[], outcomes: Outcome[]): Promise<void> {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const outcome = await run(step)
    outcomes.push(outcome)
    console.log(`${outcome.passed ? 'ok    ' : 'FAILED'} ${outcome.name} (${outcome.seconds} s)`)
  }
}

const queue = [...STEPS]
const outcomes: Outcome[] = []
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, () => worker(queue, outcomes)))

const failed = outcomes.filter(({ passed }) => !passed)
for (const { name, output } of failed) console.error(`\n── ${name} ──\n${output.trimEnd()}`)
if (failed.length > 0) {
  console.error(`\ncheck failed: ${failed.map(({ name }) => name).join(', ')}`)
  process.exitCode = 1
}
