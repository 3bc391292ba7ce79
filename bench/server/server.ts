import type { Shelf, ShelfName } from '../corpus/shelf.ts'

/** A server that runs in processes of its own. */
export interface Server {
  /** For the table: `nginx 1.22.1`. */
  readonly name: string
  /** `http://127.0.0.1:8080` */
  readonly origin: string
  /** All its processes: their CPU seconds are told apart from those of other programs. */
  pids(): number[]
  /** Requests for files so far. */
  requests(): Promise<number>
  close(): Promise<void>
}

/** What has to be served: the numbers up to `items` of a shelf. */
export interface Demand {
  readonly shelf: ShelfName
  readonly items: number
  /** Milliseconds from the request to the answer. */
  readonly latency?: number
  /** Served from memory, without files on the disk: for scenarios that do not measure transfers. */
  readonly fromMemory?: boolean
}

/** The address of a number; braces or brackets of a template may stand for it. */
export function urlOf(origin: string, shelf: Shelf, number: number | string): string {
  return `${origin}/${shelf.name}/${number}.${shelf.extension}`
}
