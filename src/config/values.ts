import { homedir } from 'node:os'
import { join } from 'node:path'
import { KINDS, type Option } from './option.ts'
import type { OptionName } from './options.ts'
import type { Header, Span } from './settings.ts'

/** A number with an optional unit of 1,024: `512K`, `1.5M`, `4G`, `1T`; `KB` and `KiB` mean the same. */
export const SIZE = /^(\d+(?:\.\d+)?)\s*(?:([KMGT])(?:i?B)?|B)?$/i

/** `5`, `5-`, `-20`, `5-20`. Numbers that are counted without loss. */
export const SPAN = /^(?=.*\d)(\d{0,15})(?:(-)(\d{0,15}))?$/

/** A user agent: printable ASCII. */
export const AGENT = /^[\x20-\x7e]+$/

/** A field name of HTTP, a colon, and a value on one line. */
export const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)$/

export const CONNECT_TO = /^(?:\[[0-9A-Fa-f:.%]+\]|[^:[\]]*):\d*:(?:\[[0-9A-Fa-f:.%]+\]|[^:[\]]*):\d*$/

const PROXY_SCHEMES: readonly string[] = ['http:', 'https:', 'socks4:', 'socks4a:', 'socks5:', 'socks5h:']

const UNITS = 'BKMGT'
const TRUE_WORDS = new Set(['true', 'yes', 'on', '1'])
const FALSE_WORDS = new Set(['false', 'no', 'off', '0'])

/** Bytes, or nothing where it is no size that a number can hold exactly. */
export function parseSize(size: string | number): number | undefined {
  const [, digits, unit = 'B'] = SIZE.exec(String(size)) ?? []
  if (digits === undefined) return undefined
  const bytes = Math.floor(Number(digits) * 1024 ** UNITS.indexOf(unit.toUpperCase()))
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** Positions from 1, or nothing where it is no span. A number alone is that one position. */
export function parseSpan(span: string | number): Span | undefined {
  const found = SPAN.exec(String(span))
  if (found === null) return undefined
  const [, first = '', dash, last = ''] = found
  const from = first === '' ? 1 : Number(first)
  const to = dash === undefined ? from : last === '' ? Infinity : Number(last)
  return from >= 1 && to >= from ? { from, to } : undefined
}

export function parseHeader(line: string): Header | undefined {
  const [, name, value] = HEADER.exec(line) ?? []
  return name === undefined || value === undefined ? undefined : { name, value: value.trim() }
}

export function isProxy(text: string): boolean {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`)
  return url !== null && url.hostname !== '' && PROXY_SCHEMES.includes(url.protocol)
}

/** `~/x` below the home folder: no shell has seen what stands in a file. */
export function expandHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path
}

/** What the text of a flag or an environment variable would be in the configuration file. */
export function fromText(option: Option, text: string): string | number | boolean {
  switch (option.kind) {
    case 'count':
    case 'number':
    case 'seconds':
      return /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : text
    case 'switch':
      return TRUE_WORDS.has(text.toLowerCase()) || (FALSE_WORDS.has(text.toLowerCase()) ? false : text)
    default:
      return text
  }
}

/** What an option takes, as the end of a sentence. */
export function allowed(option: Option): string {
  const one = option.choices === undefined ? KINDS[option.kind] : `one of ${option.choices.join(', ')}`
  const least = option.least === undefined || option.kind === 'switch' ? '' : `, at least ${option.least}`
  return `${one}${least}${option.repeatable ? ', or a list of such' : ''}`
}

/** A refused value as a message shows it: short, and never a secret. */
export function shown(value: unknown, option: Option): string {
  if (option.secret === true) return 'the value'
  const text = typeof value === 'string' ? JSON.stringify(value) : value === null ? 'nothing' : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** The name of an option where somebody reads `perHost` and `per-host` alike. */
export function sameName(name: string, known: readonly OptionName[]): OptionName | undefined {
  const bare = name.replaceAll(/[-_]/g, '').toLowerCase()
  return known.find((one) => one.toLowerCase() === bare)
}
