/** One image of a `srcset` attribute. Without both it is the one for density 1. */
export interface SrcsetImage {
  readonly url: string
  /** Pixels, from `320w`. */
  readonly width?: number
  /** From `2x`. */
  readonly density?: number
}

/**
 * Parses `srcset` as the HTML standard says (the section "parsing a srcset attribute"): a URL is a run without white
 * space, so it may hold commas; commas at its end separate; descriptors may stand in parentheses. An image with
 * descriptors that make no sense is left out, the others stay. (The npm package of this name reads by one loose regular
 * expression: names of one letter, empty entries and parentheses come out wrong.)
 */
export function parseSrcset(text: string): readonly SrcsetImage[] {
  const images: SrcsetImage[] = []
  let at = 0
  for (;;) {
    at = skip(text, at, /[\s,]/)
    if (at >= text.length) return images
    const end = skip(text, at, /\S/)
    const url = text.slice(at, endOfUrl(text, at, end))
    const alone = url.length < end - at
    const descriptors = alone ? { list: [], end } : readDescriptors(text, end)
    at = descriptors.end
    const image = describe(url, descriptors.list)
    if (image !== undefined) images.push(image)
  }
}

/** Commas at the end are none of it. (`/,+$/` takes square time for those in its middle.) */
function endOfUrl(text: string, from: number, end: number): number {
  let last = end
  while (last > from && text[last - 1] === ',') last -= 1
  return last
}

function skip(text: string, from: number, characters: RegExp): number {
  let at = from
  while (at < text.length && characters.test(text.charAt(at))) at += 1
  return at
}

/** Words up to the next comma that stands outside of parentheses. */
function readDescriptors(text: string, from: number): { readonly list: readonly string[]; readonly end: number } {
  let depth = 0
  let at = from
  while (at < text.length && !(depth === 0 && text[at] === ',')) {
    if (text[at] === '(') depth += 1
    if (text[at] === ')') depth = Math.max(0, depth - 1)
    at += 1
  }
  return {
    list: text
      .slice(from, at)
      .split(/\s+/)
      .filter((word) => word !== ''),
    end: at + 1,
  }
}

function describe(url: string, descriptors: readonly string[]): SrcsetImage | undefined {
  let width: number | undefined
  let density: number | undefined
  for (const word of descriptors) {
    if (/^[1-9]\d{0,8}w$/.test(word) && width === undefined && density === undefined) width = Number.parseInt(word, 10)
    else if (/^\d*\.?\d+(?:e[+-]?\d+)?x$/i.test(word) && width === undefined && density === undefined)
      density = Number.parseFloat(word)
    else if (!/^[1-9]\d*h$/.test(word)) return undefined
  }
  return { url, ...(width !== undefined && { width }), ...(density !== undefined && { density }) }
}
