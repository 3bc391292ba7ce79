import { Fault } from '../../core/errors.ts'

/** Lines wait for the end of the turn of the event loop, or until they are so many characters: one write for all. */
const BATCH = 65_536

/**
 * Lines on standard output. A reader that is slow is waited for by whoever asks `ready`; one that has gone away is told
 * to `onGone`, once, and everything further is dropped.
 */
export class StandardOutput {
  readonly #stream = process.stdout
  readonly #onGone: (fault: Fault | undefined) => void
  readonly #paced: boolean
  #lines: string[] = []
  #size = 0
  #timer: NodeJS.Immediate | undefined
  readonly #waiting = new Set<() => void>()
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
    this.#stream.write(`${this.#lines.join('\n')}\n`)
    this.#lines = []
    this.#size = 0
  }

  /** Resolves when the reader has caught up, or nobody waits any more. */
  async ready(signal: AbortSignal): Promise<void> {
    this.flush()
    if (!this.behind || signal.aborted) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.add(done)
      signal.addEventListener('abort', done)
    })
  }

  /** Everything is with the reader, unless it is gone or `signal` says that it takes too long. */
  async close(signal: AbortSignal): Promise<void> {
    await this.ready(signal)
    this.#stream.off('error', this.#fail)
    this.#stream.off('drain', this.#wake)
  }

  readonly #wake = (): void => {
    this.flush()
    if (!this.behind) for (const done of [...this.#waiting]) done()
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
    { advice: 'send it to a place with room; what was collected so far is safe', cause: error },
  )
}
