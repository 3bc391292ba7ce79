import { SaxesParser } from 'saxes'
import { Fault } from '../../core/errors.ts'
import { isoDate } from '../../kit/dates.ts'
import { idOfAddress } from './addresses.ts'
import { NO_FILES } from './media.ts'
import { candidatesOf, isBlurred } from './media-url.ts'
import type { Work } from './model.ts'
import { compact } from '../../kit/compact.ts'
import { plainText } from './plain-text.ts'
import { wallOf } from './walls.ts'

export interface Feed {
  readonly works: readonly Work[]
  /** Where the feed goes on. */
  readonly next: string | undefined
}

/** Texts and attributes of one item. */
interface Item {
  readonly texts: Map<string, string>
  content: Readonly<Record<string, string>> | undefined
}

/**
 * Reads a feed of `backend.deviantart.com/rss.xml`: what visitors are shown, 60 works a page. One item is recorded
 * (2015); that there is a `next` link was described in 2026. Only XML's own entities are known, so that a short feed
 * cannot become a long one.
 */
export function readFeed(xml: string, url: string): Feed {
  const items: Item[] = []
  let next: string | undefined
  let item: Item | undefined
  let text = ''
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw new Fault('SiteChanged', `the feed of DeviantArt is no XML: ${error.message}`, {
      url,
      where: error.message,
      cause: error,
    })
  })
  parser.on('opentag', ({ name, attributes }) => {
    text = ''
    if (name === 'item') items.push((item = { texts: new Map(), content: undefined }))
    else if (name === 'media:content' && item !== undefined) item.content ??= attributes
    else if (name === 'atom:link' && attributes['rel'] === 'next') next = attributes['href']
  })
  parser.on('text', (part) => {
    text += part
  })
  parser.on('cdata', (part) => {
    text += part
  })
  parser.on('closetag', ({ name }) => {
    if (name === 'item') item = undefined
    // The first `media:credit` is the artist, the second the address of the avatar.
    else if (item !== undefined && !item.texts.has(name)) item.texts.set(name, text.trim())
  })
  parser.write(xml).close()
  return { works: items.map((one) => workOf(one, url)), next }
}

function workOf({ texts, content }: Item, url: string): Work {
  const page = texts.get('link') ?? texts.get('guid') ?? ''
  const id = idOfAddress(page)
  if (id === undefined) {
    const where = 'rss.channel.item.link'
    throw new Fault('SiteChanged', 'an item of the feed of DeviantArt has no number at the end of its address', {
      url,
      where,
    })
  }
  const src = content?.['medium'] === 'document' ? undefined : content?.['url']
  const files =
    src === undefined || src === '' ? NO_FILES : { candidates: candidatesOf(src, id), blurred: isBlurred(src) }
  const wall = wallOf({ isBlurred: files.blurred })
  const isText = /\/(?:journal|status-update)\//.test(page)
  return {
    id,
    page,
    isText,
    files: { ...files, ...sizeOf(content) },
    ...compact({
      title: texts.get('title'),
      author: texts.get('media:credit'),
      date: dateOf(texts.get('pubDate')),
      description: plainText(texts.get('media:description') ?? ''),
      tags: tagsOf(texts.get('media:keywords')),
      mature: texts.get('media:rating') === 'adult' ? true : undefined,
    }),
    ...(wall !== undefined && { wall }),
    extras: [],
    embedded: [],
    linked: [],
    // Without media it is a text, or not for everybody: its own page tells.
    hasMore: isText || files.candidates.length === 0,
  }
}

function sizeOf(content: Item['content']): { readonly width?: number; readonly height?: number } {
  const width = Number(content?.['width'] ?? 0)
  const height = Number(content?.['height'] ?? 0)
  return width > 0 && height > 0 ? { width, height } : {}
}

function tagsOf(keywords: string | undefined): readonly string[] {
  return (keywords ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
}

/** RFC 822 with the zones of California, which `Date` knows too. */
function dateOf(printed: string | undefined): string | undefined {
  const time = Date.parse(printed ?? '')
  return Number.isNaN(time) ? undefined : isoDate(time)
}
