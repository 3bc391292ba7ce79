/**
 * Files of the same bytes that are kept at the same time. The catalog knows a file only once it is recorded, a moment
 * after it got its name; a screen that asks for a twin must not miss it in between.
 */
export class Twins {
  readonly #turns = new Map<string, Promise<unknown>>()
  /** Paths of files that are kept and not recorded yet. */
  readonly #kept = new Map<string, string>()

  /** Files of the same bytes are looked at one after the other. */
  async inTurn<T>(sha256: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(sha256)
    const turn = before === undefined ? work() : before.then(work, work)
    this.#turns.set(sha256, turn)
    try {
      return await turn
    } finally {
      if (this.#turns.get(sha256) === turn) this.#turns.delete(sha256)
    }
  }

  add(sha256: string, path: string): void {
    if (!this.#kept.has(sha256)) this.#kept.set(sha256, path)
  }

  find(sha256: string): string | undefined {
    return this.#kept.get(sha256)
  }

  recorded(sha256: string, path: string): void {
    if (this.#kept.get(sha256) === path) this.#kept.delete(sha256)
  }
}
