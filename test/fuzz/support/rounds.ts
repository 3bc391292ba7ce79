import fc from 'fast-check'
import { test } from 'vitest'
import { Watch } from './watch.ts'

/** The seed of `npm test`: a run that fails there fails everywhere. */
const FIXED_SEED = 20_261_121

/** Set by `scripts/fuzz.ts`. */
const SEED = Number(process.env['BOWERBIRD_FUZZ_SEED'] ?? FIXED_SEED)
/** How many times as many inputs as in `npm test`. */
const TIMES = Number(process.env['BOWERBIRD_FUZZ_TIMES'] ?? 1)

/**
 * Processor time that one input may take, in milliseconds: far above what any of at most `PUMPED` characters needs in
 * linear time, far below what it needs in square time. Processor time, because the machine may be busy.
 */
const MOST_CPU_MS = 2500

/** Milliseconds for making an input that fails smaller: one that is slow would take hours. */
const SHRINKING_MS = 15_000

const watch = new Watch()

/**
 * One test: `check` holds for so many inputs of `inputs`, each within a bounded time. What fails is shrunk and printed
 * with its seed; an input that never comes back is printed by the watch, which ends the process.
 */
export function holds<Input>(
  name: string,
  runs: number,
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => unknown,
): void {
  let failed: number | undefined
  const timed = fc.asyncProperty(inputs, async (input) => {
    if (failed !== undefined && performance.now() > failed + SHRINKING_MS) return
    watch.begin(name, input)
    try {
      await inTime(() => check(input))
    } catch (thrown) {
      failed ??= performance.now()
      throw thrown
    } finally {
      watch.end()
    }
  })
  // A long run is ended by whoever started it; nothing else limits it.
  const limit = TIMES === 1 ? 60_000 : 2 ** 31 - 1
  test(name, { timeout: limit }, () => fc.assert(timed, { seed: SEED, numRuns: Math.ceil(runs * TIMES) }))
}

async function inTime(check: () => unknown): Promise<void> {
  const before = process.cpuUsage()
  await check()
  const { user, system } = process.cpuUsage(before)
  const spent = (user + system) / 1000
  if (spent > MOST_CPU_MS) throw new Error(`one input took ${Math.round(spent)} ms of processor time`)
}
