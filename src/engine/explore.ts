import { Fault, toFault } from '../core/errors.ts'
import type { Browser } from '../core/browser.ts'
import type { HttpAnswer, SourceHttp } from '../core/http.ts'
import type { ExploreContext, Finding, RefSpec, Route, Source, Strategy } from '../core/source.ts'
import type { EngineParts } from './parts.ts'
import { routeOf } from './resolve.ts'

/** A ref is one page or window; more than this in one is a mistake of its source. */
const MOST_FINDINGS = 2_000
/** Faults that another strategy cannot mend. */
const FINAL_FAULTS: ReadonlySet<string> = new Set([
  'Gone',
  'NeedsLogin',
  'RateLimited',
  'Usage',
  'Internal',
  'Cancelled',
])

export interface ExploreOptions {
  /** The user named the host. */
  readonly named: boolean
  /** Steps from the target. */
  readonly depth: number
  /** The strategy that the listing is read with; the route's first without it. */
  readonly strategy?: string
  /** An answer that is here already, for the first request of the same URL. */
  readonly first?: HttpAnswer
}

/** What one ref yielded, or with which strategy the listing has to start again. */
export interface Explored {
  readonly findings: readonly Finding[]
  readonly strategy: string
  /** The strategy changed in the middle of a listing: begin again at its first page. */
  readonly restart: boolean
  /** The strategy lists less than others do. */
  readonly less?: boolean
  /** Strategies that were tried before, with what was wrong; the same trouble of one route is named once a run. */
  readonly gaveUp: readonly GivenUp[]
}

export interface GivenUp {
  readonly strategy: string
  readonly fault: Fault
}

type ExplorerParts = Pick<EngineParts, 'sources' | 'http' | 'browser'>

/**
 * Explores refs through their sources: picks the strategy, gathers the findings, falls back to the next strategy.
 * Nothing is committed here.
 */
export class Explorer {
  readonly #parts: ExplorerParts
  readonly #options: (source: string) => Readonly<Record<string, unknown>>
  readonly #signal: AbortSignal
  readonly #sessions = new Map<string, Promise<unknown>>()
  readonly #told = new Set<string>()

  constructor(
    parts: ExplorerParts,
    options: (source: string) => Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ) {
    this.#parts = parts
    this.#options = options
    this.#signal = signal
  }

  async explore(ref: RefSpec, options: ExploreOptions): Promise<Explored> {
    const { source, route } = routeOf(ref, this.#parts.sources)
    const usable = this.#usable(source, route)
    const begin = usable.findIndex((strategy) => strategy.name === options.strategy)
    const gaveUp: GivenUp[] = []
    let lost: Fault | undefined
    for (const strategy of usable.slice(Math.max(0, begin))) {
      // A cursor is the business of the strategy that made it, which may need options that this run lacks.
      const isForeign = lost !== undefined || (begin < 0 && options.strategy !== undefined)
      if (isForeign && ref.cursor !== undefined) return { findings: [], strategy: strategy.name, restart: true, gaveUp }
      try {
        const findings = await this.#gather(ref, source, strategy, options)
        const less = strategy.lists === 'less'
        return { findings, strategy: strategy.name, restart: false, gaveUp, ...(less && { less }) }
      } catch (thrown) {
        lost = this.#judge(thrown, ref)
        if (this.#isNews(ref, strategy, lost)) gaveUp.push({ strategy: strategy.name, fault: lost })
      }
    }
    throw lost ?? new Fault('Internal', `${source.name}/${route.name} has no strategy`)
  }

  /** The route's strategies whose options are set. */
  #usable({ name }: Source, { strategies }: Route): readonly Strategy[] {
    const options = this.#options(name)
    const isSet = (option: string): boolean => options[option] !== undefined && options[option] !== ''
    return strategies.filter(({ needs = [] }) => needs.every(isSet))
  }

  #isNews({ source, route }: RefSpec, { name }: Strategy, { code }: Fault): boolean {
    const news = `${source}/${route}/${name}/${code}`
    const known = this.#told.has(news)
    this.#told.add(news)
    return !known
  }

  async #gather(ref: RefSpec, source: Source, strategy: Strategy, options: ExploreOptions): Promise<Finding[]> {
    const findings: Finding[] = []
    for await (const finding of strategy.explore(ref.params, ref.cursor, this.#context(source, strategy, options))) {
      findings.push(finding)
      if (findings.length > MOST_FINDINGS) {
        throw new Fault(
          'Internal',
          `${source.name}/${ref.route} yields more than ${MOST_FINDINGS} findings for one page`,
        )
      }
    }
    return findings
  }

  /** Rethrows what no other strategy can mend. */
  #judge(thrown: unknown, ref: RefSpec): Fault {
    const fault = toFault(thrown)
    if (this.#signal.aborted || FINAL_FAULTS.has(fault.code) || fault.disposition === 'abort') throw fault
    return new Fault(fault.code, fault.message, { source: ref.source, route: ref.route, ...fault.evidence })
  }

  #context(source: Source, strategy: Strategy, options: ExploreOptions): ExploreContext {
    return {
      http: this.#sourceHttp(options),
      ...(strategy.uses === 'browser' && { browser: this.#sourceBrowser() }),
      options: this.#options(source.name),
      now: Date.now(),
      depth: options.depth,
      session: <T>(name: string, make: () => Promise<T>) => this.#session(`${source.name}/${name}`, make),
    }
  }

  #sourceBrowser(): Browser {
    return { visit: (request, use) => this.#parts.browser.visit({ signal: this.#signal, ...request }, use) }
  }

  #sourceHttp(options: ExploreOptions): SourceHttp {
    let { first } = options
    return {
      request: async (request) => {
        if (
          first !== undefined &&
          (request.method ?? 'GET') === 'GET' &&
          addressOf(request.url) === addressOf(first.url)
        ) {
          const answer = first
          first = undefined
          return answer
        }
        return this.#parts.http.request(request, { named: options.named, signal: this.#signal })
      },
    }
  }

  /** Made once per run; a failed one is made again at the next call. */
  #session<T>(name: string, make: () => Promise<T>): Promise<T> {
    const kept = this.#sessions.get(name)
    if (kept !== undefined) return kept as Promise<T>
    const made = make()
    this.#sessions.set(name, made)
    made.catch(() => this.#sessions.delete(name))
    return made
  }
}

/** What an answer is known by: it tells neither the fragment nor the user information that were asked with. */
function addressOf(url: string): string {
  const hash = url.indexOf('#')
  const address = hash < 0 ? url : url.slice(0, hash)
  return address.replace(/^(https?:\/\/)[^/?]*@/, '$1')
}
