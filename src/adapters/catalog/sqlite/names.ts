import { hash } from 'node:crypto'
import { sql } from 'kysely'
import { collisionStem, foldName } from '../../../core/names.ts'
import type { ListedAsset } from '../../../ports/catalog.ts'
import type { Tx } from './schema.ts'

/** Hex digits of 52 bits: the largest hash that is still a safe integer. */
const PLACE_DIGITS = 13

/** Hex digits of a key's hash that mark a taken stem; more only where even that is taken. */
const MARKS = [8, 16, 64]

export interface SettledName {
  readonly stem: string
  readonly place: number
}

/**
 * Settles stems in listing order: no two assets of a library have one folder and stem, also for file systems that fold
 * case. A taken stem is marked with the key's hash, so the same library always gets the same names.
 */
export async function settleNames(tx: Tx, listed: readonly ListedAsset[]): Promise<readonly SettledName[]> {
  const own = listed.map((asset) => placeOf(asset.folder, asset.stem))
  const taken = await takenOf(tx, own)
  const settled: SettledName[] = []
  for (const [order, asset] of listed.entries()) {
    const place = own[order] ?? 0
    const name = taken.has(place) ? await marked(tx, asset, taken) : { stem: asset.stem, place }
    taken.add(name.place)
    settled.push(name)
  }
  return settled
}

async function marked(tx: Tx, listed: ListedAsset, taken: ReadonlySet<number>): Promise<SettledName> {
  const digest = hash('sha256', listed.asset.key)
  const names = MARKS.map((digits) => collisionStem(listed.stem, digest.slice(0, digits))).map((stem) => ({
    stem,
    place: placeOf(listed.folder, stem),
  }))
  const foreign = await takenOf(
    tx,
    names.map((name) => name.place),
  )
  const free = names.find((name) => !taken.has(name.place) && !foreign.has(name.place))
  if (free === undefined) throw new Error(`no name is left for ${listed.asset.key} in ${listed.folder}`)
  return free
}

export function placeOf(folder: string, stem: string): number {
  return Number.parseInt(hash('sha256', `${foldName(folder)}/${foldName(stem)}`).slice(0, PLACE_DIGITS), 16)
}

async function takenOf(tx: Tx, places: readonly number[]): Promise<Set<number>> {
  const found = await sql<{ place: number }>`
    select place from assets where place in (select value from json_each(${JSON.stringify(places)}))`.execute(tx)
  return new Set(found.rows.map((row) => row.place))
}
