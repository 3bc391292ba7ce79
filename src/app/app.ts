import { MemoryLimiter } from '../adapters/limiter/memory.ts'
import { MemoryQueue } from '../adapters/queue/memory.ts'
import { openDiskStore } from '../adapters/store/disk/store.ts'
import type { Settings } from '../config/settings.ts'
import type { Fault } from '../core/errors.ts'
import type { Emit, Event } from '../core/events.ts'
import type { AssetState } from '../core/glossary.ts'
import { redactUrl } from '../core/redact.ts'
import { readTarget } from '../core/target.ts'
import type { EngineParts, TargetInput } from '../engine/parts.ts'
import { collect } from '../engine/pipeline.ts'
import type { Collected, Job, Signals } from '../engine/pipeline.ts'
import { resolve } from '../engine/resolve.ts'
import { INSPECT_MODULE } from '../engine/verify/inspect-module.ts'
import type { RunRow, Runs } from '../ports/catalog.ts'
import type { Holdings } from '../ports/holdings.ts'
import { sources } from '../sources/registry.gen.ts'
import { chooseFollows, followInputs } from './follows.ts'
import { KeywordIndex } from './keywords/keyword-index.ts'
import { readIndexes } from './keywords/read-indexes.ts'
import { NamedPlaces } from './named-places.ts'
import { catalogFile, placeOf } from './place.ts'
import { repairSettings, repairsOf, tellOrphans } from './repair.ts'
import { runSettings } from './rules.ts'
import { checkInputs, readTargets } from './targets.ts'
import { version } from './version.ts'

/** A process that shares the library with others waits this long for the catalog. */
const CATALOG_PATIENCE_SECONDS = 30

export interface AppOptions {
  readonly settings: Settings
  readonly emit: Emit
  readonly signals: Signals
  /** Resolves when who takes the events has room for more. */
  readonly ready: EngineParts['ready']
}

type Closer = () => Promise<void>

/**
 * The composition root: settings → adapters → engine. Opens in order, closes in reverse, also after a fault. What is
 * wrong with settings, lists or the library is thrown here, before anything is begun.
 */
export async function openApp(options: AppOptions): Promise<App> {
  const closers: Closer[] = []
  try {
    await checkInputs(options.settings.input)
    const listed = await readIndexes(options.settings.fromIndex)
    const named = new NamedPlaces(sources)
    return new App(options, await openParts(options, named, closers), named, listed, closers)
  } catch (thrown) {
    await closeAll(closers)
    throw thrown
  }
}

interface AppParts extends EngineParts {
  readonly holdings: Holdings
}

async function openParts(
  { settings, emit, ready }: AppOptions,
  named: NamedPlaces,
  closers: Closer[],
): Promise<AppParts> {
  const screens =
    settings.screen.length === 0 ? [] : (await import('../screens/screens.ts')).parseScreens(settings.screen)
  const { root, catalog: file, library } = await placeOf(settings, closers)
  const opening = openDiskStore({ root, fsync: settings.fsync, inspectModule: INSPECT_MODULE })
  // The writer thread starts while the large packages load.
  const [store, { openCatalog }, { openNetwork }] = await Promise.all([
    opening.then((opened) => {
      closers.push(() => opened.close())
      return opened
    }),
    import('../adapters/catalog/sqlite/open.ts'),
    import('./network.ts'),
  ])
  const catalog = await openCatalog({ file, library, durable: settings.fsync, busySeconds: CATALOG_PATIENCE_SECONDS })
  closers.push(() => catalog.close())
  const limiter = new MemoryLimiter(catalog.clocks)
  closers.push(() => limiter.close())
  const network = await openNetwork(settings, sources, named.places, limiter, emit)
  closers.push(() => network.close())
  const { http, browser, login } = network
  const index = new KeywordIndex(root, settings.fsync)
  if (!settings.dryRun) closers.push(() => index.close())
  const decode = settings.verify === 'decode' ? await openDecoder(closers) : undefined
  return {
    sources: settings.dryRun ? sources : index.observing(sources),
    http,
    browser,
    catalog,
    holdings: catalog.holdings,
    store,
    queue: new MemoryQueue(),
    screens,
    emit,
    ready,
    ...(decode && { decode }),
    ...(login && { login }),
  }
}

/** A library that is open for collecting. */
export class App {
  readonly #options: AppOptions
  readonly #parts: AppParts
  readonly #named: NamedPlaces
  /** Targets of `--from-index`. */
  readonly #listed: readonly TargetInput[]
  readonly #closers: Closer[]
  #troubled = false
  /** The catalog to be backed up at the end; `hurry`: somebody waits for it. */
  #backup: { readonly file: string; readonly hurry: boolean } | undefined

  constructor(
    options: AppOptions,
    parts: AppParts,
    named: NamedPlaces,
    listed: readonly TargetInput[],
    closers: Closer[],
  ) {
    this.#options = options
    this.#parts = parts
    this.#named = named
    this.#listed = listed
    this.#closers = closers
  }

  /**
   * Collects what the user named; targets in list files come behind. A target that cannot be read is thrown first;
   * `unusable` are rows of a table that are told with the others, while the rest goes on.
   */
  async get(texts: readonly string[], unusable: readonly Fault[] = []): Promise<Collected> {
    const { globoff } = this.#options.settings
    for (const text of texts) resolve(readTarget(text, { globoff }), sources)
    return this.#work({ mode: 'visit', known: [], again: [] }, texts, unusable)
  }

  /** Goes on with interrupted runs; `undefined`: there is none. */
  async resume(): Promise<Collected | undefined> {
    const { runs } = this.#parts.catalog
    const unfinished = await runs.unfinished()
    if (unfinished.length === 0) return undefined
    const known = [...new Set(unfinished.flatMap((run) => run.targets))]
    const texts = [...new Set(unfinished.flatMap((run) => textsOf(run.plan)))]
    if (this.#options.settings.input.includes('-')) this.#parts.emit(INPUT_IS_GONE)
    const collected = await this.#work({ mode: 'resume', known, again: [] }, texts)
    if (!collected.end.interrupted) for (const run of unfinished) await runs.end(run.id, endOf(run, collected))
    return collected
  }

  /** Tries failed (or other ended) assets again; `undefined`: there are none. */
  async retry(states: readonly AssetState[]): Promise<Collected | undefined> {
    const known = await this.#parts.catalog.assets.targets(states)
    return known.length === 0 ? undefined : this.#work({ mode: 'retry', known, again: states }, [])
  }

  /** Fetches stored items again whose files are gone or changed. A changed file stays, and the new one gets a free name. */
  async repair(keys: readonly string[]): Promise<Collected> {
    const { repairs, orphans } = await repairsOf(keys, this.#parts)
    const job = { mode: 'resume', known: [...repairs.keys()], again: [], repairs } as const
    return this.#collect(job, tellOrphans(orphans, this.#parts.emit), { texts: [], planned: [] })
  }

  /** Visits what is followed again, all or what is named; `undefined`: nothing is followed. */
  async update(names: readonly string[]): Promise<Collected | undefined> {
    const follows = await this.#parts.catalog.follows.list()
    if (follows.length === 0) return undefined
    const chosen = chooseFollows(follows, names)
    const inputs = followInputs(chosen)
    return this.#collect({ mode: 'update', known: [], again: [] }, inputs, {
      texts: chosen.map(({ text }) => text),
      planned: [],
    })
  }

  /** The trouble that a run has ended with is met by the closing as well: it is told once. */
  async close(): Promise<void> {
    try {
      await closeAll(this.#closers)
    } catch (thrown) {
      if (!this.#troubled) throw thrown
    }
    if (this.#backup === undefined) return
    const { backUpCatalog } = await import('../adapters/catalog/sqlite/backup.ts')
    const { file, hurry } = this.#backup
    await backUpCatalog(file, { durable: this.#options.settings.fsync, hurry })
  }

  async #work(
    job: Pick<Job, 'mode' | 'known' | 'again'>,
    texts: readonly string[],
    unusable: readonly Fault[] = [],
  ): Promise<Collected> {
    const { settings } = this.#options
    const listed = job.mode === 'retry' ? [] : this.#listed
    const files = job.mode === 'retry' ? [] : settings.input.filter((file) => file !== '-' || job.mode === 'visit')
    const reading = new AbortController()
    this.#closers.push(() => Promise.resolve(reading.abort()))
    const { signal } = reading
    const inputs = readTargets({ texts, files, listed, unusable, globoff: settings.globoff, signal })
    return this.#collect(job, inputs, { texts, planned: texts })
  }

  /** `texts` are told, those `planned` are begun by `resume` where this run did not come to them. */
  async #collect(
    job: Pick<Job, 'mode' | 'known' | 'again' | 'repairs'>,
    inputs: AsyncGenerator<TargetInput | Fault>,
    { texts, planned }: { readonly texts: readonly string[]; readonly planned: readonly string[] },
  ): Promise<Collected> {
    const { settings, signals } = this.#options
    const named = this.#named.noting(inputs)
    const plan = { settings: settings.plan, targets: planned }
    const announce = { version, library: settings.to, targets: texts.map(redactUrl) }
    const rules = job.repairs === undefined ? runSettings(settings, sources) : repairSettings(settings, sources)
    const collected = await collect({ ...job, named, plan, announce }, this.#parts, rules, signals)
    this.#troubled = collected.fault !== undefined
    if (!this.#troubled && !settings.dryRun)
      this.#backup = { file: catalogFile(settings), hurry: collected.end.interrupted }
    return collected
  }
}

/** Told when a run that read standard input is resumed. */
const INPUT_IS_GONE: Event = {
  event: 'note',
  level: 'warning',
  message:
    'targets that came from standard input and were not begun are not known any more: give the list again with get',
}

async function openDecoder(closers: Closer[]): Promise<(file: string) => Promise<void>> {
  const { createDecoder } = await import('../pixels/decoder.ts')
  const decoder = createDecoder()
  closers.push(() => decoder.close())
  return async (file) => {
    await decoder.decode(file)
  }
}

/** All of them, whatever one of them meets; the first fault is thrown at the end. */
async function closeAll(closers: Closer[]): Promise<void> {
  const faults: unknown[] = []
  for (const close of closers.splice(0).toReversed()) await close().catch((thrown: unknown) => faults.push(thrown))
  if (faults.length > 0) throw faults[0]
}

/** A run that another one has finished. */
function endOf(run: RunRow, { end }: Collected): Parameters<Runs['end']>[1] {
  const { stored, known, excluded, rejected, missing, failed } = end
  const counts = run.counts ?? { stored, known, excluded, rejected, missing, failed }
  return { state: 'finished', exit: end.exit, counts, reasons: end.reasons }
}

function textsOf(plan: RunRow['plan']): readonly string[] {
  const targets = plan['targets']
  return Array.isArray(targets) ? targets.filter((text) => typeof text === 'string') : []
}
