import { once } from 'node:events'
import { harmless } from './output/format.ts'

/**
 * What a command that answers a question writes to standard output: waits for a slow reader, and ends quietly when the
 * reader has gone (`| head`).
 */
export class Answer {
  readonly #gone = new AbortController()

  constructor() {
    process.stdout.on('error', () => this.#gone.abort())
  }

  /** The reader has gone: nothing more is worth looking for. */
  get unread(): boolean {
    return this.#gone.signal.aborted
  }

  async line(text: string): Promise<void> {
    if (this.unread) return
    const { signal } = this.#gone
    if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain', { signal }).catch(() => undefined)
  }
}

/** Lines of `label  text`, the labels of one width. Empty texts are left out; text from strangers is made harmless. */
export function aligned(rows: readonly (readonly [label: string, text: string])[], indent = '  '): readonly string[] {
  const shown = rows.filter(([, text]) => text !== '')
  const width = Math.max(0, ...shown.map(([label]) => label.length))
  return shown.map(([label, text]) => `${indent}${label.padEnd(width)}  ${harmless(text)}`)
}
