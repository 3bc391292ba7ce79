import { z } from 'zod'
import { elements, loadHtml } from '../../kit/html.ts'
import type { HtmlDocument, HtmlElement } from '../../kit/html.ts'
import { isThumbnail, tuplesOf } from './google-tuples.ts'
import type { Result, WallPage } from './provider.ts'
import { parseJson } from '../../kit/json.ts'
import { wallOf } from './walls.ts'

/** A page of Google as it stood in a browser, or as it was saved. */
export interface GooglePage {
  readonly url: string
  readonly html: string
  /** What its scripts have fetched since. */
  readonly answers: readonly string[]
}

/** One cell of the grid each; the first that finds any is the page's. Names of classes are of 2020 to 2024. */
export const CELLS: readonly string[] = [
  '[data-ri]',
  '[data-docid]',
  '[data-lpage]',
  '[data-hveid][data-ved][jsaction]:has(img)',
  'img.Q4LuWd',
]

/** What a page is. */
export type GoogleReading =
  | { readonly kind: 'results'; readonly results: readonly Result[] }
  | { readonly kind: 'none' }
  /** Pictures of Google's own, and nowhere the address of a full image: a basic page, or a layout of scripts alone. */
  | { readonly kind: 'thumbnails'; readonly results: readonly Result[] }
  | WallPage

/** Reads a page by all that is known of its layouts, the newest first. */
export async function readGoogle({ url, html, answers }: GooglePage): Promise<GoogleReading> {
  const tuples = tuplesOf([html, ...answers])
  if (tuples.some((result) => result.url !== undefined)) return { kind: 'results', results: tuples }
  const $ = await loadHtml(html)
  const older = [...metaResults($), ...linkResults($)]
  if (older.length > 0) return { kind: 'results', results: older }
  return (
    gateOf($, url) ??
    emptinessOf($) ??
    thumbnailsOf($) ??
    (isShell($) ? { kind: 'script-shell', where: 'noscript' } : wallOf($))
  )
}

const metaSchema = z.object({
  id: z.string().optional(),
  ou: z.string(),
  ow: z.number().optional(),
  oh: z.number().optional(),
  pt: z.string().optional(),
  ru: z.string().optional(),
  tu: z.string().optional(),
})

/** 2016 to 2020: a line of JSON in each cell (not recorded: known from the tools of the time). */
function metaResults($: HtmlDocument): readonly Result[] {
  return elements($, '.rg_meta').flatMap((element) => {
    const read = metaSchema.safeParse(parseJson(element.text()))
    if (!read.success) return []
    const { id, ou, ow, oh, pt, ru, tu } = read.data
    return [
      {
        ...(id !== undefined && { id: id.replace(/:$/, '') }),
        url: ou,
        ...(tu !== undefined && { thumbnail: tu }),
        ...(ru !== undefined && { referer: ru }),
        meta: {
          ...(pt !== undefined && { title: pt }),
          ...(ru !== undefined && { page: ru }),
          ...sizeOf(ow, oh),
        },
      },
    ]
  })
}

/** Until 2016, and of a cell that was clicked: the link to the page of a result names the full image. Recorded 2015. */
function linkResults($: HtmlDocument): readonly Result[] {
  return elements($, 'a[href*="/imgres?"]').flatMap((link) => readImageLink(link.attr('href') ?? '') ?? [])
}

/** A result from the address of its page. */
export function readImageLink(href: string): Result | undefined {
  const parameters = URL.parse(href, 'https://www.google.com/')?.searchParams
  const url = parameters?.get('imgurl')
  if (parameters === undefined || !url) return undefined
  const id = parameters.get('tbnid')?.replace(/:$/, '')
  const page = parameters.get('imgrefurl')
  return {
    ...(id ? { id } : {}),
    url,
    ...(page ? { referer: page } : {}),
    meta: { ...(page ? { page } : {}), ...sizeOf(Number(parameters.get('w')), Number(parameters.get('h'))) },
  }
}

function sizeOf(width = 0, height = 0): { readonly width?: number; readonly height?: number } {
  return width > 0 && height > 0 ? { width, height } : {}
}

/** Where a visitor is sent who must do something first; the address tells as much as the page. */
function gateOf($: HtmlDocument, url: string): GoogleReading | undefined {
  const { hostname, pathname } = new URL(url)
  if (hostname === 'sorry.google.com' || pathname.startsWith('/sorry/')) return { kind: 'captcha', where: pathname }
  if (hostname.startsWith('consent.')) return { kind: 'consent', where: hostname }
  if (/unusual traffic from your computer network/.test($('body').text())) return { kind: 'captcha', where: 'body' }
  if ($('button#W0wltc, button#L2AGLb').length > 0) return { kind: 'consent', where: 'button#W0wltc' }
  const wall = wallOf($)
  return wall.kind === 'captcha' || wall.kind === 'consent' ? wall : undefined
}

/** Google says so in the language of the page; it is asked for in English where the user names no other. */
function emptinessOf($: HtmlDocument): GoogleReading | undefined {
  return /did not match any (?:documents|image results)/.test($('body').text()) ? { kind: 'none' } : undefined
}

/** A grid, whose pictures may still be to come; or the pictures of a basic page, each linked to its page (`/url?q=…`). */
function thumbnailsOf($: HtmlDocument): GoogleReading | undefined {
  const results = elements($, 'img').flatMap((picture) => thumbnailOf(picture) ?? [])
  const isGrid = CELLS.some((cell) => $(cell).length > 0)
  return results.length > 0 || isGrid ? { kind: 'thumbnails', results } : undefined
}

function thumbnailOf(picture: HtmlElement): Result | undefined {
  const address = [picture.attr('src'), picture.attr('data-src')].find((src) => src !== undefined && isThumbnail(src))
  if (address === undefined || !/[?&]q=tbn/.test(address)) return undefined
  const link = URL.parse(picture.closest('a').attr('href') ?? '', 'https://www.google.com/')?.searchParams
  const page = link?.get('q') ?? link?.get('url') ?? undefined
  return { thumbnail: address, meta: { ...(page !== undefined && /^https?:/.test(page) && { page }) } }
}

/** A page that only asks for scripts (recorded 2026, cut): those of a browser replace it, or do not. */
function isShell($: HtmlDocument): boolean {
  return /\/httpservice\/retry\/enablejs|SG_SS|trouble accessing Google Search/.test($.html())
}
