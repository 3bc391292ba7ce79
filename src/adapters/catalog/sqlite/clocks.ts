import { sql } from 'kysely'
import type { ClockBoard } from '../../../ports/limiter.ts'
import { withoutSecrets } from './sanitise.ts'
import type { Database } from './schema.ts'
import type { Writer } from './writer.ts'

type Clock = Awaited<ReturnType<ClockBoard['read']>>[number]

/** Clocks of hosts that asked for patience, shared by all processes on the catalog. An earlier time never shortens a later one. */
export class SqliteClocks implements ClockBoard {
  readonly #db: Database
  readonly #writer: Writer

  constructor(db: Database, writer: Writer) {
    this.#db = db
    this.#writer = writer
  }

  async post(scope: string, untilUnixMs: number, reason: string): Promise<void> {
    await this.#writer.write(async (tx) => {
      await tx.deleteFrom('clocks').where('until', '<=', Date.now()).execute()
      await sql`
        insert into clocks (scope, until, reason) values (${scope}, ${Math.ceil(untilUnixMs)}, ${withoutSecrets(reason)})
        on conflict (scope) do update set until = excluded.until, reason = excluded.reason
        where excluded.until > clocks.until`.execute(tx)
    })
  }

  /** Those in the future. */
  read(): Promise<readonly Clock[]> {
    return this.#db.selectFrom('clocks').selectAll().where('until', '>', Date.now()).orderBy('scope').execute()
  }
}
