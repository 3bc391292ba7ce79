import { sql } from 'kysely'
import { withoutSecrets } from '../../../core/without-secrets.ts'
import type { ClockBoard } from '../../../ports/limiter.ts'
import type { Database } from './schema.ts'
import type { Writer } from './writer.ts'

type Clock = Awaited<ReturnType<ClockBoard['read']>>[number]

/** Milliseconds: a clock further away was set while this machine's own clock was wrong, and counts for nothing. */
const FARTHEST_MS = 7 * 24 * 60 * 60_000

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
      const now = Date.now()
      const until = Math.ceil(Math.min(untilUnixMs, now + FARTHEST_MS))
      await tx
        .deleteFrom('clocks')
        .where((clock) => clock.or([clock('until', '<=', now), clock('until', '>', now + FARTHEST_MS)]))
        .execute()
      await sql`
        insert into clocks (scope, until, reason) values (${scope}, ${until}, ${withoutSecrets(reason)})
        on conflict (scope) do update set until = excluded.until, reason = excluded.reason
        where excluded.until > clocks.until`.execute(tx)
    })
  }

  /** Those in the future, as far as a host may push them. */
  read(): Promise<readonly Clock[]> {
    const now = Date.now()
    return this.#db
      .selectFrom('clocks')
      .selectAll()
      .where('until', '>', now)
      .where('until', '<=', now + FARTHEST_MS)
      .orderBy('scope')
      .execute()
  }
}
