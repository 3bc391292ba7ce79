import { styleText } from 'node:util'
import { grouped } from './format.ts'

/** How things look on one stream: colours where it has them, signs that its character set knows. */
export interface Style {
  strong(text: string): string
  faint(text: string): string
  good(text: string): string
  bad(text: string): string
  /** Someone is waiting. */
  patient(text: string): string
  count(count: number): string
  readonly signs: Signs
}

interface Signs {
  /** One cell of a bar that is done, and one that is not. */
  readonly done: string
  readonly open: string
  readonly dot: string
  readonly cross: string
  readonly pause: string
  /** In place of what was cut off. */
  readonly cut: string
}

const UNICODE: Signs = { done: '━', open: '─', dot: '·', cross: '✗', pause: '⏸', cut: '…' }
const PLAIN: Signs = { done: '#', open: '-', dot: '|', cross: 'x', pause: '=', cut: '...' }
/** U+202F: narrow, and no line breaks there. */
const THIN_GAP = '\u202f'

type Color = Parameters<typeof styleText>[0]

/**
 * The style of a stream. Only the sixteen colours that every theme chooses itself, and none that is pale on white; none
 * at all where the stream is no terminal, for `NO_COLOR`, and for `TERM=dumb`. Numbers are grouped for eyes alone.
 */
export function styleOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Style {
  const terminal = stream.isTTY
  const colored = terminal && stream.hasColors(env) && (env['NO_COLOR'] ?? '') === ''
  const unicode = /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '')
  const paint =
    (color: Color) =>
    (text: string): string =>
      colored ? styleText(color, text, { validateStream: false }) : text
  return {
    strong: paint('bold'),
    faint: paint('dim'),
    good: paint('green'),
    bad: paint('red'),
    patient: paint('magenta'),
    count: (count) => (terminal ? grouped(count, unicode ? THIN_GAP : ' ') : String(Math.round(count))),
    signs: unicode ? UNICODE : PLAIN,
  }
}
