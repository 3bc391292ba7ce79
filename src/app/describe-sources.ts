import { z } from 'zod'
import type { Limit, Source, SourceEvidence } from '../core/source.ts'
import { sources } from '../sources/registry.gen.ts'

/** A source as data: what `sources`, completion and the documentation tell of it. */
export interface SourceDescription {
  readonly name: string
  readonly about: string
  readonly hosts: readonly string[]
  readonly folder: string
  readonly filename: string
  readonly routes: readonly {
    readonly name: string
    readonly about: string
    readonly example: string
    readonly also: readonly string[]
    readonly newestFirst: boolean
    readonly strategies: readonly string[]
  }[]
  readonly options: readonly OptionDescription[]
  /** Beside the common ones, with what they hold. */
  readonly fields: Readonly<Record<string, string>>
  readonly limits: readonly Limit[]
  readonly evidence?: SourceEvidence
}

export interface OptionDescription {
  readonly name: string
  readonly about: string
  /** What may be written: its words, or its type. */
  readonly takes: string
  readonly default?: unknown
}

export function describeSources(): readonly SourceDescription[] {
  return sources.map(describeSource)
}

function describeSource(source: Source): SourceDescription {
  const { name, about, hosts, folder, filename, routes, options, fields = {}, limits, evidence } = source
  return {
    name,
    about,
    hosts,
    folder,
    filename,
    routes: routes.map((route) => ({
      name: route.name,
      about: route.about,
      example: route.example,
      also: route.also ?? [],
      newestFirst: route.order === 'newest-first',
      strategies: route.strategies.map((strategy) => strategy.name),
    })),
    options: describeOptions(options),
    fields,
    limits,
    ...(evidence !== undefined && { evidence }),
  }
}

interface Property {
  readonly description?: string
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly default?: unknown
}

function describeOptions(schema: z.ZodObject): readonly OptionDescription[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties as Readonly<Record<string, Property>>).map(([name, property]) => ({
    name,
    about: property.description ?? '',
    takes: property.enum?.join(', ') ?? property.type ?? 'text',
    ...(property.default !== undefined && { default: property.default }),
  }))
}
