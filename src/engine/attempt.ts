import { Fault, toFault } from '../core/errors.ts'
import type { ResponseHead } from '../core/http.ts'
import type { Candidate, RefSpec } from '../core/source.ts'
import { WALL_ADVICE } from '../core/walls.ts'
import type { ClaimedAsset } from '../ports/catalog.ts'
import type { Part, Received } from '../ports/store.ts'
import { mayResume, missingByBytes, statusFault } from './answers.ts'
import { Intake } from './intake.ts'
import type { EngineParts, RunSettings } from './parts.ts'
import type { Refresher } from './refresh.ts'
import type { Slot } from './slot.ts'

/** What fetching one asset came to; `arrived` goes on to verifying, screening and storing. */
export type Fetched =
  | {
      readonly to: 'arrived'
      readonly received: Received
      readonly head: ResponseHead
      readonly candidate: Candidate
      readonly attempts: number
    }
  /** A killed process had published the file, but not recorded it. */
  | { readonly to: 'published'; readonly path: string; readonly attempts: number }
  | {
      readonly to: 'page'
      readonly ref: RefSpec
      readonly head: ResponseHead
      readonly bytes: Uint8Array
      readonly attempts: number
    }
  | { readonly to: 'missing' | 'failed'; readonly fault: Fault; readonly url: string; readonly attempts: number }
  | { readonly to: 'listed' }
  /** Dry runs: it is a file, and would be fetched. */
  | { readonly to: 'seen' }

export interface FetchContext {
  readonly parts: EngineParts
  readonly settings: RunSettings
  readonly refresher: Refresher
  /** Aborted: transfers are cut off. */
  readonly signal: AbortSignal
  /** Aborted: nothing new is begun. */
  readonly closing: AbortSignal
  readonly onBytes: (count: number) => void
  /**
   * Judges bytes that arrived, before anything is published: throws the `Fault` that makes the next candidate, or the
   * same one again, worth a try.
   */
  readonly verify: (asset: ClaimedAsset, received: Received, head: ResponseHead) => Promise<void>
}

/** One try at one candidate. */
export interface Attempt {
  readonly asset: ClaimedAsset
  readonly candidate: Candidate
  /** What an earlier try left of this candidate. */
  readonly part: Part | undefined
  /** Given back as soon as the body is in. */
  readonly slot: Slot
  /** Of the asset in this run, this one included. */
  readonly attempts: number
}

/** Transfers one candidate and judges what comes. Throws the `Fault` that `nextMove` decides about. */
export async function attempt(one: Attempt, context: FetchContext): Promise<Fetched> {
  const { asset, candidate, slot, attempts } = one
  const intake = intakeOf(one, context)
  const head = await transfer(one, intake, context)
  slot.leave()
  const { intaken } = intake
  switch (intaken.kind) {
    case 'status':
      throw await faultOfStatus(head, one, context)
    case 'login':
      await intake.abandon(false)
      throw new Fault('NeedsLogin', 'the login page of the site came in place of the file', {
        url: candidate.url,
        status: head.status,
        advice: 'give the cookies of a login with --cookies',
      })
    case 'html': {
      // A wall is no gap between numbers: it stands before what the site has, too.
      if (intaken.wall !== undefined) throw wallFault(intaken.wall, head)
      const fault = new Fault('Gone', 'a web page came in place of the file', { status: head.status })
      return { to: 'missing', fault, url: candidate.url, attempts }
    }
    case 'page': {
      const ref = asset.rules.otherwise
      if (ref === undefined) throw new Fault('Html', 'a web page came in place of the file', { url: candidate.url })
      return { to: 'page', ref, head, bytes: intaken.bytes, attempts }
    }
    case 'seen':
      return { to: 'seen' }
    case 'file':
      slot.arrived()
      return arrive(await intaken.incoming.finish(), head, intake, one, context)
  }
}

function wallFault(wall: string, { url, status }: ResponseHead): Fault {
  const message = `${wall} wants proof of a person in place of the file`
  return new Fault('Blocked', message, { url, status, advice: WALL_ADVICE })
}

/** All bytes came before the process died: no request is needed to look at them. What is not sound is fetched again. */
export async function takeWhole(
  { asset, candidate, slot, attempts }: Attempt,
  part: Part,
  context: FetchContext,
): Promise<Fetched> {
  slot.leave()
  const incoming = context.parts.store.receive(asset.key, part.bytes)
  const head: ResponseHead = { url: candidate.url, status: 200, headers: {}, redirects: 0 }
  try {
    const received = await incoming.finish()
    await context.verify(asset, received, head)
    return { to: 'arrived', received, head, candidate, attempts }
  } catch (thrown) {
    await incoming.abort(false)
    const fault = toFault(thrown)
    if (fault.disposition === 'abort') throw fault
    throw new Fault('Truncated', `the part that an earlier run left is not sound: ${fault.message}`, {
      url: candidate.url,
    })
  }
}

async function transfer(
  { asset, candidate, part }: Attempt,
  intake: Intake,
  context: FetchContext,
): Promise<ResponseHead> {
  const { parts, signal, closing: waiting } = context
  const { url, headers } = candidate
  const resume = part === undefined ? undefined : { from: part.bytes, validator: part.validator }
  const request = { url, named: asset.named, signal, waiting, ...(headers && { headers }), ...(resume && { resume }) }
  try {
    return await parts.http.transfer(request, intake)
  } catch (thrown) {
    const fault = toFault(thrown)
    await intake.abandon(mayResume(fault, signal))
    // A range that does not fit, or that breaks the rules: asked for again it would come again.
    if (part !== undefined && fault.code === 'BadResponse') await parts.store.settle([asset.key])
    if (intake.unread === undefined) throw thrown
    return intake.unread
  }
}

function intakeOf({ asset, candidate, part }: Attempt, { parts, settings, onBytes }: FetchContext): Intake {
  const { key, rules } = asset
  const { maxSize, dryRun: lookOnly } = settings
  return new Intake({ key, url: candidate.url, rules, store: parts.store, part, maxSize, onBytes, lookOnly })
}

/** The bytes are in: a file, or what counts as a number that the site does not have. */
async function arrive(
  received: Received,
  head: ResponseHead,
  intake: Intake,
  one: Attempt,
  context: FetchContext,
): Promise<Fetched> {
  const { asset, candidate, attempts } = one
  const missing = missingByBytes(asset, received)
  if (missing !== undefined) {
    await intake.abandon(false)
    return { to: 'missing', fault: missing, url: candidate.url, attempts }
  }
  try {
    await context.verify(asset, received, head)
  } catch (thrown) {
    await intake.abandon(false)
    throw thrown
  }
  return { to: 'arrived', received, head, candidate, attempts }
}

/** The answer was no file. A part that the server calls too long is checked by fetching again from the start. */
async function faultOfStatus(head: ResponseHead, { asset, part }: Attempt, { parts }: FetchContext): Promise<Fault> {
  if (head.status === 416 && part !== undefined) {
    await parts.store.settle([asset.key])
    return new Fault('BadResponse', 'the server has less than the part that is here', { url: head.url, status: 416 })
  }
  return statusFault(head)
}
