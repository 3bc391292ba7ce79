import type { Settlement } from '../ports/catalog.ts'
import type { OlderFile } from '../ports/store.ts'
import type { EngineParts } from './parts.ts'

/** A batch is committed when it is this long … */
const BATCH = 400
/** … or this many milliseconds after its first entry. Durable commits cost a disk flush each. */
const PATIENCE_MS = 80

interface Entry {
  readonly settlement: Settlement
  /** Goes once the row names another file. */
  readonly older: OlderFile | undefined
  readonly committed: () => void
}

type RecorderParts = Pick<EngineParts, 'catalog' | 'store' | 'emit'>

/**
 * Commits how assets ended, in groups: one transaction for many of them. Only when the transaction is done are
 * the parts removed and the entry's `committed` called, so an event never tells of a row that is not there.
 */
export class Recorder {
  readonly #parts: RecorderParts
  readonly #run: number
  readonly #onFault: (thrown: unknown) => void
  #entries: Entry[] = []
  #flushing: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  /** Parts go behind the commits, which do not wait for it. */
  #tidied: Promise<void> = Promise.resolve()

  constructor(parts: RecorderParts, run: number, onFault: (thrown: unknown) => void) {
    this.#parts = parts
    this.#run = run
    this.#onFault = onFault
  }

  add(settlement: Settlement, older: OlderFile | undefined, committed: () => void): void {
    this.#entries.push({ settlement, older, committed })
    if (this.#flushing !== undefined) return
    if (this.#entries.length >= BATCH) this.#start()
    else this.#timer ??= setTimeout(() => this.#start(), PATIENCE_MS)
  }

  /** Nothing more is under way: what is here need not wait for company. */
  hurry(): void {
    this.#start()
  }

  /** Everything added so far is committed, and its parts are gone, when it resolves. */
  async drain(): Promise<void> {
    while (this.#entries.length > 0 || this.#flushing !== undefined) {
      this.#start()
      await this.#flushing
    }
    await this.#tidied
  }

  #start(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#flushing !== undefined || this.#entries.length === 0) return
    const batch = this.#entries.splice(0, BATCH)
    this.#flushing = this.#commit(batch)
      .catch(this.#onFault)
      .finally(() => {
        this.#flushing = undefined
        if (this.#entries.length >= BATCH) this.#start()
        else if (this.#entries.length > 0) this.#timer ??= setTimeout(() => this.#start(), PATIENCE_MS)
      })
  }

  async #commit(batch: readonly Entry[]): Promise<void> {
    await this.#parts.catalog.assets.settle(
      batch.map((entry) => entry.settlement),
      this.#run,
    )
    for (const entry of batch) entry.committed()
    const done = batch.filter((entry) => isFinal(entry.settlement)).map((entry) => entry.settlement.key)
    const older = batch.flatMap((entry) => entry.older ?? [])
    if (done.length > 0) this.#tidied = this.#tidied.then(() => this.#tidy(done, older)).catch(this.#onFault)
  }

  async #tidy(done: readonly string[], older: readonly OlderFile[]): Promise<void> {
    for (const { path, why } of await this.#parts.store.settle(done, older))
      this.#parts.emit({ event: 'note', level: 'warning', message: `${path} stays beside the newer file: ${why}` })
  }
}

/** A failed or interrupted asset keeps its part, if it has one worth resuming. */
function isFinal(settlement: Settlement): boolean {
  return settlement.to !== 'listed' && settlement.to !== 'failed'
}
