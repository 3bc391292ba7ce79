import { NAME_BYTES, safeSegment, STEM_BYTES } from '../core/names.ts'
import type { Fields } from './fields.ts'
import { compileDateFormat } from './template-dates.ts'
import { fieldAt, FILTERS, LEVEL, textOf, type Filter } from './template-filters.ts'
import { parseParts, ZERO_FILLED, type Part, type Placeholder, type TemplateOptions } from './template-parse.ts'

/**
 * Folder and name templates: `{source}/{author}`, `{date:YYYY-MM-DD} {title|max:80}`, `{index:04}`.
 *
 *     template    text, with {{ and }} for braces, and placeholders
 *     placeholder {field}  {field:format}  {field|filter:argument|filter}
 *     field       a name, or a path into an object: {meta.artist}
 *     format      04: digits filled up with zeros; YYYY YY MM DD HH mm ss: a date
 *     \           inside a placeholder takes the next character as it is: {title|replace:\::-}
 *
 * - A `/` in a folder template (its formats and arguments included) separates levels; a `/` in a value never does.
 * - The result is always safe to use (core/names.ts); empty levels go; a folder may be empty: the library itself.
 * - Beside an empty placeholder, text made of separators only (space - _ . , ; + ~ & | =) goes, and stands once
 *   between what is left: with no `b`, `{a} - {b} - {c}` is `a - c`, and `{b} - {a}` is `a`. Other text stays;
 *   what shall come and go with a field is said by `prefix` and `suffix`.
 * - A name that would be empty is the asset's `id`.
 */
export interface Template {
  readonly text: string
  /** The fields it uses, as written, without repetition. */
  readonly fields: readonly string[]
  /** A safe folder, relative and `/`-separated, or a safe stem without extension. */
  render(fields: Fields): string
}

type Render = (fields: Fields) => string

type Step =
  | { readonly text: string; readonly separator: boolean }
  /** A placeholder's text for these fields. */
  | { readonly value: Render }

/** Separators in front of, within (as the rest) and behind a text. */
const EDGES = /^([\s\-_.,;+~&|=]*)(.*?)([\s\-_.,;+~&|=]*)$/s

/** Reads a template once; a `Usage` fault points at what is wrong in it. */
export function parseTemplate(text: string, options: TemplateOptions): Template {
  const parts = parseParts(text, options)
  const placeholders = parts.filter((part) => 'path' in part)
  const fields = [...new Set(placeholders.flatMap(fieldsOf))]
  const compile = options.kind === 'folder' ? compileFolder : compileName
  return Object.freeze({ text, fields, render: compile(parts) })
}

function fieldsOf(placeholder: Placeholder): readonly string[] {
  const others = placeholder.filters.filter(({ name }) => name === 'or').flatMap(({ args }) => args)
  return [placeholder.path.join('.'), ...others]
}

function compileName(parts: readonly Part[]): Render {
  const line = compileLine(parts.flatMap((part) => compilePart(part, (text) => text)))
  return (fields) => {
    const name = line(fields)
    return safeSegment(name === '' ? textOf(fields['id']) : name, STEM_BYTES)
  }
}

function compileFolder(parts: readonly Part[]): Render {
  const levels = splitLevels(parts.flatMap((part) => compilePart(part, markLevels))).map(compileLine)
  return (fields) => {
    let folder = ''
    for (const level of levels) folder = joinLevels(folder, level(fields))
    return folder
  }
}

const markLevels = (text: string): string => text.replaceAll('/', LEVEL)

/** Adds what one level of the template gave: nothing, one level, or several by a `/` in a format or an argument. */
function joinLevels(folder: string, rendered: string): string {
  let joined = folder
  for (const level of rendered.includes(LEVEL) ? rendered.split(LEVEL) : [rendered]) {
    if (level.trim() !== '' && level !== '.') joined += (joined === '' ? '' : '/') + safeSegment(level, NAME_BYTES)
  }
  return joined
}

/** Cuts the steps at the marks of levels, which stand alone. */
function splitLevels(steps: readonly Step[]): readonly (readonly Step[])[] {
  const levels: Step[][] = [[]]
  for (const step of steps) {
    if ('text' in step && step.text === LEVEL) levels.push([])
    else levels.at(-1)?.push(step)
  }
  return levels
}

function compilePart(part: Part, written: (text: string) => string): readonly Step[] {
  if (!('text' in part)) return [{ value: compilePlaceholder(part, written) }]
  return written(part.text).split(/(\0)/).flatMap(textSteps)
}

function textSteps(text: string): readonly Step[] {
  const [, before = '', middle = '', behind = ''] = EDGES.exec(text) ?? []
  return [
    { text: before, separator: true },
    { text: middle, separator: false },
    { text: behind, separator: true },
  ].filter((step) => step.text !== '')
}

function compilePlaceholder({ path, format, filters }: Placeholder, written: (text: string) => string): Render {
  const shape = format === undefined ? undefined : compileFormat(written(format))
  const chain = filters.map(({ name, args }) => compileFilter(name, args, written))
  if (shape === undefined && chain.length === 0) return (fields) => textOf(fieldAt(fields, path))
  return (fields) => {
    let value = fieldAt(fields, path)
    if (shape !== undefined) value = shape(textOf(value))
    for (const filter of chain) value = filter(value, fields)
    return textOf(value)
  }
}

function compileFilter(name: string, args: readonly string[], written: (text: string) => string): Filter {
  const kind = FILTERS[name]
  if (kind === undefined) throw new RangeError(`no filter ${name}`)
  return kind.make(args.map((argument, position) => (kind.seeks && position === 0 ? argument : written(argument))))
}

function compileFormat(format: string): (text: string) => string {
  if (!ZERO_FILLED.test(format)) return compileDateFormat(format)
  const digits = Number(format)
  return (text) => (/^\d+$/.test(text) ? text.padStart(digits, '0') : text)
}

/** One level: text and values, with the separators beside empty values tidied. */
function compileLine(steps: readonly Step[]): Render {
  const [first] = steps
  if (steps.length === 1 && first !== undefined && 'value' in first) return first.value
  return (fields) => {
    let line = ''
    let separator = ''
    let gap = false
    for (const step of steps) {
      const isSeparator = 'text' in step && step.separator
      const text = 'text' in step ? step.text : step.value(fields)
      if (isSeparator) separator ||= text
      else if (text === '') gap = true
      else {
        line += line === '' && gap ? text : separator + text
        separator = ''
        gap = false
      }
    }
    return gap ? line : line + separator
  }
}
