import type { Params, Target } from '../../core/source.ts'
import type { Provider, Query } from './provider.ts'

/** `search:PROVIDER/KEYWORD`, and the provider's result page. */
export function matchSearch(provider: Provider, target: Target): Params | undefined {
  const query = target.kind === 'url' ? provider.readPageUrl(target.url) : readShort(provider.name, target)
  if (query === undefined) return undefined
  const { keyword, filters } = query
  return { keyword, ...(Object.keys(filters).length > 0 && { filters }) }
}

/** `search:NAME/KEYWORD`. The keyword is taken as it is: it may hold blanks and slashes, and is not decoded. */
export function readShort(name: string, target: Target): Query | undefined {
  if (target.kind !== 'short' || target.source !== 'search') return undefined
  const slash = target.rest.indexOf('/')
  if (slash < 0 || target.rest.slice(0, slash).toLowerCase() !== name) return undefined
  return queryOf(target.rest.slice(slash + 1))
}

/** A query of a keyword, tidied; nothing where it is empty. */
export function queryOf(keyword: string | null, filters: Query['filters'] = {}): Query | undefined {
  const tidy = (keyword ?? '').normalize('NFC').trim().replace(/\s+/g, ' ')
  return tidy === '' ? undefined : { keyword: tidy, filters }
}

/** The parameters of a URL that are filters, of those that have a value. */
export function filtersOf(url: URL, names: readonly string[]): Query['filters'] {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = url.searchParams.get(name)
      return value === null || value === '' ? [] : [[name, value]]
    }),
  )
}
