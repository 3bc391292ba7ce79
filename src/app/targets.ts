import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Fault, toFault } from '../core/errors.ts'
import type { TargetInput } from '../engine/parts.ts'
import { readTarget } from '../core/target.ts'
import { requireReadable } from './readable.ts'

/** A line longer than this is no target; it is not kept in memory whole. */
const MOST_LINE = 65_536

/** A whole line, or what stands behind a blank: a `#` inside a URL is its fragment. */
const COMMENT = /(?:^|\s)#.*$/

/** An option behind a target, as other programs have them in lists; keywords may hold dashes, too. */
const OPTION = /^(?!search:).*\s(--[a-z][a-z-]*)(?:[\s=]|$)/

const LIST_ADVICE = 'give --input a text file with one target a line, or - for standard input'

export interface TargetSources {
  /** Targets of the command line. */
  readonly texts: readonly string[]
  /** List files; `-` is standard input. */
  readonly files: readonly string[]
  /** Of an index, read already. */
  readonly listed?: readonly TargetInput[]
  /** Rows of a table that cannot be used. */
  readonly unusable?: readonly Fault[]
  readonly globoff: boolean
  /** Aborted: nobody reads on; what is open is closed. */
  readonly signal: AbortSignal
}

/** Says early what is wrong with a list file: nothing has started then. */
export async function checkInputs(files: readonly string[]): Promise<void> {
  for (const file of files) {
    if (file === '-') continue
    await requireReadable(file, `the list ${file}`, LIST_ADVICE)
  }
}

/**
 * Targets one after the other, files read as they are needed. What is wrong with a target of the command line is
 * thrown; a line of a list that is no target comes as a `Fault` with file and line, and the rest goes on.
 */
export async function* readTargets(sources: TargetSources): AsyncGenerator<TargetInput | Fault> {
  const { globoff, signal, listed = [], unusable = [] } = sources
  for (const text of sources.texts) yield { target: readTarget(text, { globoff }) }
  yield* unusable
  yield* listed
  for (const file of sources.files) yield* readList(file, globoff, signal)
}

async function* readList(file: string, globoff: boolean, signal: AbortSignal): AsyncGenerator<TargetInput | Fault> {
  const input = file === '-' ? process.stdin : createReadStream(file)
  const lines = createInterface({ input, crlfDelay: Infinity })
  signal.addEventListener('abort', () => {
    lines.close()
    input.destroy()
  })
  let number = 0
  for await (const raw of lines) {
    number += 1
    const text = (number === 1 ? raw.replace(/^\uFEFF/, '') : raw).replace(COMMENT, '').trim()
    if (text === '') continue
    yield readLine(text, number, file, globoff)
  }
}

function readLine(text: string, line: number, file: string, globoff: boolean): TargetInput | Fault {
  const place = `${file === '-' ? 'standard input' : file}:${line}`
  try {
    if (text.length > MOST_LINE) throw new Fault('Usage', `a line of ${text.length} characters is no target`)
    const option = OPTION.exec(text)?.[1]
    if (option !== undefined) {
      throw new Fault('UnknownTarget', `a line of a list holds one target, and no options such as ${option}`, {
        advice: 'give options on the command line, or in the configuration file',
      })
    }
    return { target: readTarget(text, { globoff }), place }
  } catch (thrown) {
    const fault = toFault(thrown)
    return new Fault(fault.code, fault.message, { ...fault.evidence, where: place })
  }
}
