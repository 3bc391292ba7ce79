import { z } from 'zod'
import { elements, loadHtml } from '../../kit/html.ts'
import type { HtmlDocument, HtmlElement } from '../../kit/html.ts'
import type { Result, SearchPage } from './provider.ts'
import { parseJson } from '../../kit/json.ts'
import { wallOf } from './walls.ts'

/** The JSON in the attribute `m` of a result's link. Recorded 2026. */
const resultSchema = z.object({
  murl: z.string(),
  turl: z.string().optional(),
  purl: z.string().optional(),
  t: z.string().optional(),
  desc: z.string().optional(),
  mid: z.string().optional(),
})

/** Bing's words are put between these in titles. */
const HIGHLIGHTS = /[\uE000\uE001]/g

/** Images that are asked for at once, as the page itself does. */
const PAGE = 35

/** A thumbnail of Bing's: a page that shows some, but no result that can be read, has another layout. */
const THUMBNAIL = /\/th(?:\?id=|\/id\/)O/

/** Reads a result page, or a fragment of one as `/images/async` answers. `from`: where it came from. */
export async function readBing(markup: string, from: string): Promise<SearchPage> {
  const $ = await loadHtml(markup)
  // Cards of suggested searches hold images of other searches.
  const links = elements($, 'a.iusc[m]').filter((link) => link.closest('.clustCards').length === 0)
  const results = links.flatMap(readResult)
  if (results.length > 0) return { kind: 'results', results, ...nextOf($, from, results.length) }
  if (links.length > 0) return { kind: 'unknown-layout', where: 'a.iusc[m]' }
  const wall = wallOf($)
  // The question about cookies lies over every kind of page, and hides nothing of it.
  return wall.kind === 'captcha' || !isEmpty($, markup, from) ? wall : { kind: 'none' }
}

/**
 * A page with Bing's search box, a fragment with a result container, or no fragment at all, and no image in it. How
 * Bing words that there is nothing is in no recorded answer (unverified).
 */
function isEmpty($: HtmlDocument, markup: string, from: string): boolean {
  if (markup.trim() === '') return from.includes('/images/async')
  return ($('#sb_form_q').length > 0 || $('.dgControl').length > 0) && !THUMBNAIL.test(markup)
}

function readResult(link: HtmlElement): readonly Result[] {
  const read = resultSchema.safeParse(parseJson(link.attr('m') ?? ''))
  if (!read.success) return []
  const { murl, turl, purl, t, desc, mid } = read.data
  const title = plain(t)
  const description = plain(desc)
  const page = purl === undefined || purl === '' ? undefined : purl
  return [
    {
      url: murl,
      ...(mid !== undefined && { id: mid }),
      ...(turl !== undefined && { thumbnail: turl }),
      ...(page !== undefined && { referer: page }),
      meta: {
        ...(title !== '' && { title }),
        ...(description !== '' && description !== title && { description }),
        ...(page !== undefined && { page }),
        ...sizeOf(link.attr('href') ?? ''),
      },
    },
  ]
}

function plain(text: string | undefined): string {
  return (text ?? '').replace(HIGHLIGHTS, '').trim()
}

/** Pixels of the full image, as the link to its page has them. */
function sizeOf(href: string): { readonly width?: number; readonly height?: number } {
  const parameters = URL.parse(href, 'https://www.bing.com/')?.searchParams
  const [width, height] = ['expw', 'exph'].map((name) => Number(parameters?.get(name) ?? 0))
  return width !== undefined && height !== undefined && width > 0 && height > 0 ? { width, height } : {}
}

/**
 * The address of the next fragment stands on the container of the results, empty behind the last one. Of fragments no
 * answer is recorded: where there is no container, the next address is counted on, and a repeated page ends it.
 */
function nextOf($: HtmlDocument, from: string, count: number): { readonly next?: string } {
  const container = elements($, '.dgControl').find((element) => element.closest('.clustCards').length === 0)
  const address = container?.attr('data-nexturl') ?? countedOn(from, count)
  return address === '' ? {} : { next: address }
}

function countedOn(from: string, count: number): string {
  const parameters = new URLSearchParams(new URL(from).search)
  const first = Number(parameters.get('first') ?? 1) + count
  for (const [name, value] of [
    ['first', String(first)],
    ['count', String(PAGE)],
    ['async', '1'],
  ] as const)
    parameters.set(name, value)
  return `/images/async?${parameters.toString()}`
}
