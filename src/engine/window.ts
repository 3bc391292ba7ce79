import { toFault } from '../core/errors.ts'
import type { Fault } from '../core/errors.ts'
import type { HttpAnswer } from '../core/http.ts'
import type { RefSpec } from '../core/source.ts'
import type { Frontier, RefRow } from '../ports/catalog.ts'
import type { Explored, Explorer } from './explore.ts'

/** Refs of one target that are explored at once. They are committed in order, so names do not depend on luck. */
const WIDTH = 4
/** Refs that are taken at once to be held. */
const HELD_AT_ONCE = 100

/** A ref that is being explored, and what will come of it. */
export interface Exploring {
  readonly ref: RefRow
  readonly explored: Promise<Explored | Fault>
}

export interface WindowOptions {
  readonly frontier: Frontier
  readonly explorer: Explorer
  readonly target: number
  readonly run: number
}

/** The refs of a target that are being explored, oldest first. What is taken out is to be committed or given back. */
export class ExploringWindow {
  readonly #options: WindowOptions
  readonly #exploring: Exploring[] = []
  /** Bodies that came in place of a file, by the ref they are the first answer of. */
  readonly #answers = new Map<string, HttpAnswer>()

  constructor(options: WindowOptions) {
    this.#options = options
  }

  get isEmpty(): boolean {
    return this.#exploring.length === 0
  }

  /** An asset turned out to be a page, whose body is here already. */
  answer(ref: RefSpec, answer: HttpAnswer): void {
    this.#answers.set(idOf(ref), answer)
  }

  /** Takes as many waiting refs as there is room for, and begins with them. */
  async fill(): Promise<void> {
    const { frontier, target, run } = this.#options
    const room = WIDTH - this.#exploring.length
    if (room <= 0) return
    for (const ref of await frontier.take(target, run, room)) this.#begin(ref)
  }

  shift(): Exploring | undefined {
    return this.#exploring.shift()
  }

  /** What was taken, but not committed, waits again, or is held for a wider run. */
  async putBack(end: 'waiting' | 'held'): Promise<void> {
    for (const { ref } of this.#exploring.splice(0)) await this.#options.frontier.give(ref, end)
  }

  /** Holds all that still waits, too. */
  async holdRest(): Promise<void> {
    const { frontier, target, run } = this.#options
    for (;;) {
      const rest = await frontier.take(target, run, HELD_AT_ONCE)
      if (rest.length === 0) return
      for (const ref of rest) await frontier.give(ref, 'held')
    }
  }

  #begin(ref: RefRow): void {
    const id = idOf(ref.spec)
    const first = this.#answers.get(id)
    this.#answers.delete(id)
    const explored = this.#options.explorer
      .explore(ref.spec, {
        named: ref.named,
        depth: ref.depth,
        ...(ref.strategy !== undefined && { strategy: ref.strategy }),
        ...(first && { first }),
      })
      .catch((thrown: unknown) => toFault(thrown))
    this.#exploring.push({ ref, explored })
  }
}

function idOf(ref: RefSpec): string {
  return JSON.stringify([ref.source, ref.route, ref.params, ref.cursor ?? null])
}
