import { cssUrls } from '../../kit/css-urls.ts'
import { dataUrlSize } from '../../kit/data-url-size.ts'
import { around, elements, tagOf, type HtmlDocument, type HtmlElement } from '../../kit/html.ts'
import { resolveLink } from '../../kit/links.ts'
import { likelyKind } from '../../kit/media-types.ts'
import { parseSrcset } from '../../kit/srcset.ts'
import { inOrder, RANK, type Found, type Version } from './found.ts'

export interface BodyRules {
  /** What relative links are relative to. */
  readonly base: string
  /** Pictures declared smaller than this, in pixels, are spacers and counters. */
  readonly minimum: number
  /** `data:` URLs with fewer bytes are icons and placeholders. */
  readonly dataBytes: number
  readonly backgrounds: boolean
}

/** Attributes that scripts read the picture from: what stands in `src` beside them is a placeholder. */
const LAZY = [
  'data-src',
  'data-lazy-src',
  'data-lazy',
  'data-original',
  'data-original-src',
  'data-image',
  'data-img',
  'data-img-url',
  'data-echo',
  'nitro-lazy-src',
]
const LAZY_SETS = ['data-srcset', 'data-lazy-srcset', 'data-original-set', 'nitro-lazy-srcset']
/** Attributes of galleries and shops that name the picture in full. */
const FULL = [
  'data-orig-file',
  'data-full-src',
  'data-full',
  'data-full-url',
  'data-fullsize',
  'data-original-url',
  'data-hires',
  'data-hi-res',
  'data-hi-res-src',
  'data-highres',
  'data-zoom-image',
  'data-zoom-src',
  'data-large_image',
  'data-large-file',
  'data-large',
  'data-max-res',
]
const BACKGROUNDS = ['data-bg', 'data-bg-src', 'data-background', 'data-background-image', 'data-lazy-background']

/** Scripts also keep numbers, flags and JSON in these attributes. */
const URL_LIKE = /^\s*[^\s{[<][^]*[./]/

const SELECTOR = 'img, amp-img, video, audio, a[href], area[href], input[type=image], object[data], embed[src], image'

/** Everything that the body of a page shows or links to, in the order of the document; repetitions included. */
export function bodyMedia($: HtmlDocument, rules: BodyRules): readonly Found[] {
  const styled = rules.backgrounds ? ['[style]', 'style', ...BACKGROUNDS.map((name) => `[${name}]`)] : []
  return elements($, [SELECTOR, ...styled].join(', ')).flatMap((element) => [
    ...elementMedia($, element, rules),
    ...(rules.backgrounds ? backgrounds(element, rules) : []),
  ])
}

function elementMedia($: HtmlDocument, element: HtmlElement, rules: BodyRules): readonly Found[] {
  switch (tagOf(element)) {
    case 'img':
    case 'amp-img':
      return picture($, element, rules)
    case 'video':
    case 'audio':
      return film($, element, rules)
    case 'a':
    case 'area':
      return link(element, rules)
    case 'object':
    case 'embed':
      return embedded(element, rules)
    case 'input':
      return element.attr('type')?.toLowerCase() !== 'image' || isTiny(element, rules)
        ? []
        : single(element.attr('src'), rules, textOf(element.attr('alt')))
    case 'image':
      return single(element.attr('href') ?? element.attr('xlink:href'), rules)
    default:
      return []
  }
}

function picture($: HtmlDocument, img: HtmlElement, rules: BodyRules): readonly Found[] {
  const linked = linkAround(img, rules)
  if (linked.length === 0 && isTiny(img, rules)) return []
  const lazy = [...plain(img, LAZY, RANK.shown, rules), ...sets(img, LAZY_SETS, rules)]
  const sized = [...sets(img, ['srcset'], rules), ...sources($, img, rules)]
  const shown = lazy.length > 0 ? [] : plain(img, ['src'], RANK.shown, rules)
  const full = plain(img, FULL, RANK.named, rules)
  return found([...full, ...linked, ...sized, ...lazy, ...shown], rules, titleOf(img))
}

/** The `source` elements of the `picture` around an image. */
function sources($: HtmlDocument, img: HtmlElement, rules: BodyRules): readonly Version[] {
  const children = img.parent('picture').children('source')
  return Array.from(children, (child) => sets($(child), ['srcset', ...LAZY_SETS], rules)).flat()
}

/** The picture that an image links to: the thumbnail is a version of it. */
function linkAround(img: HtmlElement, rules: BodyRules): readonly Version[] {
  const url = resolveLink(around(img, 'a[href]')?.attr('href'), rules.base)
  return url !== undefined && likelyKind(url) === 'image' ? [{ url, rank: RANK.linked }] : []
}

function film($: HtmlDocument, element: HtmlElement, rules: BodyRules): readonly Found[] {
  const children = Array.from(element.children('source'), (child) =>
    plain($(child), ['src', ...LAZY], RANK.shown, rules),
  )
  const versions = [...plain(element, ['src', ...LAZY], RANK.shown, rules), ...children.flat()]
  return [...found(versions, rules, titleOf(element)), ...single(element.attr('poster'), rules)]
}

/** A link to a file. Where it stands around an image, the file is found with that. */
function link(element: HtmlElement, rules: BodyRules): readonly Found[] {
  const href = element.attr('href')
  const url = resolveLink(href, rules.base)
  const kind = url === undefined ? undefined : likelyKind(url)
  if (kind === undefined || (kind === 'image' && element.find('img, amp-img').length > 0)) return []
  const title = textOf(element.attr('title')) ?? textOf(element.attr('download')) ?? textOf(element.attr('alt'))
  return single(href, rules, title)
}

function embedded(element: HtmlElement, rules: BodyRules): readonly Found[] {
  const written = element.attr('data') ?? element.attr('src')
  const url = resolveLink(written, rules.base)
  const isMedia =
    /^(?:image|video|audio)\//i.test(element.attr('type') ?? '') || (url !== undefined && likelyKind(url) !== undefined)
  return isMedia ? single(written, rules, textOf(element.attr('title'))) : []
}

function backgrounds(element: HtmlElement, rules: BodyRules): readonly Found[] {
  const css = tagOf(element) === 'style' ? element.text() : (element.attr('style') ?? '')
  const lazy = BACKGROUNDS.flatMap((name) => {
    const value = element.attr(name) ?? ''
    return /url\(/i.test(value) || value === '' ? cssUrls(value) : [value]
  })
  return [...cssUrls(css), ...lazy].flatMap((url) => single(url, rules))
}

function single(href: string | undefined, rules: BodyRules, title?: string): readonly Found[] {
  const url = resolveLink(href, rules.base)
  return url === undefined ? [] : found([{ url, rank: RANK.shown }], rules, title)
}

/** Nothing where no version is worth keeping. A `data:` URL only counts where there is nothing else. */
function found(all: readonly Version[], rules: BodyRules, title?: string): readonly Found[] {
  const linked = all.filter(({ url }) => !url.startsWith('data:'))
  const versions = linked.length > 0 ? linked : all.filter(({ url }) => dataUrlSize(url) >= rules.dataBytes)
  return versions.length === 0 ? [] : [{ versions: inOrder(versions), ...(title !== undefined && { title }) }]
}

function plain(element: HtmlElement, names: readonly string[], rank: number, { base }: BodyRules): readonly Version[] {
  return names.flatMap((name) => {
    const written = element.attr(name) ?? ''
    const url = name.startsWith('data-') && !URL_LIKE.test(written) ? undefined : resolveLink(written, base)
    return url === undefined ? [] : [{ url, rank }]
  })
}

function sets(element: HtmlElement, names: readonly string[], { base }: BodyRules): readonly Version[] {
  return names.flatMap((name) =>
    parseSrcset(element.attr(name) ?? '').flatMap(({ url: written, ...size }) => {
      const url = resolveLink(written, base)
      return url === undefined ? [] : [{ url, rank: RANK.sized, ...size }]
    }),
  )
}

function isTiny(element: HtmlElement, { minimum }: BodyRules): boolean {
  return ['width', 'height'].some((name) => {
    const pixels = /^\s*(\d+)(?:\.\d+)?\s*(?:px)?\s*$/i.exec(element.attr(name) ?? '')?.[1]
    return pixels !== undefined && Number(pixels) < minimum
  })
}

function titleOf(element: HtmlElement): string | undefined {
  const written = textOf(element.attr('alt')) ?? textOf(element.attr('title')) ?? textOf(element.attr('aria-label'))
  if (written !== undefined) return written
  return textOf(around(element, 'figure')?.find('figcaption').first().text())
}

function textOf(text: string | undefined): string | undefined {
  const clean = text?.replace(/\s+/g, ' ').trim()
  return clean === undefined || clean === '' ? undefined : clean
}
