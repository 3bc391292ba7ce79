import type { Target } from '../../core/source.ts'
import { pathParts } from '../../kit/paths.ts'

/** Where a target points to within imgur, whichever way it was written. */
export interface Place {
  /** `page`: imgur.com; `media`: i.imgur.com; `vanity`: USER.imgur.com; `short`: `imgur:…`. */
  readonly host: 'page' | 'media' | 'vanity' | 'short'
  readonly user: string
  /** Parts of the path, decoded, none empty. */
  readonly parts: readonly string[]
  readonly search: URLSearchParams
}

export function placeOf(target: Target): Place | undefined {
  if (target.kind === 'short')
    return target.source === 'imgur'
      ? { host: 'short', user: '', parts: pathParts(target.rest), search: new URLSearchParams() }
      : undefined
  if (target.kind !== 'url') return undefined
  const { hostname, pathname, searchParams } = target.url
  const sub = /^(?:([\w-]+)\.)?imgur\.(?:com|io)$/.exec(hostname)
  if (sub === null) return undefined
  const name = sub[1] ?? 'www'
  if (name === 'api') return undefined
  const host = name === 'i' ? 'media' : name === 'www' || name === 'm' ? 'page' : 'vanity'
  return { host, user: name, parts: pathParts(pathname), search: searchParams }
}

/** How listings may be sorted, in the words of the web site and of the API. */
const SORTS = new Set(['viral', 'top', 'time', 'new', 'score', 'relevance', 'rising', 'all'])
const WINDOWS = new Set(['day', 'week', 'month', 'year', 'all'])

export function isSort(name: string | undefined): boolean {
  return name !== undefined && SORTS.has(name)
}

export type Sort = 'time' | 'top' | 'viral'

/** The web site says `new`, `score` and `relevance` where the API says `time`, `top` and (best fitting) `viral`. */
export function sortOf(name: string | undefined): Sort {
  if (name === 'top' || name === 'score') return 'top'
  return name === 'viral' || name === 'relevance' ? 'viral' : 'time'
}

export function windowOf(name: string | undefined): { readonly window?: string } {
  return name !== undefined && WINDOWS.has(name) ? { window: name } : {}
}
