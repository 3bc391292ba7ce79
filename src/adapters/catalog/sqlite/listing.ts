import { sql } from 'kysely'
import type { AssetState } from '../../../core/glossary.ts'
import { withoutSecrets } from '../../../core/without-secrets.ts'
import type { AbsentAsset, CommittedAsset, ListedAsset, Listing } from '../../../ports/catalog.ts'
import { placeOf, settleNames } from './names.ts'
import { plainAsset } from './sanitise.ts'
import type { PlainAsset } from './sanitise.ts'
import type { Flag, Tx } from './schema.ts'
import { privateName } from './secrets.ts'
import type { PrivateStore } from './secrets.ts'

interface KnownAsset {
  readonly id: number
  readonly key: string
  readonly state: AssetState
  readonly folder: string
  readonly stem: string
  readonly path: string | null
  /** 1: a listing said that the number is missing, so it never had a name. */
  readonly nameless?: Flag
}

/** Where the assets of one ref are listed. */
interface Place {
  readonly target: number
  readonly visit: number
}

/**
 * Writes what one ref listed. Assets that are known cost a look and a mark of the visit; only those that still have to
 * be fetched get their candidates and metadata renewed. New ones get their names in listing order.
 */
export async function commitAssets(
  tx: Tx,
  secrets: PrivateStore,
  place: Place,
  listing: Listing,
): Promise<readonly CommittedAsset[]> {
  await recordAbsent(tx, place, listing.absent ?? [])
  await markSeen(tx, place, listing.seen ?? [])
  const listed = listing.assets
  if (listed.length === 0) return []
  const unique = [...new Map(listed.toReversed().map((asset) => [asset.asset.key, asset])).values()].toReversed()
  const known = await lookUp(tx, unique)
  await removeNameless(tx, known)
  const fresh = unique.filter((asset) => !known.has(asset.asset.key))
  const renewed = unique.filter((asset) => isRenewable(known.get(asset.asset.key)?.state, listing))
  const rows = new Map([...known, ...(await insertFresh(tx, secrets, fresh))])
  await renew(tx, secrets, renewed, known)
  const firstInVisit = await mark(tx, place, [...rows.values()])
  return describe(listed, rows, known, firstInVisit)
}

/** Numbers that a listing says are missing: rows without a name, so that they are known. */
async function recordAbsent(tx: Tx, { target, visit }: Place, absent: readonly AbsentAsset[]): Promise<void> {
  if (absent.length === 0) return
  const rows = absent.map(({ key, source, route, url, status, reason }) => [
    key,
    source,
    route,
    placeOf('', `\0${key}`),
    withoutSecrets(url),
    status ?? null,
    withoutSecrets(reason),
  ])
  await sql`
    insert or ignore into assets (
      state, listed, folder, stem, position, named, candidates, meta, secret, code, key, source, route, place, url, status, reason)
    select 'missing', ${Date.now()}, '', '', 0, 0, '[]', '{}', 0, 'Gone', value ->> 0, value ->> 1, value ->> 2, value ->> 3,
      value ->> 4, value ->> 5, value ->> 6
    from json_each(${JSON.stringify(rows)})`.execute(tx)
  await sql`
    insert into listings (target, asset, visit)
    select ${target}, assets.id, ${visit} from json_each(${JSON.stringify(absent.map(({ key }) => key))}) as asked
      cross join assets on assets.key = asked.value where true
    on conflict (target, asset) do update set visit = excluded.visit`.execute(tx)
}

/** Settled assets of refs that need not be explored belong to the target like those that it lists. */
async function markSeen(tx: Tx, { target, visit }: Place, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await sql`
    insert into listings (target, asset, visit)
    select ${target}, assets.id, ${visit} from json_each(${JSON.stringify(keys)}) as asked
      cross join assets on assets.key = asked.value where true
    on conflict (target, asset) do update set visit = excluded.visit`.execute(tx)
}

/** What was missing and is listed now gets a name like anything else that is new. */
async function removeNameless(tx: Tx, known: Map<string, KnownAsset>): Promise<void> {
  for (const { id, key, nameless } of known.values()) {
    if (nameless !== 1) continue
    await tx.deleteFrom('assets').where('id', '=', id).execute()
    await sql`insert or ignore into stale (asset) values (${id})`.execute(tx)
    known.delete(key)
  }
}

function isRenewable(state: AssetState | undefined, listing: Listing): boolean {
  return (
    state === 'listed' || state === 'failed' || state === 'missing' || (state === 'stored' && listing.renew === true)
  )
}

async function lookUp(tx: Tx, listed: readonly ListedAsset[]): Promise<Map<string, KnownAsset>> {
  const keys = JSON.stringify(listed.map((asset) => asset.asset.key))
  const found = await sql<KnownAsset>`
    select assets.id, assets.key, assets.state, assets.folder, assets.stem, files.path,
      assets.state = 'missing' and assets.candidates = '[]' as nameless
    from json_each(${keys}) as asked
      cross join assets on assets.key = asked.value
      left join files on files.asset = assets.id and assets.state = 'stored'`.execute(tx)
  return new Map(found.rows.map((row) => [row.key, row]))
}

/** Ids grow in listing order: `json_each` gives a list in its order. */
async function insertFresh(
  tx: Tx,
  secrets: PrivateStore,
  fresh: readonly ListedAsset[],
): Promise<readonly (readonly [string, KnownAsset])[]> {
  if (fresh.length === 0) return []
  const names = await settleNames(tx, fresh)
  const plain = fresh.map((listed) => plainAsset(listed.asset))
  await keepSecrets(secrets, fresh, plain)
  const rows = fresh.map((listed, order) => {
    const row = plain[order]
    const name = names[order]
    return [
      listed.asset.key,
      listed.source,
      listed.folder,
      name?.stem,
      name?.place,
      listed.position,
      listed.asset.index ?? null,
      listed.route,
      listed.named ? 1 : 0,
      row?.candidates,
      row?.meta,
      row?.refresh,
      row?.rules,
      row?.secret,
    ]
  })
  const inserted = await sql<{ id: number; key: string; folder: string; stem: string }>`
    insert into assets (
      state, listed, key, source, folder, stem, place, position, ordinal, route, named, candidates, meta, refresh, rules,
      secret)
    select 'listed', ${Date.now()}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
      value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12,
      value ->> 13
    from json_each(${JSON.stringify(rows)})
    returning id, key, folder, stem`.execute(tx)
  return inserted.rows.map((row) => [row.key, { ...row, state: 'listed', path: null }])
}

async function renew(
  tx: Tx,
  secrets: PrivateStore,
  listed: readonly ListedAsset[],
  known: ReadonlyMap<string, KnownAsset>,
): Promise<void> {
  if (listed.length === 0) return
  const plain = listed.map((asset) => plainAsset(asset.asset))
  await keepSecrets(secrets, listed, plain)
  const rows = listed.map((asset, order) => {
    const row = plain[order]
    return [
      known.get(asset.asset.key)?.id,
      row?.candidates,
      row?.meta,
      row?.refresh,
      row?.rules,
      row?.secret,
      asset.named ? 1 : 0,
    ]
  })
  const changed = await sql<{ id: number }>`
    update assets set candidates = new.value ->> 1, meta = new.value ->> 2, refresh = new.value ->> 3,
      rules = new.value ->> 4, secret = new.value ->> 5, named = new.value ->> 6
    from json_each(${JSON.stringify(rows)}) as new
    where assets.id = (new.value ->> 0)
      and (candidates, meta, refresh, rules, secret, named)
        is not (new.value ->> 1, new.value ->> 2, new.value ->> 3, new.value ->> 4, new.value ->> 5, new.value ->> 6)
    returning assets.id`.execute(tx)
  if (changed.rows.length === 0) return
  const ids = JSON.stringify(changed.rows.map((row) => row.id))
  await sql`insert or ignore into stale (asset) select value from json_each(${ids})`.execute(tx)
}

async function keepSecrets(
  secrets: PrivateStore,
  listed: readonly ListedAsset[],
  plain: readonly PlainAsset[],
): Promise<void> {
  const entries: (readonly [string, unknown])[] = []
  for (const [order, row] of plain.entries()) {
    const key = listed[order]?.asset.key
    if (key === undefined || row.whole === undefined) continue
    if (row.secret === 2) secrets.remember(key, row.whole)
    else entries.push([privateName.asset(key), row.whole])
  }
  await secrets.put(entries)
}

/** Ids that this visit had not listed before. */
async function mark(tx: Tx, place: Place, rows: readonly KnownAsset[]): Promise<ReadonlySet<number>> {
  const marked = await sql<{ asset: number }>`
    insert into listings (target, asset, visit)
    select ${place.target}, value, ${place.visit} from json_each(${JSON.stringify(rows.map((row) => row.id))}) where true
    on conflict (target, asset) do update set visit = excluded.visit where visit < excluded.visit
    returning asset`.execute(tx)
  return new Set(marked.rows.map((row) => row.asset))
}

function describe(
  listed: readonly ListedAsset[],
  rows: ReadonlyMap<string, KnownAsset>,
  known: ReadonlyMap<string, KnownAsset>,
  firstInVisit: ReadonlySet<number>,
): readonly CommittedAsset[] {
  const seen = new Set<number>()
  return listed.flatMap((asset) => {
    const row = rows.get(asset.asset.key)
    if (row === undefined) return []
    const again = seen.has(row.id)
    seen.add(row.id)
    return [
      {
        id: row.id,
        key: row.key,
        state: row.state,
        fresh: !again && !known.has(row.key),
        repeated: again || !firstInVisit.has(row.id),
        folder: row.folder,
        stem: row.stem,
        ...(row.path === null ? {} : { path: row.path }),
      },
    ]
  })
}
