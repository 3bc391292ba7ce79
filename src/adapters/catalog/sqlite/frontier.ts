import { sql } from 'kysely'
import type { AssetState } from '../../../core/glossary.ts'
import type { RefSpec } from '../../../core/source.ts'
import { withoutSecrets } from '../../../core/without-secrets.ts'
import type { CommittedAsset, Frontier, Known, KnownKey, Listing, RefRow, TargetRow } from '../../../ports/catalog.ts'
import { commitAssets } from './listing.ts'
import { addRefs, toRefRows } from './refs.ts'
import type { RefRecord } from './refs.ts'
import { refIdentity } from './sanitise.ts'
import type { Database, Flag, Tx } from './schema.ts'
import { privateName } from './secrets.ts'
import type { PrivateStore } from './secrets.ts'
import { openTarget } from './targets.ts'
import type { OpenOptions, TargetInput } from './targets.ts'
import type { Writer } from './writer.ts'

type End = Parameters<Frontier['give']>[1]

/**
 * Refs and targets over SQLite. A ref is `waiting → exploring → explored | failed`; an exploring one carries the run
 * that holds it, and only under that run (the fence) can it be committed, given back or restarted.
 */
export class SqliteFrontier implements Frontier {
  readonly #db: Database
  readonly #writer: Writer
  readonly #secrets: PrivateStore

  constructor(db: Database, writer: Writer, secrets: PrivateStore) {
    this.#db = db
    this.#writer = writer
    this.#secrets = secrets
  }

  open(target: TargetInput, options: OpenOptions): Promise<TargetRow> {
    return this.#writer.write((tx) => openTarget(tx, this.#secrets, target, options))
  }

  async take(target: number, run: number, count: number): Promise<readonly RefRow[]> {
    const taken = await this.#writer.write((tx) =>
      sql<RefRecord>`
        update refs set state = 'exploring', run = ${run} where id in (
          select id from refs where target = ${target} and state <> 'explored' and state = 'waiting' and held = 0
          order by id limit ${count})
        returning *`.execute(tx),
    )
    return toRefRows(
      taken.rows.toSorted((a, b) => a.id - b.id),
      this.#secrets,
    )
  }

  async commit(ref: RefRow, listing: Listing): Promise<readonly CommittedAsset[]> {
    const committed = await this.#writer.write(async (tx) => {
      const record = await holds(tx, ref)
      if (record === undefined) return undefined
      const visit = await bumpTarget(tx, record.target, listing)
      const assets = await commitAssets(tx, this.#secrets, { target: record.target, visit }, listing)
      await addRefs(
        tx,
        this.#secrets,
        record.target,
        visit,
        listing.refs.map((found) => ({
          spec: found.spec,
          held: found.held,
          depth: found.depth,
          named: found.named,
          page: found.as === 'next' ? record.page + 1 : record.page,
          ...(found.strategy === undefined ? {} : { strategy: found.strategy }),
          ...(found.as === 'next' ? { listing: record.listing ?? record.id } : {}),
        })),
      )
      await tx
        .updateTable('refs')
        .set({
          state: 'explored',
          run: null,
          strategy: listing.strategy,
          found: listing.assets.length + listing.refs.length,
        })
        .where('id', '=', record.id)
        .execute()
      return { assets, record }
    })
    if (committed === undefined) return []
    await this.#removeSecret(committed.record)
    return committed.assets
  }

  async give(ref: RefRow, end: End): Promise<void> {
    await this.#writer.write(async (tx) => {
      if ((await holds(tx, ref)) === undefined) return
      await tx
        .updateTable('refs')
        .set({ run: null, ...endOf(end) })
        .where('id', '=', ref.id)
        .execute()
    })
  }

  async restart(ref: RefRow, strategy: string): Promise<void> {
    await this.#writer.write(async (tx) => {
      const record = await holds(tx, ref)
      if (record === undefined) return
      const first = record.listing ?? record.id
      if (first !== record.id) await this.#keepFirstSecret(tx, first, ref.spec)
      await tx.deleteFrom('refs').where('target', '=', record.target).where('listing', '=', first).execute()
      await tx
        .updateTable('refs')
        .set({ state: 'waiting', run: null, held: 0, strategy, found: null, code: null, reason: null })
        .where('id', '=', first)
        .execute()
      await tx.updateTable('targets').set({ listed: 0 }).where('id', '=', record.target).execute()
    })
  }

  async known(target: number, keys: readonly string[], refs: readonly RefSpec[] = []): Promise<Known> {
    return { keys: await this.#knownKeys(target, keys), explored: await this.#exploredRefs(target, refs) }
  }

  async #knownKeys(target: number, keys: readonly string[]): Promise<ReadonlyMap<string, KnownKey>> {
    const found = await sql<{ key: string; state: AssetState; before: Flag }>`
      select assets.key, assets.state, listings.visit is not null and listings.visit < targets.visit as before
      from json_each(${JSON.stringify(keys)}) as asked
        cross join assets on assets.key = asked.value
        cross join targets on targets.id = ${target}
        left join listings on listings.target = targets.id and listings.asset = assets.id`.execute(this.#db)
    return new Map(found.rows.map(({ key, state, before }) => [key, { state, before: before === 1 }]))
  }

  async #exploredRefs(target: number, refs: readonly RefSpec[]): Promise<ReadonlySet<RefSpec>> {
    if (refs.length === 0) return new Set()
    const identities = refs.map(refIdentity)
    const found = await sql<{ identity: string }>`
      select refs.identity from json_each(${JSON.stringify(identities)}) as asked
        cross join refs on refs.target = ${target} and refs.identity = asked.value
        cross join targets on targets.id = refs.target
      where refs.state = 'explored' and refs.visit < targets.visit`.execute(this.#db)
    const explored = new Set(found.rows.map(({ identity }) => identity))
    return new Set(refs.filter((_, order) => explored.has(identities[order] ?? '')))
  }

  async remaining(
    target: number,
  ): Promise<{ readonly waiting: number; readonly held: number; readonly failed: number }> {
    const counted = await sql<{ waiting: number; held: number; failed: number }>`
      select count(*) filter (where state = 'waiting' and held = 0) as waiting,
        count(*) filter (where state = 'waiting' and held = 1) as held,
        count(*) filter (where state = 'failed') as failed
      from refs where target = ${target} and state <> 'explored'`.execute(this.#db)
    const row = counted.rows[0]
    return { waiting: row?.waiting ?? 0, held: row?.held ?? 0, failed: row?.failed ?? 0 }
  }

  async isListing(target: number): Promise<boolean> {
    const found = await sql`
      select 1 from targets where id = ${target} and (
        exists (select 1 from refs where target = targets.id and state <> 'explored' and state = 'exploring')
        or exists (select 1 from listings where target = targets.id and visit = targets.visit))`.execute(this.#db)
    return found.rows.length > 0
  }

  async #removeSecret(record: RefRecord): Promise<void> {
    if (record.secret === 1) await this.#secrets.remove([privateName.ref(record.target, record.identity)])
  }

  /** The first page was explored, so its secrets are gone; a later page of the same listing has the same params. */
  async #keepFirstSecret(tx: Tx, first: number, later: RefSpec): Promise<void> {
    const record = await tx
      .selectFrom('refs')
      .select(['target', 'identity', 'secret'])
      .where('id', '=', first)
      .executeTakeFirst()
    if (record?.secret !== 1) return
    const spec: RefSpec = { source: later.source, route: later.route, params: later.params }
    if (refIdentity(spec) === record.identity)
      await this.#secrets.put([[privateName.ref(record.target, record.identity), spec]])
  }
}

/** The ref's row, if the run that took it still holds it. */
async function holds(tx: Tx, ref: RefRow): Promise<RefRecord | undefined> {
  return tx
    .selectFrom('refs')
    .selectAll()
    .where('id', '=', ref.id)
    .where('state', '=', 'exploring')
    .where('run', '=', ref.run)
    .executeTakeFirst()
}

async function bumpTarget(tx: Tx, target: number, listing: Listing): Promise<number> {
  const last = listing.assets.reduce((position, listed) => Math.max(position, listed.position), 0)
  const row = await tx
    .updateTable('targets')
    .set({
      listed: sql<number>`max(listed, ${last})`,
      ...(listing.partial === true && { partial: sql<number>`visit` }),
    })
    .where('id', '=', target)
    .returning('visit')
    .executeTakeFirstOrThrow()
  return row.visit
}

function endOf(end: End): { state: 'waiting' | 'failed'; held?: 0 | 1; code?: string; reason?: string } {
  if (end === 'waiting') return { state: 'waiting' }
  if (end === 'held') return { state: 'waiting', held: 1 }
  return { state: 'failed', code: end.code, reason: withoutSecrets(end.message) }
}
