import { sql } from 'kysely'
import type { Selectable } from 'kysely'
import type { Cursor, Params, RefSpec } from '../../../core/source.ts'
import { withoutSecrets } from '../../../core/without-secrets.ts'
import type { RefRow } from '../../../ports/catalog.ts'
import { refIdentity } from './sanitise.ts'
import type { Flag, RefsTable, Tx } from './schema.ts'
import { privateName } from './secrets.ts'
import type { PrivateStore } from './secrets.ts'

export type RefRecord = Selectable<RefsTable>

/** A ref on its way into the catalog. */
export interface NewRef {
  readonly spec: RefSpec
  readonly page: number
  readonly depth: number
  readonly held: boolean
  readonly named: boolean
  readonly strategy?: string
  /** The first ref of its chain; absent for that one itself. */
  readonly listing?: number
}

/**
 * Makes refs wait, once per visit: one that this visit knows already stays as it is, except that a held one is let go
 * when it is listed within the limits. One that an earlier visit knew waits again.
 */
export async function addRefs(
  tx: Tx,
  secrets: PrivateStore,
  target: number,
  visit: number,
  refs: readonly NewRef[],
): Promise<void> {
  if (refs.length === 0) return
  const whole = new Map<string, RefSpec>()
  const rows = refs.map((ref) => {
    const identity = refIdentity(ref.spec)
    const plain = withoutSecrets(ref.spec)
    const secret: Flag = plain === ref.spec ? 0 : 1
    if (secret === 1) whole.set(identity, ref.spec)
    return [
      identity,
      ref.listing ?? null,
      plain.source,
      plain.route,
      JSON.stringify(plain.params),
      plain.cursor === undefined ? null : JSON.stringify(plain.cursor),
      ref.held ? 1 : 0,
      ref.page,
      ref.depth,
      ref.strategy ?? null,
      ref.named ? 1 : 0,
      secret,
    ]
  })
  const added = await sql<{ identity: string }>`
    insert into refs (
      target, visit, state, identity, listing, source, route, params, cursor, held, page, depth, strategy, named, secret)
    select ${target}, ${visit}, 'waiting', value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
      value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11
    from json_each(${JSON.stringify(rows)}) where true
    on conflict (target, identity) do update set
      visit = excluded.visit, state = 'waiting', listing = excluded.listing, held = excluded.held, page = excluded.page,
      depth = excluded.depth, strategy = excluded.strategy, named = excluded.named, secret = excluded.secret,
      found = null, code = null, reason = null
    where (refs.visit < excluded.visit and refs.state <> 'exploring')
      or (refs.state = 'waiting' and refs.held > excluded.held)
    returning identity`.execute(tx)
  await secrets.put(
    added.rows.flatMap(({ identity }) => {
      const spec = whole.get(identity)
      return spec === undefined ? [] : [[privateName.ref(target, identity), spec] as const]
    }),
  )
}

/** Rows as the engine sees them, with the secrets they lack. */
export async function toRefRows(records: readonly RefRecord[], secrets: PrivateStore): Promise<readonly RefRow[]> {
  const names = records
    .filter((record) => record.secret === 1)
    .map((record) => privateName.ref(record.target, record.identity))
  const wholes = await secrets.get(names)
  return records.map((record) => {
    const whole = wholes.get(privateName.ref(record.target, record.identity))
    return {
      id: record.id,
      target: record.target,
      run: record.run ?? 0,
      spec: whole === undefined ? toSpec(record) : (whole as RefSpec),
      state: record.state,
      page: record.page,
      depth: record.depth,
      named: record.named === 1,
      ...(record.strategy === null ? {} : { strategy: record.strategy }),
    }
  })
}

function toSpec(record: RefRecord): RefSpec {
  return {
    source: record.source,
    route: record.route,
    params: JSON.parse(record.params) as Params,
    ...(record.cursor === null ? {} : { cursor: JSON.parse(record.cursor) as Exclude<Cursor, undefined> }),
  }
}
