import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { Candidate, Cursor, ExploreContext, Finding, Params, Strategy } from '../../core/source.ts'
import { numberParam } from '../../kit/params.ts'
import { readShape } from '../../kit/shape.ts'
import { askApi, askDownload, CREDENTIALS } from './api-requests.ts'
import type { ApiDownload, DownloadRefusal } from './api-requests.ts'
import { isDeleted, readApiWork } from './api-work.ts'
import { needsDownload, wholeFindings, withDownload } from './findings.ts'
import { listingStrategy, placeBehind, placeSchema } from './listing.ts'
import type { Entries, Place } from './listing.ts'
import type { Work } from './model.ts'
import { compact } from '../../kit/compact.ts'
import { workOfPage } from './page-state.ts'
import { wallFault } from './refusals.ts'
import { readToken } from './token.ts'
import { askState, SITE } from './web-requests.ts'

/** Links to originals are to be used "within minutes" (documentation), where their token does not say until when. */
const DOWNLOAD_MS = 300_000

/**
 * One work by the API. It knows works by UUID only, which lists of the API bring along; else the work's page names it,
 * and the API adds the file behind the download button.
 */
export const apiDeviation: Strategy = {
  name: 'api',
  needs: CREDENTIALS,
  async *explore(params, _cursor, context) {
    const { uuid } = params
    const work = typeof uuid === 'string' ? await apiWork(uuid, context) : await pageWork(params, context)
    if (work.wall !== undefined) throw wallFault(work, work.wall)
    yield* await withOriginal(work, context)
  },
}

async function apiWork(uuid: string, context: ExploreContext): Promise<Work> {
  const { value, url } = await askApi(context, `/deviation/${uuid}`)
  const work = readApiWork(value, url)
  if (work.hasMore && work.wall === undefined)
    throw new Fault('SiteChanged', "DeviantArt's API does not give the text or the further pictures of works", {
      url,
      where: '$.text_content',
      advice: 'its page is read in place of it',
    })
  return work
}

/** The page's own description; where a wall stands before it, the API may see over it. */
async function pageWork(params: Params, context: ExploreContext): Promise<Work> {
  const id = numberParam(params, 'id')
  const state = await askState(context, `${SITE}/deviation/${id}`)
  const work = await workOfPage(state, String(id))
  if (work.wall === undefined || work.uuid === undefined || work.hasMore) return work
  return readApiWork((await askApi(context, `/deviation/${work.uuid}`)).value, work.page)
}

async function withOriginal(work: Work, context: ExploreContext): Promise<readonly Finding[]> {
  if (work.uuid === undefined || context.options['originals'] !== true || !needsDownload(work))
    return wholeFindings(work)
  const download = await askDownload(context, work.uuid)
  if (typeof download === 'string') return [...wholeFindings(work), ...refusalNotes(work, download)]
  const { width, height, filesize: bytes } = download
  const whole = { ...work, download: { ...work.download, ...compact({ width, height, bytes }) } }
  return wholeFindings(withDownload(whole, candidateOf(download, context.now)))
}

function candidateOf({ src }: ApiDownload, now: number): Candidate {
  const token = URL.parse(src)?.searchParams.get('token') ?? ''
  return { url: src, quality: 'original', expires: readToken(token)?.expires ?? now + DOWNLOAD_MS }
}

function refusalNotes({ page }: Work, refusal: DownloadRefusal): readonly Finding[] {
  const why = refusal === 'quota' ? 'the weekly quota of downloads is used up' : 'the site does not hand it out'
  return [{ kind: 'note', message: `${page}: not the artist's original but the largest rendering, as ${why}` }]
}

const listSchema = z.object({
  has_more: z.boolean().nullish(),
  next_offset: z.number().nullish(),
  next_cursor: z.string().nullish(),
  results: z.array(z.unknown()),
})

/** Of a gallery the API shows about the 10,000 newest works ("intentional", its issue 224); where exactly it ends is unverified. */
const DEEPEST = 9_900

/** A list that ends there has older works behind it, most likely. */
function depthNote(at: Place, received: number): string | undefined {
  const end = 'offset' in at ? at.offset + received : 0
  if (end < DEEPEST) return undefined
  return (
    `DeviantArt's API ends its list after ${end} works, and may have older ones: ` +
    "the site's own lists go on (get it with --option deviantart.clientId= and --pages 1-)"
  )
}

/** Where a list of the API is. */
export interface ApiList {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Works a page; 0 where the list is not paged. */
  readonly limit: number
  /** The works of the answer that belong to the list. */
  readonly keep?: (work: Work) => boolean
}

/** A list by the API. Pages may be short while there is more. */
export function apiListing(
  route: string,
  listOf: (params: Params, context: ExploreContext) => ApiList | Promise<ApiList>,
): Strategy {
  return listingStrategy('api', route, load, { needs: CREDENTIALS })

  async function load(params: Params, cursor: Cursor | undefined, context: ExploreContext) {
    const { path, query, limit, keep = () => true } = await listOf(params, context)
    const at = cursor === undefined ? { offset: 0 } : placeSchema.parse(cursor)
    const place = 'cursor' in at ? { cursor: at.cursor } : at.offset > 0 ? { offset: String(at.offset) } : {}
    const { value, url } = await askApi(context, path, {
      ...query,
      ...place,
      ...(limit > 0 && { limit: String(limit) }),
    })
    const list = readShape(listSchema, value, { what: "a list of DeviantArt's API", url })
    const next = placeBehind(at, {
      isMore: limit > 0 && list.has_more === true,
      cursor: list.next_cursor,
      offset: list.next_offset,
      received: list.results.length,
      url,
    })
    const entries = readEntries(list.results, url).filter((entry) => entry instanceof Fault || keep(entry))
    const note = next === undefined ? depthNote(at, list.results.length) : undefined
    return { entries, canDownload: true, ...(next !== undefined && { next }), ...(note !== undefined && { note }) }
  }
}

/** Deleted works are left out: nothing is known of them, not even a number to report. */
function readEntries(values: readonly unknown[], url: string): Entries {
  const read = values.filter((value) => !isDeleted(value)).map((value) => readEntry(value, url))
  const [first] = read
  if (first instanceof Fault && read.every((entry) => entry instanceof Fault)) throw first
  return read
}

function readEntry(value: unknown, url: string): Work | Fault {
  try {
    return readApiWork(value, url)
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown
    throw thrown
  }
}
