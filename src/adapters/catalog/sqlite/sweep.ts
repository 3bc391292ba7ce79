import { sql } from 'kysely'
import type { Tx } from './schema.ts'
import type { PrivateStore } from './secrets.ts'

const PAGE = 1000

/**
 * Removes what the private store keeps for nobody: a process died between the two files. Only while no other run is
 * alive (its secrets may be there before its rows), under the catalog's write lock, so that none begins meanwhile.
 */
export async function sweep(tx: Tx, secrets: PrivateStore, self: number): Promise<void> {
  let names = await secrets.names('', PAGE)
  if (names.length === 0) return
  const others =
    await sql`select 1 from runs where state <> 'finished' and state = 'running' and id <> ${self}`.execute(tx)
  if (others.rows.length > 0) return
  while (names.length > 0) {
    const wanted = await wantedOf(tx, names)
    await secrets.remove(names.filter((name) => !wanted.has(name)))
    names = await secrets.names(names.at(-1) ?? '', PAGE)
  }
}

async function wantedOf(tx: Tx, names: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await sql<{ name: string }>`
    with asked as (select value as name from json_each(${JSON.stringify(names)}))
    select name from asked where
      exists (
        select 1 from assets where key = substr(name, length('asset:') + 1) and name glob 'asset:*'
          and secret = 1 and state not in ('stored', 'rejected'))
      or exists (
        select 1 from refs where target = cast(substr(name, length('ref:') + 1) as integer) and identity = substr(name, -32)
          and name glob 'ref:*' and state <> 'explored' and secret = 1)
      or exists (
        select 1 from runs where private_name = name and state <> 'finished')
      or exists (
        select 1 from follows where identity = substr(name, length('follow:') + 1) and name glob 'follow:*' and secret = 1)`.execute(
    tx,
  )
  return new Set(found.rows.map((row) => row.name))
}
