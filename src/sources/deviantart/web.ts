import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { ExploreContext, Finding, Params, Strategy } from '../../core/source.ts'
import { numberParam } from '../../kit/params.ts'
import { readShape } from '../../kit/shape.ts'
import { needsDownload, wholeFindings, withDownload } from './findings.ts'
import { listingStrategy, placeBehind, placeSchema } from './listing.ts'
import type { Entries } from './listing.ts'
import type { Work } from './model.ts'
import { listOfPage, workAt, workOfPage } from './page-state.ts'
import { wallFault } from './refusals.ts'
import { askPuppy, askState, SITE } from './web-requests.ts'
import { readWork } from './work.ts'

/** Works a page; the most that the site's lists give (another program, August 2026). */
const PAGE = 60

/** One work by its page. An id with any artist and slug leads to it. */
export const webDeviation: Strategy = {
  name: 'web',
  async *explore(params, _cursor, context) {
    const id = numberParam(params, 'id')
    const state = await askState(context, `${SITE}/deviation/${id}`)
    yield* workFindings(await workOfPage(state, String(id)), state.isLoggedIn, context)
  },
}

const initSchema = z.object({ deviation: z.unknown() })

/** One work by the call that the site's own pages make when they open it. */
export const puppyDeviation: Strategy = {
  name: 'puppy',
  async *explore(params, _cursor, context) {
    const id = numberParam(params, 'id')
    const query = { deviationid: String(id), type: 'art', include_session: 'false', expand: 'deviation.related' }
    const { value, url, isLoggedIn } = await askPuppy(context, 'dadeviation/init', query, SITE)
    const { deviation } = readShape(initSchema, value, { what: 'the description of a work', url })
    yield* workFindings(await readWork(deviation, url), isLoggedIn, context)
  },
}

/** What a work's own page gives. The download button is for people who are logged in. */
export function workFindings(work: Work, isLoggedIn: boolean, { options }: ExploreContext): readonly Finding[] {
  if (work.wall !== undefined) throw wallFault(work, work.wall)
  const original = work.download?.candidate
  const isWanted = isLoggedIn && options['originals'] === true && needsDownload(work)
  return wholeFindings(original !== undefined && isWanted ? withDownload(work, original) : work)
}

const listSchema = z.object({
  hasMore: z.boolean().nullish(),
  nextOffset: z.number().nullish(),
  nextCursor: z.string().nullish(),
  results: z.array(z.unknown()).optional(),
  deviations: z.array(z.unknown()).optional(),
})

/** Where a list is asked for, and the page of the site that shows it. */
export interface PuppyList {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly page: string
}

/** A list by `_puppy`. A page may be shorter than was asked for, or empty, while there is more. */
export function puppyListing(route: string, listOf: (params: Params) => PuppyList): Strategy {
  return listingStrategy('web', route, async (params, cursor, context) => {
    const { path, query, page } = listOf(params)
    const at = cursor === undefined ? { offset: 0 } : placeSchema.parse(cursor)
    const place = 'cursor' in at ? { cursor: at.cursor } : { offset: String(at.offset) }
    const asked = path.startsWith('dabrowse/') && !('cursor' in at) ? {} : place
    const { value, url, isLoggedIn } = await askPuppy(context, path, { ...query, ...asked, ...limitOf(path) }, page)
    const list = readShape(listSchema, value, { what: 'a list of DeviantArt', url })
    const values = list.results ?? list.deviations
    if (values === undefined)
      throw new Fault('SiteChanged', 'the list of DeviantArt has no works in it', { url, where: '$.results' })
    const { hasMore, nextCursor, nextOffset } = list
    const next = placeBehind(at, {
      isMore: hasMore === true,
      cursor: nextCursor,
      offset: nextOffset,
      received: values.length,
      url,
    })
    return { entries: await readEntries(values, url), canDownload: isLoggedIn, ...(next !== undefined && { next }) }
  })
}

function limitOf(path: string): Readonly<Record<string, string>> {
  return path.startsWith('dabrowse/') ? {} : { limit: String(PAGE) }
}

/** Works of a list; until 2023 each stood in an object of its own. One that cannot be read is no reason to lose the others. */
async function readEntries(values: readonly unknown[], url: string): Promise<Entries> {
  const read = await Promise.all(values.map((value) => readEntry(value, url)))
  const [first] = read
  if (first instanceof Fault && read.every((entry) => entry instanceof Fault)) throw first
  return read
}

const wrapSchema = z.object({ deviation: z.object({}).loose() })

async function readEntry(value: unknown, url: string): Promise<Work | Fault> {
  const wrapped = wrapSchema.safeParse(value)
  try {
    return await readWork(wrapped.success ? wrapped.data.deviation : value, url)
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown
    throw thrown
  }
}

const pageSchema = z.object({ page: z.number(), first: z.string() })

/**
 * A list by the pages that show it, 24 works each. What such a page holds is known from programs that read it in 2026;
 * none is recorded. A page that begins as the one before comes from a site that ignores the number.
 */
export function pageListing(route: string, urlOf: (params: Params) => string): Strategy {
  return listingStrategy('page', route, async (params, cursor, context) => {
    const { page, first } = cursor === undefined ? { page: 1, first: '' } : pageSchema.parse(cursor)
    const url = new URL(urlOf(params))
    if (page > 1) url.searchParams.set('page', String(page))
    const state = await askState(context, url.href)
    const { items, hasMore } = listOfPage(state)
    const [head = first] = items
    if (items.length > 0 && head === first) {
      if (hasMore) throw repeated(url.href)
      return { entries: [], canDownload: state.isLoggedIn }
    }
    const entries = await Promise.all(items.map((item) => workAt(state, item)))
    const next = hasMore ? { next: { page: page + 1, first: head } } : {}
    return { entries, canDownload: state.isLoggedIn, ...next }
  })
}

/** Its further works are nowhere on the pages: another strategy must find them. */
function repeated(url: string): Fault {
  return new Fault('SiteChanged', 'DeviantArt gives the same page of works again, and says that there are more', {
    url,
    where: '?page=',
    advice: 'look for a newer version of bowerbird, or report this',
  })
}
