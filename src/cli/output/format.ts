import { stripVTControlCharacters } from 'node:util'

/** Characters that move a cursor, hide, or turn the direction of their neighbours. */
const HARMFUL = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu
/** Graphemes that fill two cells of a terminal: East Asian wide ones and pictures. */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u
const ASCII = /^[\x20-\x7e]*$/
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Digits in threes. `gap` stands between them; four digits need none. */
export function grouped(count: number, gap: string): string {
  const digits = String(Math.round(count))
  return digits.length < 5 ? digits : digits.replaceAll(/\B(?=(?:\d{3})+$)/g, gap)
}

/** `940 KiB`, `11.4 MiB`: units of 1,024, three digits that matter. */
export function byteSize(bytes: number): string {
  let value = bytes
  let unit = 'B'
  for (const next of ['KiB', 'MiB', 'GiB', 'TiB']) {
    if (value < 999.5) break
    value /= 1024
    unit = next
  }
  return `${unit === 'B' || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${unit}`
}

/** `8.3 s`, `12:05`, `1:02:03`. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const tail = `${hours > 0 ? pad(minutes) : minutes}:${pad(rest)}`
  return hours > 0 ? `${hours}:${tail}` : `${tail} min`
}

function pad(number: number): string {
  return String(number).padStart(2, '0')
}

/** Text from strangers as it may go to a terminal: one line, no escape sequences. */
export function harmless(text: string): string {
  return ASCII.test(text) ? text : stripVTControlCharacters(text).replaceAll(HARMFUL, ' ')
}

/** A word as a shell takes it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Cells that a text fills. */
export function cells(text: string): number {
  if (ASCII.test(text)) return text.length
  let sum = 0
  for (const { segment } of graphemes.segment(text)) sum += WIDE.test(segment) ? 2 : 1
  return sum
}

/** At most so many cells; what is cut off is told by `mark`. */
export function fit(text: string, width: number, mark: string): string {
  if (cells(text) <= width) return text
  return `${fitting(segmentsOf(text), width - cells(mark)).join('')}${mark}`
}

/** As `fit`, but the end stays: of a URL or path it tells most. */
export function fitEnd(text: string, width: number, mark: string): string {
  if (cells(text) <= width) return text
  const end = fitting(segmentsOf(text).toReversed(), width - cells(mark)).toReversed()
  return `${mark}${end.join('')}`
}

function segmentsOf(text: string): string[] {
  return [...graphemes.segment(text)].map(({ segment }) => segment)
}

/** The first ones that have room together. */
function fitting(segments: readonly string[], width: number): string[] {
  let left = width
  const kept: string[] = []
  for (const segment of segments) {
    left -= WIDE.test(segment) ? 2 : 1
    if (left < 0) break
    kept.push(segment)
  }
  return kept
}
