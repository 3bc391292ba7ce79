import { availableParallelism } from 'node:os'
import { Fault } from '../core/errors.ts'
import { DecoderChild } from './child.ts'
import type { Killed } from './child.ts'
import type { Decoded, DecodeReply, Unchecked } from './messages.ts'

export interface DecoderOptions {
  /** Processes at once; default 2, 1 on a machine with one core. */
  readonly processes?: number
  /** A file that takes longer is given up; default 30. */
  readonly seconds?: number
  /** Of all frames together; default 268. A larger picture is not checked. */
  readonly megapixels?: number
  /** A file that needs more memory is given up; default 2048. */
  readonly megabytes?: number
}

/** Decodes files to their last pixel, away from this process. */
export interface Decoder {
  /**
   * Rejects with `Damaged` where the pixels are not whole, and with `Undecodable` where the file breaks its decoder: out
   * of time, out of memory, or two decoders dead.
   */
  decode(file: string): Promise<Decoded | Unchecked>
  /** Kills what is decoding; what waits rejects with `Cancelled`. Resolves when no process is left. */
  close(): Promise<void>
}

/** Whoever kills a decoder twice is not tried a third time. */
const MOST_KILLS = 2

export function createDecoder(options: DecoderOptions = {}): Decoder {
  return new DecoderPool(options)
}

class DecoderPool implements Decoder {
  readonly #processes: number
  readonly #seconds: number
  readonly #pixels: number
  readonly #memory: number
  readonly #idle: DecoderChild[] = []
  readonly #busy = new Set<DecoderChild>()
  readonly #waiting: (() => void)[] = []
  #closed = false

  constructor({ processes, seconds = 30, megapixels = 268, megabytes = 2048 }: DecoderOptions) {
    this.#processes = processes ?? Math.min(2, availableParallelism())
    this.#seconds = seconds
    this.#pixels = megapixels * 1e6
    this.#memory = megabytes * 2 ** 20
  }

  async decode(file: string): Promise<Decoded | Unchecked> {
    for (let kills = 1; ; kills += 1) {
      const reply = await this.#ask(file)
      if (this.#closed) throw cancelled()
      if (reply.state !== 'killed' || reply.overrun || kills === MOST_KILLS) return judge(reply)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const wake of this.#waiting.splice(0)) wake()
    await Promise.all([...this.#idle.splice(0), ...this.#busy].map((child) => child.kill()))
  }

  async #ask(file: string): Promise<DecodeReply | Killed> {
    const child = await this.#take()
    try {
      return await child.ask({ file, pixels: this.#pixels, memory: this.#memory }, this.#seconds)
    } finally {
      this.#busy.delete(child)
      if (child.alive && !this.#closed) this.#idle.push(child)
      this.#waiting.shift()?.()
    }
  }

  async #take(): Promise<DecoderChild> {
    while (!this.#closed && this.#busy.size >= this.#processes) {
      await new Promise<void>((wake) => {
        this.#waiting.push(wake)
      })
    }
    if (this.#closed) throw cancelled()
    let child = this.#idle.pop()
    while (child?.alive === false) child = this.#idle.pop()
    child ??= new DecoderChild()
    this.#busy.add(child)
    return child
  }
}

function judge(reply: DecodeReply | Killed): Decoded | Unchecked {
  switch (reply.state) {
    case 'sound':
    case 'unchecked':
      return reply
    case 'damaged':
      throw new Fault('Damaged', `the pixels are not whole: ${reply.why}`)
    case 'killed':
    case 'too-much':
      throw new Fault('Undecodable', reply.why)
    case 'unusable':
      throw new Fault('Config', `files cannot be decoded here: ${reply.why}`, {
        advice: 'install the package sharp for this platform, or use --verify structure',
      })
  }
}

function cancelled(): Fault {
  return new Fault('Cancelled', 'the decoder was closed')
}
