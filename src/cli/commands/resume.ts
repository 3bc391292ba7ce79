import type { Call } from '../call.ts'
import { collecting, settingsInLibrary } from '../collecting.ts'

/** `resume`: go on with interrupted runs. */
export async function resume(call: Call): Promise<number> {
  return collecting({
    settings: await settingsInLibrary(call),
    run: (app) => app.resume(),
    nothing: 'there is nothing to resume: every run of this library has finished',
  })
}
