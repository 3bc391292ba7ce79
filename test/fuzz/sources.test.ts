/**
 * Every strategy of every source, on answers of its replica that were tampered with: HTML, JSON, XML and states of pages
 * that are cut, doubled, filled with other values, or replaced by rubbish without measure.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replica as deviantart } from '../../replicas/deviantart.ts'
import { CLIENT } from '../../replicas/deviantart/api.ts'
import { replica as imgur } from '../../replicas/imgur.ts'
import { replica as lofter } from '../../replicas/lofter.ts'
import { replica as louvre } from '../../replicas/louvre.ts'
import { replica as page } from '../../replicas/page.ts'
import { replica as search } from '../../replicas/search.ts'
import { ENGINE, KEYS as GOOGLE_KEYS } from '../../replicas/search/google-cse.ts'
import { replica as template } from '../../replicas/template.ts'
import type { Handler, Replica, ReplicaTarget } from '../../replicas/harness/replica.ts'
import type { FaultCode } from '../../src/core/errors.ts'
import type { Finding, RefSpec, Source, Strategy } from '../../src/core/source.ts'
import { sources } from '../../src/sources/registry.gen.ts'
import { contextOf, resolveTarget } from '../sources/crawl.ts'
import { OF_STRANGERS, onlyFaults } from './support/faults.ts'
import { Findings } from './support/findings.ts'
import { holds } from './support/rounds.ts'
import { TamperedSite, tamperings } from './support/site.ts'
import type { Tampering } from './support/site.ts'

const REPLICAS: Readonly<Record<string, Replica>> = { deviantart, imgur, lofter, louvre, page, search, template }

/** What the grammars of answers are made of. */
const TOKENS = [
  ...[
    '<img src="',
    '<a href="',
    '<script>',
    '</script>',
    '<div class="',
    '">',
    '</div>',
    '<noscript>',
    '<base href="',
    '<style>',
  ],
  ...[
    '<meta property="og:image" content="',
    ' srcset="',
    ' data-src="',
    '<picture><source srcset="',
    'url(',
    '<svg><image href="',
  ],
  ...[
    '<loc>',
    '</loc>',
    '<sitemap>',
    '<url>',
    '<item>',
    '<link>',
    '&lol;',
    '<!DOCTYPE x [<!ENTITY lol "lol">',
    '<?xml?>',
  ],
  ...[
    '{"data":',
    '[',
    ']',
    '}',
    ',',
    '"id":',
    'null',
    '\\u0000',
    '\\"',
    "\\'",
    'window.__INITIAL_STATE__ = JSON.parse("',
  ],
  ...[
    'https://i.imgur.com/abc.jpg',
    'https://example.org/a.jpg',
    'dwr.engine._remoteHandleCallback(',
    's0.id=',
    'AF_initDataCallback(',
  ],
]

/** Without these some strategies ask for nothing. */
const KEYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  search: { 'search.googleApiKey': GOOGLE_KEYS.good, 'search.googleEngineId': ENGINE },
  deviantart: { 'deviantart.clientId': CLIENT.id, 'deviantart.clientSecret': CLIENT.secret },
}

/** Google may say that the user's key is none. */
const MAY_BLAME: Readonly<Record<string, readonly FaultCode[]>> = { search: [...OF_STRANGERS, 'Usage'] }

/** Steps from the first ref that are explored as well. */
const MOST_REFS = 6

/** Where exploring begins, with options as `--option` gives them. */
interface Root {
  readonly ref: RefSpec
  readonly options: Readonly<Record<string, string>>
}

interface Strategies {
  readonly strategy: string
  readonly roots: readonly Root[]
}

/** One entry for each strategy of a source, with the refs that examples of its routes stand for. */
function strategiesOf(source: Source): readonly Strategies[] {
  const names = new Set(source.routes.flatMap(({ strategies }) => strategies.map(({ name }) => name)))
  return [...names].map((strategy) => {
    const routes = source.routes.filter(({ strategies }) => strategies.some(({ name }) => name === strategy))
    const known = routes.map(({ name }) => name)
    const { targets = [] } = REPLICAS[source.name] ?? {}
    const examples = routes.flatMap(({ example, also = [] }) => [example, ...also])
    return { strategy, roots: [...examples.map((target) => ({ target })), ...targets].flatMap(toRoot(source, known)) }
  })
}

function toRoot(source: Source, routes: readonly string[]): (one: Partial<ReplicaTarget>) => readonly Root[] {
  return ({ target = '', options = {} }) => {
    try {
      const ref = resolveTarget(source, target)
      return ref !== undefined && routes.includes(ref.route)
        ? [{ ref, options: { ...KEYS[source.name], ...options } }]
        : []
    } catch {
      // Index files and lists are read elsewhere.
      return []
    }
  }
}

function strategyOf(source: Source, ref: RefSpec, name: string): Strategy | undefined {
  const strategies = source.routes.find((route) => route.name === ref.route)?.strategies
  return strategies?.find((each) => each.name === name) ?? strategies?.[0]
}

/** What comes of a ref and those it leads to, as text; throws at anything that may not be. */
async function explore(source: Source, root: Root, name: string, site: TamperedSite): Promise<string> {
  const context = contextOf(source, { ...unused, request: (request) => site.request(request) }, root.options)
  const queue = [{ ref: root.ref, depth: 0 }]
  const told: unknown[] = []
  for (let count = 0; count < MOST_REFS; count += 1) {
    const next = queue.shift()
    if (next === undefined) break
    const { ref, depth } = next
    const strategy = strategyOf(source, ref, name)
    if (strategy === undefined || strategy.uses === 'browser') continue
    const findings = new Findings(source)
    const fault = await onlyFaults(async () => {
      for await (const finding of strategy.explore(ref.params, ref.cursor, { ...context, depth })) {
        findings.take(finding)
        told.push(finding)
        const onward = refOf(finding)
        if (onward?.source === source.name) queue.push({ ref: onward, depth: depth + 1 })
      }
    }, MAY_BLAME[source.name])
    if (fault !== undefined) told.push([fault.code, fault.message])
  }
  return JSON.stringify(told)
}

function refOf(finding: Finding): RefSpec | undefined {
  return finding.kind === 'ref' ? finding.ref : undefined
}

const unused = {
  transfer: () => Promise.reject(new Error('exploring transfers nothing')),
  answer: () => {
    throw new Error('exploring makes no answers')
  },
  scope: () => ({ name: 'any', slots: 1 }),
  close: () => Promise.resolve(),
}

const handlers = new Map<string, Promise<Handler>>()

function handlerOf(name: string): Promise<Handler> {
  const replica = REPLICAS[name]
  if (replica === undefined) throw new Error(`${name} has no replica here`)
  const known = handlers.get(name) ?? TamperedSite.handlerOf(replica)
  handlers.set(name, known)
  return known
}

/**
 * Strategies whose answers no replica gives in this process: their readers are in `answers.test.ts`. (imgur's web pages
 * refuse unless the API is down, DeviantArt's `_puppy` wants cookies, Google a browser; `none` and `file` ask for nothing.)
 */
const OUT_OF_REACH = new Set([
  'deviantart/puppy',
  'imgur/web',
  'imgur/html',
  'louvre/none',
  'search/browser',
  'search/file',
])
/** Ask for nothing, or little: more inputs would only repeat the same. */
const FEW = new Set([
  'louvre/numbers',
  'louvre/none',
  'louvre/address',
  'search/browser',
  'search/file',
  'lofter/redirect',
])

/** What a source makes of answers that nobody tampered with. */
async function sound(source: Source, strategy: string, roots: readonly Root[]): Promise<string> {
  const handler = await handlerOf(source.name)
  const all = await Promise.all(roots.map((root) => explore(source, root, strategy, new TamperedSite(handler, []))))
  return all.join('\n')
}

describe.each(sources.filter(({ name }) => name in REPLICAS))('$name', (source) => {
  for (const { strategy, roots } of strategiesOf(source).filter((each) => each.roots.length > 0)) {
    const inputs = fc.record({ root: fc.constantFrom(...roots), tampering: tamperings(TOKENS) })
    const runs = FEW.has(`${source.name}/${strategy}`) ? 4 : 20
    holds<{ root: Root; tampering: readonly Tampering[] }>(strategy, runs, inputs, async ({ root, tampering }) => {
      const handler = await handlerOf(source.name)
      const once = await explore(source, root, strategy, new TamperedSite(handler, tampering))
      const twice = await explore(source, root, strategy, new TamperedSite(handler, tampering))
      expect(twice === once, 'the same answers lead to the same findings').toBe(true)
    })

    if (OUT_OF_REACH.has(`${source.name}/${strategy}`)) continue
    test(`${strategy}: finds something where nothing was tampered with`, async () => {
      expect(await sound(source, strategy, roots)).toMatch(/"kind":"(?:asset|ref|url|missing|note)"/)
    })
  }
})
