import type { Finished, StartOptions } from '../../e2e/program.ts'
import type { Event } from '../../../src/core/events.ts'
import type { Expectation } from './checker.ts'
import type { Scene } from './scene.ts'

type Lasting = Extract<Event, { event: 'failed' | 'stored' | 'missing' | 'rejected' }>

/** One run of the real program over items with a fault each, looked at item by item. */
export class Round {
  readonly finished: Finished
  readonly events: readonly Event[]
  /** What the independent checker found wrong. */
  readonly problems: readonly string[]
  readonly seconds: number
  readonly #endings: ReadonlyMap<string, Lasting>

  private constructor(finished: Finished, problems: readonly string[], seconds: number) {
    this.finished = finished
    this.problems = problems
    this.seconds = seconds
    this.events = finished.stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Event]))
    this.#endings = endings(this.events)
  }

  /** Runs `bowerbird ARGS --json` and has the checker look at the library. */
  static async run(
    scene: Scene,
    args: readonly string[],
    expectation: Omit<Expectation, 'held'> = {},
    options: StartOptions = {},
  ): Promise<Round> {
    const began = performance.now()
    const finished = await scene.run([...args, '--json'], options)
    const seconds = (performance.now() - began) / 1000
    return new Round(finished, await scene.check(expectation), seconds)
  }

  get status(): number | null {
    return this.finished.status
  }

  get end(): Extract<Event, { event: 'end' }> {
    const end = this.events.at(-1)
    if (end?.event !== 'end') throw new Error(`the run told no end: ${this.finished.stderr}`)
    return end
  }

  /** How the item of a path ended: `stored`, `missing`, `rejected`, or the code of its failure. */
  of(path: string): string {
    const ending = this.#endings.get(path)
    return ending?.event === 'failed' ? ending.code : (ending?.event ?? 'no end')
  }

  /** Why the item of a path failed. */
  reason(path: string): string {
    const ending = this.#endings.get(path)
    return ending !== undefined && 'reason' in ending ? ending.reason : ''
  }

  /** Tries of an item that failed. */
  attempts(path: string): number | undefined {
    const ending = this.#endings.get(path)
    return ending?.event === 'failed' ? ending.attempts : undefined
  }

  /** Where the item of a path was stored. */
  place(path: string): string | undefined {
    const ending = this.#endings.get(path)
    return ending?.event === 'stored' ? ending.path : undefined
  }
}

/** By path and query of the URL that was listed. */
function endings(events: readonly Event[]): ReadonlyMap<string, Lasting> {
  const listed = new Map(events.flatMap((event) => (event.event === 'asset' ? [[event.key, event.url] as const] : [])))
  const found = new Map<string, Lasting>()
  for (const event of events) {
    if (!('key' in event) || !('reason' in event || event.event === 'stored')) continue
    if (event.event === 'excluded') continue
    const { pathname, search } = new URL(listed.get(event.key) ?? event.url)
    found.set(pathname + search, event)
  }
  return found
}
