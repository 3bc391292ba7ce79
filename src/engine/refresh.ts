import { Fault } from '../core/errors.ts'
import type { Candidate, RefSpec } from '../core/source.ts'
import type { Explorer } from './explore.ts'

/**
 * Asks refs again for fresh URLs. A ref is explored once for all assets that wait for it; what it yields besides the
 * candidates of those keys is dropped, and nothing is committed.
 */
export class Refresher {
  readonly #explorer: Explorer
  readonly #asked = new Map<string, Promise<ReadonlyMap<string, readonly Candidate[]>>>()

  constructor(explorer: Explorer) {
    this.#explorer = explorer
  }

  /** Fresh candidates of one key; `Gone` when the ref does not yield it any more. */
  async candidates(ref: RefSpec, key: string, named: boolean): Promise<readonly Candidate[]> {
    const id = JSON.stringify([ref.source, ref.route, ref.params, ref.cursor ?? null])
    let asked = this.#asked.get(id)
    if (asked === undefined) {
      asked = this.#ask(ref, named)
      this.#asked.set(id, asked)
      const forget = (): unknown => setTimeout(() => this.#asked.delete(id), 1000).unref()
      asked.then(forget, forget)
    }
    const found = (await asked).get(key)
    if (found === undefined)
      throw new Fault('Gone', 'its page no longer lists it', { source: ref.source, route: ref.route })
    return found
  }

  async #ask(ref: RefSpec, named: boolean): Promise<ReadonlyMap<string, readonly Candidate[]>> {
    const { findings } = await this.#explorer.explore(ref, { named, depth: 0 })
    const found = new Map<string, readonly Candidate[]>()
    for (const finding of findings) {
      if (finding.kind === 'asset') found.set(finding.asset.key, finding.asset.candidates)
    }
    return found
  }
}
