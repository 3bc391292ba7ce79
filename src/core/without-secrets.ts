import { redactUrl } from './redact.ts'

/** Headers that tell nothing; the values of all others are taken out. */
const PLAIN_HEADERS = new Set(['accept', 'accept-language', 'origin', 'referer', 'user-agent', 'x-requested-with'])

const REDACTED = 'REDACTED'

const URLS = /[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi

/** The same value without secrets: the same object when there are none. */
export function withoutSecrets<T>(value: T): T
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value)
  if (Array.isArray(value)) return mapArray(value)
  if (typeof value === 'object' && value !== null) return mapObject(value)
  return value
}

/** A URL, or prose with URLs in it: there a secret ends with its URL, not with the text. */
function plainText(text: string): string {
  if (!/[=@]/.test(text) || text.startsWith('data:')) return text
  return /\s/.test(text) ? text.replace(URLS, redactUrl) : redactUrl(text)
}

function mapArray(values: readonly unknown[]): readonly unknown[] {
  const plain = values.map((value) => withoutSecrets(value))
  return plain.every((value, place) => value === values[place]) ? values : plain
}

function mapObject(value: object): object {
  const members = value as Readonly<Record<string, unknown>>
  // Most have none: nothing is made for them.
  if (Object.keys(members).every((name) => plainMember(name, members[name]) === members[name])) return value
  return Object.fromEntries(Object.entries(members).map(([name, inner]) => [name, plainMember(name, inner)]))
}

function plainMember(name: string, value: unknown): unknown {
  return /^headers?$/i.test(name) ? withoutHeaders(value) : withoutSecrets(value)
}

/** `{ name: value }`, `['Name: value']` or `'Name: value'`. */
function withoutHeaders(headers: unknown): unknown {
  if (typeof headers === 'string') return withoutHeaderLine(headers)
  if (Array.isArray(headers)) {
    const plain = headers.map((line) => (typeof line === 'string' ? withoutHeaderLine(line) : withoutHeaders(line)))
    return plain.every((line, place) => line === headers[place]) ? headers : plain
  }
  if (typeof headers !== 'object' || headers === null) return headers
  const entries = Object.entries(headers)
  const plain = entries.map(
    ([name, value]) => [name, PLAIN_HEADERS.has(name.toLowerCase()) ? withoutSecrets(value) : REDACTED] as const,
  )
  return plain.every(([, value], place) => value === entries[place]?.[1]) ? headers : Object.fromEntries(plain)
}

function withoutHeaderLine(line: string): string {
  const name = line.split(':', 1)[0] ?? ''
  return name === line || PLAIN_HEADERS.has(name.trim().toLowerCase()) ? withoutSecrets(line) : `${name}: ${REDACTED}`
}
