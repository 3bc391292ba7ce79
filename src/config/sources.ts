import { z } from 'zod'
import { isSecretName } from '../core/redact.ts'
import { didYouMean } from '../core/suggest.ts'
import { WrittenText } from './environment.ts'
import type { Layer, Said } from './layer.ts'
import { optionOf, SOURCE_OVERRIDES } from './options.ts'
import type { Problems } from './problems.ts'
import type { SourceSchemas } from './schema.ts'
import { fromText } from './values.ts'

export type SourceOverride = (typeof SOURCE_OVERRIDES)[number]

/** What was said of one source, later layers over earlier ones; options are checked, overrides are not. */
export interface SourceSection {
  readonly options: ReadonlyMap<string, Said>
  readonly overrides: ReadonlyMap<SourceOverride, Said>
}

/** The sections of all sources that anybody spoke of. Unknown sources and options are problems. */
export function sourceSections(
  layers: readonly Layer[],
  schemas: SourceSchemas,
  problems: Problems,
): ReadonlyMap<string, SourceSection> {
  const sections = new Map<string, { options: Map<string, Said>; overrides: Map<SourceOverride, Said> }>()
  for (const layer of layers) {
    for (const [source, entries] of layer.sources) {
      const schema = Object.hasOwn(schemas, source) ? schemas[source] : undefined
      if (schema === undefined) {
        for (const { origin } of [...entries.values()].slice(0, 1)) problems.add(origin, unknownSource(source, schemas))
        continue
      }
      const section = sections.get(source) ?? {
        options: new Map<string, Said>(),
        overrides: new Map<SourceOverride, Said>(),
      }
      sections.set(source, section)
      for (const [name, said] of entries) {
        const override = SOURCE_OVERRIDES.find((one) => one === name)
        if (override !== undefined) section.overrides.set(override, overrideSaid(override, said))
        else addOption(section.options, source, schema, name, said, problems)
      }
    }
  }
  return sections
}

/** `--option imgur.limit=5` is a text; an override is read like the option it overrides. */
function overrideSaid(name: SourceOverride, said: Said): Said {
  return said.value instanceof WrittenText ? { ...said, value: fromText(optionOf(name), said.value.text) } : said
}

function unknownSource(source: string, schemas: SourceSchemas): string {
  return `there is no source "${source}"; ${didYouMean(source, Object.keys(schemas))}`
}

function addOption(
  options: Map<string, Said>,
  source: string,
  schema: z.ZodObject,
  name: string,
  said: Said,
  problems: Problems,
): void {
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape
  const field = Object.hasOwn(shape, name) ? shape[name] : undefined
  if (field === undefined) {
    problems.add(
      said.origin,
      `the source ${source} has no option "${name}"; ${didYouMean(name, [...Object.keys(schema.shape), ...SOURCE_OVERRIDES])}`,
    )
    return
  }
  const value = read(field, said.value)
  const { success, error } = z.safeParse(field, value)
  if (success) options.set(name, { ...said, value })
  else
    problems.add(
      said.origin,
      `${source}.${name}${isSecretName(name) ? '' : ` cannot be ${shownValue(said.value)}`}: ${reasons(error)}`,
    )
}

/** The first meaning of a text that the option takes; other values stand for themselves. */
function read(field: z.core.$ZodType, value: unknown): unknown {
  if (!(value instanceof WrittenText)) return value
  return value.readings().find((reading) => z.safeParse(field, reading).success) ?? value.text
}

function shownValue(value: unknown): string {
  return (JSON.stringify(value instanceof WrittenText ? value.text : value) ?? 'nothing').slice(0, 60)
}

function reasons(error: z.core.$ZodError): string {
  return error.issues.map(({ message }) => message).join('; ')
}

/** The options of one source with its defaults; what its schema refuses as a whole is a problem. */
export function checkedOptions(
  source: string,
  schema: z.ZodObject,
  section: SourceSection | undefined,
  problems: Problems,
): Readonly<Record<string, unknown>> {
  const said = [...(section?.options ?? [])]
  const result = schema.safeParse(Object.fromEntries(said.map(([name, { value }]) => [name, value])))
  if (result.success) return Object.freeze(result.data)
  const [first] = said
  if (first === undefined) throw result.error
  problems.add(first[1].origin, `the options of ${source} do not go together: ${reasons(result.error)}`)
  return {}
}
