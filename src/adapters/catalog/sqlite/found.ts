import { sql } from 'kysely'
import type { Selectable } from 'kysely'
import type { StoredFile } from '../../../core/files.ts'
import type { Kind } from '../../../core/glossary.ts'
import type { Meta } from '../../../core/source.ts'
import type { FoundAsset } from '../../../ports/catalog.ts'
import type { PlainCandidate } from './sanitise.ts'
import type { AssetsTable } from './schema.ts'

/** An asset with its file and the texts of its targets (a JSON list), as the queries below give it. */
export interface FoundRecord extends Selectable<AssetsTable> {
  readonly path: string | null
  readonly bytes: number
  readonly sha256: string
  readonly mime: string
  readonly kind: string
  readonly width: number | null
  readonly height: number | null
  readonly file_url: string
  readonly etag: string | null
  readonly last_modified: string | null
  readonly stored: number
  readonly targets: string
}

export const foundColumns = sql`
  assets.*, files.path, files.bytes, lower(hex(files.sha256)) as sha256, files.mime, files.kind, files.width,
  files.height, files.url as file_url, files.etag, files.last_modified, files.stored,
  (select json_group_array(targets.text) from listings cross join targets on targets.id = listings.target
    where listings.asset = assets.id) as targets`

export const foundTables = sql`assets left join files on files.asset = assets.id and assets.state = 'stored'`

export function toFound(row: FoundRecord): FoundAsset {
  const candidates = (JSON.parse(row.candidates) as readonly PlainCandidate[]).map((candidate) => candidate.url)
  const file = toFile(row)
  return {
    key: row.key,
    source: row.source,
    state: row.state,
    url: file?.url ?? row.url ?? candidates[0] ?? '',
    candidates,
    meta: JSON.parse(row.meta) as Meta,
    folder: row.folder,
    stem: row.stem,
    attempts: row.attempts,
    listed: row.listed,
    targets: JSON.parse(row.targets) as readonly string[],
    ...(file === undefined ? {} : { file }),
    ...(row.reason === null ? {} : { reason: toReason(row, row.reason) }),
  }
}

function toFile(row: FoundRecord): (StoredFile & { readonly stored: number }) | undefined {
  if (row.path === null) return undefined
  return {
    path: row.path,
    bytes: row.bytes,
    sha256: row.sha256,
    mime: row.mime,
    kind: row.kind as Kind,
    url: row.file_url,
    stored: row.stored,
    ...(row.width === null ? {} : { width: row.width }),
    ...(row.height === null ? {} : { height: row.height }),
    ...(row.etag === null ? {} : { etag: row.etag }),
    ...(row.last_modified === null ? {} : { lastModified: row.last_modified }),
  }
}

function toReason(row: FoundRecord, message: string): NonNullable<FoundAsset['reason']> {
  return {
    message,
    ...(row.code === null ? {} : { code: row.code }),
    ...(row.status === null ? {} : { status: row.status }),
  }
}
