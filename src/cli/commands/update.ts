import type { Call } from '../call.ts'
import { collecting, settingsInLibrary } from '../collecting.ts'

/** `update [NAME...]`: visit what is followed again; only what is new is fetched. */
export async function update(call: Call): Promise<number> {
  return collecting({
    settings: await settingsInLibrary(call),
    run: (app) => app.update(call.args),
    nothing: 'nothing is followed in this library: `bowerbird follow TARGET` begins it',
  })
}
