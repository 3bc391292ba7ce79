import { Fault } from '../core/errors.ts'
import type { Source } from '../core/source.ts'
import { namedOrigin } from '../core/target.ts'
import type { TargetInput } from '../engine/parts.ts'

/** The origins that the user named, as they come up: headers of `-H` go there and nowhere else. */
export class NamedPlaces {
  /** Grows while targets are read. Origins of URLs; for a short form the hosts of its source. */
  readonly places: string[] = []
  readonly #sources: readonly Source[]
  readonly #seen = new Set<string>()

  constructor(sources: readonly Source[]) {
    this.#sources = sources
  }

  async *noting(inputs: AsyncGenerator<TargetInput | Fault>): AsyncGenerator<TargetInput | Fault> {
    for await (const input of inputs) {
      if (!(input instanceof Fault)) this.#note(input)
      yield input
    }
  }

  #note({ target }: TargetInput): void {
    const origin = namedOrigin(target)
    const hosts =
      target.kind === 'short' ? (this.#sources.find((source) => source.name === target.source)?.hosts ?? []) : []
    for (const place of origin === undefined ? hosts : [origin]) {
      if (this.#seen.has(place)) continue
      this.#seen.add(place)
      this.places.push(place)
    }
  }
}
