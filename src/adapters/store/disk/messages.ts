import type { Inspection } from '../../../core/files.ts'
import { Fault } from '../../../core/errors.ts'
import type { FaultCode } from '../../../core/errors.ts'
import type { OlderFile, Part, PartNote, Published, PublishSpec, Sidecar, Staying } from '../../../ports/store.ts'

/** Bytes of one slab: most web images are one or a few of these. */
export const SLAB_BYTES = 65_536

/** What a writer thread is started with. */
export interface Setup {
  /** Absolute and free of symbolic links. */
  readonly root: string
  readonly fsync: boolean
  readonly hardLinks: boolean
  /** `file:` URL of a module that exports `inspect`. */
  readonly inspectModule: string
  /** Shared with the main thread, which alone decides who uses which slab. */
  readonly slabs: SharedArrayBuffer
}

/** A `Received` that can cross threads cheaply: the first bytes are latin1 text. */
export interface PlainReceived {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly inspection: Inspection
  readonly magic: string
}

/** What can be asked of a writer thread, and what it answers. */
export interface Calls {
  readonly finish: { readonly ask: Piece; readonly answer: PlainReceived }
  /** Answers whether the part stays. */
  readonly abort: {
    readonly ask: { readonly file: number; readonly keep: boolean; readonly key: string }
    readonly answer: boolean
  }
  readonly part: { readonly ask: string; readonly answer: Part | { readonly complete: string } | undefined }
  readonly publish: { readonly ask: PublishSpec; readonly answer: Published }
  readonly settle: {
    readonly ask: { readonly keys: readonly string[]; readonly older: readonly OlderFile[] }
    readonly answer: readonly Staying[]
  }
  readonly write: { readonly ask: Sidecar; readonly answer: string | undefined }
  readonly reread: { readonly ask: string; readonly answer: PlainReceived | undefined }
  readonly close: { readonly ask: null; readonly answer: undefined }
}

export type CallName = keyof Calls

/** Bytes of a file in a slab; `slab` is -1 when there are none. */
export interface Piece {
  readonly file: number
  readonly slab: number
  readonly bytes: number
}

export interface Begin {
  readonly do: 'begin'
  readonly file: number
  readonly key: string
  readonly resumeAt: number
  readonly note: PartNote | undefined
}

/** From the main thread. Carried out in the order sent. */
export type Order =
  | Begin
  | ({ readonly do: 'bytes' } & Piece)
  /** Bytes that came while every slab was taken. */
  | { readonly do: 'spill'; readonly file: number; readonly chunk: Uint8Array }
  | CallOrder

export interface CallOrder<Name extends CallName = CallName> {
  readonly do: 'call'
  readonly call: number
  readonly name: Name
  readonly ask: Calls[Name]['ask']
}

/** The piece that an order brings, if it brings one. */
export function pieceOf(order: Order): Piece | undefined {
  if (order.do === 'bytes') return order
  return order.do === 'call' && order.name === 'finish' ? (order as CallOrder<'finish'>).ask : undefined
}

/** A `Fault` on its way between threads. */
export interface PlainFault {
  readonly code: FaultCode
  readonly message: string
  readonly advice: string | undefined
}

/** From a writer thread, collected. */
export interface Report {
  /** Slabs that may be filled again. */
  readonly freed: number[]
  readonly answers: Answer[]
  /** Files whose bytes are thrown away from now on, and why. */
  readonly failures: { readonly file: number; readonly fault: PlainFault }[]
}

export type Answer =
  | { readonly call: number; readonly value: Calls[CallName]['answer'] }
  | { readonly call: number; readonly fault: PlainFault }

/** The first message of a thread: it is at work, and these parts stood there. */
export interface Ready {
  readonly leftovers: readonly string[]
}

export function packFault(fault: Fault): PlainFault {
  return { code: fault.code, message: fault.message, advice: fault.evidence.advice }
}

export function unpackFault(plain: PlainFault): Fault {
  return new Fault(plain.code, plain.message, plain.advice === undefined ? {} : { advice: plain.advice })
}
