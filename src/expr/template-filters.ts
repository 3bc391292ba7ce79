import type { Json } from '../core/glossary.ts'
import type { Fields } from './fields.ts'

/** Stands for a `/` that the template's author wrote: the border between two folder levels. */
export const LEVEL = '\0'

export type Value = Json | undefined
export type Filter = (value: Value, fields: Fields) => Value

interface FilterKind {
  readonly usage: string
  readonly about: string
  /** Least and most arguments. */
  readonly takes: readonly [number, number]
  /** The first argument is looked for in the value, never written. */
  readonly seeks?: true
  /** Throws a sentence when an argument is not what it should be. */
  make(args: readonly string[]): Filter
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const ASCII = /^[\x20-\x7e]*$/

/** A value as text: lists joined by `, `; objects and nothing are empty. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return isList(value) ? joinTexts(value, ', ') : ''
}

function joinTexts(values: readonly Json[], between: string): string {
  return values
    .map(textOf)
    .filter((text) => text !== '')
    .join(between)
}

/** The value at a dotted path, through own properties only. */
export function fieldAt(fields: Fields, path: readonly string[]): Value {
  let value: Value = fields as Json
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Fields)[name]
  }
  return strip(value)
}

/** No white space around it, and no mark of a level: only a template's author may write that. */
function strip(value: Value): Value {
  if (typeof value === 'string') return (value.includes(LEVEL) ? value.replaceAll(LEVEL, '') : value).trim()
  return isList(value) ? value.map((item) => strip(item) ?? null) : value
}

function isList(value: Value): value is readonly Json[] {
  return Array.isArray(value)
}

/** At most so many graphemes, without white space at the cut. */
function maxGraphemes(text: string, count: number): string {
  if (text.length <= count) return text
  if (ASCII.test(text)) return text.slice(0, count).trimEnd()
  let left = count
  for (const { index } of graphemes.segment(text)) {
    if (left === 0) return text.slice(0, index).trimEnd()
    left -= 1
  }
  return text
}

function slug(text: string): string {
  return text
    .slice(0, 2048)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
}

const onText =
  (change: (text: string) => string): Filter =>
  (value) =>
    change(textOf(value))

function wholeNumber(text: string | undefined): number {
  if (text === undefined || !/^[1-9]\d{0,5}$/.test(text))
    throw new RangeError(`wants a whole number from 1, not "${text ?? ''}"`)
  return Number(text)
}

/** All filters there are; help and documentation are made from here. */
export const FILTERS: Readonly<Record<string, FilterKind>> = {
  max: {
    usage: 'max:N',
    about: 'at most N characters',
    takes: [1, 1],
    make: ([count]) => {
      const limit = wholeNumber(count)
      return onText((text) => maxGraphemes(text, limit))
    },
  },
  lower: { usage: 'lower', about: 'in small letters', takes: [0, 0], make: () => onText((text) => text.toLowerCase()) },
  upper: {
    usage: 'upper',
    about: 'in capital letters',
    takes: [0, 0],
    make: () => onText((text) => text.toUpperCase()),
  },
  slug: {
    usage: 'slug',
    about: 'letters and digits in lower case, all else becomes one dash',
    takes: [0, 0],
    make: () => onText(slug),
  },
  replace: {
    usage: 'replace:A:B',
    about: 'every A becomes B; without B it goes',
    takes: [1, 2],
    seeks: true,
    make: ([from = '', to = '']) => {
      if (from === '') throw new RangeError('wants something to replace')
      return onText((text) => text.replaceAll(from, () => to))
    },
  },
  default: {
    usage: 'default:X',
    about: 'X where the field is empty',
    takes: [1, 1],
    make:
      ([instead = '']) =>
      (value) =>
        textOf(value) === '' ? instead : value,
  },
  or: {
    usage: 'or:FIELD',
    about: 'another field where this one is empty',
    takes: [1, 1],
    make: ([field = '']) => {
      const path = field.split('.')
      return (value, fields) => (textOf(value) === '' ? fieldAt(fields, path) : value)
    },
  },
  prefix: {
    usage: 'prefix:X',
    about: 'X in front, unless the field is empty',
    takes: [1, 1],
    make:
      ([before = '']) =>
      (value) =>
        surround(before, textOf(value), ''),
  },
  suffix: {
    usage: 'suffix:X',
    about: 'X behind, unless the field is empty',
    takes: [1, 1],
    make:
      ([behind = '']) =>
      (value) =>
        surround('', textOf(value), behind),
  },
  first: {
    usage: 'first',
    about: 'the first of a list',
    takes: [0, 0],
    make: () => (value) => (isList(value) ? value[0] : value),
  },
  join: {
    usage: 'join:S',
    about: 'a list with S between its items',
    takes: [1, 1],
    make:
      ([between = '']) =>
      (value) =>
        isList(value) ? joinTexts(value, between) : value,
  },
}

function surround(before: string, text: string, behind: string): string {
  return text === '' ? '' : before + text + behind
}
