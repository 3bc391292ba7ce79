import type { ClaimedAsset } from '../ports/catalog.ts'
import type { Lease } from '../ports/queue.ts'
import { Fault } from '../core/errors.ts'
import type { LoginPause, LoginWait } from './login-pause.ts'

/** So many equal answers in a row, and nothing else between them, and a host is not asked any more. */
const BREAKER_LIMIT = 20
/** Failures that tell of the host rather than of one file. */
const HOST_FAULTS: ReadonlySet<string> = new Set([
  'Blocked',
  'NeedsLogin',
  'Html',
  'RateLimited',
  'Certificate',
  'Network',
])

/** How many assets may rest between two tries where so many can run. */
export function restingRoom(slots: number): number {
  return slots * 2
}

/** An asset with the lease it came under. */
export interface LaneItem {
  readonly asset: ClaimedAsset
  readonly lease: Lease
}

/**
 * The assets of one scope that are being fetched. As many at once as the scope has slots; an asset gives its slot
 * back when its body is in, and while it rests between two tries.
 */
export class Lane {
  readonly scope: string
  readonly slots: number
  readonly items: LaneItem[] = []
  /** Set once the breaker has opened: what all further assets of the lane fail with. */
  broken: Fault | undefined
  /** Files that were served, or are not there: answers that show that the host is well. */
  served = 0
  readonly #onRoom: () => void
  readonly #login: LoginPause | undefined
  #busy = 0
  #turns = 0
  /** A file came, whatever it is found to be. */
  #gave = false
  #resting = 0
  #waiting: (() => void)[] = []
  #sameFaults = 0
  #lastFault = ''

  /** `onRoom` is called when a slot has become free that no asset of the lane waits for. */
  constructor(scope: string, slots: number, onRoom: () => void, login?: LoginPause) {
    this.scope = scope
    this.slots = slots
    this.#onRoom = onRoom
    this.#login = login
  }

  get busy(): number {
    return this.#busy
  }

  /** Assets between two tries. */
  get resting(): number {
    return this.#resting
  }

  get hasSlot(): boolean {
    return this.#busy < this.slots
  }

  /** May another asset begin? Not while many rest: a failing host is not to pile up work. */
  get hasRoom(): boolean {
    return this.hasSlot && this.#resting < restingRoom(this.slots) && this.#login?.pausing !== true
  }

  /** Takes a slot that is known to be free. */
  enter(): void {
    this.#busy += 1
  }

  /** The number of the next asset's turn. */
  turn(): number {
    this.#turns += 1
    return this.#turns
  }

  /** The host gave a file to the asset that had this turn. */
  arrived(turn: number): void {
    this.#gave = true
    this.#login?.served(turn)
  }

  leave(): void {
    this.#busy -= 1
    const next = this.#waiting.shift() ?? this.#onRoom
    next()
  }

  /** Gives the slot back between two tries. */
  rest(): void {
    this.#resting += 1
    this.leave()
  }

  /** Ends a rest; with `again`, waits for a slot. */
  async rise(again: boolean): Promise<void> {
    if (again) await this.#slot()
    this.#resting -= 1
    if (again) this.#busy += 1
  }

  /** A login that served files in this run may have ended, and the user may renew it. */
  mayRenewLogin(url: string): boolean {
    return this.#login?.isFor(url) === true && this.#gave && this.broken === undefined
  }

  /** An asset met the login of the host; nothing is asked of the host any more when nobody logs in again. */
  async waitForLogin(): Promise<LoginWait> {
    const wait = (await this.#login?.wait(this.#turns)) ?? 'alone'
    if (wait === 'over') {
      const why = `the login at ${this.scope} has ended; it is not asked any more in this run`
      this.broken ??= new Fault('NeedsLogin', why, { advice: 'run `bowerbird retry` with new cookies: --cookies FILE' })
    }
    return wait
  }

  async #slot(): Promise<void> {
    while (!this.hasSlot) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Counts equal host faults in a row. */
  note(fault: Fault | undefined): void {
    if (fault === undefined || !HOST_FAULTS.has(fault.code)) {
      this.#sameFaults = 0
      this.served += 1
      return
    }
    this.#sameFaults = fault.code === this.#lastFault ? this.#sameFaults + 1 : 1
    this.#lastFault = fault.code
    if (this.#sameFaults < BREAKER_LIMIT || this.broken !== undefined) return
    const why = `the last ${BREAKER_LIMIT} files from ${this.scope} all failed alike (${fault.message}); it is not asked any more in this run`
    this.broken = new Fault(fault.code, why, { ...fault.evidence, advice: 'run `bowerbird retry` later' })
  }
}
