import { Fault, toFault } from '../core/errors.ts'
import type { ResponseHead } from '../core/http.ts'
import { redactUrl } from '../core/redact.ts'
import type { Candidate, RefSpec } from '../core/source.ts'
import type { ClaimedAsset } from '../ports/catalog.ts'
import type { Part } from '../ports/store.ts'
import type { Received } from '../ports/store.ts'
import { mayResume, missingByBytes, statusFault } from './answers.ts'
import { rest } from './bell.ts'
import { Intake } from './intake.ts'
import type { Lane } from './lane.ts'
import type { EngineParts, RunSettings } from './parts.ts'
import type { Refresher } from './refresh.ts'
import { endOf, nextMove, pauseBefore } from './retry.ts'
import type { Move, TryState } from './retry.ts'

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

/**
 * Brings the bytes of one asset to this machine: the best candidate first; after a failure the same one again, a
 * fresh URL, or the next candidate, as `nextMove` says. Holds a slot of the lane when called, and none when it
 * resolves.
 */
export async function fetchAsset(asset: ClaimedAsset, lane: Lane, context: FetchContext): Promise<Fetched> {
  const part = await context.parts.store.part(asset.key)
  if (part !== undefined && 'complete' in part) {
    lane.leave()
    return { to: 'published', path: part.complete, attempts: 0 }
  }
  return new Fetching(asset, lane, context, part).run()
}

class Fetching {
  readonly #asset: ClaimedAsset
  readonly #lane: Lane
  readonly #context: FetchContext
  /** The last failure of all, for the end. */
  #fault: Fault | undefined
  #served = 0
  #part: Part | undefined
  #candidates: readonly Candidate[]
  #at = 0
  #tries = 0
  #waits = 0
  #attempts = 0
  #refreshed = false
  #holdsSlot = true

  constructor(asset: ClaimedAsset, lane: Lane, context: FetchContext, part: Part | undefined) {
    this.#asset = asset
    this.#lane = lane
    this.#context = context
    this.#part = part
    this.#candidates = asset.candidates
  }

  async run(): Promise<Fetched> {
    try {
      for (;;) {
        const fetched = await this.#step()
        if (fetched !== undefined) return fetched
      }
    } finally {
      this.#leave()
    }
  }

  /** One try and what follows from it; `undefined`: go on. */
  async #step(): Promise<Fetched | undefined> {
    const { signal, closing } = this.#context
    if (closing.aborted) return { to: 'listed' }
    const candidate = this.#candidates[this.#at]
    if (this.#mustRefresh(candidate))
      return this.#move(new Fault('Gone', 'its URL is no longer good', { status: 410 }), candidate?.url ?? '')
    if (candidate === undefined) return this.#endWithout()
    // A part of another candidate is of no use: two qualities may have the same date.
    if (this.#part?.url !== redactUrl(candidate.url)) this.#part = undefined
    try {
      const part = this.#part
      return part !== undefined && part.bytes === part.total
        ? await this.#takeWhole(candidate, part)
        : await this.#try(candidate)
    } catch (thrown) {
      if (signal.aborted) return { to: 'listed' }
      return this.#move(toFault(thrown), candidate.url)
    }
  }

  /** The secrets of a signed URL may have gone with the process that listed it, or its time is over. */
  #mustRefresh(candidate: Candidate | undefined): boolean {
    if (this.#asset.refresh === undefined || this.#refreshed) return false
    return this.#candidates.length === 0 || (candidate?.expires !== undefined && candidate.expires <= Date.now())
  }

  /** All bytes came before the process died: no request is needed to look at them. What is not sound is fetched again. */
  async #takeWhole(candidate: Candidate, part: Part): Promise<Fetched> {
    this.#leave()
    const incoming = this.#context.parts.store.receive(this.#asset.key, part.bytes)
    const head: ResponseHead = { url: candidate.url, status: 200, headers: {}, redirects: 0 }
    try {
      const received = await incoming.finish()
      await this.#context.verify(this.#asset, received, head)
      return { to: 'arrived', received, head, candidate, attempts: this.#attempts }
    } catch (thrown) {
      await incoming.abort(false)
      const fault = toFault(thrown)
      if (fault.disposition === 'abort') throw fault
      throw new Fault('Truncated', `the part that an earlier run left is not sound: ${fault.message}`, {
        url: candidate.url,
      })
    }
  }

  async #move(fault: Fault, url: string): Promise<Fetched | undefined> {
    this.#fault = fault
    const move = nextMove(fault, this.#state())
    this.#served = this.#lane.served
    if (move === 'abort') throw fault
    if (move === 'missing' || move === 'fail') return this.#end(move === 'fail' ? 'failed' : move, fault, url)
    this.#rest()
    try {
      await this.#prepare(move)
    } finally {
      await this.#rise()
    }
    return undefined
  }

  async #prepare(move: Exclude<Move, 'abort' | 'missing' | 'fail'>): Promise<void> {
    switch (move) {
      case 'again':
        await rest(pauseBefore(this.#tries), this.#context.closing)
        break
      case 'wait':
        this.#waits += 1
        this.#tries -= 1
        break
      case 'refresh':
        await this.#refresh()
        break
      case 'next':
        this.#at += 1
        this.#tries = 0
        break
    }
    const part = await this.#context.parts.store.part(this.#asset.key)
    this.#part = part !== undefined && 'bytes' in part ? part : undefined
  }

  async #refresh(): Promise<void> {
    this.#refreshed = true
    if (this.#asset.refresh === undefined) return
    try {
      this.#candidates = await this.#context.refresher.candidates(
        this.#asset.refresh,
        this.#asset.key,
        this.#asset.named,
      )
      this.#at = 0
    } catch (thrown) {
      this.#fault = toFault(thrown)
      this.#at += 1
    }
    this.#tries = 0
  }

  async #try(candidate: Candidate): Promise<Fetched> {
    const { parts, settings, signal, onBytes, verify } = this.#context
    const { key, rules, named } = this.#asset
    this.#tries += 1
    this.#attempts += 1
    const part = this.#part
    const intake = new Intake({
      key,
      url: candidate.url,
      rules,
      store: parts.store,
      part,
      maxSize: settings.maxSize,
      onBytes,
    })
    const resume = part === undefined ? undefined : { from: part.bytes, validator: part.validator }
    let head: ResponseHead
    try {
      head = await parts.http.transfer(
        {
          url: candidate.url,
          named,
          signal,
          ...(candidate.headers && { headers: candidate.headers }),
          ...(resume && { resume }),
        },
        intake,
      )
    } catch (thrown) {
      await intake.abandon(mayResume(toFault(thrown), signal))
      if (intake.unread === undefined) throw thrown
      head = intake.unread
    }
    this.#leave()
    const { intaken } = intake
    switch (intaken.kind) {
      case 'status':
        throw await this.#statusFault(head, part)
      case 'html':
        return this.#end(
          'missing',
          new Fault('Gone', 'a web page came in place of the file', { status: head.status }),
          candidate.url,
        )
      case 'page':
        if (rules.otherwise === undefined)
          throw new Fault('Html', 'a web page came in place of the file', { url: candidate.url })
        return { to: 'page', ref: rules.otherwise, head, bytes: intaken.bytes, attempts: this.#attempts }
      case 'file': {
        const received = await intaken.incoming.finish()
        const missing = missingByBytes(this.#asset, received)
        if (missing === undefined) await this.#verified(() => verify(this.#asset, received, head), intake)
        else await intake.abandon(false)
        if (missing !== undefined) return this.#end('missing', missing, candidate.url)
        return { to: 'arrived', received, head, candidate, attempts: this.#attempts }
      }
    }
  }

  async #verified(check: () => Promise<void>, intake: Intake): Promise<void> {
    try {
      await check()
    } catch (thrown) {
      await intake.abandon(false)
      throw thrown
    }
  }

  /** The answer was no file. A part that the server calls too long is checked by fetching again from the start. */
  async #statusFault(head: ResponseHead, part: Part | undefined): Promise<Fault> {
    if (head.status === 416 && part !== undefined) {
      await this.#context.parts.store.settle([this.#asset.key])
      return new Fault('BadResponse', 'the server has less than the part that is here', { url: head.url, status: 416 })
    }
    return statusFault(head)
  }

  /** There is no URL left to try. */
  #endWithout(): Fetched {
    const fault = this.#fault ?? new Fault('NoCandidate', 'the source gave no URL')
    return this.#end(endOf(fault, this.#asset), fault, '')
  }

  #state(): TryState {
    return {
      tries: this.#tries,
      waits: this.#waits,
      retries: this.#context.settings.retries,
      refreshed: this.#refreshed,
      canRefresh: this.#asset.refresh !== undefined,
      othersServed: this.#lane.served > this.#served,
      moreCandidates: this.#at + 1 < this.#candidates.length,
      rules: this.#asset.rules,
    }
  }

  #end(to: 'missing' | 'failed', fault: Fault, url: string): Fetched {
    return { to, fault, url, attempts: this.#attempts }
  }

  #leave(): void {
    if (!this.#holdsSlot) return
    this.#holdsSlot = false
    this.#lane.leave()
  }

  #rest(): void {
    if (!this.#holdsSlot) this.#lane.enter()
    this.#holdsSlot = false
    this.#lane.rest()
  }

  async #rise(): Promise<void> {
    const again = !this.#context.closing.aborted
    await this.#lane.rise(again)
    this.#holdsSlot = again
  }
}
