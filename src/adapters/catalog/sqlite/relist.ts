import { sql } from 'kysely'
import type { RawBuilder, Selectable } from 'kysely'
import type { AssetState } from '../../../core/glossary.ts'
import type { AssetsTable, Tx } from './schema.ts'

export interface Relisting {
  readonly states: readonly AssetState[]
  readonly target?: number
  readonly keys?: readonly string[]
  readonly count: number
}

type AssetRecord = Selectable<AssetsTable>

const RELIST = sql`update assets set state = 'listed', code = null, reason = null, status = null, url = null`

/** A target with fewer listings is walked through; of a larger one the rows of the state are, if that can be. */
const SMALL = 200

/** Back to `listed`, oldest first; what is being fetched stays with its run. Returns the rows it changed. */
export async function relist(tx: Tx, which: Relisting): Promise<readonly AssetRecord[]> {
  const changed: AssetRecord[] = []
  for (const state of which.states) {
    if (state === 'fetching' || state === 'listed') continue
    changed.push(...(await relistState(tx, state, which, which.count - changed.length)))
  }
  return changed.toSorted((a, b) => a.id - b.id)
}

/** All assets of a target that are in this state, without bringing them here. */
export async function relistAll(tx: Tx, target: number, state: 'failed' | 'missing'): Promise<void> {
  const ids = await idsOf(tx, state, { target })
  await sql`${RELIST} where id in (${ids})`.execute(tx)
}

async function relistState(
  tx: Tx,
  state: AssetState,
  which: Relisting,
  count: number,
): Promise<readonly AssetRecord[]> {
  if (count <= 0) return []
  const done = await sql<AssetRecord>`
    ${RELIST} where id in (${await idsOf(tx, state, which)} order by assets.id limit ${count})
    returning *`.execute(tx)
  return done.rows
}

/** Thousands of small targets and one with a hundred thousand assets must both be quick: the smaller side leads. */
async function idsOf(
  tx: Tx,
  state: AssetState,
  { target, keys }: Pick<Relisting, 'target' | 'keys'>,
): Promise<RawBuilder<unknown>> {
  const fetchable = state === 'missing' ? sql`assets.candidates <> '[]'` : sql`true`
  if (keys !== undefined) {
    const ofTarget =
      target === undefined
        ? sql`true`
        : sql`exists (select 1 from listings where target = ${target} and asset = assets.id)`
    return sql`
      select assets.id from json_each(${JSON.stringify(keys)}) as asked cross join assets on assets.key = asked.value
      where +assets.state = ${state} and ${ofTarget} and ${fetchable}`
  }
  const open = state === 'stored' ? sql`true` : sql`assets.state <> 'stored'`
  if (target === undefined)
    return sql`select assets.id from assets where assets.state = ${state} and ${open} and ${fetchable}`
  const some = await sql`select 1 from listings where target = ${target} limit ${SMALL}`.execute(tx)
  if (some.rows.length < SMALL || state === 'stored') {
    return sql`
      select assets.id from listings cross join assets on assets.id = listings.asset
      where listings.target = ${target} and +assets.state = ${state} and ${fetchable}`
  }
  return sql`
    select assets.id from assets cross join listings on listings.target = ${target} and listings.asset = assets.id
    where assets.state = ${state} and ${open} and ${fetchable}`
}
