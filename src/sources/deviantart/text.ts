import { hash } from 'node:crypto'
import type { HtmlElement } from '../../kit/html.ts'
import { elements, loadHtml } from '../../kit/html.ts'
import { parseJson } from '../../kit/json.ts'
import { resolveLink } from '../../kit/links.ts'
import { candidatesOf, isBlurred } from './media-url.ts'
import type { Extra } from './model.ts'

/** What a text shows of pictures. */
export interface Illustrations {
  readonly extras: readonly Extra[]
  /** Numbers of works that are shown by a thumbnail which leads to them. */
  readonly linked: readonly number[]
  /** Whole descriptions of works, as texts of the newer editors hold them; not yet read. */
  readonly embedded: readonly unknown[]
}

const NONE: Illustrations = { extras: [], linked: [], embedded: [] }

/** Hosts of smileys, avatars and the site's own pictures. */
const ORNAMENT_HOSTS = /^(?:a|e|st|i|s)\.deviantart\.(?:net|com)$/
const THUMBNAIL_HOSTS = /^t\d+\.deviantart\.net$/

/**
 * The pictures of a text: of HTML (`writer`) its images, and links of thumbnails to works; of the newer editors
 * (`draft`, and `tiptap` since September 2024) the works that stand in their JSON. No text with pictures is recorded:
 * the marks are known from programs that read them in 2026.
 */
export async function illustrationsOf(markup: string, id: number, page: string): Promise<Illustrations> {
  if (markup.trim() === '') return NONE
  const document = /^\s*[{[]/.test(markup) ? parseJson(markup) : undefined
  return document === undefined ? inHtml(markup, id, page) : { ...NONE, embedded: worksIn(document) }
}

async function inHtml(markup: string, id: number, page: string): Promise<Illustrations> {
  const $ = await loadHtml(markup)
  const extras = new Map<string, Extra>()
  const linked = new Set<number>()
  for (const image of elements($, 'img')) {
    const work = workOf(image)
    if (work !== undefined) linked.add(work)
    else for (const extra of extraOf(image, id, page)) extras.set(extra.media, extra)
  }
  return { extras: [...extras.values()], linked: [...linked], embedded: [] }
}

/** The work that a thumbnail stands for, by what the editor notes on it or by the link around it. */
function workOf(image: HtmlElement): number | undefined {
  const noted = image.attr('data-embed-type') === 'deviation' ? image.attr('data-embed-id') : undefined
  const link = image.closest('a').attr('href') ?? ''
  const number =
    noted ?? /deviantart\.com\/(?:[\w-]+\/)?(?:art|journal|deviation)\/(?:[^/?#]*-)?(\d+)\/?$/.exec(link)?.[1]
  return number === undefined || !/^\d+$/.test(number) ? undefined : Number(number)
}

function extraOf(image: HtmlElement, id: number, page: string): readonly Extra[] {
  const url = resolveLink(image.attr('src'), page)
  const host = url === undefined ? undefined : URL.parse(url)?.hostname
  if (url === undefined || host === undefined || url.startsWith('data:') || isBlurred(url)) return []
  if (ORNAMENT_HOSTS.test(host) || THUMBNAIL_HOSTS.test(host)) return []
  if (image.attr('data-embed-type') === 'emoticon') return []
  return [{ media: mediaOf(url), files: { candidates: candidatesOf(url, id), blurred: false } }]
}

/**
 * The site's files have an id in their name, of which the beginning is enough; of others the address is all there is,
 * which names another picture by its query (`?id=2`), but for the site's own tokens.
 */
function mediaOf(url: string): string {
  const file = /\.wixmp\.com\/(?:intermediary\/)?[fi]\/[^/]+\/\w+-([0-9a-f]{8})-[\w-]+\.\w+/.exec(url)?.[1]
  if (file !== undefined) return file
  const isOwn = /^https?:\/\/[\w.-]+\.(?:wixmp\.com|deviantart\.net)\//.test(url)
  return hash('sha256', isOwn ? url.replace(/\?.*$/, '') : url).slice(0, 16)
}

/** Everything in a document that has a work's number and its media, in its order. A stack, for documents nested without end. */
function worksIn(document: unknown): readonly unknown[] {
  const found: unknown[] = []
  const waiting: unknown[] = [document]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value !== 'object' || value === null) continue
    if ('deviationId' in value && 'media' in value) found.push(value)
    else for (const inner of Object.values(value as Record<string, unknown>).toReversed()) waiting.push(inner)
  }
  return found
}
