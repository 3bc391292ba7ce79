import { CommanderError } from 'commander'
import { toFault } from '../core/errors.ts'
import { reportFault } from './output/faults.ts'
import { buildProgram } from './program.ts'

/** Runs one call of the program; resolves to its exit status. Whatever goes wrong becomes a line a person can read. */
export async function run(args: readonly string[]): Promise<number> {
  let status = 0
  const program = buildProgram((code) => {
    status = code
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return status
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2
    return reportFault(toFault(thrown), args.includes('-v') || args.includes('--verbose'))
  }
}
