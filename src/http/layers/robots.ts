import robotsModule from 'robots-parser'
import type { Flow, Receiver, ResponseHead } from '../../core/http.ts'
import { hopFault } from '../faults.ts'
import type { Layer, Outgoing } from '../outgoing.ts'

/** What a robots.txt was answered with: its text, or the status. */
export interface RobotsFile {
  readonly status: number
  readonly text: string
}

interface Robot {
  isAllowed(url: string, agent: string): boolean | undefined
}

// The package exports the function itself, which its declarations do not say.
const parseRobots = robotsModule as unknown as (url: string, text: string) => Robot

type Rules = (url: string) => boolean

/** The name that robots.txt and opt-out headers know the program by. */
const AGENT = 'bowerbird'

/** Directives of `X-Robots-Tag` that keep pictures out of collections, as img2dataset reads them. */
const OPT_OUT = new Set(['noai', 'noimageai', 'noindex', 'noimageindex'])

/** RFC 9309: 4xx means no rules, 5xx and silence mean hands off. */
function rulesOf(url: string, file: RobotsFile): Rules {
  if (file.status >= 500) return () => false
  if (file.status >= 400) return () => true
  const robot = parseRobots(url, file.text)
  return (page) => robot.isAllowed(page, AGENT) ?? true
}

/** The rules of all origins, each read once. */
export class RobotsRules {
  readonly #read: (url: string, named: boolean) => Promise<RobotsFile>
  readonly #rules = new Map<string, Promise<Rules>>()

  constructor(read: (url: string, named: boolean) => Promise<RobotsFile>) {
    this.#read = read
  }

  async allowed(url: URL, named: boolean): Promise<boolean> {
    if (url.pathname === '/robots.txt') return true
    let rules = this.#rules.get(url.origin)
    if (rules === undefined) {
      const place = `${url.origin}/robots.txt`
      rules = this.#read(place, named).then(
        (file) => rulesOf(place, file),
        () => () => false,
      )
      this.#rules.set(url.origin, rules)
    }
    return (await rules)(url.href)
  }
}

/** Whether the values of `X-Robots-Tag` opt out for everybody or for this program. */
export function optsOut(values: string | readonly string[]): boolean {
  const lines = typeof values === 'string' ? [values] : values
  return lines.some((line) => {
    const [, agent, rest] = /^\s*(?!unavailable_after)([\w-]+)\s*:(.*)$/i.exec(line) ?? []
    if (agent !== undefined && agent.toLowerCase() !== AGENT) return false
    return (rest ?? line).split(',').some((directive) => OPT_OUT.has(directive.trim().toLowerCase()))
  })
}

class OptOut implements Receiver {
  readonly #receiver: Receiver
  readonly #request: Outgoing

  constructor(receiver: Receiver, request: Outgoing) {
    this.#receiver = receiver
    this.#request = request
  }

  start(head: ResponseHead, flow: Flow): void {
    const tag = head.headers['x-robots-tag']
    if (tag !== undefined && optsOut(tag))
      throw hopFault('Robots', 'The site opts out of collections (X-Robots-Tag)', this.#request)
    this.#receiver.start(head, flow)
  }

  data(chunk: Uint8Array): void {
    this.#receiver.data(chunk)
  }
}

/** `--robots`: composed only where it is on. */
export function robotsObeying(rules: Pick<RobotsRules, 'allowed'>): Layer {
  return (next) => async (request, receiver) => {
    if (!(await rules.allowed(request.url, request.named))) throw hopFault('Robots', 'robots.txt forbids it', request)
    return next(request, new OptOut(receiver, request))
  }
}
