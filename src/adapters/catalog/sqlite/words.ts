import { sql } from 'kysely'
import type { Meta } from '../../../core/source.ts'
import type { Database, Tx } from './schema.ts'
import type { Writer } from './writer.ts'

/** Assets that one transaction adds to the index. */
const PAGE = 2000

/** Scripts that put no spaces between words: each character counts as a word, so that any part of a text is found. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu

interface Searchable {
  readonly id: number
  readonly key: string
  readonly meta: string
  readonly folder: string
  readonly stem: string
  readonly path: string | null
}

/**
 * Brings the full-text index up to the newest asset. Ids grow, so what lies behind the last indexed one is new; `stale`
 * names the others that changed or went since.
 */
export async function fillWords(db: Database, writer: Writer): Promise<void> {
  if (!(await isBehind(db))) return
  await writer.write(forgetStale)
  let added: number
  do added = await writer.write(addPage)
  while (added === PAGE)
}

async function isBehind(db: Database): Promise<boolean> {
  const state = await sql<{ last: number; indexed: number; stale: number }>`
    select (select coalesce(max(id), 0) from assets) as last,
      coalesce((select rowid from words order by rowid desc limit 1), 0) as indexed,
      exists (select 1 from stale) as stale`.execute(db)
  const row = state.rows[0]
  return row !== undefined && (row.stale === 1 || row.last > row.indexed)
}

/** The changed ones leave the index; those that still exist come back into it. */
async function forgetStale(tx: Tx): Promise<void> {
  const known = await sql<{ asset: number }>`
    delete from stale returning asset`.execute(tx)
  if (known.rows.length === 0) return
  const ids = JSON.stringify(known.rows.map((row) => row.asset))
  await sql`delete from words where rowid in (select value from json_each(${ids}))`.execute(tx)
  const indexed = await last(tx)
  const rows = await sql<Searchable>`
    select ${columns} where assets.id in (select value from json_each(${ids})) and assets.id < ${indexed}`.execute(tx)
  await insert(tx, rows.rows)
}

async function addPage(tx: Tx): Promise<number> {
  const rows = await sql<Searchable>`
    select ${columns} where assets.id > ${await last(tx)} order by assets.id limit ${PAGE}`.execute(tx)
  await insert(tx, rows.rows)
  return rows.rows.length
}

async function last(tx: Tx): Promise<number> {
  const found = await sql<{ rowid: number }>`select rowid from words order by rowid desc limit 1`.execute(tx)
  return found.rows[0]?.rowid ?? 0
}

const columns = sql`
  assets.id, assets.key, assets.meta, assets.folder, assets.stem, files.path
  from assets left join files on files.asset = assets.id and assets.state = 'stored'`

async function insert(tx: Tx, rows: readonly Searchable[]): Promise<void> {
  const texts = JSON.stringify(rows.map((row) => [row.id, textOf(row)]))
  await sql`insert into words (rowid, text) select value ->> 0, value ->> 1 from json_each(${texts})`.execute(tx)
}

function textOf(row: Searchable): string {
  const meta = JSON.parse(row.meta) as Meta
  const parts = [
    row.key,
    meta.title,
    meta.author,
    meta.description,
    ...(meta.tags ?? []),
    row.path ?? `${row.folder}/${row.stem}`,
  ]
  return spaced(parts.filter((part) => part !== undefined).join('\n'))
}

/** What the index is asked: every word, or a beginning of one. Words are quoted, so nothing in them is an operator. */
export function matchOf(words: readonly string[]): string {
  return words
    .map((word) => spaced(word).replaceAll('"', ' ').trim())
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => `"${word}"*`)
    .join(' ')
}

function spaced(text: string): string {
  return text.normalize('NFC').replace(UNSPACED, ' $& ')
}
