import type { AppOptions } from '../app/app.ts'

type Signals = AppOptions['signals']

/** What runs may end within this time after the first signal. */
const GRACE_MS = 5_000
const STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

export interface Listening extends Signals {
  /** Begins the end as a first signal does, without a word. */
  end(status: number): void
  stop(): void
}

/**
 * The first Ctrl-C (or SIGTERM, SIGHUP) stops new work and lets transfers end for a few seconds; the second cuts them
 * off. Both leave everything settled so far safe.
 */
export function listenToSignals(onFirst: (graceMs: number) => void): Listening {
  const closing = new AbortController()
  const cut = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const end = (status: number): void => {
    if (closing.signal.aborted) return
    closing.abort(status)
    timer = setTimeout(() => cut.abort(new Error('cut off')), GRACE_MS)
  }
  const handle = (signal: NodeJS.Signals): void => {
    if (closing.signal.aborted) {
      cut.abort(new Error('cut off'))
      return
    }
    onFirst(GRACE_MS)
    end(STATUS[signal as keyof typeof STATUS])
  }
  const names = Object.keys(STATUS) as (keyof typeof STATUS)[]
  for (const name of names) process.on(name, handle)
  return {
    closing: closing.signal,
    cut: cut.signal,
    end,
    stop: () => {
      clearTimeout(timer)
      for (const name of names) process.off(name, handle)
    },
  }
}
