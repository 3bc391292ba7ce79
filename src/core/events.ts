import type { JsonObject, Kind, Outcome } from './glossary.ts'

export type Counts = Readonly<Record<Outcome, number>>

/** Everything a user interface needs. `--json` writes them as they are, one a line. URLs carry no secrets. */
export type Event =
  | {
      readonly event: 'run'
      readonly run: number
      readonly version: string
      readonly library: string
      readonly targets: readonly string[]
      readonly resumed?: boolean
    }
  | {
      readonly event: 'ref'
      readonly source: string
      readonly route: string
      readonly target: string
      readonly page: number
      readonly state: 'explored' | 'failed' | 'held'
      readonly found: number
      /** Which of the route's strategies read it; absent where none could. */
      readonly strategy?: string
      readonly code?: string
      readonly reason?: string
    }
  | AssetEvent
  | {
      readonly event: 'progress'
      readonly counts: Counts
      readonly listed: number
      readonly total?: number
      readonly bytes: number
      readonly bytesPerSecond: number
      readonly active: number
      readonly hosts: readonly HostProgress[]
    }
  | {
      readonly event: 'stored'
      readonly key: string
      readonly url: string
      readonly path: string
      readonly bytes: number
      readonly sha256: string
      readonly type: string
      readonly width?: number
      readonly height?: number
    }
  | {
      readonly event: 'known'
      readonly key: string
      readonly path?: string
      /** What was listed, where somebody takes `asset` events: of a known item there is none. */
      readonly url?: string
      readonly meta?: JsonObject
    }
  | { readonly event: 'excluded'; readonly key: string; readonly reason: string }
  | { readonly event: 'rejected'; readonly key: string; readonly url: string; readonly reason: string }
  | {
      readonly event: 'missing'
      readonly key: string
      readonly url: string
      readonly status?: number
      readonly reason: string
    }
  | {
      readonly event: 'failed'
      readonly key: string
      readonly url: string
      readonly code: string
      readonly status?: number
      readonly reason: string
      readonly attempts: number
    }
  | { readonly event: 'wait'; readonly host: string; readonly reason: string; /** ISO 8601. */ readonly until: string }
  | { readonly event: 'note'; readonly level: 'info' | 'warning'; readonly message: string }
  | EndEvent

export interface AssetEvent {
  readonly event: 'asset'
  readonly key: string
  readonly source: string
  readonly route: string
  readonly url: string
  readonly candidates: readonly string[]
  /** Relative to the library, without the extension until the file is here. */
  readonly path: string
  readonly kind?: Kind
  readonly meta: JsonObject
}

export interface HostProgress {
  readonly host: string
  readonly active: number
  readonly waiting: number
}

export interface EndEvent extends Counts {
  readonly event: 'end'
  readonly run: number
  readonly bytes: number
  readonly seconds: number
  /** Failures by reason code. */
  readonly reasons: Readonly<Record<string, number>>
  /** Targets that could not be explored; `place`: file and line of one from a list. */
  readonly targets: readonly {
    readonly target: string
    readonly place?: string
    readonly code: string
    readonly reason: string
  }[]
  readonly interrupted: boolean
  readonly exit: number
}

export type Emit = (event: Event) => void
