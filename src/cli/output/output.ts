import type { Settings } from '../../config/settings.ts'
import type { Fault } from '../../core/errors.ts'
import type { Emit } from '../../core/events.ts'
import { printed } from './machines.ts'
import { People } from './people.ts'
import { StandardOutput } from './standard-output.ts'
import { styleOf } from './style.ts'

/** What a person (standard error) and a program (standard output) see of a run. */
export interface Output {
  readonly emit: Emit
  /** Resolves when standard output has room again: listing more waits for it, so that nothing piles up here. */
  ready(signal: AbortSignal): Promise<void>
  /** A line for the person. */
  say(text: string): void
  interrupted(graceMs: number): void
  /** Everything was taken by its reader, or `signal` says that it takes too long. */
  close(signal: AbortSignal): Promise<void>
}

/** `onGone`: nobody reads standard output any more, or (with a fault) it cannot be written. */
export function openOutput(settings: Settings, onGone: (fault: Fault | undefined) => void): Output {
  const print = printed(settings)
  const live = isLive(settings)
  const out = print && new StandardOutput(onGone, live && process.stdout.isTTY)
  const people = new People(settings, styleOf(process.stderr, process.env), live, out)
  return {
    emit: (event) => {
      const skipped = event.event === 'progress' && out?.behind === true
      const line = skipped ? undefined : print?.(event)
      if (line !== undefined) out?.write(line)
      people.take(event)
    },
    ready: (signal) => (out?.behind === true ? out.ready(signal) : Promise.resolve()),
    say: (text) => people.say(text),
    interrupted: (graceMs) => {
      if (settings.verbosity === 'quiet') return
      const seconds = Math.round(graceMs / 1000)
      people.say(`Stopping: transfers have ${seconds} s to end, Ctrl-C again cuts them off; nothing is lost`)
    },
    close: async (signal) => {
      people.close()
      await out?.close(signal)
    },
  }
}

/** A view that is painted over itself needs a terminal of its own; a stream of JSON on the same one would tear it. */
export function isLive({ progress, verbosity, json }: Settings): boolean {
  const { stderr, stdout } = process
  if (!progress || verbosity === 'quiet' || !stderr.isTTY || process.env['TERM'] === 'dumb') return false
  return !(json && stdout.isTTY)
}
