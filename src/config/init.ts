import { z } from 'zod'
import { GROUPS, type Option, type OptionGroup } from './option.ts'
import { LASTING_NAMES, optionOf, variableOf } from './options.ts'
import type { SourceSchemas } from './schema.ts'

/** What `config init` writes: every key with its default or an example, all commented out. */
export function configTemplate(sources: SourceSchemas): string {
  const groups = Object.keys(GROUPS) as readonly OptionGroup[]
  const chapters = groups.map(chapter).filter((text) => text !== '')
  return [HEAD, ...chapters, sourcesChapter(sources)].join('\n')
}

const HEAD = `# Settings of bowerbird. What is commented out shows the default, or an example where there is none.
# The environment (${variableOf('perHost')}=4) is heard over this file, the command line (--per-host 4) over both.
`

function chapter(group: OptionGroup): string {
  const names = LASTING_NAMES.filter((name) => optionOf(name).group === group)
  if (names.length === 0) return ''
  return `# ${GROUPS[group]}\n${names.map((name) => entry(name, optionOf(name))).join('')}`
}

function entry(name: string, option: Option): string {
  const { about, keyAbout = about, otherwise, choices } = option
  const facts = [
    choices === undefined ? '' : `one of ${choices.join(', ')}`,
    otherwise === undefined ? '' : `default: ${otherwise}`,
  ]
  const value = option.default ?? exampleOf(option)
  return `\n# ${[keyAbout, ...facts].filter((text) => text !== '').join('; ')}\n#${name}: ${scalar(value, option)}\n`
}

function exampleOf(option: Option): string {
  return option.example ?? option.choices?.[0] ?? ''
}

function scalar(value: string | number | boolean, option: Option): string {
  const text = quoted(value)
  return option.repeatable === true ? `[${text}]` : text
}

/** A YAML scalar; JSON's strings are YAML's. What looks like a number in the table is one in the file. */
function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^(?:[A-Za-z0-9./][\w./-]*|\[\])$/.test(text) ? text : JSON.stringify(value)
}

function sourcesChapter(sources: SourceSchemas): string {
  const sections = Object.entries(sources).map(([name, schema]) => section(name, schema))
  return `# Sources: their own options; folder, name, where and limit stand here for one source alone\n\n#sources:\n${sections.join('')}`
}

function section(source: string, schema: z.ZodObject): string {
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape
  const standard: Readonly<Record<string, unknown>> = schema.safeParse({}).data ?? {}
  const entries = Object.entries(shape).map(([name, field]) => {
    const about = z.globalRegistry.get(field)?.description
    const value = standard[name]
    return `${about === undefined ? '' : `#    # ${about}\n`}#    ${value === undefined ? `# ${name}: ` : `${name}: ${quoted(value)}`}\n`
  })
  return entries.length === 0 ? '' : `#  ${source}:\n${entries.join('')}`
}
