import { verifyLibrary } from '../../app/verify.ts'
import type { Verified } from '../../app/verify.ts'
import type { Settings } from '../../config/settings.ts'
import type { Call } from '../call.ts'
import { collecting, settingsInLibrary } from '../collecting.ts'
import { LOCAL_TROUBLE, looking, tellRepair, UNSOUND } from '../looking.ts'

/** `verify [WORD...]`: every file against the catalog; with `--repair` what is gone or changed is fetched again. */
export async function verify(call: Call): Promise<number> {
  const { where, ...all } = await settingsInLibrary(call)
  // A filter of the configuration file is for collecting: it must not hide half of a library here.
  const settings: Settings = call.flags.where === undefined || where === undefined ? all : { ...all, where }
  const repairs = call.own['repair'] === true
  const words = call.args
  const found = await looking(settings, (options) => verifyLibrary(settings, { ...options, words }))
  if (typeof found === 'number') return found
  if (found === undefined) return 0
  const status = statusOf(found, repairs)
  if (found.broken.length === 0) return status
  if (repairs) return Math.max(status, await repair(settings, found.broken))
  tellRepair(settings)
  return status
}

/** What a site does not have any more is a loss here, even a number of a template. */
async function repair(settings: Settings, broken: readonly string[]): Promise<number> {
  let stored = 0
  const status = await collecting({
    settings,
    run: async (app) => {
      const collected = await app.repair(broken)
      stored = collected.end.stored
      return collected
    },
  })
  return status === 0 && stored < broken.length ? UNSOUND : status
}

/** What a repair takes care of is its own run's to tell. */
function statusOf({ counts, broken }: Verified, repairs: boolean): number {
  if (counts.unreadable > 0) return LOCAL_TROUBLE
  return counts.odd > 0 || (broken.length > 0 && !repairs) ? UNSOUND : 0
}
