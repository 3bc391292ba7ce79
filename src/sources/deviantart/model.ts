import type { FaultCode } from '../../core/errors.ts'
import type { Candidate, RefSpec } from '../../core/source.ts'

/** The ways to one file, best first, with what is known of the first of them. */
export interface Files {
  readonly candidates: readonly Candidate[]
  readonly width?: number
  readonly height?: number
  /** Of the untouched file; of a rendering the site does not tell them. */
  readonly bytes?: number
  /** Nothing but a blurred rendering is offered. */
  readonly blurred: boolean
}

/** Why a work cannot be had. */
export interface Wall {
  readonly code: FaultCode
  readonly why: string
  readonly advice?: string
}

/** A picture of a work besides its first one, or one inside a text. */
export interface Extra {
  /** The id of the file at the site. */
  readonly media: string
  readonly files: Files
  readonly filename?: string
}

/** The artist's original behind the download button. */
export interface Download {
  /** Asked only with a login, or through the API. Absent: it has to be asked for. */
  readonly candidate?: Candidate
  readonly width?: number
  readonly height?: number
  readonly bytes?: number
}

/** What all of the site's interfaces say of one work, read into one shape. */
export interface Work {
  /** The number at the end of its address: the same everywhere, unlike the API's UUID. */
  readonly id: number
  /** How the API names it, where that is known. */
  readonly uuid?: string
  readonly page: string
  /** What yields it again, where that is not the work of its number. */
  readonly self?: RefSpec
  readonly title?: string
  readonly author?: string
  /** ISO 8601. */
  readonly date?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly rights?: string
  readonly mature?: boolean
  readonly ai?: boolean
  /** A journal or a piece of literature: what it has of pictures stands in its text. */
  readonly isText: boolean
  readonly wall?: Wall
  readonly files: Files
  /** The work has a download button; `{}` where no more than that is known. */
  readonly download?: Download
  readonly extras: readonly Extra[]
  /** Works that its text shows. */
  readonly embedded: readonly Work[]
  /** Numbers of works that its text shows by a link. */
  readonly linked: readonly number[]
  /** Its own page has more than a listing tells: text, further pictures. */
  readonly hasMore: boolean
}
