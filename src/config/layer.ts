import type { OptionName } from './options.ts'
import type { Origin } from './problems.ts'

/** A value as somebody wrote it, and where. */
export interface Said {
  readonly value: unknown
  readonly origin: Origin
}

/** What one place says: the file, the environment, an earlier run, or the command line. */
export interface Layer {
  readonly options: Map<OptionName, Said>
  /** By source, then by the name of its option or of what it overrides. */
  readonly sources: Map<string, Map<string, Said>>
}

export function emptyLayer(): Layer {
  return { options: new Map(), sources: new Map() }
}

export function sayForSource(layer: Layer, source: string, name: string, said: Said): void {
  const section = layer.sources.get(source) ?? new Map<string, Said>()
  layer.sources.set(source, section.set(name, said))
}
