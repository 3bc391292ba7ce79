import { verifyLibrary } from '../../app/verify.ts'
import type { Verified } from '../../app/verify.ts'
import type { Settings } from '../../config/settings.ts'
import { answering } from '../answer.ts'
import type { Call } from '../call.ts'
import { collecting, settingsInLibrary } from '../collecting.ts'
import { styleOf } from '../output/style.ts'
import { repairCommand, VerifyView } from '../output/verify-view.ts'
import { listenToSignals } from '../signals.ts'

/** Exit statuses: something is not as it was stored; the disk does not give a file. */
const UNSOUND = 3
const LOCAL_TROUBLE = 5

/** `verify [WORD...]`: every file against the catalog; with `--repair` what is gone or changed is fetched again. */
export async function verify(call: Call): Promise<number> {
  const settings = await settingsInLibrary(call)
  const repairs = call.own['repair'] === true
  const found = await look(settings, call.args)
  if (typeof found === 'number') return found
  const status = statusOf(found, repairs)
  if (found.broken.length === 0) return status
  if (repairs) return Math.max(status, await repair(settings, found.broken))
  if (settings.verbosity !== 'quiet')
    process.stderr.write(`${repairCommand(settings, styleOf(process.stderr, process.env))}\n`)
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

/** Resolves to the exit status where it was interrupted. */
async function look(settings: Settings, words: readonly string[]): Promise<Verified | number> {
  const stopped = new AbortController()
  const signals = listenToSignals(() => {
    if (settings.verbosity !== 'quiet') process.stderr.write('Stopping; nothing was changed\n')
  })
  signals.closing.addEventListener('abort', () => stopped.abort(signals.closing.reason))
  let found: Verified | undefined
  try {
    await answering(async (answer) => {
      const view = new VerifyView(settings, answer)
      try {
        found = await verifyLibrary(settings, { words, tell: (event) => view.tell(event), signal: stopped.signal })
      } finally {
        view.close()
      }
      return 0
    })
  } catch (thrown) {
    if (!stopped.signal.aborted) throw thrown
  } finally {
    signals.stop()
  }
  return found ?? Number(stopped.signal.reason)
}

/** What a repair takes care of is its own run's to tell. */
function statusOf({ counts, broken }: Verified, repairs: boolean): number {
  if (counts.unreadable > 0) return LOCAL_TROUBLE
  return counts.odd > 0 || (broken.length > 0 && !repairs) ? UNSOUND : 0
}
