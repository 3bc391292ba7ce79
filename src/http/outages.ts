import { Fault } from '../core/errors.ts'
import { unreached } from './faults.ts'
import type { Wait } from './settings.ts'

/** A router that restarts, or a line that is dialled again, takes a few minutes. Milliseconds. */
const PATIENCE_MS = 5 * 60_000

interface Outage {
  /** Monotonic milliseconds. */
  readonly since: number
  readonly told: boolean
}

/**
 * Tells a host that is out of reach for a while from one that is not there. A connection that cannot be made to a host
 * that has answered before in this run says nothing about the item: for some minutes its fault carries `outage`, and
 * tries cost nothing. So does, for any host, the sign that this machine has no network, as long as nobody answers. A host
 * that never was heard of gets its tries and no more.
 */
export class Outages {
  readonly #onWait: ((wait: Wait) => void) | undefined
  readonly #now: () => number
  /** Scopes that have answered. */
  readonly #heard = new Set<string>()
  readonly #lost = new Map<string, Outage>()
  /** When any host answered last. */
  #last: number | undefined

  constructor(onWait?: (wait: Wait) => void, now: () => number = () => performance.now()) {
    this.#onWait = onWait
    this.#now = now
  }

  /** The scope gave an answer, whatever it says. */
  answered(scope: string): void {
    this.#last = this.#now()
    this.#heard.add(scope)
    const outage = this.#lost.size === 0 ? undefined : this.#lost.get(scope)
    if (outage === undefined) return
    this.#lost.delete(scope)
    if (outage.told) this.#tell(scope, 'it answers again', 0)
  }

  /** What failed, with `outage` where patience is due. */
  judge(scope: string, fault: Fault): Fault {
    const what = unreached(fault)
    if (what === undefined) return fault
    const now = this.#now()
    const { since, told } = this.#lost.get(scope) ?? { since: now, told: false }
    const outage = now - since
    const due =
      outage < PATIENCE_MS &&
      (this.#heard.has(scope) || (what === 'network' && this.#last !== undefined && this.#last <= since))
    this.#lost.set(scope, { since, told: told || due })
    if (!due) return fault
    if (!told) this.#tell(scope, 'it cannot be reached; tried again all the while', PATIENCE_MS - outage)
    return new Fault(fault.code, fault.message, { ...fault.evidence, outage })
  }

  #tell(host: string, reason: string, milliseconds: number): void {
    this.#onWait?.({ host, reason, until: new Date(Date.now() + milliseconds).toISOString() })
  }
}
