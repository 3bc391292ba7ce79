import type { Fault } from '../core/errors.ts'
import { harmless } from './output/format.ts'
import { StandardOutput } from './output/standard-output.ts'

const NEVER = new AbortController().signal

/** Where a command that answers a question writes to. */
export interface Answer {
  /** The reader has gone: nothing more is worth looking for. */
  readonly unread: boolean
  /** Waits for a slow reader. */
  line(text: string): Promise<void>
}

/**
 * The frame of a command that answers a question on standard output. A reader that has gone (`| head`) is no fault; what
 * could not be written is one, and thrown at the end.
 */
export async function answering(tell: (answer: Answer) => Promise<number>): Promise<number> {
  let unwritable: Fault | undefined
  const out = new StandardOutput((fault) => {
    unwritable = fault
  })
  const answer: Answer = {
    get unread() {
      return out.gone
    },
    line: async (text) => {
      out.write(text)
      if (out.behind) await out.ready(NEVER)
    },
  }
  let status: number
  try {
    status = await tell(answer)
  } finally {
    await out.close(NEVER)
  }
  if (unwritable !== undefined) throw unwritable
  return status
}

/** An answer that is known as a whole; exit status 0. */
export function answerWith(...texts: readonly string[]): Promise<number> {
  return answering(async (answer) => {
    for (const text of texts) await answer.line(text)
    return 0
  })
}

/** Lines of `label  text`, the labels of one width. Empty texts are left out; text from strangers is made harmless. */
export function aligned(rows: readonly (readonly [label: string, text: string])[], indent = '  '): readonly string[] {
  const shown = rows.filter(([, text]) => text !== '')
  const width = Math.max(0, ...shown.map(([label]) => label.length))
  return shown.map(([label, text]) => `${indent}${label.padEnd(width)}  ${harmless(text)}`)
}
