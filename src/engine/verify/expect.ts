import { Fault } from '../../core/errors.ts'
import type { Inspection } from '../../core/files.ts'
import type { Kind } from '../../core/glossary.ts'
import type { AssetRules } from '../../core/source.ts'
import { isStorable, urlExtension } from './extension.ts'

/** What is known of a file besides its bytes. */
export interface Arrival {
  /** Where it came from after redirects. */
  readonly url: string
  /** Hex. */
  readonly sha256: string
  /** The `Content-Type` header. */
  readonly contentType?: string
}

/** Types that are text to read; error messages of servers are of these types too. */
const TEXTS: ReadonlySet<string> = new Set(['text/plain', 'application/json', 'application/xml'])
const TEXT_NAMES: ReadonlySet<string> = new Set(['txt', 'json', 'xml', 'md', 'csv', 'nfo'])
const MEDIA_NAMES =
  /^(?:jpe?g|jfif|png|apng|gif|webp|avif|hei[cf]|jxl|bmp|ico|tiff?|svg|psd|mp4|m4v|mov|webm|mkv|avi|mp3|m4a|wav|flac|og[gav]|zip|rar|7z|pdf)$/
const MEDIA_TYPES = /^\s*(?:image|video|audio)\//i

/** The URL is named as a file of some medium is. */
export function isMediaName(url: string): boolean {
  return MEDIA_NAMES.test(urlExtension(url))
}

/** Why these bytes are not what was to be collected; nothing when they are. */
export function judge(inspection: Inspection, rules: AssetRules, arrival: Arrival): Fault | undefined {
  const evidence = { url: arrival.url }
  if (isPlaceholder(rules, arrival)) {
    return new Fault('Placeholder', 'the site sent its picture for removed images', evidence)
  }
  const { damage } = inspection
  if (damage !== undefined) return new Fault(damage.code, sentence(inspection, damage.why), evidence)
  const why = wrongType(inspection, rules.expect, arrival)
  return why === undefined ? undefined : new Fault('WrongType', why, evidence)
}

function isPlaceholder({ placeholder }: AssetRules, { url, sha256 }: Arrival): boolean {
  if (placeholder === undefined) return false
  if (placeholder.sha256?.some((digest) => digest.toLowerCase() === sha256) === true) return true
  const path = URL.parse(url)?.pathname ?? url
  return placeholder.finalUrl?.some((ending) => url.endsWith(ending) || path.endsWith(ending)) ?? false
}

/** What is wrong, with the type where that says more. */
function sentence(inspection: Inspection, why: string): string {
  return inspection.extension === '' || inspection.extension === 'html' ? why : `${inspection.mime}: ${why}`
}

function wrongType(inspection: Inspection, expect: Kind | undefined, arrival: Arrival): string | undefined {
  const { mime, kind } = inspection
  if (!isStorable(inspection)) return `files of type ${mime} are never stored`
  if (expect !== undefined) {
    return kind === expect ? undefined : `it should be of kind ${expect}, and is ${kind} (${mime})`
  }
  if (inspection.extension !== '' && !TEXTS.has(mime)) return undefined
  const named = urlExtension(arrival.url)
  if (TEXTS.has(mime)) return TEXT_NAMES.has(named) ? undefined : `a text (${mime}) came in place of the file`
  const promised = MEDIA_NAMES.test(named) || MEDIA_TYPES.test(arrival.contentType ?? '')
  return promised ? 'its bytes are of no type that is known' : undefined
}
