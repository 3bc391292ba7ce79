import { createReadStream } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Fault, toFault } from '../core/errors.ts'
import type { TargetInput } from '../engine/parts.ts'
import { readTarget } from '../core/target.ts'

/** A line longer than this is no target; it is not kept in memory whole. */
const MOST_LINE = 65_536

/** A whole line, or what stands behind a blank: a `#` inside a URL is its fragment. */
const COMMENT = /(?:^|\s)#.*$/

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
    try {
      if ((await stat(file)).isDirectory()) throw new Error('it is a folder')
      await access(file, constants.R_OK)
    } catch (thrown) {
      throw new Fault('Usage', `the list ${file} cannot be read: ${reason(thrown)}`, {
        advice: 'give --input a text file with one target a line, or - for standard input',
        cause: thrown,
      })
    }
  }
}

function reason(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  return thrown instanceof Error ? thrown.message : String(thrown)
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
    return { target: readTarget(text, { globoff }), place }
  } catch (thrown) {
    const fault = toFault(thrown)
    return new Fault(fault.code, fault.message, { ...fault.evidence, where: place })
  }
}
