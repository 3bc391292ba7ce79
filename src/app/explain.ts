import type { Json, JsonObject } from '../core/glossary.ts'
import { redactUrl } from '../core/redact.ts'
import { readTarget } from '../core/target.ts'
import { resolve } from '../engine/resolve.ts'
import { sources } from '../sources/registry.gen.ts'

export interface Explanation {
  readonly target: string
  readonly source: string
  readonly route: string
  readonly about: string
  readonly params: JsonObject
  readonly strategies: readonly string[]
  /** How many assets, where that is known without a request. */
  readonly total?: number
}

/** Which source and route takes a target. No network, no disk. Throws `UnknownTarget` or `Usage`. */
export function explainTarget(text: string, globoff: boolean): Explanation {
  const { source, route, spec } = resolve(readTarget(text, { globoff }), sources)
  const total = route.total?.(spec.params)
  return {
    target: redactUrl(text),
    source: source.name,
    route: route.name,
    about: route.about,
    params: Object.fromEntries(Object.entries(spec.params).map(([name, value]) => [name, plain(value)])),
    strategies: route.strategies.map((strategy) => strategy.name),
    ...(total !== undefined && { total }),
  }
}

/** What is printed carries no secrets. */
function plain(value: Json): Json {
  return typeof value === 'string' ? redactUrl(value) : value
}
