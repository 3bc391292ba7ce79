import { afterEach } from 'vitest'
import { join } from 'node:path'
import { z } from 'zod'
import { openCatalog } from '../../src/adapters/catalog/sqlite/open.ts'
import { MemoryLimiter } from '../../src/adapters/limiter/memory.ts'
import { MemoryQueue } from '../../src/adapters/queue/memory.ts'
import { openDiskStore } from '../../src/adapters/store/disk/store.ts'
import { openApp } from '../../src/app/app.ts'
import { openNetwork } from '../../src/app/network.ts'
import { runSettings } from '../../src/app/rules.ts'
import { sourceFields, sourceSchemas } from '../../src/app/schemas.ts'
import { readTargets } from '../../src/app/targets.ts'
import { loadSettings } from '../../src/config/load.ts'
import type { LoadOptions } from '../../src/config/load.ts'
import type { Flags, Settings } from '../../src/config/settings.ts'
import type { EndEvent, Event } from '../../src/core/events.ts'
import type { AssetState } from '../../src/core/glossary.ts'
import type { Asset, Finding, RefSpec, Route, Source, Strategy } from '../../src/core/source.ts'
import type { EngineParts } from '../../src/engine/parts.ts'
import { collect } from '../../src/engine/pipeline.ts'
import type { Collected, Job, Signals } from '../../src/engine/pipeline.ts'
import { Library } from './library.ts'
import { Site } from './site.ts'

const closing: (() => Promise<unknown> | void)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

export interface Place {
  readonly site: Site
  readonly library: Library
}

/** A site and an empty library for one test; both go at its end. */
export async function place(): Promise<Place> {
  const library = new Library()
  const site = await Site.open()
  closing.push(() => library.remove())
  closing.push(() => site.close())
  return { site, library }
}

/** What one run told. */
export interface Ran {
  readonly end: EndEvent
  readonly exit: number
  readonly fault?: Collected['fault']
  readonly events: readonly Event[]
  of<Kind extends Event['event']>(kind: Kind): readonly Extract<Event, { event: Kind }>[]
}

export interface RunOptions {
  readonly flags?: Flags
  /** Ends the run as Ctrl-C does. */
  readonly closing?: AbortSignal
  readonly cut?: AbortSignal
  readonly onEvent?: (event: Event) => void
}

type Work = (run: {
  readonly get: (texts: readonly string[]) => Promise<Collected>
  readonly resume: () => Promise<Collected | undefined>
  readonly retry: (states: readonly AssetState[]) => Promise<Collected | undefined>
}) => Promise<Collected | undefined>

/** `get` with the sources of the program. */
export function get(library: Library, texts: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return inApp(library, options, (app) => app.get(texts))
}

export function resume(library: Library, options: RunOptions = {}): Promise<Ran> {
  return inApp(library, options, (app) => app.resume())
}

export function retry(library: Library, states: readonly AssetState[], options: RunOptions = {}): Promise<Ran> {
  return inApp(library, options, (app) => app.retry(states))
}

async function inApp(library: Library, options: RunOptions, work: Work): Promise<Ran> {
  const settings = await settingsOf(library, options, { sourceSchemas: sourceSchemas(), sourceFields: sourceFields() })
  const told = teller(options)
  const app = await openApp({ settings, signals: signalsOf(options), emit: told.emit, ready: async () => {} })
  try {
    return told.ran(await work(app))
  } finally {
    await app.close()
  }
}

/** `get` (or another job) with sources that a test made; every host is the site (see `Site.at`). */
export async function collectWith(
  sources: readonly Source[],
  { site, library }: Place,
  texts: readonly string[],
  options: RunOptions & { readonly job?: Partial<Job>; readonly change?: (parts: EngineParts) => EngineParts } = {},
): Promise<Ran> {
  const schemas = Object.fromEntries(sources.map((source) => [source.name, source.options]))
  const fields = Object.fromEntries(sources.map((source) => [source.name, Object.keys(source.fields ?? {})]))
  const flags = { connectTo: [`::127.0.0.1:${site.port}`], ...options.flags }
  const settings = await settingsOf(library, { ...options, flags }, { sourceSchemas: schemas, sourceFields: fields })
  const told = teller(options)
  const closers: (() => Promise<void>)[] = []
  try {
    const parts = await openParts(sources, library, settings, told.emit, closers)
    const job: Job = {
      mode: 'visit',
      known: [],
      named: readTargets({ texts, files: settings.input, globoff: false, signal: new AbortController().signal }),
      again: [],
      plan: { settings: settings.plan, targets: texts },
      announce: { version: '0', library: library.root, targets: texts },
      ...options.job,
    }
    const used = options.change?.(parts) ?? parts
    return told.ran(await collect(job, used, runSettings(settings, sources), signalsOf(options)))
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

async function openParts(
  sources: readonly Source[],
  library: Library,
  settings: Settings,
  emit: EngineParts['emit'],
  closers: (() => Promise<void>)[],
): Promise<EngineParts> {
  const inspectModule = new URL('../../src/engine/verify/inspect.ts', import.meta.url)
  const store = await openDiskStore({ root: library.root, fsync: false, inspectModule })
  closers.push(() => store.close())
  const file = join(library.root, '.bowerbird/catalog.db')
  const catalog = await openCatalog({ file, durable: false, busySeconds: 10 })
  closers.push(() => catalog.close())
  const limiter = new MemoryLimiter()
  closers.push(() => limiter.close())
  const network = await openNetwork(settings, sources, [], limiter, emit)
  closers.push(() => network.close())
  const { http, browser } = network
  return { sources, http, browser, catalog, store, queue: new MemoryQueue(), screens: [], emit, ready: async () => {} }
}

function settingsOf(
  library: Library,
  { flags }: RunOptions,
  known: Pick<LoadOptions, 'sourceSchemas' | 'sourceFields'>,
): Promise<Settings> {
  const all = { to: library.root, fsync: false, ...flags }
  return loadSettings({ flags: all, env: { XDG_CONFIG_HOME: library.beside('none') }, ...known })
}

function signalsOf({ closing: soft, cut }: RunOptions): Signals {
  return { closing: soft ?? new AbortController().signal, cut: cut ?? new AbortController().signal }
}

function teller({ onEvent }: RunOptions): {
  readonly emit: EngineParts['emit']
  readonly ran: (collected: Collected | undefined) => Ran
} {
  const events: Event[] = []
  const emit = (event: Event): void => {
    events.push(event)
    onEvent?.(event)
  }
  const of = <Kind extends Event['event']>(kind: Kind): readonly Extract<Event, { event: Kind }>[] =>
    events.filter((event): event is Extract<Event, { event: Kind }> => event.event === kind)
  const ran = (collected: Collected | undefined): Ran => {
    if (collected === undefined) throw new Error('there was nothing to do')
    const { end, fault } = collected
    return { end, exit: end.exit, events, of, ...(fault && { fault }) }
  }
  return { emit, ran }
}

/** The counts of a run, those that are not zero. */
export function counts({ end }: Ran): Readonly<Record<string, number>> {
  const { stored, known, excluded, rejected, missing, failed } = end
  const all = Object.entries({ stored, known, excluded, rejected, missing, failed })
  return Object.fromEntries(all.filter(([, count]) => count > 0)) as Record<string, number>
}

/** A parameter that is text. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** A source named `test` whose target is `test:ROUTE/ARGUMENT`. */
export function testSource(
  routes: Readonly<Record<string, Strategy['explore'] | readonly Strategy[]>>,
  more: Partial<Source> = {},
): Source {
  return {
    name: 'test',
    about: 'made for a test',
    hosts: [],
    options: z.object({}),
    limits: [],
    routes: Object.entries(routes).map(([name, how]) => testRoute(name, how)),
    folder: '{source}',
    filename: '{filename}',
    ...more,
  }
}

function testRoute(name: string, how: Strategy['explore'] | readonly Strategy[]): Route {
  return {
    name,
    example: `test:${name}/1`,
    about: 'made for a test',
    match: (target) =>
      target.kind === 'short' && target.rest.startsWith(`${name}/`)
        ? { argument: target.rest.slice(name.length + 1) }
        : undefined,
    strategies: typeof how === 'function' ? [{ name: 'only', explore: how }] : how,
  }
}

/** An asset whose key and name are its URL's path. */
export function asset(url: string, more: Partial<Asset> = {}): Extract<Finding, { kind: 'asset' }> {
  const filename = new URL(url).pathname
    .slice(1)
    .replaceAll('/', '-')
    .replace(/\.\w+$/, '')
  const candidates = [{ url, quality: 'original' as const }]
  return { kind: 'asset', asset: { key: `test:${filename}`, candidates, meta: { filename }, ...more } }
}

export function ref(
  as: 'next' | 'child',
  route: string,
  params: RefSpec['params'],
  more: { readonly cursor?: number; readonly yields?: readonly string[] } = {},
): Extract<Finding, { kind: 'ref' }> {
  const { cursor, yields } = more
  const spec = { source: 'test', route, params, ...(cursor !== undefined && { cursor }) }
  return { kind: 'ref', as, ref: spec, ...(yields && { yields }) }
}
