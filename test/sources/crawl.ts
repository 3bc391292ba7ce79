import { createHash } from 'node:crypto'
import { z } from 'zod'
import { MemoryLimiter } from '../../src/adapters/limiter/memory.ts'
import { WrittenText } from '../../src/config/environment.ts'
import type { Browser } from '../../src/core/browser.ts'
import { Fault } from '../../src/core/errors.ts'
import type { Http, ResponseHead } from '../../src/core/http.ts'
import type { Asset, ExploreContext, Finding, RefSpec, Source, Strategy } from '../../src/core/source.ts'
import { readTarget } from '../../src/core/target.ts'
import { FIELDS } from '../../src/expr/fields.ts'
import { decodeDataUrl } from '../../src/kit/data-url.ts'
import { createHttp } from '../../src/http/client.ts'
import { parseConnectTo } from '../../src/http/connect/connect-to.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { makeMedia } from '../../replicas/harness/media.ts'
import type { Expected } from '../../replicas/harness/replica.ts'

/** The real way out to the network, led to the replicas, without the sources' advised rates. */
export function openHttp(running: RunningReplicas, sources: readonly Source[], retries = 0): Http {
  const limiter = new MemoryLimiter()
  const http = createHttp(
    {
      version: '0',
      rate: 10_000,
      retries,
      limits: sources.flatMap((source) => source.limits),
      ca: running.ca,
      connectTo: [parseConnectTo(running.connectTo)],
      maxSize: 10_000_000,
    },
    limiter,
  )
  return {
    ...bound(http),
    close: async () => {
      await http.close()
      await limiter.close()
    },
  }
}

function bound(http: Http): Omit<Http, 'close'> {
  return {
    request: (request, options) => http.request(request, options),
    transfer: (request, receiver) => http.transfer(request, receiver),
    answer: (head, bytes) => http.answer(head, bytes),
    scope: (url) => http.scope(url),
  }
}

type Unavailable = Extract<Finding, { kind: 'unavailable' }>

/** Everything that a target yields, ref by ref. */
export interface Crawled {
  readonly assets: ReadonlyMap<string, Asset>
  readonly missing: readonly string[]
  readonly unavailable: readonly Unavailable[]
  readonly urls: readonly string[]
  readonly refs: number
}

export interface CrawlOptions {
  /** Used wherever a route has a strategy of this name; the first one elsewhere. */
  readonly strategy?: string
  /** As `--option` writes them: `imgur.gif` → `both`. */
  readonly options?: Readonly<Record<string, string>>
  readonly mostRefs?: number
  /** For strategies that use one. */
  readonly browser?: Browser
}

export function resolveTarget(source: Source, text: string): RefSpec | undefined {
  const target = readTarget(text, { globoff: false })
  for (const route of source.routes) {
    const params = route.match(target)
    if (params !== undefined) return { source: source.name, route: route.name, params }
  }
  return undefined
}

export function contextOf(source: Source, http: Http, given: Readonly<Record<string, string>> = {}): ExploreContext {
  const own = Object.entries(given).map(([name, value]) => {
    const option = name.slice(source.name.length + 1)
    return [option, readOption(source, option, value)]
  })
  const sessions = new Map<string, Promise<unknown>>()
  return {
    http,
    options: source.options.parse(Object.fromEntries(own)),
    now: Date.UTC(2026, 0, 1),
    depth: 0,
    session: <T>(name: string, make: () => Promise<T>) => {
      if (!sessions.has(name)) sessions.set(name, make())
      return sessions.get(name) as Promise<T>
    },
  }
}

/** What a text stands for: a number, a switch or itself, as the schema has it. */
function readOption(source: Source, option: string, text: string): unknown {
  const schema = source.options.shape[option]
  const fits = new WrittenText(text).readings().find((reading) => schema && z.safeParse(schema, reading).success)
  return fits ?? text
}

export async function crawl(source: Source, text: string, http: Http, options: CrawlOptions = {}): Promise<Crawled> {
  const root = resolveTarget(source, text)
  if (root === undefined) throw new Error(`${source.name} takes no ${text}`)
  const { browser } = options
  const context = { ...contextOf(source, http, options.options), ...(browser && { browser }) }
  const found = {
    assets: new Map<string, Asset>(),
    missing: [] as string[],
    unavailable: [] as Unavailable[],
    urls: [] as string[],
    refs: 0,
  }
  const queue = [{ ref: root, depth: 0 }]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { ref, depth } = next
    found.refs += 1
    if (found.refs > (options.mostRefs ?? 200)) throw new Error(`${text} leads to too many refs`)
    const strategy = strategyOf(source, ref, options.strategy, context.options)
    for await (const finding of strategy.explore(ref.params, ref.cursor, { ...context, depth })) {
      if (finding.kind === 'asset') found.assets.set(finding.asset.key, declared(source, finding.asset))
      else if (finding.kind === 'ref')
        queue.push({ ref: asStored(finding.ref), depth: depth + (finding.as === 'child' ? 1 : 0) })
      else if (finding.kind === 'missing') found.missing.push(finding.key)
      else if (finding.kind === 'url') found.urls.push(finding.url)
      else if (finding.kind === 'unavailable') found.unavailable.push(finding)
    }
  }
  return found
}

/** Templates may ask for declared fields alone: one that nobody knows of cannot be used. */
function declared(source: Source, asset: Asset): Asset {
  const unknown = Object.keys(asset.meta).filter(
    (name) => !Object.hasOwn(FIELDS, name) && !Object.hasOwn(source.fields ?? {}, name),
  )
  if (unknown.length > 0) throw new Error(`${source.name} does not declare ${unknown.join(', ')} among its \`fields\``)
  return asset
}

/** Refs wait as JSON: what does not survive that must not matter. */
function asStored(ref: RefSpec): RefSpec {
  return JSON.parse(JSON.stringify(ref)) as RefSpec
}

/** As the engine picks it: of those whose options are set. */
function strategyOf(
  source: Source,
  ref: RefSpec,
  name: string | undefined,
  options: ExploreContext['options'],
): Strategy {
  const route = source.routes.find((each) => each.name === ref.route)
  const usable = route?.strategies.filter(({ needs = [] }) => needs.every((option) => options[option] !== ''))
  const strategy = usable?.find((each) => each.name === name) ?? usable?.[0]
  if (strategy === undefined) throw new Error(`${source.name} has no route ${ref.route}`)
  return strategy
}

/** How one asset ends: the SHA-256 of its bytes, `missing`, or a fault's code. */
export async function fetchAsset(asset: Asset, http: Http): Promise<string> {
  let outcome = 'NoCandidate'
  for (const candidate of asset.candidates) {
    const { head, bytes } = await receive(candidate.url, candidate.headers, http)
    outcome = judge(asset, head, bytes)
    if (!/^[A-Z]/.test(outcome)) return outcome
  }
  return outcome
}

async function receive(
  url: string,
  headers: Readonly<Record<string, string>> | undefined,
  http: Http,
): Promise<{ readonly head: ResponseHead; readonly bytes: Buffer }> {
  const inline = decodeDataUrl(url)
  if (inline !== undefined)
    return { head: { url, status: 200, headers: {}, redirects: 0 }, bytes: Buffer.from(inline.bytes) }
  const chunks: Buffer[] = []
  const request = {
    url,
    ...(headers === undefined ? {} : { headers }),
    named: true,
    signal: new AbortController().signal,
  }
  const head = await http.transfer(request, {
    start: () => {},
    data: (chunk) => {
      chunks.push(Buffer.from(chunk))
    },
  })
  return { head, bytes: Buffer.concat(chunks) }
}

/** The rules of an asset, as the engine applies them. */
function judge({ rules = {} }: Asset, head: ResponseHead, bytes: Buffer): string {
  const absent = rules.enumerated === true ? 'missing' : 'Gone'
  if (head.status === 404 || head.status === 410) return absent
  if (head.status !== 200) return 'HttpStatus'
  if (bytes.length === 0) return 'Empty'
  if (rules.placeholder?.finalUrl?.some((end) => head.url.endsWith(end)) === true) return 'Placeholder'
  if (String(head.headers['content-type']).startsWith('text/html'))
    return rules.missingIf?.html === true ? absent : 'Html'
  const { notMagic } = rules.missingIf ?? {}
  if (notMagic !== undefined && !bytes.toString('latin1').startsWith(notMagic)) return absent
  return createHash('sha256').update(bytes).digest('hex')
}

/** What the expectation of a replica says of each key, in the words of `fetchAsset`. */
export async function expectedOutcomes(expected: Expected): Promise<Readonly<Record<string, string>>> {
  const files = await Promise.all(
    Object.entries(expected.files).map(async ([key, media]) => [key, (await makeMedia(media)).sha256]),
  )
  const missing = (expected.missing ?? []).map((key) => [key, 'missing'])
  return Object.fromEntries([...files, ...missing, ...Object.entries(expected.failed ?? {})]) as Record<string, string>
}

export async function outcomesOf(crawled: Crawled, http: Http): Promise<Readonly<Record<string, string>>> {
  const fetched = await Promise.all(
    [...crawled.assets].map(async ([key, asset]) => [key, await fetchAsset(asset, http)]),
  )
  return Object.fromEntries([...fetched, ...crawled.missing.map((key) => [key, 'missing'])]) as Record<string, string>
}

export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  try {
    await work
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown
    throw thrown
  }
  throw new Error('nothing went wrong')
}
