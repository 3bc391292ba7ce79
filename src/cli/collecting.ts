import { openApp } from '../app/app.ts'
import type { App } from '../app/app.ts'
import { earlierPlan } from '../app/earlier.ts'
import { requireNamedFiles } from '../app/readable.ts'
import { requireLibrary } from '../app/search.ts'
import type { Settings } from '../config/settings.ts'
import type { Fault } from '../core/errors.ts'
import type { Call } from './call.ts'
import { reportFault } from './output/faults.ts'
import { openOutput } from './output/output.ts'
import type { Output } from './output/output.ts'
import { PIPE_CLOSED } from './output/people.ts'
import { settingsOf } from './settings.ts'
import { listenToSignals } from './signals.ts'
import type { Listening } from './signals.ts'

type Collected = Awaited<ReturnType<App['get']>>

export interface Work {
  readonly settings: Settings
  /** `undefined`: there was nothing to do. */
  readonly run: (app: App) => Promise<Collected | undefined>
  /** What is said then. */
  readonly nothing?: string
}

/** The frame of every command that collects: output, signals, app, and the exit status at the end. */
export async function collecting({ settings, run, nothing = '' }: Work): Promise<number> {
  let unwritable: Fault | undefined
  const signals: Listening = listenToSignals((grace) => output.interrupted(grace))
  const output: Output = openOutput(settings, (fault) => {
    unwritable = fault
    signals.end(fault?.exit ?? PIPE_CLOSED)
  })
  try {
    for (const note of settings.notes) if (settings.verbosity !== 'quiet') output.say(`bowerbird: ${note}`)
    await requireNamedFiles(settings)
    const app = await openApp({ settings, emit: output.emit, signals, ready: (signal) => output.ready(signal) })
    try {
      const collected = await run(app)
      if (collected === undefined && settings.verbosity !== 'quiet') output.say(nothing)
      await output.close(signals.cut)
      const fault = collected?.fault ?? unwritable
      if (fault !== undefined) return reportFault(fault, settings.verbosity === 'verbose')
      return collected?.end.exit ?? 0
    } finally {
      await app.close()
    }
  } finally {
    await output.close(signals.cut)
    signals.stop()
  }
}

/** Settings of a call that goes on in a library; a resumed run is done as it was begun, unless the call says otherwise. */
export async function settingsInLibrary(call: Call): Promise<Settings> {
  const settings = await settingsOf(call)
  requireLibrary(settings)
  if (call.command !== 'resume') return settings
  const earlier = await earlierPlan(settings)
  return earlier === undefined ? settings : settingsOf(call, earlier)
}
