import type { Flow } from '../../core/http.ts'

/** A flow with two masters, the receiver and a layer above it. It runs when neither holds it. */
export class SharedFlow implements Flow {
  readonly #flow: Flow
  #heldByLayer = false
  #heldByReceiver = false

  constructor(flow: Flow) {
    this.#flow = flow
  }

  pause(): void {
    this.#heldByReceiver = true
    this.#flow.pause()
  }

  resume(): void {
    this.#heldByReceiver = false
    if (!this.#heldByLayer) this.#flow.resume()
  }

  /** The layer's own pause. */
  hold(): void {
    this.#heldByLayer = true
    this.#flow.pause()
  }

  letGo(): void {
    this.#heldByLayer = false
    if (!this.#heldByReceiver) this.#flow.resume()
  }
}
