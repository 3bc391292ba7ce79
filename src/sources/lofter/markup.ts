import type { HtmlDocument } from '../../kit/html.ts'
import { elements, loadHtml } from '../../kit/html.ts'
import { distinctMedia, textImage } from './media.ts'
import type { Medium } from './media.ts'

/** What the HTML of a post's text says. */
export interface Markup {
  /** One line for each paragraph. */
  readonly text: string
  readonly media: readonly Medium[]
}

const BLOCKS = 'p, div, li, h1, h2, h3, h4, h5, h6, blockquote'

/** Reads a piece of HTML: its plain text, and the images in it. */
export async function readMarkup(html: string): Promise<Markup> {
  if (!/[<&]/.test(html)) return { text: html.trim(), media: [] }
  const $ = await loadHtml(html)
  const media = imagesIn($, 'img[src]')
  $(BLOCKS).append('\n')
  $('br').replaceWith('\n')
  return { text: tidy($.root().text()), media }
}

/** The images that a selector finds, each once, without those in links to other posts. */
export function imagesIn($: HtmlDocument, selector: string): readonly Medium[] {
  const found = elements($, selector).filter((image) => image.closest('a[href*="/post/"]').length === 0)
  return distinctMedia(found.map((image) => textImage(image.attr('src') ?? '')))
}

function tidy(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}
