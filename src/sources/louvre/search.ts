import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { HttpAnswer } from '../../core/http.ts'
import type { Cursor, ExploreContext, Finding, Params } from '../../core/source.ts'
import { elements, loadHtml } from '../../kit/html.ts'
import { textParam } from '../../kit/params.ts'
import { childRef, nextRef } from '../../kit/refs.ts'

/** Works of a page; the site offers 20 and takes this (2024 to 2026), but fewer may come. */
const PAGE = 100

/** Pages count from 1. `first` is what the page before began with, `seen` how many works there were so far. */
const cursorSchema = z.object({ page: z.number(), first: z.string(), seen: z.number() })

const ADVICE =
  'give the cookies of a browser that was let in (--cookies-from-browser NAME), name records (louvre:cl010062370), ' +
  'or take all of them (louvre:all) and choose with --where'

/** What a page of results names. */
export interface SearchPage {
  /** In the order of the page, each once. */
  readonly arks: readonly string[]
  /** How many works the whole search has, where the page says it. */
  readonly total?: number
}

/**
 * One page of a search. Records and sitemaps are open, but since autumn 2026 search pages answer programs with a
 * challenge. What the site answers behind its last page is not known: the total ends the search, and so does a page
 * without works, or one that begins as the page before (one observer of 2026 was given the same page for all numbers).
 */
export async function* exploreSearch(
  params: Params,
  cursor: Cursor | undefined,
  context: ExploreContext,
): AsyncIterable<Finding> {
  const { page, first, seen } = cursor === undefined ? { page: 1, first: '', seen: 0 } : cursorSchema.parse(cursor)
  const url = new URL(textParam(params, 'url'))
  url.searchParams.set('page', String(page))
  url.searchParams.set('limit', String(PAGE))
  const answer = await ask(url.href, context)
  const { arks, total } = await readSearchPage(answer.text(), answer.url)
  const [head] = arks
  if (head === undefined || head === first) {
    if (total !== undefined && seen < total) yield shortNote(url, seen, total)
    return
  }
  for (const ark of arks) yield childRef({ source: 'louvre', route: 'record', params: { ark } })
  const known = seen + arks.length
  if (total !== undefined && known >= total) return
  yield nextRef({ source: 'louvre', route: 'search', params, cursor: { page: page + 1, first: head, seen: known } })
}

/** Whoever searches must know that works are missing, and how to have them. */
function shortNote(url: URL, seen: number, total: number): Finding {
  const words = url.searchParams.get('q') ?? ''
  const message =
    `the search of the Louvre${words === '' ? '' : ` for "${words}"`} has ${total} works, but shows only ${seen} of them: ` +
    'narrow it by filters, or take all records (louvre:all) and choose with --where'
  return { kind: 'note', message }
}

/** The challenge came with status 429 and named no time to wait; a request for mere patience is heard below. */
async function ask(url: string, context: ExploreContext): Promise<HttpAnswer> {
  try {
    const answer = await context.http.request({ url })
    if (!/\bWADP\b/.test(answer.text())) return answer
    throw challenged(url, answer.status)
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    const { code, evidence } = thrown
    const isChallenge = code === 'Blocked' || (evidence.status === 429 && evidence.retryAfter === undefined)
    throw isChallenge ? challenged(url, evidence.status ?? 429, thrown) : thrown
  }
}

function challenged(url: string, status: number, cause?: Fault): Fault {
  return new Fault('Blocked', 'the search of the Louvre wants proof of a person in place of an answer', {
    url,
    status,
    advice: ADVICE,
    ...(cause !== undefined && { cause }),
  })
}

/** Cards link to their records; `#count_text` has the total. No page is recorded: known from programs of 2024 to 2026. */
export async function readSearchPage(html: string, url: string): Promise<SearchPage> {
  const $ = await loadHtml(html)
  const links = elements($, 'a[href*="/ark:/53355/"]').map((link) => link.attr('href') ?? '')
  const arks = links.flatMap((href) => /\/ark:\/53355\/(cl\d{9})\b/.exec(href)?.[1] ?? [])
  const count = /\d[\d\s.,]*/.exec($('#count_text').text())?.[0].replaceAll(/\D/g, '')
  if (arks.length === 0 && $('#count_text').length === 0)
    throw new Fault('SiteChanged', 'the search page of the Louvre names no works and no count', {
      url,
      where: '#count_text',
    })
  return { arks: [...new Set(arks)], ...(count !== undefined && { total: Number(count) }) }
}
