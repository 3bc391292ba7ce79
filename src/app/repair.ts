import type { Settings } from '../config/settings.ts'
import type { Fault } from '../core/errors.ts'
import type { Emit } from '../core/events.ts'
import type { Source } from '../core/source.ts'
import type { RunSettings, TargetInput } from '../engine/parts.ts'
import type { Catalog } from '../ports/catalog.ts'
import type { Holdings } from '../ports/holdings.ts'
import { runSettings } from './rules.ts'

const PAGE = 1_000

export interface Repairs {
  /** Keys by a target that lists them. */
  readonly repairs: ReadonlyMap<number, readonly string[]>
  /** Keys of items that belong to no target (a rebuilt catalog has some): listed from now on, and fetched when one does. */
  readonly orphans: readonly string[]
}

export async function repairsOf(
  keys: readonly string[],
  { catalog, holdings }: { readonly catalog: Pick<Catalog, 'assets'>; readonly holdings: Holdings },
): Promise<Repairs> {
  const repairs = new Map<number, string[]>()
  const orphans: string[] = []
  for (let from = 0; from < keys.length; from += PAGE) {
    const page = keys.slice(from, from + PAGE)
    for (const [index, target] of (await holdings.targets(page)).entries()) {
      const key = page[index] ?? ''
      if (target === undefined) orphans.push(key)
      else listOf(repairs, target).push(key)
    }
  }
  await relist(orphans, catalog)
  return { repairs, orphans }
}

function listOf(lists: Map<number, string[]>, target: number): string[] {
  const list = lists.get(target) ?? []
  lists.set(target, list)
  return list
}

/** stored → listed. */
async function relist(keys: readonly string[], { assets }: Pick<Catalog, 'assets'>): Promise<void> {
  for (let from = 0; from < keys.length; from += PAGE)
    await assets.relist({ states: ['stored'], keys: keys.slice(from, from + PAGE), count: PAGE })
}

/** What is to be repaired was collected once: neither limits nor filters keep it out now. */
export function repairSettings(settings: Settings, sources: readonly Source[]): RunSettings {
  const given = runSettings(settings, sources)
  return {
    ...given,
    rules: (source) => {
      const { limit: _limit, where: _where, ...rules } = given.rules(source)
      return rules
    },
  }
}

const NO_INPUTS: readonly TargetInput[] = []

/** No target is named; what belongs to none is told once the run has begun. */
export async function* tellOrphans(orphans: readonly string[], emit: Emit): AsyncGenerator<TargetInput | Fault> {
  for (const key of orphans) {
    const message = `${key} belongs to no target that the catalog knows: collect its page again, and it is fetched`
    emit({ event: 'note', level: 'warning', message })
  }
  yield* NO_INPUTS
}
