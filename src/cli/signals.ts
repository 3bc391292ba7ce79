import type { Signals } from '../engine/pipeline.ts'

/** What runs may end within this time after the first signal. */
const GRACE_MS = 5_000
const STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/**
 * The first Ctrl-C (or SIGTERM, SIGHUP) stops new work and lets transfers end for a few seconds; the second cuts them
 * off. Both leave everything settled so far safe.
 */
export function listenToSignals(onFirst: (grace: number) => void): Signals & { readonly stop: () => void } {
  const closing = new AbortController()
  const cut = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const handle = (signal: NodeJS.Signals): void => {
    if (closing.signal.aborted) {
      cut.abort(new Error('cut off'))
      return
    }
    onFirst(GRACE_MS)
    closing.abort(STATUS[signal as keyof typeof STATUS])
    timer = setTimeout(() => cut.abort(new Error('cut off')), GRACE_MS)
  }
  const names = Object.keys(STATUS) as (keyof typeof STATUS)[]
  for (const name of names) process.on(name, handle)
  return {
    closing: closing.signal,
    cut: cut.signal,
    stop: () => {
      clearTimeout(timer)
      for (const name of names) process.off(name, handle)
    },
  }
}
