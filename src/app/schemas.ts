import type { z } from 'zod'
import { sources } from '../sources/registry.gen.ts'

/** The fields that only some sources have, by source. */
export function sourceFields(): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(sources.map((source) => [source.name, Object.keys(source.fields ?? {})]))
}

/** The schema of every source's options, by name. */
export function sourceSchemas(): Readonly<Record<string, z.ZodObject>> {
  return Object.fromEntries(sources.map((source) => [source.name, source.options]))
}
