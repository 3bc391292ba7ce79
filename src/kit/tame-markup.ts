import { Fault } from '../core/errors.ts'

/**
 * What the standard's parser makes of a page can be far larger than the page, and take square time: each element costs
 * as much as there are around it, each attribute as much as there are beside it, and formatting that nobody ends is
 * repeated in every paragraph. Limits beyond what browsers and people write keep all of it linear.
 */

/** Browsers stop nesting at about 512. */
const MOST_NESTED = 512
/** Formatting elements that are open at once. */
const MOST_FORMATS = 64
/** Several times what the largest pages have; one takes about 2 KB of memory. */
const MOST_ELEMENTS = 200_000
const MOST_ATTRIBUTES = 1000

/** Elements without an end tag, or that the next of their kind ends. */
const UNNESTED = wordSet(
  'area base br col dd dt embed hr img input li link meta option p param source td th tr track wbr',
)
const FORMATS = wordSet('b big code em font i nobr s small strike strong tt u')

const TAG = /<(\/?)([a-z][a-z0-9-]*)/gi
const ATTRIBUTE = /[\s/]+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*))?/y

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}

/**
 * The same markup, with its nesting cut: a tag that would stand deeper becomes one that holds nothing (a link stays a
 * link). Throws `TooLarge` for a page of more elements, or an element of more attributes, than anybody writes.
 */
export function tameMarkup(markup: string): string {
  const depth = new Depth()
  let count = 0
  let tame = ''
  let done = 0
  for (const { 0: tag, 1: slash = '', 2: written = '', index } of markup.matchAll(TAG)) {
    const name = written.toLowerCase()
    if (slash === '') {
      if (++count > MOST_ELEMENTS) throw tooLarge(`more than ${MOST_ELEMENTS} elements`)
      checkAttributes(markup, index + tag.length)
    }
    if (UNNESTED.has(name)) continue
    if (slash === '' ? depth.enter(name) : depth.leave(name)) continue
    tame += markup.slice(done, index) + (slash === '' ? flatTag(name) : NO_END)
    done = index + tag.length
  }
  return done === 0 ? markup : tame + markup.slice(done)
}

/** The end of nothing. */
const NO_END = '</wbr'

/** A tag that holds nothing. `br` also ends drawings, in which `area` would hold what follows. */
function flatTag(name: string): string {
  return name === 'a' ? '<br><area' : '<br'
}

/** How deep the parser stands, about: it knows better which end tags end nothing. */
class Depth {
  #nested = 0
  #formats = 0
  /** Elements that were flattened: their end tags go, too. */
  readonly #flat: Record<string, number> = Object.create(null) as Record<string, number>

  /** False where an element would be one too many. */
  enter(name: string): boolean {
    if (this.#nested >= MOST_NESTED || (FORMATS.has(name) && this.#formats >= MOST_FORMATS)) {
      this.#flat[name] = (this.#flat[name] ?? 0) + 1
      return false
    }
    this.#nested += 1
    if (FORMATS.has(name)) this.#formats += 1
    return true
  }

  /** False for the end of one that was flattened. */
  leave(name: string): boolean {
    const flat = this.#flat[name] ?? 0
    if (flat > 0) {
      this.#flat[name] = flat - 1
      return false
    }
    this.#nested = Math.max(0, this.#nested - 1)
    if (FORMATS.has(name)) this.#formats = Math.max(0, this.#formats - 1)
    return true
  }
}

function checkAttributes(markup: string, from: number): void {
  ATTRIBUTE.lastIndex = from
  for (let count = 0; ATTRIBUTE.test(markup); count += 1) {
    if (count >= MOST_ATTRIBUTES) throw tooLarge(`an element with more than ${MOST_ATTRIBUTES} attributes`)
  }
}

function tooLarge(what: string): Fault {
  return new Fault('TooLarge', `the page has ${what} and is not read`)
}
