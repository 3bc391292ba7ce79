import type { Generated, Kysely, Transaction } from 'kysely'
import type { AssetState, RefState } from '../../../core/glossary.ts'
import type { RunRow } from '../../../ports/catalog.ts'

/** 0 or 1: SQLite has no booleans. */
export type Flag = 0 | 1

export interface RunsTable {
  readonly id: Generated<number>
  readonly state: RunRow['state']
  readonly started: number
  readonly ended: number | null
  readonly exit: number | null
  readonly plan: string
  readonly private_name: string | null
  readonly counts: string | null
  readonly reasons: string | null
  readonly host: string
  readonly boot: string
  readonly namespace: string
  readonly pid: number
  readonly birth: string
  readonly heartbeat: number
}

export interface TargetsTable {
  readonly id: Generated<number>
  readonly identity: string
  readonly text: string
  readonly source: string
  readonly root: string
  readonly visit: number
  readonly run: number
  readonly listed: number
  readonly stop: string | null
  readonly partial: Generated<number>
  readonly options: string | null
  readonly changed: Generated<Flag>
}

export interface FollowsTable {
  readonly id: Generated<number>
  readonly identity: string
  readonly text: string
  readonly literal: Flag
  readonly source: string
  readonly stop: string | null
  readonly secret: Flag
  readonly added: number
  readonly updated: number | null
}

export interface RunTargetsTable {
  readonly run: number
  readonly target: number
}

export interface RefsTable {
  readonly id: Generated<number>
  readonly target: number
  readonly identity: string
  readonly listing: number | null
  readonly source: string
  readonly route: string
  readonly params: string
  readonly cursor: string | null
  readonly state: RefState
  readonly held: Flag
  readonly run: number | null
  readonly visit: number
  readonly page: number
  readonly depth: number
  readonly strategy: string | null
  readonly named: Flag
  readonly secret: Flag
  readonly found: number | null
  readonly code: string | null
  readonly reason: string | null
}

/** Whether the row lacks secrets: 0 no, 1 the private store has them, 2 only the process that listed the asset. */
export type SecretFlag = 0 | 1 | 2

export interface AssetsTable {
  readonly id: Generated<number>
  readonly key: string
  readonly source: string
  readonly route: string
  readonly state: AssetState
  readonly run: number | null
  readonly folder: string
  readonly stem: string
  readonly place: number
  readonly position: number
  readonly ordinal: number | null
  readonly named: Flag
  readonly candidates: string
  readonly meta: string
  readonly refresh: string | null
  readonly rules: string | null
  readonly secret: SecretFlag
  readonly listed: number
  readonly attempts: Generated<number>
  readonly code: string | null
  readonly reason: string | null
  readonly status: number | null
  readonly url: string | null
}

export interface ListingsTable {
  readonly target: number
  readonly asset: number
  readonly visit: number
}

export interface FilesTable {
  readonly asset: number
  readonly path: string
  readonly bytes: number
  readonly sha256: Uint8Array
  readonly mime: string
  readonly kind: string
  readonly width: number | null
  readonly height: number | null
  readonly url: string
  readonly etag: string | null
  readonly last_modified: string | null
  readonly stored: number
}

export interface ClocksTable {
  readonly scope: string
  readonly until: number
  readonly reason: string
}

/** The tables of `migrations/`, as Kysely sees them. */
export interface Tables {
  readonly runs: RunsTable
  readonly targets: TargetsTable
  readonly follows: FollowsTable
  readonly run_targets: RunTargetsTable
  readonly refs: RefsTable
  readonly assets: AssetsTable
  readonly listings: ListingsTable
  readonly files: FilesTable
  readonly clocks: ClocksTable
}

export type Database = Kysely<Tables>
export type Tx = Transaction<Tables>
