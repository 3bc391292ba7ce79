/** Headers of an answer: lower-case names; a repeated header is a list. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** A request that a source makes while exploring: small, buffered, retried below. */
export interface HttpRequest {
  readonly url: string
  readonly method?: 'GET' | 'POST' | 'HEAD'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Statuses outside 200 to 299 that come back as an answer; every other one is thrown as a `Fault`. */
  readonly accept?: readonly number[]
  /** Bytes of the decoded body at most; default 16 MiB. */
  readonly maxBytes?: number
}

export interface HttpAnswer {
  /** Where the answer came from after redirects. */
  readonly url: string
  readonly status: number
  readonly headers: ResponseHeaders
  readonly bytes: Uint8Array
  /** The body by its charset (header, byte order mark, else UTF-8). */
  text(): string
  /** The body as JSON; a `SiteChanged` fault when it is none. */
  json(): unknown
}

/** The way out to the network as sources see it. */
export interface SourceHttp {
  request(request: HttpRequest): Promise<HttpAnswer>
}

/** What is known when the headers of the final hop are in. */
export interface ResponseHead {
  readonly url: string
  readonly status: number
  readonly headers: ResponseHeaders
  /** How many redirects led here. */
  readonly redirects: number
}

/** Pauses and resumes the flow of a body. */
export interface Flow {
  pause(): void
  resume(): void
}

/**
 * Takes one streamed answer. `start` and `data` may throw a `Fault` to refuse it: the transfer rejects with it and
 * nothing more is called. `data` gets chunks that are only valid during the call: keep a copy.
 */
export interface Receiver {
  start(head: ResponseHead, flow: Flow): void
  data(chunk: Uint8Array): void
}

/** One try to transfer one file. Not retried below: `engine/fetch` decides. */
export interface TransferRequest {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Goes on behind `from` bytes if the validator still holds (`Range` with `If-Range`). */
  readonly resume?: { readonly from: number; readonly validator: string }
  /** The user named this host: it may stand at a private address. Others are checked at connect. */
  readonly named: boolean
  readonly signal: AbortSignal
  /** Aborted: what still waits for the host's slot, rate or clock is not begun. Without it `signal` ends that, too. */
  readonly waiting?: AbortSignal
}

/** The whole way out: what the engine sees. */
export interface Http extends SourceHttp {
  /** Requests whose start URL the user named may go to private addresses; everything else is checked at connect. */
  request(request: HttpRequest, options?: RequestOptions): Promise<HttpAnswer>
  /** Resolves at the end of the body with the head; rejects with a `Fault`. A status of any kind is not a fault here. */
  transfer(request: TransferRequest, receiver: Receiver): Promise<ResponseHead>
  /** What `request` would have given, from a body that a transfer brought. */
  answer(head: ResponseHead, bytes: Uint8Array): HttpAnswer
  /** The scope of a URL and how many requests it takes at once. */
  scope(url: string): { readonly name: string; readonly slots: number }
  close(): Promise<void>
}

export interface RequestOptions {
  readonly named?: boolean
  readonly signal?: AbortSignal
}
