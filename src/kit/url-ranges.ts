import { Fault } from '../core/errors.ts'
import { redactUrl } from '../core/redact.ts'
import { addressEnd, isEscape } from '../core/target.ts'

/**
 * URL templates as curl's globbing has them, and the shell's ranges beside them:
 *
 *     [1-100] [001-100] [1-100:10]     numbers, zero-filled, with a step
 *     [a-z] [A-Z:2]                    letters
 *     {a,b,c}                          a list
 *     {1..400000} {01..100} {1..9..2}  the shell's way to write ranges (filled up to the longer end)
 *     {1..} [1-]                       an open end, as the only range of the URL
 *     \[ \] \{ \} (and \, in a list)   the mark itself
 *
 * Of several the rightmost runs fastest. Nothing is expanded ahead: `at` computes one URL from its number.
 */
export interface UrlTemplate {
  readonly text: string
  /** How many URLs it stands for; `Infinity` with an open end. */
  readonly count: number
  at(index: number): Expanded
}

export interface Expanded {
  /** As written, not yet normalised. */
  readonly url: string
  /** What stands in the place of each range, left to right. */
  readonly parts: readonly string[]
}

/** More than any run can fetch; keeps a slip of the finger from starting one. */
const MOST_URLS = 1e12
/** Digits of a number that is counted without loss. */
const MOST_DIGITS = 15

interface Range {
  readonly size: number
  at(index: number): string
}

/** Throws `Usage`, with the place of what is wrong and what to write instead. */
export function parseUrlTemplate(text: string): UrlTemplate {
  const { literals, ranges } = scan(text)
  const open = ranges.some((range) => range.size === Infinity)
  if (open && ranges.length > 1) {
    throw refusal(text, 0, 'an open end must be the only range of a URL', 'give the others as targets of their own')
  }
  const count = ranges.reduce((product, range) => product * range.size, 1)
  if (!open && count > MOST_URLS) {
    throw refusal(text, 0, `it stands for ${count.toExponential(0)} URLs, more than 10^12`, 'write a smaller range')
  }
  return Object.freeze({ text, count, at: (index: number) => expand(literals, ranges, index) })
}

/** `literals` has one entry more than `ranges`: what stands before, between and behind them. */
function scan(text: string): { readonly literals: readonly string[]; readonly ranges: readonly Range[] } {
  const literals: string[] = []
  const ranges: Range[] = []
  let literal = ''
  let at = 0
  while (at < text.length) {
    const mark = text.charAt(at)
    const address = mark === '[' ? addressEnd(text, at) : undefined
    if (address !== undefined) {
      literal += text.slice(at, address)
      at = address
    } else if (isEscape(text, at)) {
      literal += text.charAt(at + 1)
      at += 2
    } else if (mark === '[' || mark === '{') {
      const end = closing(text, at)
      ranges.push(mark === '[' ? readBrackets(text, at, end) : readBraces(text, at, end))
      literals.push(literal)
      literal = ''
      at = end + 1
    } else if (mark === ']' || mark === '}') {
      throw refusal(text, at, `a "${mark}" that closes nothing`)
    } else {
      literal += mark
      at += 1
    }
  }
  return { literals: [...literals, literal], ranges }
}

function closing(text: string, from: number): number {
  const close = text[from] === '[' ? ']' : '}'
  for (let at = from + 1; at < text.length; at += 1) {
    const mark = text.charAt(at)
    if (isEscape(text, at)) at += 1
    else if (mark === close) return at
    else if (/[[\]{}]/.test(mark)) throw refusal(text, at, `a "${mark}" inside a range`, 'ranges cannot be nested')
  }
  throw refusal(text, from, `no "${close}" for this "${text.charAt(from)}"`)
}

function readBrackets(text: string, from: number, end: number): Range {
  const inner = text.slice(from + 1, end)
  const numbers = /^(\d+)-(\d*)(?::(\d+))?$/.exec(inner)
  if (numbers !== null) {
    const [, first = '', last = '', step = '1'] = numbers
    return numberRange({ text, from, first, last, step, width: filled(first) })
  }
  const letters = /^([a-z]-[a-z]|[A-Z]-[A-Z])(?::(\d+))?$/.exec(inner)
  if (letters !== null) return letterRange(text, from, inner.charAt(0), inner.charAt(2), letters[2] ?? '1')
  throw refusal(
    text,
    from,
    inner === '' ? 'an empty range' : `"[${inner}]" is no range`,
    rangeAdvice('[1-100] or [a-z]'),
  )
}

function readBraces(text: string, from: number, end: number): Range {
  const inner = text.slice(from + 1, end)
  if (inner === '') throw refusal(text, from, 'an empty list', rangeAdvice('{a,b,c}'))
  const items = splitList(inner)
  if (items.length > 1 || !inner.includes('..')) return listRange(items)
  const numbers = /^(\d+)\.\.(\d*)(?:\.\.(\d+))?$/.exec(inner)
  if (numbers !== null) {
    const [, first = '', last = '', step = '1'] = numbers
    const width = filled(first) + filled(last) > 0 ? Math.max(first.length, last.length) : 0
    return numberRange({ text, from, first, last, step, width })
  }
  const letters = /^(?:([a-z])\.\.([a-z])|([A-Z])\.\.([A-Z]))(?:\.\.(\d+))?$/.exec(inner)
  if (letters !== null) return letterRange(text, from, inner.charAt(0), inner.charAt(3), letters[5] ?? '1')
  throw refusal(text, from, `"{${inner}}" is no range`, rangeAdvice('{1..100} or {a..z}'))
}

/** The digits that numbers are filled up to: a number that begins with 0 shows how many. */
function filled(number: string): number {
  return number.length > 1 && number.startsWith('0') ? number.length : 0
}

function splitList(inner: string): readonly string[] {
  const items: string[] = []
  let item = ''
  for (let at = 0; at < inner.length; at += 1) {
    const mark = inner.charAt(at)
    if (isEscape(inner, at) || inner.startsWith('\\,', at)) {
      at += 1
      item += inner.charAt(at)
    } else if (mark === ',') {
      items.push(item)
      item = ''
    } else item += mark
  }
  return [...items, item]
}

function listRange(items: readonly string[]): Range {
  return { size: items.length, at: (index) => items[index] ?? '' }
}

interface NumberSpec {
  readonly text: string
  readonly from: number
  readonly first: string
  /** Empty: an open end. */
  readonly last: string
  readonly step: string
  readonly width: number
}

function numberRange({ text, from, first, last, step, width }: NumberSpec): Range {
  if (Math.max(first.length, last.length, step.length) > MOST_DIGITS) {
    throw refusal(text, from, `a number of more than ${MOST_DIGITS} digits`)
  }
  const start = Number(first)
  const size = last === '' ? openSize(text, from, step) : rangeSize(text, from, { start, end: Number(last), step })
  const by = Number(step)
  const at = (index: number): string => String(start + by * index)
  return { size, at: width === 0 ? at : (index) => at(index).padStart(width, '0') }
}

function openSize(text: string, from: number, step: string): number {
  if (Number(step) === 0) throw refusal(text, from, 'a step of 0')
  return Infinity
}

function letterRange(text: string, from: number, first: string, last: string, step: string): Range {
  const start = first.charCodeAt(0)
  const size = rangeSize(text, from, { start, end: last.charCodeAt(0), step })
  return { size, at: (index) => String.fromCharCode(start + Number(step) * index) }
}

function rangeSize(
  text: string,
  from: number,
  range: { readonly start: number; readonly end: number; readonly step: string },
): number {
  const { start, end } = range
  const step = Number(range.step)
  if (end < start) throw refusal(text, from, 'the range runs backwards', 'write the smaller end first')
  if (step === 0) throw refusal(text, from, 'a step of 0')
  if (step > Math.max(1, end - start)) throw refusal(text, from, `a step of ${step} is longer than the range`)
  return Math.floor((end - start) / step) + 1
}

function expand(literals: readonly string[], ranges: readonly Range[], index: number): Expanded {
  const parts: string[] = []
  let rest = index
  let url = literals[ranges.length] ?? ''
  for (let place = ranges.length - 1; place >= 0; place -= 1) {
    const range = ranges[place]
    if (range === undefined) break
    const part = range.at(range.size === Infinity ? rest : rest % range.size)
    rest = Math.floor(rest / range.size)
    url = (literals[place] ?? '') + part + url
    parts.unshift(part)
  }
  return { url, parts }
}

function rangeAdvice(example: string): string {
  return `write a range such as ${example}, or \\[ \\] \\{ \\} for the marks themselves, or use --globoff`
}

function refusal(text: string, at: number, why: string, advice: string = rangeAdvice('{1..100}')): Fault {
  // Counted in what the user wrote, not in what is shown of it.
  return new Fault('Usage', `cannot read the URL template ${redactUrl(text)} at character ${at + 1}: ${why}`, {
    url: text,
    advice,
  })
}
