import { hash } from 'node:crypto'
import type { Json } from '../../../core/glossary.ts'
import { redactUrl } from '../../../core/redact.ts'
import type { Asset, Candidate, RefSpec } from '../../../core/source.ts'
import type { SecretFlag } from './schema.ts'

/** Headers that tell nothing; the values of all others are kept out of the catalog. */
const PLAIN_HEADERS = new Set(['accept', 'accept-language', 'origin', 'referer', 'user-agent', 'x-requested-with'])

const REDACTED = 'REDACTED'

const URLS = /[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi

/** A candidate as the catalog keeps it. `secret`: something was taken out, so it is of no use as it stands here. */
export type PlainCandidate = Candidate & { readonly secret?: true }

/** What the private store keeps of an asset: what its row in the catalog lacks. */
export interface WholeAsset {
  readonly candidates: readonly Candidate[]
  readonly refresh?: RefSpec
  readonly rules?: Asset['rules']
}

/** The JSON columns of an asset's row, and the whole where secrets had to be taken out. */
export interface PlainAsset {
  readonly candidates: string
  readonly meta: string
  readonly refresh: string | null
  readonly rules: string | null
  readonly secret: SecretFlag
  readonly whole?: WholeAsset
}

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

/** An asset as its row shows it. The whole is given apart only where secrets were found. */
export function plainAsset(asset: Asset): PlainAsset {
  const candidates = asset.candidates.map(plainCandidate)
  const refresh = withoutSecrets(asset.refresh)
  const rules = withoutSecrets(asset.rules)
  const kept = refresh === asset.refresh && rules === asset.rules
  const row = {
    candidates: JSON.stringify(candidates),
    meta: plainMeta(asset.meta),
    refresh: refresh === undefined ? null : JSON.stringify(refresh),
    rules: rules === undefined ? null : JSON.stringify(rules),
  }
  if (kept && candidates.every((candidate) => candidate.secret === undefined)) return { ...row, secret: 0 }
  const whole: WholeAsset = {
    candidates: asset.candidates,
    ...(asset.refresh === undefined ? {} : { refresh: asset.refresh }),
    ...(asset.rules === undefined ? {} : { rules: asset.rules }),
  }
  return { ...row, secret: kept && refresh !== undefined ? 2 : 1, whole }
}

function plainCandidate(candidate: Candidate): PlainCandidate {
  const plain = withoutSecrets(candidate)
  return plain === candidate ? candidate : { ...plain, secret: true }
}

/** The text is looked at first: walking through every description would cost more than writing it. */
function plainMeta(meta: Asset['meta']): string {
  const text = JSON.stringify(meta)
  return text.includes('://') && /[=@]/.test(text) ? JSON.stringify(withoutSecrets(meta)) : text
}

/** The same JSON text for equal values, whatever the order of their properties. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: Json) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** 128 bits of the hash of a value, secrets included: tells `?key=1` from `?key=2` where both look alike. */
export function identity(value: unknown): string {
  return hash('sha256', canonical(value)).slice(0, 32)
}

export function refIdentity(spec: RefSpec): string {
  return identity([spec.source, spec.route, spec.params, spec.cursor ?? null])
}
