import { openApp } from '../app/app.ts'
import type { App } from '../app/app.ts'
import { earlierPlan } from '../app/earlier.ts'
import type { Settings } from '../config/settings.ts'
import type { Call } from './call.ts'
import { reportFault } from './output/faults.ts'
import { openOutput } from './output/output.ts'
import { settingsOf } from './settings.ts'
import { listenToSignals } from './signals.ts'

type Collected = Awaited<ReturnType<App['get']>>

/**
 * The frame of every command that collects: settings, output, signals, app, and the exit status at the end.
 * `nothing`: what to say when there was nothing to do.
 */
export async function collecting(
  call: Call,
  work: (app: App) => Promise<Collected | undefined>,
  nothing = '',
): Promise<number> {
  const settings = await settingsFor(call)
  const output = openOutput(settings)
  const signals = listenToSignals((grace) => output.interrupted(grace))
  try {
    const app = await openApp({ settings, emit: output.emit, signals })
    try {
      const collected = await work(app)
      if (collected === undefined) output.say(nothing)
      await output.close()
      if (collected?.fault !== undefined) return reportFault(collected.fault, settings.verbosity === 'verbose')
      return collected?.end.exit ?? 0
    } finally {
      await app.close()
    }
  } finally {
    await output.close()
    signals.stop()
  }
}

/** A resumed run is done as it was begun, unless the call says otherwise. */
async function settingsFor(call: Call): Promise<Settings> {
  const settings = await settingsOf(call)
  if (call.command !== 'resume') return settings
  const earlier = await earlierPlan(settings)
  return earlier === undefined ? settings : settingsOf(call, earlier)
}
