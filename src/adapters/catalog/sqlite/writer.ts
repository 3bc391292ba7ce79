import { sql } from 'kysely'
import type { Database, Tx } from './schema.ts'

/** Works in one transaction at most: the ones behind them see a commit soon. */
const GROUP = 64

interface Job {
  /** Does the work and returns what to tell its owner once the transaction is committed. */
  readonly work: (tx: Tx) => Promise<() => void>
  readonly reject: (thrown: unknown) => void
}

/**
 * The one way to write. Works that wait at the same moment share a transaction (a durable commit costs a disk flush),
 * each behind its own savepoint: one that throws undoes itself alone. A promise resolves after the commit.
 */
export class Writer {
  readonly #db: Database
  readonly #jobs: Job[] = []
  #draining: Promise<void> | undefined

  constructor(db: Database) {
    this.#db = db
  }

  write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({
        work: async (tx) => {
          const value = await work(tx)
          return () => resolve(value)
        },
        reject,
      })
      this.#draining ??= this.#drain()
    })
  }

  /** Resolves when everything asked for so far is committed or refused. */
  async idle(): Promise<void> {
    await this.#draining
  }

  async #drain(): Promise<void> {
    while (this.#jobs.length > 0) await this.#commit(this.#jobs.splice(0, GROUP))
    this.#draining = undefined
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    const tell: (() => void)[] = []
    try {
      await this.#db.transaction().execute(async (tx) => {
        for (const job of jobs) tell.push(jobs.length === 1 ? await job.work(tx) : await apart(tx, job))
      })
    } catch (thrown) {
      for (const job of jobs) job.reject(thrown)
      return
    }
    for (const announce of tell) announce()
  }
}

async function apart(tx: Tx, job: Job): Promise<() => void> {
  await sql`savepoint work`.execute(tx)
  try {
    const announce = await job.work(tx)
    await sql`release work`.execute(tx)
    return announce
  } catch (thrown) {
    await undo(tx, thrown)
    return () => job.reject(thrown)
  }
}

/** A full or failing disk takes the whole transaction with it, savepoints too: then the first error is the one to tell. */
async function undo(tx: Tx, thrown: unknown): Promise<void> {
  try {
    await sql`rollback to work`.execute(tx)
    await sql`release work`.execute(tx)
  } catch {
    throw thrown
  }
}
