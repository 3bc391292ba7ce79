const ISO = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?)?)?)?/

/** Where each token of a format stands in the match of `ISO`, and how many of its last digits it shows. */
const TOKENS: Readonly<Record<string, readonly [group: number, digits: number]>> = {
  YYYY: [1, 4],
  YY: [1, 2],
  MM: [2, 2],
  DD: [3, 2],
  HH: [4, 2],
  mm: [5, 2],
  ss: [6, 2],
}

export const DATE_TOKENS = Object.keys(TOKENS)

type Piece = { readonly text: string } | { readonly group: number; readonly digits: number }

/** Why a text is no date format, or nothing. Letters that are no token would be a slip of the finger, `T` apart. */
export function badDateFormat(format: string): string | undefined {
  const rest = format.replaceAll(/YYYY|YY|MM|DD|HH|mm|ss/g, '\0')
  if (!rest.includes('\0')) return `"${format}" is neither a date format nor a number of digits such as 04`
  const letter = /[A-SU-Za-z]+/.exec(rest)?.[0]
  return letter === undefined ? undefined : `"${letter}" means nothing in a date format`
}

/**
 * A function that writes an ISO 8601 date in this format, as the site wrote it: times are not moved to another zone.
 * Where the date is less exact than the format, the format ends there (`1871` in `YYYY-MM-DD` is `1871`).
 * What is no date becomes empty.
 */
export function compileDateFormat(format: string): (date: string) => string {
  const pieces = split(format)
  return (date) => {
    const match = ISO.exec(date)
    return match === null ? '' : write(pieces, match)
  }
}

function split(format: string): readonly Piece[] {
  return format
    .split(/(YYYY|YY|MM|DD|HH|mm|ss)/)
    .filter((text) => text !== '')
    .map((text) => {
      const token = TOKENS[text]
      return token === undefined ? { text } : { group: token[0], digits: token[1] }
    })
}

function write(pieces: readonly Piece[], match: RegExpExecArray): string {
  let written = ''
  let waiting = ''
  for (const piece of pieces) {
    if ('text' in piece) {
      waiting += piece.text
      continue
    }
    const digits = match[piece.group]
    if (digits === undefined) return written
    written += waiting + digits.slice(-piece.digits)
    waiting = ''
  }
  return written + waiting
}
