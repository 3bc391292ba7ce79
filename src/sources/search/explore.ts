import type { Cursor, Finding, Params, Strategy } from '../../core/source.ts'
import { textParam } from '../../kit/params.ts'
import { nextRef } from '../../kit/refs.ts'
import { nothingFound, TAKE_THUMBNAILS, wallFault } from './faults.ts'
import { listResults, placeSchema, START } from './listing.ts'
import type { Place } from './listing.ts'
import { optionsOf } from './options.ts'
import type { Answered, Provider, Query } from './provider.ts'

/** Reads the result pages of a provider one after the other, until one brings nothing new. */
export function searchStrategy(provider: Provider): Strategy {
  return {
    name: provider.way,
    ...(provider.uses !== undefined && { uses: provider.uses }),
    async *explore(params, cursor, context) {
      const query = queryOfParams(params)
      const place = placeOf(cursor)
      const answered = await provider.page(query, place.at, context)
      yield* findingsOf(answered, { provider, query, params, place, thumbnails: optionsOf(context).thumbnails })
    },
  }
}

interface Search {
  readonly provider: Provider
  readonly query: Query
  readonly params: Params
  readonly place: Place
  readonly thumbnails: boolean
}

function* findingsOf({ url, page }: Answered, search: Search): Iterable<Finding> {
  const { provider, query, params, place, thumbnails } = search
  if (page.kind !== 'results' && page.kind !== 'none') throw wallFault(page, url, provider.name)
  if (page.note !== undefined) yield { kind: 'note', message: page.note }
  const { results, next } = page.kind === 'results' ? page : { results: [], next: undefined }
  const listed = listResults(results, query, provider.name, { place, thumbnails })
  for (const asset of listed.assets) yield { kind: 'asset', asset }
  if (listed.thumbnailsOnly > 0) yield { kind: 'note', message: thumbnailsNote(listed.thumbnailsOnly, search) }
  // A page of which nothing is an image may stand between others; one that repeats what was listed is the end.
  const repeats = results.length > 0 && listed.fresh === 0
  if (next !== undefined && !repeats)
    yield nextRef({ source: 'search', route: provider.name, params, cursor: { ...listed.place, at: next } })
  else if (listed.place.count === 0) throw nothingFound(provider.name, query.keyword, listed.place.marks.length > 0)
}

function thumbnailsNote(count: number, { provider, query }: Search): string {
  return `${provider.name} gives only thumbnails for ${count} of the images for "${query.keyword}", which are left out; ${TAKE_THUMBNAILS}`
}

function queryOfParams(params: Params): Query {
  return { keyword: textParam(params, 'keyword'), filters: (params['filters'] ?? {}) as Query['filters'] }
}

function placeOf(cursor: Cursor | undefined): Place {
  return cursor === undefined ? START : placeSchema.parse(cursor)
}
