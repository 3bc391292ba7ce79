const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const
const MONTH = String.raw`(?<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?`
const CLOCK = String.raw`(?:(?:,?\s+(?:at\s+)?|T)(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,]\d+)?)?\s*(?<half>[ap]\.?m\.?)?\s*(?<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?`
const END = String.raw`\s*(?:\(\w+\))?$`

/** Year first, day first with dots, month by name, and the two compact forms. No other order is unambiguous. */
const FORMS = [
  String.raw`^(?<year>\d{4})[-/:.](?<month>\d{1,2})[-/:.](?<day>\d{1,2})${CLOCK}${END}`,
  String.raw`^(?<day>\d{1,2})\.\s?(?<month>\d{1,2})\.\s?(?<year>\d{4})${CLOCK}${END}`,
  String.raw`^(?:[a-z]{3,9},?\s+)?${MONTH}\s+(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<year>\d{4})${CLOCK}${END}`,
  String.raw`^(?:[a-z]{3,9},?\s+)?(?<day>\d{1,2})(?:st|nd|rd|th)?[\s-]+${MONTH},?[\s-]+(?<year>\d{4})${CLOCK}${END}`,
  String.raw`^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?:T(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})(?<zone>Z)?)?$`,
  String.raw`^(?<year>\d{4})-(?<month>\d{2})$`,
  String.raw`^(?<year>\d{4})$`,
].map((form) => new RegExp(form, 'i'))

/** Years beyond these are mistakes, or numbers of something else. */
const EARLIEST_YEAR = 1000
const LATEST_YEAR = 2999
/** Unix times below are seconds (until the year 5138), above milliseconds (from 1973 on). */
const MOST_SECONDS = 1e11

/**
 * A date as sites write it, as ISO 8601 and as exact as the site said: `2021-03-04`, `2021-03-04T05:06:07`, with `Z`
 * or an offset where one was given. Numbers are Unix times. Nothing where the day is not certain, as in 03/04/2021.
 */
export function isoDate(value: string | number | null | undefined): string | undefined {
  if (typeof value === 'number') return unixDate(value)
  const text = value?.trim().slice(0, 100) ?? ''
  if (/^\d{9,13}$/.test(text)) return unixDate(Number(text))
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups
    if (groups !== undefined) return written(groups)
  }
  return undefined
}

function unixDate(value: number): string | undefined {
  const milliseconds = Math.abs(value) < MOST_SECONDS ? value * 1000 : value
  const date = new Date(milliseconds)
  const year = date.getUTCFullYear()
  if (value === 0 || !(year >= EARLIEST_YEAR && year <= LATEST_YEAR)) return undefined
  return date.toISOString().replace('.000Z', 'Z')
}

type Groups = Readonly<Record<string, string | undefined>>

function written(groups: Groups): string | undefined {
  const { year = '', month, day } = groups
  if (Number(year) < EARLIEST_YEAR || Number(year) > LATEST_YEAR) return undefined
  if (month === undefined) return year
  const monthNumber = /^\d/.test(month) ? Number(month) : MONTHS.indexOf(month.slice(0, 3).toLowerCase() as 'jan') + 1
  if (monthNumber < 1 || monthNumber > 12) return undefined
  const yearMonth = `${year}-${twoDigits(monthNumber)}`
  if (day === undefined) return yearMonth
  if (Number(day) < 1 || Number(day) > new Date(Date.UTC(Number(year), monthNumber, 0)).getUTCDate()) return undefined
  const time = clock(groups)
  return time === undefined ? undefined : `${yearMonth}-${twoDigits(Number(day))}${time}`
}

/** Empty without a time; nothing when it is impossible. */
function clock({ hour, minute = '00', second, half, zone }: Groups): string | undefined {
  if (hour === undefined) return ''
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0)
  if (hours > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined
  const seconds = second === undefined ? '' : `:${second}`
  return `T${twoDigits(hours)}:${minute}${seconds}${offset(zone)}`
}

function offset(zone: string | undefined): string {
  if (zone === undefined) return ''
  return /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : 'Z'
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
