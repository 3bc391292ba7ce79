import type { Settings } from '../../config/settings.ts'
import type { FileState, VerifyEvent } from '../../core/verify-events.ts'
import type { Answer } from '../answer.ts'
import { byteSize, duration, harmless } from './format.ts'
import { isLive } from './output.ts'
import { programName } from './program-name.ts'
import { styleOf } from './style.ts'
import type { Style } from './style.ts'
import { whereOf } from './summary.ts'
import { Terminal } from './terminal.ts'

const PLAIN_MS = 5_000

const MEANINGS: Readonly<Record<FileState, string>> = {
  missing: 'not there any more',
  changed: 'not what was stored',
  unreadable: 'the disk does not give them',
  foreign: 'in the folder, and of no item',
  odd: 'items whose rows do not fit together',
}

/** What is seen of a verification: what is wrong on standard output, how far it is and the summary on standard error. */
export class VerifyView {
  readonly #settings: Settings
  readonly #answer: Answer
  readonly #style: Style
  readonly #terminal: Terminal | undefined
  #told = performance.now()

  constructor(settings: Settings, answer: Answer) {
    this.#settings = settings
    this.#answer = answer
    this.#style = styleOf(process.stderr, process.env)
    this.#terminal = isLive(settings) ? new Terminal(process.stderr) : undefined
  }

  async tell(event: VerifyEvent): Promise<void> {
    if (this.#settings.json) await this.#line(JSON.stringify(event))
    if (event.event === 'verifying') return this.#progress(event)
    if (event.event === 'verified') return this.#summary(event)
    if (event.event === 'rebuilt') return this.#rebuilt(event)
    if (this.#settings.json) return
    if (event.event === 'adopted') return this.#line(`adopted     ${harmless(event.path)}: the file of ${event.key}`)
    const { state, path, key = '', reason } = event
    await this.#line(`${state.padEnd('unreadable'.length)}  ${harmless(path ?? key)}: ${harmless(reason)}`)
  }

  close(): void {
    this.#terminal?.close()
  }

  async #line(line: string): Promise<void> {
    // Both may be the same terminal.
    if (process.stdout.isTTY) this.#terminal?.wipe()
    await this.#answer.line(line)
  }

  #progress({ files, total, bytes }: Extract<VerifyEvent, { event: 'verifying' }>): void {
    if (this.#settings.verbosity === 'quiet') return
    const whole = total === undefined ? '' : ` of ${this.#style.count(total)}`
    const line = `${this.#style.count(files)}${whole} files verified, ${byteSize(bytes)}`
    if (this.#terminal !== undefined) return this.#terminal.paint([line])
    const now = performance.now()
    if (now - this.#told < PLAIN_MS) return
    this.#told = now
    process.stderr.write(`${line}\n`)
  }

  #rebuilt({ what, aside, backup, salvaged = 0 }: Extract<VerifyEvent, { event: 'rebuilt' }>): void {
    if (this.#settings.verbosity === 'quiet') return
    const style = this.#style
    const kept = aside === undefined ? 'There was none before' : `The damaged one is kept: ${aside}`
    const origin = backup === undefined ? 'There was no sound backup' : `It begins with the backup of ${backup}`
    const lines =
      what === 'catalog'
        ? [
            style.strong('A new catalog was made'),
            `  ${kept}`,
            `  ${origin}; ${style.count(salvaged)} items could be read from the damaged one`,
          ]
        : [
            style.strong('A new private store is made when it is needed'),
            `  ${kept}; targets with signed URLs are listed again`,
          ]
    process.stderr.write(`${lines.join('\n')}\n`)
  }

  #summary(end: Extract<VerifyEvent, { event: 'verified' }>): void {
    this.#terminal?.wipe()
    if (this.#settings.verbosity === 'quiet') return
    const style = this.#style
    const head = `Verified in ${duration(end.seconds)}: ${style.count(end.sound)} sound (${byteSize(end.bytes)})`
    const lines = [style.strong(head)]
    for (const state of ['missing', 'changed', 'unreadable', 'odd', 'foreign'] as const) {
      if (end[state] === 0) continue
      const line = `  ${state.padEnd(14)} ${style.count(end[state]).padStart(7)}  ${MEANINGS[state]}`
      lines.push(state === 'foreign' ? line : style.bad(line))
    }
    process.stderr.write(`${lines.join('\n')}\n`)
  }
}

/** The command that mends what was found. */
export function repairCommand(settings: Settings, style: Style): string {
  return `Fetch it again:  ${style.strong(`${programName()} verify --repair ${whereOf(settings)}`)}`
}
