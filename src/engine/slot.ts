import type { Lane } from './lane.ts'

/** The place of one asset in its lane: held while bytes come in, given back for good, or for a rest between two tries. */
export class Slot {
  readonly #lane: Lane
  #held = true
  #turn: number

  /** The lane has been entered already. */
  constructor(lane: Lane) {
    this.#lane = lane
    this.#turn = lane.turn()
  }

  /** A file came. */
  arrived(): void {
    this.#lane.arrived(this.#turn)
  }

  leave(): void {
    if (!this.#held) return
    this.#held = false
    this.#lane.leave()
  }

  rest(): void {
    if (!this.#held) this.#lane.enter()
    this.#held = false
    this.#lane.rest()
  }

  /** Ends a rest; with `again`, waits for a free slot and holds it. */
  async rise(again: boolean): Promise<void> {
    await this.#lane.rise(again)
    this.#held = again
    this.#turn = this.#lane.turn()
  }
}
