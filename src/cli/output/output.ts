import type { Settings } from '../../config/settings.ts'
import type { Emit, Event } from '../../core/events.ts'

/** What a person or a program sees of a run. */
export interface Output {
  readonly emit: Emit
  /** A line for the person, on standard error. */
  say(text: string): void
  interrupted(graceMs: number): void
  close(): Promise<void>
}

export function openOutput(settings: Settings): Output {
  const say = (text: string): void => void process.stderr.write(`${text}\n`)
  return {
    emit: (event: Event) => {
      if (settings.json) process.stdout.write(`${JSON.stringify(event)}\n`)
      else if (event.event === 'end' || event.event === 'failed') say(JSON.stringify(event))
    },
    say,
    interrupted: () => say('stopping'),
    close: () => Promise.resolve(),
  }
}
