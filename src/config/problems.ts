import { Fault } from '../core/errors.ts'

/** Where a value was said. */
export interface Origin {
  readonly layer: 'file' | 'environment' | 'earlier' | 'flags'
  /** `config.yaml:3:7`, `BOWERBIRD_JOBS`, `--jobs`. */
  readonly label: string
}

/** Everything that is wrong, so that all of it is told at once. */
export class Problems {
  readonly #found: { readonly origin: Origin; readonly message: string }[] = []

  add(origin: Origin, message: string): void {
    this.#found.push({ origin, message })
  }

  /** Takes what a parser threw as a problem of this origin. */
  take(origin: Origin, thrown: unknown): void {
    if (!(thrown instanceof Fault)) throw thrown
    const { advice } = thrown.evidence
    this.add(origin, advice === undefined ? thrown.message : `${thrown.message}\n${advice}`)
  }

  throwIfAny(): void {
    if (this.#found.length === 0) return
    const usage = this.#found.every(({ origin }) => origin.layer === 'flags')
    const lines = this.#found.map(({ origin, message }) => `${origin.label}: ${message}`)
    throw new Fault(usage ? 'Usage' : 'Config', lines.join('\n'))
  }
}
