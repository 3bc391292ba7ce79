import type { HeaderValues } from './headers.ts'
import type { Media } from './media.ts'
import type { Mishap } from './mishaps.ts'

/** A request as a replica sees it. */
export interface Request {
  readonly method: string
  /** With the host that the client asked for, never the loopback address. */
  readonly url: URL
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** What a POST carried; empty without a body. */
  readonly body: Uint8Array
  /** Named parts of the path, decoded; set by the router. */
  readonly params: Readonly<Record<string, string>>
}

/** What a replica answers; the server adds length, validators, ranges and HEAD. */
export interface Answer {
  /** Default 200. */
  readonly status?: number
  readonly headers?: HeaderValues
  readonly body?: string | Uint8Array
  /** A media file in place of `body`: brings type, `ETag`, `Last-Modified` and byte ranges. */
  readonly file?: Media
}

export type Handler = (request: Request) => Answer | undefined | Promise<Answer | undefined>

/** What a replica may build on. */
export interface ReplicaContext {
  /** How much there is, for benchmarks: 1 is the small site of the tests, whose `targets` hold. */
  readonly scale: number
}

/** What must be in the library after a target was collected. */
export interface Expected {
  /** Stored assets by key, each with the file whose bytes it has. */
  readonly files: Readonly<Record<string, Media>>
  /** Keys of enumerated assets that the site does not have. */
  readonly missing?: readonly string[]
  /** Keys of assets that fail, with the fault's code. */
  readonly failed?: Readonly<Record<string, string>>
  /** The code of the fault that the target ends with; `NothingFound` where nothing is expected at all. */
  readonly fault?: string
}

export interface ReplicaTarget {
  readonly target: string
  /** Options of the source, as `--option SOURCE.NAME=VALUE` has them. */
  readonly options?: Readonly<Record<string, string>>
  readonly expected: Expected
  /** What has to be installed on the machine. */
  readonly needs?: 'browser'
  /** Part of `bowerbird demo`. */
  readonly demo?: boolean
}

/** A way the site misbehaves, with what the program should make of it. */
export interface Scenario {
  readonly about: string
  readonly mishaps: readonly Mishap[]
  readonly target: string
  /** Without it those of the replica's same target. */
  readonly options?: Readonly<Record<string, string>>
  readonly expected: Expected
}

/** A small local server that behaves as one real site does. Exported as `replica` by `replicas/NAME.ts`. */
export interface Replica {
  readonly name: string
  /** Host names, lower case; `*.example.org` takes every host below. */
  readonly hosts: readonly string[]
  make(context: ReplicaContext): Handler | Promise<Handler>
  readonly targets: readonly ReplicaTarget[]
  readonly faults?: Readonly<Record<string, Scenario>>
}
