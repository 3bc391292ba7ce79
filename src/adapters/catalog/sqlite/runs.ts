import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Selectable } from 'kysely'
import type { JsonObject } from '../../../core/glossary.ts'
import { withoutSecrets } from '../../../core/without-secrets.ts'
import type { RunRow, Runs } from '../../../ports/catalog.ts'
import { isDead, thisProcess } from './owner.ts'
import type { Presence } from './presence.ts'
import type { Database, RunsTable, Tx } from './schema.ts'
import { privateName } from './secrets.ts'
import type { PrivateStore } from './secrets.ts'
import { sweep } from './sweep.ts'
import type { Writer } from './writer.ts'

/** `targets`: a JSON list of ids. */
type RunRecord = Selectable<RunsTable> & { readonly targets: string }

const columns = sql`
  runs.*, (select json_group_array(target) from run_targets where run_targets.run = runs.id) as targets`

/**
 * Invocations over SQLite. A run is `running` until it ends; one whose process is proven dead counts as `interrupted`,
 * and the next `begin` takes back what it held. Any number of live runs share a catalog.
 */
export class SqliteRuns implements Runs {
  readonly #db: Database
  readonly #writer: Writer
  readonly #secrets: PrivateStore
  readonly #presence: Presence
  readonly #owner = thisProcess()
  /** Begun here and not ended. */
  readonly #open = new Set<number>()

  constructor(db: Database, writer: Writer, secrets: PrivateStore, presence: Presence) {
    this.#db = db
    this.#writer = writer
    this.#secrets = secrets
    this.#presence = presence
  }

  async begin(plan: JsonObject): Promise<{ readonly id: number; readonly recovered: number }> {
    const begun = await this.#writer.write(async (tx) => {
      const recovered = await this.#recover(tx)
      const id = await this.#insert(tx, plan)
      await sweep(tx, this.#secrets, id)
      return { id, recovered }
    })
    this.#open.add(begun.id)
    return begun
  }

  async beat(id: number): Promise<void> {
    this.#presence.check()
    await this.#writer.write((tx) =>
      tx.updateTable('runs').set({ heartbeat: Date.now() }).where('id', '=', id).execute(),
    )
  }

  async end(id: number, end: Parameters<Runs['end']>[1]): Promise<void> {
    await this.#writer.write(async (tx) => {
      await giveBack(tx, [id])
      await tx
        .updateTable('runs')
        .set({
          state: end.state,
          ended: Date.now(),
          exit: end.exit,
          counts: JSON.stringify(end.counts),
          reasons: JSON.stringify(end.reasons),
        })
        .where('id', '=', id)
        .execute()
    })
    this.#open.delete(id)
    this.#presence.check()
    if (end.state === 'finished') await this.#forgetPlan(id)
  }

  async unfinished(): Promise<readonly RunRow[]> {
    const found = await sql<RunRecord>`
      select ${columns} from runs where state <> 'finished' order by id desc`.execute(this.#db)
    const rows = found.rows
    const ended = rows.filter((row) => row.state === 'interrupted' || this.#isDead(row))
    const plans = await this.#secrets.get(ended.flatMap((row) => row.private_name ?? []))
    return ended.map((row) => {
      const whole = row.private_name === null ? undefined : plans.get(row.private_name)
      return { ...toRun(row), state: 'interrupted', ...(whole === undefined ? {} : { plan: whole as JsonObject }) }
    })
  }

  async recent(count: number): Promise<readonly RunRow[]> {
    const found = await sql<RunRecord>`select ${columns} from runs order by id desc limit ${count}`.execute(this.#db)
    return found.rows.map((row) =>
      row.state === 'running' && this.#isDead(row) ? { ...toRun(row), state: 'interrupted' } : toRun(row),
    )
  }

  /** The catalog is closed: runs that were begun here and never ended are interrupted, not left to be found dead. */
  async interrupt(): Promise<void> {
    const ids = [...this.#open]
    if (ids.length === 0) return
    await this.#writer.write(async (tx) => {
      await giveBack(tx, ids)
      await tx.updateTable('runs').set({ state: 'interrupted', ended: Date.now() }).where('id', 'in', ids).execute()
    })
    this.#open.clear()
  }

  async #insert(tx: Tx, plan: JsonObject): Promise<number> {
    const plain = withoutSecrets(plan)
    const name = plain === plan ? null : privateName.plan(randomUUID())
    if (name !== null) await this.#secrets.put([[name, plan]])
    const now = Date.now()
    const row = await tx
      .insertInto('runs')
      .values({
        ...this.#owner,
        state: 'running',
        started: now,
        heartbeat: now,
        plan: JSON.stringify(plain),
        private_name: name,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return row.id
  }

  /** Dead runs become interrupted; what no live run holds goes back. */
  async #recover(tx: Tx): Promise<number> {
    const running = await tx
      .selectFrom('runs')
      .selectAll()
      .where('state', '<>', 'finished')
      .where('state', '=', 'running')
      .execute()
    const dead = running.filter((row) => this.#isDead(row)).map((row) => row.id)
    if (dead.length > 0) {
      await sql`update runs set state = 'interrupted', ended = heartbeat where id in (select value from json_each(${JSON.stringify(dead)}))`.execute(
        tx,
      )
    }
    const holders = await sql<{ run: number }>`
      select distinct run from assets where state <> 'stored' and state = 'fetching'
      union select distinct run from refs where state <> 'explored' and state = 'exploring'`.execute(tx)
    const alive = new Set(running.map((row) => row.id).filter((id) => !dead.includes(id)))
    return giveBack(
      tx,
      holders.rows.map((row) => row.run).filter((run) => !alive.has(run)),
    )
  }

  #isDead(row: Selectable<RunsTable>): boolean {
    return !this.#open.has(row.id) && isDead(row, row.heartbeat, this.#owner, Date.now())
  }

  async #forgetPlan(id: number): Promise<void> {
    const row = await this.#db.selectFrom('runs').select('private_name').where('id', '=', id).executeTakeFirst()
    if (typeof row?.private_name === 'string') await this.#secrets.remove([row.private_name])
  }
}

/** `fetching` → `listed` and `exploring` → `waiting` for all that these runs hold. Returns how many. */
async function giveBack(tx: Tx, runs: readonly number[]): Promise<number> {
  if (runs.length === 0) return 0
  const ids = JSON.stringify(runs)
  const assets = await sql`
    update assets set state = 'listed', run = null
    where state <> 'stored' and state = 'fetching' and run in (select value from json_each(${ids}))`.execute(tx)
  const refs = await sql`
    update refs set state = 'waiting', run = null
    where state <> 'explored' and state = 'exploring' and run in (select value from json_each(${ids}))`.execute(tx)
  return Number(assets.numAffectedRows ?? 0n) + Number(refs.numAffectedRows ?? 0n)
}

function toRun(row: RunRecord): RunRow {
  return {
    id: row.id,
    state: row.state,
    started: row.started,
    plan: JSON.parse(row.plan) as JsonObject,
    targets: JSON.parse(row.targets) as readonly number[],
    ...(row.ended === null ? {} : { ended: row.ended }),
    ...(row.exit === null ? {} : { exit: row.exit }),
    ...(row.counts === null ? {} : { counts: JSON.parse(row.counts) as NonNullable<RunRow['counts']> }),
  }
}
