import { didYouMean } from '../core/suggest.ts'
import { FIELD_NAMES, fieldOfPath, FILE_FIELDS } from '../expr/fields.ts'
import { parseTemplate, type Template } from '../expr/template.ts'
import type { Where } from '../expr/where.ts'
import { checkOption, defaultOf, isLater, type Checked, type CheckedOptions } from './checked.ts'
import { optionOf, OPTION_NAMES, type OptionName } from './options.ts'
import type { Problems } from './problems.ts'
import type { Settings, SourceSettings } from './settings.ts'
import type { SourceOverride, SourceSection } from './sources.ts'
import { expandHome } from './values.ts'

type PlainSettings = Omit<Settings, 'sources' | 'notes' | 'plan' | 'configFile'>
/** The fields that only some sources have, by source. */
export type SourceFields = Readonly<Record<string, readonly string[]>>

type Parsed = 'folder' | 'name' | 'where' | 'maxSize'

/** Bytes without `--max-size`. */
const MAX_SIZE = { image: 512 * 1024 ** 2, any: 4 * 1024 ** 3 }

/** Values that have a language of their own. What cannot be parsed is a problem, and absent. */
export interface Parsers {
  /** `source`: for its items alone. */
  template(checked: Checked | undefined, kind: 'folder' | 'name', source?: string): Template | undefined
  where(checked: Checked | undefined): Where | undefined
  /** An override of a source's section, unless somebody later spoke for all sources. */
  override(name: SourceOverride, section: SourceSection | undefined, all: Checked | undefined): Checked | undefined
  /** Things that are probably mistakes, but need not be. */
  readonly notes: readonly string[]
}

/** Loads the language of `--where` only if anybody speaks it. */
export async function parsersFor(
  checked: CheckedOptions,
  sections: ReadonlyMap<string, SourceSection>,
  problems: Problems,
  fields: SourceFields,
): Promise<Parsers> {
  const speaks = checked.has('where') || [...sections.values()].some(({ overrides }) => overrides.has('where'))
  const language = speaks ? await import('../expr/where.ts') : undefined
  const notes: string[] = []
  return {
    notes,
    template: (one, kind, source) => {
      if (one === undefined) return undefined
      const template = problems.try(one.said.origin, () => parseTemplate(String(one.value), { kind }))
      for (const path of template?.fields ?? []) checkField(fieldOfPath(path), one, { fields, source, problems, notes })
      return template
    },
    where: (one) =>
      one === undefined ? undefined : problems.try(one.said.origin, () => language?.parseWhere(String(one.value))),
    override: (name, section, all) => {
      const said = section?.overrides.get(name)
      const one = said === undefined ? undefined : checkOption(name, said, problems)
      return one === undefined || (all !== undefined && isLater(all.said, one.said)) ? undefined : one
    },
  }
}

/** A field that no item can have is refused. What is told by the file alone comes too late for its name. */
function checkField(field: string, { said }: Checked, { fields, source, problems, notes }: FieldCheck): void {
  const own = source === undefined ? Object.values(fields).flat() : (fields[source] ?? [])
  const label = said.origin.label
  if (FILE_FIELDS.includes(field) && !notes.some((note) => note.startsWith(`${label}: `)))
    notes.push(
      `${label}: {${field}} is empty where the listing does not tell it: names are settled before files are here`,
    )
  if ((FIELD_NAMES as readonly string[]).includes(field) || field === 'meta' || own.includes(field)) return
  const whose = source === undefined ? 'no source has' : `${source} does not have`
  problems.add(said.origin, `${whose} a field {${field}}; ${didYouMean(field, [...FIELD_NAMES, ...own])}`)
}

interface FieldCheck {
  readonly fields: SourceFields
  readonly source: string | undefined
  readonly problems: Problems
  readonly notes: string[]
}

/** Everything that holds for all sources. */
export function plainSettings(checked: CheckedOptions, parse: Parsers): PlainSettings {
  const maxSize = checked.get('maxSize')?.value as number | undefined
  return {
    ...untouched(checked),
    ...defined({
      folder: parse.template(checked.get('folder'), 'folder'),
      name: parse.template(checked.get('name'), 'name'),
      where: parse.where(checked.get('where')),
    }),
    maxSize: maxSize === undefined ? MAX_SIZE : { image: maxSize, any: maxSize },
  }
}

/** Values that settings hold as their schema gives them: the names in the table are the names in settings. */
function untouched(checked: CheckedOptions): Omit<PlainSettings, Parsed> {
  const apart: readonly OptionName[] = ['folder', 'name', 'where', 'maxSize', 'option', 'config']
  const entries = OPTION_NAMES.filter((name) => !apart.includes(name)).map(
    (name) => [name, valueOf(checked, name)] as const,
  )
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as unknown as Omit<
    PlainSettings,
    Parsed
  >
}

function valueOf(checked: CheckedOptions, name: OptionName): unknown {
  const value = checked.get(name)?.value ?? defaultOf(name) ?? (optionOf(name).repeatable === true ? [] : undefined)
  if (optionOf(name).kind !== 'path') return value
  if (Array.isArray(value)) return value.map((path) => expandHome(String(path)))
  return typeof value === 'string' ? expandHome(value) : value
}

/** What holds for one source alone. */
export function sourceSettings(
  source: string,
  checked: CheckedOptions,
  section: SourceSection | undefined,
  options: Readonly<Record<string, unknown>>,
  parse: Parsers,
): SourceSettings {
  const own = (name: SourceOverride): Checked | undefined => parse.override(name, section, checked.get(name))
  return {
    options,
    ...defined({
      folder: parse.template(own('folder'), 'folder', source),
      name: parse.template(own('name'), 'name', source),
      where: parse.where(own('where')),
      limit: own('limit')?.value as number | undefined,
    }),
  }
}

/** Without the keys that have no value. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
