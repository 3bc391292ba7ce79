import { Fault } from '../../core/errors.ts'

/** Lines wait for the end of the turn of the event loop, or until they are so many characters: one write for all. */
const BATCH = 65_536

/** A promise that waits until something holds. */
interface Waiter {
  readonly isMet: () => boolean
  readonly done: () => void
}

/**
 * Lines on standard output; everything that any command writes there goes through here. A reader that is slow is waited
 * for by whoever asks `ready`; one that has gone away is told to `onGone`, once, and everything further is dropped.
 */
export class StandardOutput {
  readonly #stream = process.stdout
  readonly #onGone: (fault: Fault | undefined) => void
  readonly #paced: boolean
  #lines: string[] = []
  #size = 0
  #timer: NodeJS.Immediate | undefined
  readonly #waiting = new Set<Waiter>()
  /** Writes of which nobody has heard yet whether they went well. */
  #underWay = 0
  #gone = false

  /**
   * `onGone`: without a fault the reader just has enough (`| head`); with one, what was written is not there.
   * `paced`: somebody else says when lines are written.
   */
  constructor(onGone: (fault: Fault | undefined) => void, paced = false) {
    this.#onGone = onGone
    this.#paced = paced
    this.#stream.on('error', this.#fail)
    this.#stream.on('drain', this.#wake)
  }

  /** The reader is behind. */
  get behind(): boolean {
    return !this.#gone && (this.#stream.writableNeedDrain || this.#size > BATCH)
  }

  /** Nothing more is worth writing. */
  get gone(): boolean {
    return this.#gone
  }

  get empty(): boolean {
    return this.#lines.length === 0
  }

  write(line: string): void {
    if (this.#gone) return
    this.#lines.push(line)
    this.#size += line.length + 1
    if (this.#paced) return
    if (this.#size >= BATCH && !this.#stream.writableNeedDrain) this.flush()
    else this.#timer ??= setImmediate(() => this.flush())
  }

  flush(): void {
    if (this.#timer !== undefined) clearImmediate(this.#timer)
    this.#timer = undefined
    if (this.#lines.length === 0 || this.#gone) return
    this.#underWay += 1
    this.#stream.write(`${this.#lines.join('\n')}\n`, this.#written)
    this.#lines = []
    this.#size = 0
  }

  /** Resolves when the reader has caught up, or nobody waits any more. */
  async ready(signal: AbortSignal): Promise<void> {
    this.flush()
    await this.#until(() => !this.behind, signal)
  }

  /** Everything was taken, or it is known that it was not; or `signal` says that it takes too long. */
  async close(signal: AbortSignal): Promise<void> {
    this.flush()
    await this.#until(() => this.#gone || this.#underWay === 0, signal)
    this.#stream.off('error', this.#fail)
    this.#stream.off('drain', this.#wake)
  }

  async #until(isMet: () => boolean, signal: AbortSignal): Promise<void> {
    if (isMet() || signal.aborted) return
    await new Promise<void>((resolve) => {
      const waiter = {
        isMet,
        done: (): void => {
          this.#waiting.delete(waiter)
          signal.removeEventListener('abort', waiter.done)
          resolve()
        },
      }
      this.#waiting.add(waiter)
      signal.addEventListener('abort', waiter.done)
    })
  }

  /** The error of a write comes here first, also of the last one: a file or device tells it later than it takes the text. */
  readonly #written = (error?: Error | null): void => {
    this.#underWay -= 1
    if (error === undefined || error === null) this.#tell()
    else this.#fail(error)
  }

  readonly #wake = (): void => {
    this.flush()
    this.#tell()
  }

  #tell(): void {
    for (const waiter of [...this.#waiting]) if (waiter.isMet()) waiter.done()
  }

  readonly #fail = (error: Error): void => {
    if (this.#gone) return
    this.#gone = true
    this.#lines = []
    this.#size = 0
    this.#wake()
    this.#onGone(faultOf(error))
  }
}

function faultOf(error: Error): Fault | undefined {
  const code = 'code' in error ? error.code : undefined
  if (code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_DESTROYED') return undefined
  return new Fault(
    code === 'ENOSPC' || code === 'EDQUOT' ? 'DiskFull' : 'DiskFault',
    `standard output cannot be written: ${error.message}`,
    { advice: 'send it to a place with room; the library is safe', cause: error },
  )
}
