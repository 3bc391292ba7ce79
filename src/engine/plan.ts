import { assetFields } from '../expr/fields.ts'
import type { Fields } from '../expr/fields.ts'
import type { Asset, Meta } from '../core/source.ts'
import type { JsonObject } from '../core/glossary.ts'
import type { Http } from '../core/http.ts'
import { redactUrl } from '../core/redact.ts'
import { withoutSecrets } from '../core/without-secrets.ts'
import type { CommittedAsset } from '../ports/catalog.ts'
import type { RunSettings } from './parts.ts'

export interface ListedAt {
  readonly source: string
  readonly route: string
  /** Position in the target's listing, from 1. */
  readonly position: number
}

/** What templates and `--where` see of an asset: the well-known fields and the host of its best URL. */
export function fieldsOf(asset: Asset, at: ListedAt): Fields {
  const url = asset.candidates[0]?.url ?? ''
  const plain = { ...asset, meta: withoutSecrets(asset.meta) }
  return { host: hostOf(url), ...assetFields(plain, { ...at, url: redactUrl(url) }) }
}

/** The host of a URL that a source made; cheaper than a URL object, as this is done for every listed asset. */
export function hostOf(url: string): string {
  return /^[a-z+.-]+:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(url)?.[1] ?? ''
}

/** What shares a budget of requests with this URL. Where there is none, no request is made. */
export function scopeOf(http: Http, url: string): { readonly name: string; readonly slots: number } {
  return URL.canParse(url) ? http.scope(url) : { name: 'nowhere', slots: 4 }
}

/** What this run does with an asset that was just listed. */
export type Decision =
  | { readonly what: 'fetch' }
  | { readonly what: 'known' | 'rejected' | 'missing' | 'ignore' }
  | { readonly what: 'excluded'; readonly reason: string }

/**
 * The catalog's row decides first (the disk is not asked), then `--range`, then `--where`. What `--limit` leaves is
 * decided by the visit, which counts.
 */
export function decide(
  asset: CommittedAsset,
  source: string,
  position: number,
  fields: () => Fields,
  settings: RunSettings,
): Decision {
  if (asset.repeated) return { what: 'ignore' }
  const outside = settings.range !== undefined && (position < settings.range.from || position > settings.range.to)
  switch (asset.state) {
    case 'stored':
      if (!settings.overwrite) return { what: outside ? 'ignore' : 'known' }
      break
    case 'rejected':
    case 'missing':
      return { what: asset.state }
    case 'fetching':
      return { what: 'ignore' }
    case 'failed':
    case 'listed':
      break
  }
  if (outside) return { what: 'excluded', reason: `position ${position} is outside of --range` }
  if (settings.rules(source).where?.judge(fields()) === 'exclude')
    return { what: 'excluded', reason: '--where does not hold' }
  return { what: 'fetch' }
}

/** Metadata as it is told: JSON without what is undefined, and without secrets, which addresses of pages may carry. */
export function plainMeta(meta: Meta): JsonObject {
  return withoutSecrets(
    Object.fromEntries(Object.entries(meta).filter((entry) => entry[1] !== undefined)),
  ) as JsonObject
}
