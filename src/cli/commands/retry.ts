import type { Call } from '../call.ts'
import { collecting, settingsInLibrary } from '../collecting.ts'

/** `retry`: try failed items again. */
export async function retry(call: Call): Promise<number> {
  const states = call.own['rejected'] === true ? (['failed', 'rejected'] as const) : (['failed'] as const)
  return collecting({
    settings: await settingsInLibrary(call),
    run: (app) => app.retry(states),
    nothing: `there is nothing to retry: no item of this library has ${states.length > 1 ? 'failed or was rejected' : 'failed'}`,
  })
}
