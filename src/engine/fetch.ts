import { Fault, toFault } from '../core/errors.ts'
import { redactUrl } from '../core/redact.ts'
import type { Candidate } from '../core/source.ts'
import type { ClaimedAsset } from '../ports/catalog.ts'
import type { Part } from '../ports/store.ts'
import { attempt, takeWhole } from './attempt.ts'
import type { FetchContext, Fetched } from './attempt.ts'
import { rest } from './bell.ts'
import type { Lane } from './lane.ts'
import { endOf, isParked, nextMove, pauseBefore } from './retry.ts'
import type { Move, TryState } from './retry.ts'
import { Slot } from './slot.ts'

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
  readonly #slot: Slot
  /** The last failure of all, for the end. */
  #fault: Fault | undefined
  #served = 0
  #part: Part | undefined
  #candidates: readonly Candidate[]
  #at = 0
  #tries = 0
  #waits = 0
  /** Tries that met a host out of reach. */
  #outages = 0
  #attempts = 0
  #refreshed = false

  constructor(asset: ClaimedAsset, lane: Lane, context: FetchContext, part: Part | undefined) {
    this.#asset = asset
    this.#lane = lane
    this.#slot = new Slot(lane)
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
      this.#slot.leave()
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
      return await this.#try(candidate)
    } catch (thrown) {
      const fault = toFault(thrown)
      // Closing ends what waits for its host; what runs ends by itself, or is cut off.
      if (signal.aborted || (closing.aborted && fault.code === 'Cancelled')) return { to: 'listed' }
      return this.#move(fault, candidate.url)
    }
  }

  /** The secrets of a signed URL may have gone with the process that listed it, or its time is over. */
  #mustRefresh(candidate: Candidate | undefined): boolean {
    if (this.#asset.refresh === undefined || this.#refreshed) return false
    return this.#candidates.length === 0 || (candidate?.expires !== undefined && candidate.expires <= Date.now())
  }

  async #move(fault: Fault, url: string): Promise<Fetched | undefined> {
    this.#fault = fault
    if (isParked(fault)) this.#forgetTry()
    const move = nextMove(fault, this.#state())
    if (move === 'login') return this.#login(fault, url)
    this.#served = this.#lane.served
    if (move === 'abort') throw fault
    if (move === 'missing' || move === 'fail') return this.#end(move === 'fail' ? 'failed' : move, fault, url)
    this.#slot.rest()
    try {
      await this.#prepare(move)
    } finally {
      await this.#slot.rise(!this.#context.closing.aborted)
    }
    return undefined
  }

  /** Begins anew with a new login; without one this is the end. */
  async #login(fault: Fault, url: string): Promise<Fetched | undefined> {
    this.#slot.rest()
    const wait = await this.#lane.waitForLogin()
    await this.#slot.rise(!this.#context.closing.aborted)
    if (this.#context.closing.aborted) return { to: 'listed' }
    if (wait !== 'new') return this.#end('failed', wait === 'over' ? (this.#lane.broken ?? fault) : fault, url)
    this.#at = 0
    this.#tries = 0
    this.#refreshed = false
    return undefined
  }

  async #prepare(move: Exclude<Move, 'abort' | 'login' | 'missing' | 'fail'>): Promise<void> {
    switch (move) {
      case 'again':
        await rest(pauseBefore(this.#tries), this.#context.closing)
        break
      case 'wait':
        this.#waits += 1
        this.#tries -= 1
        break
      case 'outage':
        this.#outages += 1
        this.#tries -= 1
        await rest(pauseBefore(this.#outages), this.#context.closing)
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
    const part = this.#part
    const one = { asset: this.#asset, candidate, part, slot: this.#slot }
    if (part !== undefined && part.bytes === part.total)
      return takeWhole({ ...one, attempts: this.#attempts }, part, this.#context)
    this.#tries += 1
    this.#attempts += 1
    return attempt({ ...one, attempts: this.#attempts }, this.#context)
  }

  /** It never left this machine. */
  #forgetTry(): void {
    this.#tries -= 1
    this.#attempts -= 1
  }

  /** There is no URL left to try. */
  async #endWithout(): Promise<Fetched | undefined> {
    const fault = this.#fault ?? new Fault('NoCandidate', 'the source gave no URL')
    // Its page, which was asked for a fresh URL, may have met the login.
    const url = this.#asset.candidates[0]?.url ?? ''
    if (fault.code === 'NeedsLogin' && this.#lane.mayRenewLogin(url)) return this.#login(fault, url)
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
      mayRenewLogin: this.#lane.mayRenewLogin(this.#candidates[this.#at]?.url ?? ''),
      rules: this.#asset.rules,
    }
  }

  #end(to: 'missing' | 'failed', fault: Fault, url: string): Fetched {
    return { to, fault, url, attempts: this.#attempts }
  }
}
