import type { JsonObject } from '../core/glossary.ts'
import type { Template } from '../expr/template.ts'
import type { Where } from '../expr/where.ts'
import type { OptionName } from './options.ts'

/** Positions from 1, both ends included; `to` is `Infinity` for an open end. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What holds for one source: its own section, else what holds for all. */
export interface SourceSettings {
  /** Checked by the source's schema, its defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>
  readonly folder?: Template
  readonly name?: Template
  readonly where?: Where
  readonly limit?: number
}

/** Everything one call was told, checked and with its defaults: defaults < file < environment < flags. */
export interface Settings {
  readonly to: string
  /** Without it `.bowerbird/catalog.db` in the library. */
  readonly catalog?: string

  readonly input: readonly string[]
  readonly fromIndex: readonly string[]
  readonly provider: string
  readonly range?: Span
  readonly pages?: Span
  readonly limit?: number
  readonly where?: Where
  /** As written: `min-size=800x600`. */
  readonly screen: readonly string[]
  readonly globoff: boolean
  /** Every source has its entry. */
  readonly sources: Readonly<Record<string, SourceSettings>>

  readonly folder?: Template
  readonly name?: Template

  readonly overwrite: boolean
  readonly sidecar: boolean
  readonly extract: boolean
  readonly verify: 'structure' | 'decode'
  /** Bytes. */
  readonly maxSize: { readonly image: number; readonly any: number }
  readonly fsync: boolean

  readonly jobs: number
  readonly perHost?: number
  /** Requests per second to one host. */
  readonly rate?: number
  /** Bytes per second. */
  readonly limitRate?: number
  /** Bytes per second; 0 for none. */
  readonly minSpeed: number
  /** Milliseconds. */
  readonly timeout?: number
  readonly retries: number

  readonly cookies?: string
  /** Milliseconds. */
  readonly loginWait: number
  readonly cookiesFromBrowser?: string
  readonly header: readonly Header[]
  readonly userAgent?: string
  readonly proxy?: string
  /** As written: `HOST1:PORT1:HOST2:PORT2`. */
  readonly connectTo: readonly string[]
  readonly cacert?: string
  readonly browser?: string
  readonly robots: boolean

  readonly dryRun: boolean
  readonly print?: 'url' | 'path' | 'json'
  readonly json: boolean
  readonly progress: boolean
  readonly verbosity: 'quiet' | 'normal' | 'verbose'

  /** The file that was read, if there was one. */
  readonly configFile?: string
  /** Things to tell the user, such as a template's field that is probably misspelt. */
  readonly notes: readonly string[]
  /** What was said and differs from the defaults, as it would stand in a configuration file; without secrets. */
  readonly plan: JsonObject
}

export interface Header {
  readonly name: string
  readonly value: string
}

/** The command line's values as they were written: text, lists of text, and switches. */
export type Flags = { readonly [name in OptionName]?: string | boolean | readonly string[] }
