import type { Browser } from '../core/browser.ts'
import type { Emit } from '../core/events.ts'
import type { Http } from '../core/http.ts'
import type { Screen } from '../core/screen.ts'
import type { Source, Target } from '../core/source.ts'
import type { Template } from '../expr/template.ts'
import type { Where } from '../expr/where.ts'
import type { Login } from './login-pause.ts'
import type { Catalog } from '../ports/catalog.ts'
import type { Queue } from '../ports/queue.ts'
import type { Store } from '../ports/store.ts'

/** What the engine works with; made and owned by `app`. */
export interface EngineParts {
  readonly sources: readonly Source[]
  readonly http: Http
  /** For strategies that need one; it starts when the first of them opens a page. */
  readonly browser: Browser
  readonly catalog: Catalog
  readonly store: Store
  readonly queue: Queue
  readonly screens: readonly Screen[]
  /** `--verify decode`: rejects with a `Fault` when the pixels of a file are not sound. */
  readonly decode?: (file: string) => Promise<void>
  /** Where the user can log in again while the run goes on. */
  readonly login?: Login
  readonly emit: Emit
  /** Resolves when who takes the events has room for more: exploring waits for it. */
  readonly ready: (signal: AbortSignal) => Promise<void>
}

/** A span of positions, 1-based and inclusive. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What one run was asked to do. */
export interface RunSettings {
  /** Transfers at once. */
  readonly jobs: number
  /** Further tries of a transfer. */
  readonly retries: number
  readonly range?: Span
  readonly pages?: Span
  /** Bytes; `image` for files that say they are images, `any` for everything else. */
  readonly maxSize: { readonly image: number; readonly any: number }
  readonly overwrite: boolean
  /** The user brought cookies: sites may list more for them. */
  readonly cookies: boolean
  readonly sidecar: boolean
  readonly dryRun: boolean
  /** `asset` events carry whole URLs: they are what was asked for. */
  readonly wholeUrls: boolean
  readonly extract: boolean
  /** Somebody takes `asset` events; they cost time when there are many. */
  readonly announce: boolean
  rules(source: string): SourceRules
}

/** What holds for the assets of one source: the user's word for it, else for all, else its own advice. */
export interface SourceRules {
  readonly folder: Template
  readonly filename: Template
  readonly where?: Where
  readonly limit?: number
  /** Checked by its schema. */
  readonly options: Readonly<Record<string, unknown>>
}

/** A target as it comes in: read already. */
export interface TargetInput {
  readonly target: Target
  /** Where it stands, for messages: `list.txt:5`. One of the command line has no place. */
  readonly place?: string
  /** It is followed: see `Follow`. */
  readonly follow?: { readonly id: number; readonly stop?: string }
}
