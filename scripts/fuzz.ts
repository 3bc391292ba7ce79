/**
 * `npm run fuzz`: the properties of test/fuzz with other inputs than `npm test` has, until one fails or the time is over.
 *
 *     npm run fuzz -- [--seed N] [--times N] [--minutes N] [NAME...]
 *
 * Each round has a new seed, which is printed; `--seed N` repeats the round of that seed, with as many inputs as `--times`
 * says (times those of `npm test`). Names choose files of test/fuzz.
 */
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

const ROOT = resolve(import.meta.dirname, '..')
const MOST_SEED = 2 ** 31

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, times: { type: 'string' }, minutes: { type: 'string' } },
})
const times = wanted('times', values.times) ?? 20
const only = wanted('seed', values.seed)
const end = performance.now() + (wanted('minutes', values.minutes) ?? Infinity) * 60_000

function wanted(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,10}$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}"`)
  return Number(text)
}

function round(seed: number): boolean {
  console.log(
    `fuzz: seed ${seed}; again with: npm run fuzz -- --seed ${seed} --times ${times} ${positionals.join(' ')}`,
  )
  const files = positionals.length === 0 ? ['test/fuzz'] : positionals.map((name) => `test/fuzz/${name}`)
  const env = { ...process.env, BOWERBIRD_FUZZ_SEED: String(seed), BOWERBIRD_FUZZ_TIMES: String(times) }
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...files]
  return spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' }).status === 0
}

let sound = round(only ?? randomInt(MOST_SEED))
if (only === undefined) while (sound && performance.now() < end) sound = round(randomInt(MOST_SEED))
if (!sound) process.exitCode = 1
