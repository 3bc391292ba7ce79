import { resolve } from 'node:path'
import type { Json, JsonObject } from '../core/glossary.ts'
import { isSecretName } from '../core/redact.ts'
import { WrittenText } from './environment.ts'
import { emptyLayer, sayForSource, type Layer } from './layer.ts'
import { LASTING_NAMES, optionOf, type OptionName } from './options.ts'
import type { Origin } from './problems.ts'
import { expandHome } from './values.ts'

const ORIGIN: Origin = { layer: 'earlier', label: 'the earlier run' }

/** Where the plan itself lies, and how a call talks: a later call has its own word on these. */
const OF_THE_CALL: readonly OptionName[] = ['to', 'catalog', 'progress', 'verbosity']

const PLANNED = LASTING_NAMES.filter((name) => optionOf(name).secret !== true && !OF_THE_CALL.includes(name))

/** What one call was told, as it would stand in a configuration file: without secrets, and without what is for one call. */
export function planOf(layers: readonly Layer[]): JsonObject {
  const plan: Record<string, Json> = {}
  const sources: Record<string, Record<string, Json>> = {}
  for (const layer of layers) {
    for (const name of PLANNED) {
      const said = layer.options.get(name)
      if (said !== undefined) plan[name] = lasting(name, said.value as Json)
    }
    for (const [source, entries] of layer.sources) {
      const section = (sources[source] ??= {})
      for (const [name, { value }] of entries) if (!isSecretName(name)) section[name] = written(value)
    }
  }
  return Object.keys(sources).length === 0 ? plan : { ...plan, sources }
}

/** A later call may be made in another folder. */
function lasting(name: OptionName, value: Json): Json {
  if (optionOf(name).kind !== 'path') return value
  if (Array.isArray(value)) return (value as readonly Json[]).map((path) => lasting(name, path))
  return typeof value === 'string' && value !== '-' ? resolve(expandHome(value)) : value
}

function written(value: unknown): Json {
  return value instanceof WrittenText ? value.text : (value as Json)
}

/** An earlier run's plan, heard again. What this version does not know is left out: an older one wrote it. */
export function layerOfPlan(plan: JsonObject): Layer {
  const layer = emptyLayer()
  for (const name of PLANNED) {
    const value = plan[name]
    if (value !== undefined) layer.options.set(name, { value, origin: ORIGIN })
  }
  for (const [source, entries] of Object.entries(plan['sources'] ?? {})) {
    for (const [name, value] of Object.entries(entries as JsonObject)) {
      const text = typeof value === 'string' ? new WrittenText(value) : value
      sayForSource(layer, source, name, { value: text, origin: ORIGIN })
    }
  }
  return layer
}
