import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { Cursor, ExploreContext, Finding, Params, Strategy } from '../../core/source.ts'
import { nextRef } from '../../kit/refs.ts'
import { listedFindings } from './findings.ts'
import type { Work } from './model.ts'

/** Works of a page in its order, and why one could not be read. */
export type Entries = readonly (Work | Fault)[]

export interface ListPage {
  readonly entries: Entries
  /** The download button can be used by whoever reads this list. */
  readonly canDownload: boolean
  /** Where the list goes on; absent on its last page. */
  readonly next?: Cursor
  /** What the user must know of this list. */
  readonly note?: string
}

/** Where a page begins: behind so many works, or at a mark of the site. */
export const placeSchema = z.union([z.object({ offset: z.number() }), z.object({ cursor: z.string() })])
export type Place = z.output<typeof placeSchema>

/** What a page says of the one behind it. */
export interface Onward {
  readonly isMore: boolean
  readonly cursor: string | null | undefined
  readonly offset: number | null | undefined
  /** Works on this page. */
  readonly received: number
  readonly url: string
}

/** Where a list goes on. One that says that there is more, and not where, would lose its rest without a word. */
export function placeBehind(at: Place, { isMore, cursor, offset, received, url }: Onward): Place | undefined {
  if (!isMore) return undefined
  const isMark = typeof cursor === 'string' && cursor !== ''
  if (isMark && !('cursor' in at && at.cursor === cursor)) return { cursor }
  const next = 'cursor' in at || isMark ? 0 : (offset ?? at.offset + received)
  if ('offset' in at && next > at.offset) return { offset: next }
  throw new Fault('SiteChanged', 'the list of DeviantArt says that there is more, but not where', {
    url,
    where: 'cursor' in at ? '$.nextCursor' : '$.nextOffset',
    advice: 'look for a newer version of bowerbird, or report this',
  })
}

type LoadPage = (params: Params, cursor: Cursor | undefined, context: ExploreContext) => Promise<ListPage>

/** Empty pages in the middle of a list (private or filtered works) that are passed over in a row. */
const MOST_EMPTY_PAGES = 20

/** `empty`: pages without a work just before. */
const cursorSchema = z.object({ at: z.json(), empty: z.number() })

/** A strategy for a paged list. */
export function listingStrategy(
  name: string,
  route: string,
  load: LoadPage,
  more: Pick<Strategy, 'needs' | 'lists'> = {},
): Strategy {
  return {
    name,
    ...more,
    async *explore(params, cursor, context) {
      const { at, empty } = cursor === undefined ? { at: undefined, empty: 0 } : cursorSchema.parse(cursor)
      const { entries, canDownload, next, note } = await load(params, at, context)
      yield* entries.flatMap((entry) => entryFindings(entry, canDownload, context))
      if (note !== undefined) yield { kind: 'note', message: note }
      if (next === undefined) return
      const passed = entries.length === 0 ? empty + 1 : 0
      if (passed > MOST_EMPTY_PAGES)
        throw new Fault('SiteChanged', `the list of DeviantArt goes on for ${passed} pages without a work`)
      yield nextRef({ source: 'deviantart', route, params, cursor: { at: next, empty: passed } })
    },
  }
}

function entryFindings(entry: Work | Fault, canDownload: boolean, { options }: ExploreContext): readonly Finding[] {
  if (entry instanceof Fault)
    return [{ kind: 'unavailable', code: entry.code, what: entry.evidence.url ?? '', why: entry.message }]
  const wishes = { canDownload, originals: options['originals'] === true, texts: options['texts'] === true }
  return listedFindings(entry, wishes)
}
