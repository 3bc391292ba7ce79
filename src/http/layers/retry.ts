import { setTimeout as sleep } from 'node:timers/promises'
import { Fault, toFault } from '../../core/errors.ts'
import { LONGEST_WAIT_MS } from '../../ports/limiter.ts'

/** The first pause at most; each further one may be twice as long. */
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000

/** Statuses that may be another one in a moment. */
function isPassing(status: number | undefined): boolean {
  return status === 408 || status === 425 || (status !== undefined && status >= 500 && status !== 501 && status !== 505)
}

/** `at once`: the host asked for patience and has pushed its scope's clock, so the limiter does the waiting. */
function howToRetry(fault: Fault): 'never' | 'at once' | 'after a pause' {
  if (fault.disposition === 'later') return (fault.evidence.retryAfter ?? 0) > LONGEST_WAIT_MS ? 'never' : 'at once'
  if (fault.disposition === 'retry') return 'after a pause'
  return fault.code === 'HttpStatus' && isPassing(fault.evidence.status) ? 'after a pause' : 'never'
}

/**
 * Tries again after faults that may pass: `retries` times, with full-jitter exponential pauses. While a host that had
 * answered is out of reach it costs no try.
 */
export async function retrying<T>(
  retries: number,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  let tried = 0
  let lost = 0
  for (;;) {
    try {
      return await attempt()
    } catch (thrown) {
      const how = thrown instanceof Fault ? howToRetry(thrown) : 'never'
      const outage = retries > 0 && thrown instanceof Fault && thrown.evidence.outage !== undefined
      if (how === 'never' || (tried >= retries && !outage)) throw thrown
      if (how === 'after a pause') await pause(outage ? lost : tried, signal)
      if (outage) lost += 1
      else tried += 1
    }
  }
}

async function pause(tried: number, signal: AbortSignal | undefined): Promise<void> {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tried)
  try {
    await sleep(Math.random() * longest, undefined, signal === undefined ? {} : { signal })
  } catch {
    throw toFault(signal?.reason, 'Cancelled')
  }
}
