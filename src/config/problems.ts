import { Fault } from '../core/errors.ts'

/** Who may say something; later ones are heard over earlier ones. */
export const LAYER_ORDER = ['file', 'environment', 'earlier', 'flags'] as const

/** Where a value was said. */
export interface Origin {
  readonly layer: (typeof LAYER_ORDER)[number]
  /** `config.yaml:3:7`, `BOWERBIRD_JOBS`, `--jobs`. */
  readonly label: string
}

interface Problem {
  readonly origin: Origin
  readonly message: string
  readonly advice?: string
}

/** Everything that is wrong, so that all of it is told at once. */
export class Problems {
  readonly #found: Problem[] = []

  add(origin: Origin, message: string): void {
    this.#found.push({ origin, message })
  }

  /** What a parser makes of something of this origin; its fault is a problem. */
  try<T>(origin: Origin, parse: () => T): T | undefined {
    try {
      return parse()
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown
      const { advice } = thrown.evidence
      this.#found.push({ origin, message: thrown.message, ...(advice !== undefined && { advice }) })
      return undefined
    }
  }

  throwIfAny(): void {
    const [first, second] = this.#found
    if (first === undefined) return
    const code = this.#found.every(({ origin }) => origin.layer === 'flags') ? 'Usage' : 'Config'
    if (second === undefined)
      throw new Fault(code, line(first), first.advice === undefined ? {} : { advice: first.advice })
    throw new Fault(
      code,
      this.#found.map((problem) => [line(problem), problem.advice].filter(Boolean).join('\n')).join('\n'),
    )
  }
}

function line({ origin, message }: Problem): string {
  return `${origin.label}: ${message}`
}
