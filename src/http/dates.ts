const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`, and RFC 850: `Sunday, 06-Nov-94 08:49:37 GMT`. */
const DAY_FIRST =
  /^[A-Za-z]{3,9},?\s+(\d{1,2})[ -]([A-Za-z]{3})[ -](\d{4}|\d{2})\s+(\d{1,2}):(\d{1,2}):(\d{1,2})\s+(?:GMT|UTC)$/

/** asctime: `Sun Nov  6 08:49:37 1994`. */
const ASCTIME = /^[a-z]{3,9}\s+([a-z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{1,2}):(\d{1,2})\s+(\d{4})$/i

/** Two digits of a year: more than 50 years ahead means the century before (RFC 9110, section 5.6.7). */
function fullYear(digits: string): number {
  if (digits.length === 4) return Number(digits)
  const now = new Date().getUTCFullYear()
  const guess = now - (now % 100) + Number(digits)
  return guess > now + 50 ? guess - 100 : guess
}

/** Unix milliseconds of an HTTP date in one of its three shapes; `undefined` for anything else. */
export function parseHttpDate(text: string): number | undefined {
  const trimmed = text.trim()
  const dayFirst = DAY_FIRST.exec(trimmed)
  const asctime = ASCTIME.exec(trimmed)
  const [day, month, year, hour, minute, second] =
    dayFirst !== null
      ? dayFirst.slice(1)
      : asctime !== null
        ? [asctime[2], asctime[1], asctime[6], ...asctime.slice(3, 6)]
        : []
  if (day === undefined || month === undefined || year === undefined) return undefined
  const monthIndex = MONTHS.indexOf(month.toLowerCase())
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)]
  if (monthIndex < 0 || hours > 23 || minutes > 59 || seconds > 60) return undefined
  const time = Date.UTC(fullYear(year), monthIndex, Number(day), hours, minutes, seconds)
  // The calendar of the formats begins in 1583.
  if (time < Date.UTC(1583, 0)) return undefined
  return new Date(time).getUTCDate() === Number(day) || seconds === 60 ? time : undefined
}
