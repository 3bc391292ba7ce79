import { z } from 'zod'
import type { ExploreContext, Finding, Params, Strategy } from '../../core/source.ts'
import { textParam } from '../../kit/params.ts'
import { nextRef } from '../../kit/refs.ts'
import type { GifChoice } from './findings.ts'
import { entryFindings } from './findings.ts'
import { idOf } from './model.ts'
import type { Listed, Wanted } from './model.ts'

type ExplorePost = (wanted: Wanted, context: ExploreContext, choice: GifChoice) => Promise<readonly Finding[]>

type LoadPage = (params: Params, page: number, context: ExploreContext) => Promise<readonly Listed[]>

/** Findings of one ref; albums may have thousands of images. */
const WINDOW = 1000

/** A strategy for one post: all in one answer, which a very large album is asked for again with each window. */
export function postStrategy(name: string, route: string, explore: ExplorePost): Strategy {
  return {
    name,
    async *explore(params, cursor, context) {
      const { ending } = params
      const wanted = { id: textParam(params, 'id'), ...(typeof ending === 'string' && { ending }) }
      const found = await explore(wanted, context, context.options['gif'] as GifChoice)
      const from = typeof cursor === 'number' ? cursor : 0
      yield* found.slice(from, from + WINDOW)
      if (from + WINDOW < found.length) yield nextRef({ source: 'imgur', route, params, cursor: from + WINDOW })
    },
  }
}

/** Page numbers count from 0. `first` is what the page before began with. */
const cursorSchema = z.object({ page: z.number(), first: z.string() })

/**
 * A strategy for a paged listing. Pages have no fixed size (60, 63, 100 and 183 were seen) and nothing says which is
 * the last: an empty one ends it, and so does one that begins as the page before, for a site that ignores the number.
 */
export function listingStrategy(name: string, route: string, load: LoadPage): Strategy {
  return {
    name,
    async *explore(params, cursor, context) {
      const { page, first } = cursor === undefined ? { page: 0, first: '' } : cursorSchema.parse(cursor)
      const entries = await load(params, page, context)
      const [head] = entries
      if (head === undefined || idOf(head) === first) return
      yield* entryFindings(entries, context.options['gif'] as GifChoice)
      yield nextRef({ source: 'imgur', route, params, cursor: { page: page + 1, first: idOf(head) } })
    },
  }
}
