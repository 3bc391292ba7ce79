import type { Demand } from './server.ts'

/** What the parent asks: the first is `serve`. The process ends when its parent goes away. */
export type Question = { readonly serve: Demand } | 'count'

export interface Answer {
  readonly port: number
  /** Requests for files so far. */
  readonly requests: number
}
