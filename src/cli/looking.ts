import type { Verified, VerifyOptions } from '../app/verify.ts'
import type { Settings } from '../config/settings.ts'
import { answering } from './answer.ts'
import { styleOf } from './output/style.ts'
import { repairCommand, VerifyView } from './output/verify-view.ts'
import { listenToSignals } from './signals.ts'

/** Exit statuses: something is not as it was stored; the disk does not give a file. */
export const UNSOUND = 3
export const LOCAL_TROUBLE = 5

type Look = (options: Omit<VerifyOptions, 'words'>) => Promise<Verified | undefined>

/** The frame of commands that look at every file: output and signals. Resolves to the exit status where it was interrupted. */
export async function looking(settings: Settings, look: Look): Promise<Verified | number | undefined> {
  const stopped = new AbortController()
  const signals = listenToSignals(() => {
    if (settings.verbosity !== 'quiet') process.stderr.write('Stopping; no file was changed\n')
  })
  signals.closing.addEventListener('abort', () => stopped.abort(signals.closing.reason))
  let found: Verified | undefined
  try {
    await answering(async (answer) => {
      const view = new VerifyView(settings, answer)
      try {
        found = await look({ tell: (event) => view.tell(event), signal: stopped.signal })
      } finally {
        view.close()
      }
      return 0
    })
    return found
  } catch (thrown) {
    if (!stopped.signal.aborted) throw thrown
    return Number(stopped.signal.reason)
  } finally {
    signals.stop()
  }
}

export function tellRepair(settings: Settings): void {
  if (settings.verbosity === 'quiet') return
  process.stderr.write(`${repairCommand(settings, styleOf(process.stderr, process.env))}\n`)
}
