import type { Json } from '../core/glossary.ts'
import type { Asset } from '../core/source.ts'

/** What templates and `--where` see of an asset. Further fields of a source stand beside these and in `meta`. */
export type Fields = { readonly [name: string]: Json | undefined }

interface FieldKind {
  readonly type: 'string' | 'number' | 'strings'
  readonly about: string
  /** Known from the file at the latest: `--where` can wait for it, templates cannot. */
  readonly file?: true
}

/** The fields that mean the same in every source. */
export const FIELDS = {
  key: { type: 'string', about: 'the stable key, `source:id/media`' },
  id: { type: 'string', about: 'the key without its source' },
  source: { type: 'string', about: 'the name of the source' },
  route: { type: 'string', about: 'the kind of page it was found on' },
  url: { type: 'string', about: 'the best URL, without secrets' },
  host: { type: 'string', about: 'the host of the best URL' },
  index: { type: 'number', about: 'the position in its post or keyword, from 1; else in the listing' },
  title: { type: 'string', about: 'the title' },
  author: { type: 'string', about: 'who made it' },
  description: { type: 'string', about: 'what the site says about it' },
  date: { type: 'string', about: 'ISO 8601, as exact as the site says' },
  page: { type: 'string', about: 'the page a person would open' },
  tags: { type: 'strings', about: 'the tags' },
  filename: { type: 'string', about: 'the name at the site, without extension' },
  credit: { type: 'string', about: 'whom the site credits' },
  rights: { type: 'string', about: 'licence or copyright' },
  kind: { type: 'string', about: 'image, video, audio, archive or other', file: true },
  mime: { type: 'string', about: 'the media type, such as image/jpeg', file: true },
  bytes: { type: 'number', about: 'the size of the file', file: true },
  width: { type: 'number', about: 'pixels', file: true },
  height: { type: 'number', about: 'pixels', file: true },
} as const satisfies Record<string, FieldKind>

export type FieldName = keyof typeof FIELDS

export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[]

/** What only the file tells where the listing does not. */
export const FILE_FIELDS: readonly string[] = Object.entries<FieldKind>(FIELDS)
  .filter(([, field]) => field.file)
  .map(([name]) => name)

/** The fields of a listed asset. `url` is given without secrets; `position` counts from 1 in the target's listing. */
export function assetFields(
  asset: Asset,
  at: { readonly source: string; readonly route: string; readonly url: string; readonly position: number },
): Fields {
  return {
    ...asset.meta,
    key: asset.key,
    id: asset.key.slice(asset.key.indexOf(':') + 1),
    source: at.source,
    route: at.route,
    url: at.url,
    index: asset.index ?? at.position,
    meta: asset.meta as Fields['meta'],
  }
}

/** The name that a template's path begins with, such as `artist` of `meta.artist`; `meta` alone is all of them. */
export function fieldOfPath(path: string): string {
  const [first = '', second] = path.split('.')
  return first === 'meta' && second !== undefined ? second : first
}
