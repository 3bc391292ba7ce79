import { sql } from 'kysely'
import { withoutSecrets } from '../../../core/without-secrets.ts'
import type { Settlement } from '../../../ports/catalog.ts'
import { addRefs } from './refs.ts'
import type { SecretFlag, Tx } from './schema.ts'
import type { PrivateStore } from './secrets.ts'

type To<S extends Settlement['to']> = Extract<Settlement, { readonly to: S }>

type Refusal = Exclude<Settlement, { readonly to: 'stored' | 'page' | 'listed' }>

interface HeldAsset {
  readonly id: number
  readonly key: string
  readonly secret: SecretFlag
  readonly named: 0 | 1
}

/** Records how assets ended, for those the run still holds. Returns those whose secrets nobody needs any more. */
export async function settleAll(
  tx: Tx,
  secrets: PrivateStore,
  settlements: readonly Settlement[],
  run: number,
): Promise<readonly HeldAsset[]> {
  const held = await heldBy(tx, settlements, run)
  const mine = settlements.filter((settlement) => held.has(settlement.id))
  await store(
    tx,
    mine.filter((settlement) => settlement.to === 'stored'),
  )
  await refuse(tx, mine.filter(isRefusal))
  await giveBack(
    tx,
    mine.filter((settlement) => settlement.to === 'listed'),
  )
  for (const page of mine.filter((settlement) => settlement.to === 'page'))
    await turnIntoRef(tx, secrets, page, held.get(page.id)?.named === 1)
  return mine
    .filter((settlement) => settlement.to === 'stored' || settlement.to === 'rejected' || settlement.to === 'page')
    .flatMap((settlement) => held.get(settlement.id) ?? [])
}

async function heldBy(
  tx: Tx,
  settlements: readonly Settlement[],
  run: number,
): Promise<ReadonlyMap<number, HeldAsset>> {
  const ids = JSON.stringify(settlements.map((settlement) => settlement.id))
  const found = await sql<HeldAsset>`
    select assets.id, assets.key, assets.secret, assets.named from json_each(${ids}) as asked cross join assets on assets.id = asked.value
    where assets.run = ${run} and +assets.state = 'fetching'`.execute(tx)
  return new Map(found.rows.map((row) => [row.id, row]))
}

async function store(tx: Tx, settlements: readonly To<'stored'>[]): Promise<void> {
  if (settlements.length === 0) return
  const rows = JSON.stringify(
    settlements.map(({ id, file, attempts }) => [
      id,
      attempts,
      file.path,
      file.bytes,
      file.sha256,
      file.mime,
      file.kind,
      file.width,
      file.height,
      withoutSecrets(file.url),
      file.etag,
      file.lastModified,
    ]),
  )
  await sql`
    insert or replace into files (
      stored, asset, path, bytes, sha256, mime, kind, width, height, url, etag, last_modified)
    select ${Date.now()}, value ->> 0, value ->> 2, value ->> 3, unhex(value ->> 4), value ->> 5, value ->> 6, value ->> 7,
      value ->> 8, value ->> 9, value ->> 10, value ->> 11
    from json_each(${rows})`.execute(tx)
  await sql`
    update assets set state = 'stored', run = null, attempts = done.value ->> 1,
      code = null, reason = null, status = null, url = null
    from json_each(${rows}) as done where assets.id = (done.value ->> 0)`.execute(tx)
}

function isRefusal(settlement: Settlement): settlement is Refusal {
  return settlement.to === 'rejected' || settlement.to === 'missing' || settlement.to === 'failed'
}

async function refuse(tx: Tx, settlements: readonly Refusal[]): Promise<void> {
  if (settlements.length === 0) return
  const rows = JSON.stringify(
    settlements.map((settlement) => [
      settlement.id,
      settlement.to,
      settlement.attempts,
      withoutSecrets(settlement.reason),
      ...(settlement.to === 'rejected'
        ? [null, null, null]
        : [settlement.code, settlement.status, withoutSecrets(settlement.url)]),
    ]),
  )
  await sql`
    update assets set state = done.value ->> 1, run = null, attempts = done.value ->> 2, reason = done.value ->> 3,
      code = done.value ->> 4, status = done.value ->> 5, url = done.value ->> 6
    from json_each(${rows}) as done where assets.id = (done.value ->> 0)`.execute(tx)
}

async function giveBack(tx: Tx, settlements: readonly To<'listed'>[]): Promise<void> {
  if (settlements.length === 0) return
  const ids = JSON.stringify(settlements.map((settlement) => settlement.id))
  await sql`update assets set state = 'listed', run = null where id in (select value from json_each(${ids}))`.execute(
    tx,
  )
}

/** One GET showed that the file is a page: its row goes, and the page waits as a ref of the target. */
async function turnIntoRef(tx: Tx, secrets: PrivateStore, settlement: To<'page'>, named: boolean): Promise<void> {
  const target = await tx
    .selectFrom('targets')
    .select('visit')
    .where('id', '=', settlement.target)
    .executeTakeFirstOrThrow()
  await tx.deleteFrom('assets').where('id', '=', settlement.id).execute()
  await sql`insert or ignore into stale (asset) values (${settlement.id})`.execute(tx)
  await addRefs(tx, secrets, settlement.target, target.visit, [
    { spec: settlement.ref, page: 1, depth: 0, held: false, named },
  ])
}
