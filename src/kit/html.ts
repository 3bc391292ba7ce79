import type { CheerioAPI } from 'cheerio'
import type { HttpAnswer } from '../core/http.ts'
import { headerOf } from './answers.ts'
import { tameMarkup } from './tame-markup.ts'

/** A parsed page: `$('css selector')`. */
export type HtmlDocument = CheerioAPI

/** One element of a page, with its methods. */
export type HtmlElement = ReturnType<typeof elements>[number]

/** The standard wants the declaration within these first bytes. */
const MOST_BYTES_TO_CHARSET = 1024
const CHARSET = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i

/** How far up an element may have the one it belongs to. */
const MOST_STEPS_UP = 16

/**
 * Parses a page as browsers do that run no scripts, so that what stands in `noscript` counts, within limits that keep
 * hostile ones harmless. Cheerio is loaded with the first page: it takes longer than all the rest of the program.
 */
export async function loadHtml(text: string): Promise<HtmlDocument> {
  const { load } = await import('cheerio')
  // Texts of JSON may hold halves of characters, which the parser stumbles over.
  return load(tameMarkup(text.toWellFormed()), { scriptingEnabled: false })
}

/** The nearest element around this one that fits a selector. */
export function around(element: HtmlElement, selector: string): HtmlElement | undefined {
  let parent = element.parent()
  for (let step = 0; step < MOST_STEPS_UP && parent.length > 0; step += 1) {
    if (parent.is(selector)) return parent
    parent = parent.parent()
  }
  return undefined
}

/** The elements that a selector finds, in the order of the document. */
export function elements($: HtmlDocument, selector: string) {
  return Array.from($(selector), (element) => $(element))
}

/** The name of an element, in lower case as HTML has it. */
export function tagOf(element: HtmlElement): string {
  return element.prop('tagName')?.toLowerCase() ?? ''
}

/** The text of a page: by the charset of its header, else the one that it declares itself, else UTF-8. */
export function htmlText(answer: HttpAnswer): string {
  const { bytes } = answer
  const unicode =
    (bytes[0] === 0xef && bytes[1] === 0xbb) ||
    (bytes[0] === 0xfe && bytes[1] === 0xff) ||
    (bytes[0] === 0xff && bytes[1] === 0xfe)
  if (unicode || /charset\s*=/i.test(headerOf(answer.headers, 'content-type') ?? '')) return answer.text()
  const head = Buffer.from(bytes.subarray(0, MOST_BYTES_TO_CHARSET)).toString('latin1')
  const label = CHARSET.exec(head)?.[1]
  try {
    return label === undefined ? answer.text() : new TextDecoder(label).decode(bytes)
  } catch {
    return answer.text()
  }
}
