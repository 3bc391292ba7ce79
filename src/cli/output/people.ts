import type { Settings } from '../../config/settings.ts'
import type { EndEvent, Event } from '../../core/events.ts'
import { byteSize, duration } from './format.ts'
import { liveLines } from './live-view.ts'
import { programName } from './program-name.ts'
import { Progress } from './progress.ts'
import type { Style } from './style.ts'
import { lostLine, summaryLines } from './summary.ts'
import { Terminal } from './terminal.ts'
import { told } from './told.ts'

const REPAINT_MS = 100
const PLAIN_MS = 5_000
/** What a shell reports of a program that was ended by a closed pipe (128 + SIGPIPE): it ends without a word. */
export const PIPE_CLOSED = 141
/** A host that is down fails thousands: the catalog lists them better. */
const MOST_TOLD = 100

/** Lines for a program that go to the same terminal, between two paintings of the live view. */
export interface Paper {
  readonly empty: boolean
  flush(): void
}

type LostPage = Extract<Event, { event: 'ref' }>

/** What a person sees of a run, on standard error. */
export class People {
  readonly #settings: Settings
  readonly #style: Style
  readonly #progress = new Progress()
  readonly #stream = process.stderr
  readonly #terminal: Terminal | undefined
  readonly #timer: NodeJS.Timeout | undefined
  /** Pages that could not be read: told at the end, where those of lost targets are told with them. */
  readonly #lostPages: LostPage[] = []
  readonly #paper: Paper | undefined
  /** Lasting lines that wait for the next painting of the live view. */
  #lasting: string[] = []
  #toldFailures = 0
  #planned = 0

  constructor(settings: Settings, style: Style, live: boolean, paper?: Paper) {
    this.#settings = settings
    this.#style = style
    this.#paper = paper
    if (settings.verbosity === 'quiet') return
    this.#terminal = live ? new Terminal(this.#stream) : undefined
    const repeat = live ? (): void => this.#paint() : (): void => this.#plainLine()
    this.#timer = setInterval(repeat, live ? REPAINT_MS : PLAIN_MS).unref()
  }

  take(event: Event): void {
    this.#progress.take(event, performance.now())
    if (event.event === 'asset') this.#planned += 1
    if (event.event === 'end') this.#end(event)
    else this.#tell(event)
  }

  /** A lasting line; above the live view, where there is one. */
  say(line: string): void {
    this.#lasting.push(line)
    if (this.#terminal === undefined) this.#flush()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#terminal?.close()
    this.#flush()
  }

  #flush(): void {
    this.#paper?.flush()
    if (this.#lasting.length > 0) this.#stream.write(`${this.#lasting.join('\n')}\n`)
    this.#lasting = []
  }

  #tell(event: Event): void {
    const { verbosity } = this.#settings
    if (event.event === 'ref' && event.state === 'failed' && this.#lostPages.length < MOST_TOLD)
      this.#lostPages.push(event)
    const shown = event.event === 'failed' || event.event === 'wait'
    // The live view shows waits and the last failures itself; the summary counts them.
    if (shown && this.#terminal !== undefined && verbosity === 'normal') return
    if (event.event === 'failed' && this.#isTooMuch()) return
    const line = told(event, verbosity, this.#style)
    if (line === undefined) return
    this.say(line)
  }

  #isTooMuch(): boolean {
    this.#toldFailures += 1
    if (this.#toldFailures === MOST_TOLD + 1)
      this.say(`further failures are counted, not shown; \`${programName()} find --state failed\` lists them`)
    return this.#toldFailures > MOST_TOLD && this.#settings.verbosity !== 'verbose'
  }

  #paint(): void {
    const { columns, rows } = this.#stream
    if (this.#lasting.length > 0 || this.#paper?.empty === false) {
      this.#terminal?.wipe()
      this.#flush()
    }
    this.#terminal?.paint(liveLines(this.#progress, { columns, rows, now: Date.now() }, this.#style))
  }

  #plainLine(): void {
    const { counts, total, done, listed, left, bytes, bytesPerSecond } = this.#progress
    const others = (['known', 'excluded', 'rejected', 'missing', 'failed'] as const)
      .filter((outcome) => counts[outcome] > 0)
      .map((outcome) => `, ${counts[outcome]} ${outcome}`)
    if (total === undefined && listed === 0 && done === 0) return this.say('nothing found so far')
    const whole = total === undefined ? `${done} of ${listed} found so far` : `${done} of ${total}`
    const speed = bytesPerSecond > 0 ? ` at ${byteSize(bytesPerSecond)}/s` : ''
    const rest = left === undefined ? '' : `, ${duration(left)} left`
    this.say(`${whole}: ${counts.stored} stored${others.join('')}; ${byteSize(bytes)}${speed}${rest}`)
  }

  #end(end: EndEvent): void {
    const { verbosity, dryRun, to, catalog } = this.#settings
    if (end.exit === PIPE_CLOSED) return this.close()
    const lostTargets = new Set(end.targets.map(({ target }) => target))
    const lost = [...end.targets, ...this.#lostPages.filter(({ target }) => !lostTargets.has(target))].map(lostLine)
    if (verbosity === 'quiet') {
      for (const line of lost) this.say(this.#style.bad(line))
      return this.close()
    }
    const shown = this.#terminal !== undefined && verbosity === 'normal'
    const lines = summaryLines({
      end,
      place: { to, ...(catalog !== undefined && { catalog }) },
      dryRun,
      planned: this.#planned,
      lost,
      failures: shown ? this.#progress.failures : [],
      unlisted: this.#progress.unlisted,
      style: this.#style,
      columns: this.#stream.isTTY ? this.#stream.columns : Infinity,
    })
    this.say(lines.join('\n'))
    this.close()
  }
}
