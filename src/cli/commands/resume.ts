import type { Call } from '../call.ts'
import { collecting } from '../collecting.ts'

/** `resume`: go on with interrupted runs. */
export async function resume(call: Call): Promise<number> {
  return collecting(call, (app) => app.resume(), 'there is nothing to resume: every run of this library has finished')
}
