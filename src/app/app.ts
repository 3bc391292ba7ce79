import { openCatalog } from '../adapters/catalog/sqlite/open.ts'
import { MemoryLimiter } from '../adapters/limiter/memory.ts'
import { MemoryQueue } from '../adapters/queue/memory.ts'
import { openDiskStore } from '../adapters/store/disk/store.ts'
import type { Settings } from '../config/settings.ts'
import { Fault } from '../core/errors.ts'
import type { Emit } from '../core/events.ts'
import type { AssetState } from '../core/glossary.ts'
import { isRedacted, redactUrl } from '../core/redact.ts'
import type { Source } from '../core/source.ts'
import { readTarget } from '../core/target.ts'
import type { EngineParts, TargetInput } from '../engine/parts.ts'
import { collect } from '../engine/pipeline.ts'
import type { Collected, Job, Signals } from '../engine/pipeline.ts'
import { resolve } from '../engine/resolve.ts'
import type { RunRow, Runs, Search } from '../ports/catalog.ts'
import { openNetwork } from './network.ts'
import { placeOf } from './place.ts'
import { runSettings } from './rules.ts'
import { sources } from '../sources/registry.gen.ts'
import { checkInputs, readTargets } from './targets.ts'
import { version } from './version.ts'

/** A process that shares the library with others waits this long for the catalog. */
const CATALOG_PATIENCE_SECONDS = 30

export interface AppOptions {
  readonly settings: Settings
  readonly emit: Emit
  readonly signals: Signals
}

/** A library that is open: its catalog can be asked, and collected into. */
export interface App {
  /** Where the files are. */
  readonly library: string
  readonly search: Search
  /** Collects what the user named; targets in list files come behind. */
  get(texts: readonly string[]): Promise<Collected>
  /** Goes on with interrupted runs; `undefined`: there is none. */
  resume(): Promise<Collected | undefined>
  /** Tries failed (or other ended) assets again; `undefined`: there are none. */
  retry(states: readonly AssetState[]): Promise<Collected | undefined>
  close(): Promise<void>
}

/** The composition root: settings → adapters → engine. Opens in order, closes in reverse, also after a fault. */
export async function openApp(options: AppOptions): Promise<App> {
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  try {
    return await compose(options, closers, close)
  } catch (thrown) {
    await close()
    throw thrown
  }
}

async function compose(
  { settings, emit, signals }: AppOptions,
  closers: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<App> {
  await checkInputs(settings.input)
  const place = await placeOf(settings, closers)
  const screens =
    settings.screen.length === 0 ? [] : (await import('../screens/screens.ts')).parseScreens(settings.screen)
  const store = await openDiskStore({
    root: place.root,
    fsync: settings.fsync,
    inspectModule: sibling('../engine/verify/inspect'),
  })
  closers.push(() => store.close())
  const catalog = await openCatalog({
    file: place.catalog,
    durable: settings.fsync,
    busySeconds: CATALOG_PATIENCE_SECONDS,
  })
  closers.push(() => catalog.close())
  const limiter = new MemoryLimiter(catalog.clocks)
  closers.push(() => limiter.close())
  const named: string[] = []
  const http = await openNetwork(settings, sources, named, limiter, emit)
  closers.push(() => http.close())
  const decode = settings.verify === 'decode' ? await openDecoder(closers) : undefined
  const parts: EngineParts = {
    sources,
    http,
    catalog,
    store,
    queue: new MemoryQueue(),
    screens,
    emit,
    ...(decode && { decode }),
  }
  const work = (job: Omit<Job, 'plan' | 'announce'>, texts: readonly string[]): Promise<Collected> =>
    collect(
      {
        ...job,
        plan: planOf(settings, texts),
        announce: { version, library: settings.to, targets: texts.map(redactUrl) },
      },
      parts,
      runSettings(settings, sources),
      signals,
    )
  const inputs = (texts: readonly string[]): AsyncGenerator<TargetInput | Fault> =>
    noting(readTargets({ texts, files: settings.input, globoff: settings.globoff }), named)

  return {
    library: settings.to,
    search: catalog.search,
    close,
    get: (texts) => {
      for (const text of texts) resolve(readTarget(text, { globoff: settings.globoff }), sources)
      return work({ mode: 'visit', known: [], named: inputs(texts), again: [] }, texts)
    },
    resume: async () => {
      const runs = await catalog.runs.unfinished()
      if (runs.length === 0) return undefined
      const known = [...new Set(runs.flatMap((run) => run.targets))]
      const texts = [...new Set(runs.flatMap((run) => textsOf(run.plan)))].filter((text) => !isRedacted(text))
      const collected = await work({ mode: 'resume', known, named: inputs(texts), again: [] }, texts)
      if (!collected.end.interrupted) for (const run of runs) await catalog.runs.end(run.id, endOf(run, collected))
      return collected
    },
    retry: async (states) => {
      const known = await catalog.assets.targets(states)
      return known.length === 0 ? undefined : work({ mode: 'retry', known, named: [], again: states }, [])
    },
  }
}

/** A run that another one has finished. */
function endOf(run: RunRow, { end }: Collected): Parameters<Runs['end']>[1] {
  const { stored, known, excluded, rejected, missing, failed } = end
  return {
    state: 'finished',
    exit: end.exit,
    counts: run.counts ?? { stored, known, excluded, rejected, missing, failed },
    reasons: end.reasons,
  }
}

/** A module beside this one, as source or as built. */
function sibling(path: string): URL {
  return new URL(`${path}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
}

async function openDecoder(closers: (() => Promise<void>)[]): Promise<(file: string) => Promise<void>> {
  const { createDecoder } = await import('../pixels/decoder.ts')
  const decoder = createDecoder()
  closers.push(() => decoder.close())
  return async (file) => {
    await decoder.decode(file)
  }
}

/** The user's headers go to the origins of the targets; of a short form, to the hosts of its source. */
async function* noting(
  inputs: AsyncGenerator<TargetInput | Fault>,
  named: string[],
): AsyncGenerator<TargetInput | Fault> {
  const seen = new Set<string>()
  for await (const input of inputs) {
    if (!(input instanceof Fault)) {
      for (const place of placesOf(input, sources)) {
        if (!seen.has(place)) named.push(place)
        seen.add(place)
      }
    }
    yield input
  }
}

function placesOf({ target }: TargetInput, known: readonly Source[]): readonly string[] {
  switch (target.kind) {
    case 'url':
      return [target.url.origin]
    case 'template':
      return [/^https?:\/\/[^/?#[{]*/i.exec(target.text)?.[0] ?? ''].filter((origin) => URL.canParse(origin))
    case 'short':
      return known.find((source) => source.name === target.source)?.hosts ?? []
  }
}

/** What `resume` needs to do the same again. */
function planOf(settings: Settings, texts: readonly string[]): Job['plan'] {
  return { settings: settings.plan, targets: texts.map(redactUrl) }
}

function textsOf(plan: Job['plan']): readonly string[] {
  const { targets } = plan
  return Array.isArray(targets) ? targets.filter((text) => typeof text === 'string') : []
}
