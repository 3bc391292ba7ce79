import { stripVTControlCharacters } from 'node:util'
import { createLogUpdate } from 'log-update'
import { cells } from './format.ts'

/**
 * A block of lines at the bottom of the terminal that is painted over and over, with lasting lines above it. The cursor
 * is hidden meanwhile, and comes back however the process ends.
 */
export class Terminal {
  readonly #stream: NodeJS.WriteStream
  readonly #update: ReturnType<typeof createLogUpdate>
  #painted: readonly string[] = []
  #columns: number

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    this.#update = createLogUpdate(stream)
    this.#columns = stream.columns
    stream.on('resize', this.#onResize)
  }

  paint(lines: readonly string[]): void {
    this.#painted = lines
    this.#update(lines.join('\n'))
  }

  /** Takes the block away while something else is written to the terminal. */
  wipe(): void {
    if (this.#painted.length === 0) return
    this.#painted = []
    this.#update.clear()
  }

  close(): void {
    this.wipe()
    this.#stream.off('resize', this.#onResize)
    this.#update.done()
  }

  /** A narrower terminal has folded the lines that stand there: what they fill now is taken away. */
  readonly #onResize = (): void => {
    const { columns } = this.#stream
    if (columns < this.#columns && this.#painted.length > 0) {
      const rows = this.#painted.map((line) => Math.max(1, Math.ceil(cells(stripVTControlCharacters(line)) / columns)))
      const height = rows.reduce((sum, each) => sum + each, 0)
      this.#stream.write(`\u001b[${height}A\r\u001b[J`)
      this.#painted = []
      this.#update.done()
    }
    this.#columns = columns
  }
}
