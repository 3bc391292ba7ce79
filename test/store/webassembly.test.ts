import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from './support.ts'

const CHILD = fileURLToPath(new URL('webassembly-child.ts', import.meta.url))

/** More than the main thread needs to strip the types of what it loads; fewer than `inspect-webassembly.ts` makes. */
const CALLS_UNTIL_WRAPPER = 5000

/** How many wrappers of imports V8 logs as compiled, in all threads of a process. */
async function compiledWrappers(...args: readonly string[]): Promise<number> {
  const logs = temporaryFolder()
  try {
    const library = join(logs, 'library')
    mkdirSync(library)
    const flags = [`--wasm-wrapper-tiering-budget=${CALLS_UNTIL_WRAPPER}`, '--log-code', `--logfile=${logs}/%p.log`]
    await promisify(execFile)(process.execPath, [...flags, CHILD, ...args, library])
    const files = readdirSync(logs).filter((name) => name.endsWith('.log'))
    expect(files).toHaveLength(2)
    return files.map((name) => readFileSync(join(logs, name), 'latin1').split('wasm-to-js').length - 1).reduce(sum)
  } finally {
    rmSync(logs, { recursive: true, force: true })
  }
}

function sum(one: number, other: number): number {
  return one + other
}

test('threads beside the writer thread of a store share no compiled wrappers of WebAssembly, which can end the process', async () => {
  expect(await compiledWrappers('bare')).toBeGreaterThan(0)
  expect(await compiledWrappers('store')).toBe(0)
})
