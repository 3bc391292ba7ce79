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
}

type LoadPage = (params: Params, cursor: Cursor | undefined, context: ExploreContext) => Promise<ListPage>

/** Empty pages in the middle of a list (private or filtered works) that are passed over in a row. */
const MOST_EMPTY_PAGES = 20

/** `empty`: pages without a work just before. */
const cursorSchema = z.object({ at: z.json(), empty: z.number() })

/** A strategy for a paged list. */
export function listingStrategy(name: string, route: string, load: LoadPage, needs?: readonly string[]): Strategy {
  return {
    name,
    ...(needs !== undefined && { needs }),
    async *explore(params, cursor, context) {
      const { at, empty } = cursor === undefined ? { at: undefined, empty: 0 } : cursorSchema.parse(cursor)
      const { entries, canDownload, next } = await load(params, at, context)
      yield* entries.flatMap((entry) => entryFindings(entry, canDownload, context))
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
