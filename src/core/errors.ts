import { redactUrl } from './redact.ts'

/**
 * What the engine does about a fault:
 * - `retry`: the same request may succeed in a moment;
 * - `later`: the host asks for patience; the item keeps its attempts;
 * - `skip`: this candidate or item is lost, the others go on;
 * - `stop-source`: the whole target cannot go on (a wall);
 * - `abort`: local trouble, the run ends.
 */
export type Disposition = 'retry' | 'later' | 'skip' | 'stop-source' | 'abort'

interface FaultKind {
  readonly disposition: Disposition
  /** Exit status of a run that ends with this fault; 3 for an item, 4 for a target, 2 usage, 5 local trouble. */
  readonly exit: 1 | 2 | 3 | 4 | 5
  /** One sentence for the generated table of codes. */
  readonly meaning: string
}

/** Every code a fault can have; the documentation's table is generated from here. */
export const FAULT_KINDS = {
  Usage: { disposition: 'abort', exit: 2, meaning: 'The command line cannot be understood.' },
  Config: { disposition: 'abort', exit: 2, meaning: 'The configuration file is not valid.' },
  UnknownTarget: { disposition: 'stop-source', exit: 4, meaning: 'No source takes this target.' },
  NeedsLogin: { disposition: 'stop-source', exit: 4, meaning: 'The site shows this only to people who are logged in.' },
  Blocked: {
    disposition: 'stop-source',
    exit: 4,
    meaning: 'The site refuses automated clients here (captcha, challenge, region).',
  },
  RateLimited: { disposition: 'later', exit: 3, meaning: 'The site asks for fewer requests.' },
  Gone: { disposition: 'skip', exit: 3, meaning: 'It was there once and is not any more, or never was.' },
  SiteChanged: {
    disposition: 'stop-source',
    exit: 4,
    meaning: 'The answer no longer has the shape this version knows.',
  },
  Browser: {
    disposition: 'stop-source',
    exit: 4,
    meaning: 'The browser that this needs is missing, does not start, or broke down.',
  },
  NothingFound: { disposition: 'stop-source', exit: 4, meaning: 'The target was read and holds nothing to collect.' },
  HttpStatus: { disposition: 'skip', exit: 3, meaning: 'The server answered with an error status.' },
  Network: { disposition: 'retry', exit: 3, meaning: 'The connection could not be made or broke.' },
  Timeout: { disposition: 'retry', exit: 3, meaning: 'The server stayed silent for too long.' },
  TooSlow: { disposition: 'retry', exit: 3, meaning: 'The transfer fell below --min-speed.' },
  Truncated: { disposition: 'retry', exit: 3, meaning: 'The body ended before its announced length.' },
  BadResponse: { disposition: 'retry', exit: 3, meaning: 'The answer breaks the rules of HTTP.' },
  Certificate: { disposition: 'skip', exit: 3, meaning: 'The server could not prove who it is.' },
  Redirect: {
    disposition: 'skip',
    exit: 3,
    meaning: 'The redirect is endless, malformed, or leads where none may lead.',
  },
  Address: { disposition: 'skip', exit: 3, meaning: 'A public page or name leads to a private address.' },
  Robots: { disposition: 'skip', exit: 3, meaning: 'The robots rules of the host forbid it, and --robots is on.' },
  TooLarge: { disposition: 'skip', exit: 3, meaning: 'The file is larger than --max-size allows.' },
  Empty: { disposition: 'skip', exit: 3, meaning: 'The body has no bytes.' },
  Html: { disposition: 'skip', exit: 3, meaning: 'A web page came in place of the file.' },
  WrongType: {
    disposition: 'skip',
    exit: 3,
    meaning: 'The file is not of the kind that was promised, or of a kind that is never stored.',
  },
  Damaged: { disposition: 'retry', exit: 3, meaning: 'The file is cut off or broken inside.' },
  Undecodable: {
    disposition: 'skip',
    exit: 3,
    meaning: 'Decoding the file takes too much time or memory, or breaks the decoder.',
  },
  UnsafeArchive: {
    disposition: 'skip',
    exit: 3,
    meaning: 'The archive would write elsewhere, is encrypted, or grows without measure: it is not unpacked.',
  },
  Placeholder: { disposition: 'skip', exit: 3, meaning: 'The site sent its picture for removed images.' },
  NoCandidate: { disposition: 'skip', exit: 3, meaning: 'There is no URL left to try.' },
  NameRefused: { disposition: 'skip', exit: 3, meaning: 'The file system cannot keep a file under this name.' },
  DiskFull: { disposition: 'abort', exit: 5, meaning: 'There is no room left where the library stands.' },
  DiskRefused: {
    disposition: 'abort',
    exit: 5,
    meaning: 'The library cannot be written (permissions, read-only, not a folder).',
  },
  DiskFault: { disposition: 'abort', exit: 5, meaning: 'The disk reported an input or output error.' },
  CatalogDamaged: { disposition: 'abort', exit: 5, meaning: 'The catalog is not a sound database.' },
  CatalogNewer: { disposition: 'abort', exit: 5, meaning: 'The catalog was written by a newer version.' },
  CatalogBusy: { disposition: 'abort', exit: 5, meaning: 'Another process held the catalog for too long.' },
  Cancelled: { disposition: 'abort', exit: 1, meaning: 'The run was interrupted.' },
  Internal: { disposition: 'abort', exit: 1, meaning: 'A mistake in this program.' },
} as const satisfies Record<string, FaultKind>

export type FaultCode = keyof typeof FAULT_KINDS

/** What a fault knows of the moment it happened. URLs are stored without secrets. */
export interface Evidence {
  readonly method?: string
  readonly url?: string
  readonly status?: number
  readonly source?: string
  readonly route?: string
  /** Where in the answer: a JSON path, a selector, a byte offset. */
  readonly where?: string
  /** Milliseconds that the server asked to wait. */
  readonly retryAfter?: number
  /** Milliseconds for which the host, which had answered before, could not be reached: for a while tries cost nothing. */
  readonly outage?: number
  /** What to do now, as a sentence or a command. */
  readonly advice?: string
  readonly cause?: unknown
}

/**
 * The one error of the program that is meant for people. `message` says what happened to what and why;
 * `code` is stable and machine-readable; `disposition` says what the engine does about it.
 */
export class Fault extends Error {
  readonly code: FaultCode
  readonly evidence: Evidence

  constructor(code: FaultCode, message: string, evidence: Evidence = {}) {
    super(message, evidence.cause === undefined ? undefined : { cause: evidence.cause })
    this.name = 'Fault'
    this.code = code
    this.evidence = evidence.url === undefined ? evidence : { ...evidence, url: redactUrl(evidence.url) }
  }

  /** What happened and what to do now, in one line. */
  get story(): string {
    const { advice } = this.evidence
    return advice === undefined ? this.message : `${this.message.replace(/\.$/, '')}; ${advice}`
  }

  get disposition(): Disposition {
    return FAULT_KINDS[this.code].disposition
  }

  get exit(): number {
    return FAULT_KINDS[this.code].exit
  }
}

/** Wraps whatever was thrown; a `Fault` stays as it is. */
export function toFault(thrown: unknown, code: FaultCode = 'Internal'): Fault {
  if (thrown instanceof Fault) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new Fault(code, message, { cause: thrown })
}
