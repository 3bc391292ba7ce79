import type { Size } from './found.ts'
import type { Reader } from './reader.ts'

const CONTROL_BYTES = 8
const FRAME_BYTES = 26

/**
 * The frames of an animated PNG: as many as its `acTL` chunk says, in the order of their numbers, each with data.
 * An `acTL` behind the image data makes nothing move (APNG specification), and then nothing here matters.
 */
export class Frames {
  #announced: number | undefined
  #late = false
  #count = 0
  #sequence = 0
  /** A frame was announced and its data have not come. */
  #hungry = false
  #why: string | undefined

  get animated(): boolean {
    return this.#announced !== undefined && this.#announced > 0
  }

  control(file: Reader, at: number, length: number, afterData: boolean): void {
    if (afterData || this.#announced !== undefined) {
      this.#late = true
      return
    }
    if (length !== CONTROL_BYTES) this.#blame('its animation header is broken')
    this.#announced = length === CONTROL_BYTES ? file.u32(at) : 0
    if (this.#announced === 0) this.#blame('it is animated, with no frame')
  }

  frame(file: Reader, at: number, length: number, canvas: Size): void {
    if (length !== FRAME_BYTES) return this.#blame('the header of a frame is broken')
    const number = file.u32(at)
    // Writers have put the same header twice before one frame; that does no harm.
    if (this.#hungry && number === this.#sequence - 1) return
    this.#number(number)
    const right = file.u32(at + 4) + file.u32(at + 12)
    const bottom = file.u32(at + 8) + file.u32(at + 16)
    if (right > canvas.width || bottom > canvas.height) this.#blame('a frame reaches beyond the picture')
    if (!this.#hungry) this.#count += 1
    this.#hungry = true
  }

  frameData(file: Reader, at: number, length: number): void {
    if (length <= 4) return this.#blame('a frame has no data')
    this.#number(file.u32(at))
    this.#hungry = false
  }

  /** Image data of the still picture: the first frame's too where its header came before. */
  data(): void {
    this.#hungry = false
  }

  /** Why the animation is not whole. */
  verdict(): string | undefined {
    if (this.#announced === undefined) {
      return this.#count > 0 && !this.#late ? 'it has frames, but is not animated' : undefined
    }
    if (this.#why !== undefined) return this.#why
    if (this.#hungry) return 'its last frame has no data'
    if (this.#count !== this.#announced) return `it should have ${this.#announced} frames and has ${this.#count}`
    return undefined
  }

  #number(value: number): void {
    if (value !== this.#sequence) this.#blame('a frame is missing or out of order')
    this.#sequence += 1
  }

  #blame(why: string): void {
    this.#why ??= why
  }
}
