import type { Page } from '../../core/browser.ts'
import { isThumbnail } from './google-tuples.ts'
import { CELLS, readGoogle, readImageLink } from './google-page.ts'
import type { GoogleReading } from './google-page.ts'
import type { Result } from './provider.ts'

/** Buttons that refuse what is asked for: of the dialog over a page (2026), of the page in its place (unverified). */
const REFUSE = 'button#W0wltc, form[action*="consent."]:has(input[name="set_eom"][value="true"]) button'

/** The box for words stands on every page of results, and on one that says there are none. */
const ARRIVED = '[name="q"]'

/** The large image of the result that was opened last, by age. */
const LARGE = ':is(img[jsname="kn3ccd"], img.iPVvYb, img.sFlh5c, img.r48jcc, img.n3VNCb)'

/** The button behind the first few hundred results (2020 to 2024). */
const MORE = 'input.mye4qd'

const LINK = 'a[href*="/imgres?"]'

/** Milliseconds for the page to be there once its document is: scripts may put it together, or replace it. */
const ARRIVAL_MS = 6000

/** Milliseconds for a large image to take the place of its thumbnail. */
const OPENING_MS = 4000

/** Scrolls one after the other that bring nothing before the page counts as read to its end, and scrolls in all. */
const IDLE_SCROLLS = 2
const MOST_SCROLLS = 60

const GROWTH = 4
/** New results of one visit. */
const MOST_NEW = 900

/** Results that are opened in one visit. */
export const OPENED_AT_ONCE = 20

/** What a visit has read. */
export interface Harvest {
  readonly reading: GoogleReading
  readonly url: string
  /** The end of the results was reached. */
  readonly isWhole: boolean
}

/**
 * The results of a page, scrolled until there are several times as many as the visit before has read, if there are: so
 * the beginning is scrolled past a few times only. With `known` 0 they are those that stand there at once.
 */
export async function readPage(page: Page, known: number): Promise<Harvest> {
  const wanted = Math.min(known * GROWTH, known + MOST_NEW)
  let reading = await arrive(page)
  let idle = 0
  for (let scrolls = 0; idle < IDLE_SCROLLS && scrolls < MOST_SCROLLS; scrolls += 1) {
    if (reading.kind !== 'results' || reading.results.length >= wanted) {
      return { reading, url: page.url(), isWhole: false }
    }
    const before: number = reading.results.length
    const grown = (await page.scroll()) || (await openMore(page))
    if (grown) reading = await look(page)
    idle = reading.kind === 'results' && reading.results.length > before ? 0 : idle + 1
  }
  return { reading, url: page.url(), isWhole: idle >= IDLE_SCROLLS }
}

/**
 * The results from one position on, each opened as a person does: a click, and the large image takes the place of its
 * thumbnail in the panel, or the link of the cell comes to name it. An image that stands in the page itself is taken
 * where nothing better comes.
 */
export async function openResults(page: Page, from: number): Promise<Harvest> {
  const reading = await arrive(page)
  const url = page.url()
  if (reading.kind !== 'thumbnails' && reading.kind !== 'results') return { reading, url, isWhole: true }
  const cell = await cellOf(page)
  if (cell === undefined) return { reading, url, isWhole: true }
  const results: Result[] = []
  let isWhole = false
  for (let position = from; position < from + OPENED_AT_ONCE && !isWhole; position += 1) {
    isWhole = !(await reach(page, cell, position))
    const result = isWhole ? undefined : await open(page, cell, position)
    if (result !== undefined) results.push(result)
  }
  return { reading: { kind: 'results', results }, url, isWhole }
}

/** Waits for whatever the page is to become, past the question for consent, which is refused. */
async function arrive(page: Page): Promise<GoogleReading> {
  let reading = await look(page)
  if ((await page.attributes(REFUSE, 'id')).length > 0 && (await page.click(REFUSE))) {
    await page.waitFor(`${ARRIVED}, ${CELLS.join(', ')}`, { within: ARRIVAL_MS })
    reading = await look(page)
  }
  if (page.status < 400 && (reading.kind === 'script-shell' || reading.kind === 'unknown-layout')) {
    await page.waitFor(CELLS.join(', '), { within: ARRIVAL_MS })
    reading = await look(page)
  }
  return reading
}

async function look(page: Page): Promise<GoogleReading> {
  return readGoogle({ url: page.url(), html: await page.html(), answers: await page.answers() })
}

async function openMore(page: Page): Promise<boolean> {
  return (await page.attributes(MORE, 'class')).length > 0 && (await page.click(MORE)) && (await page.scroll())
}

async function cellOf(page: Page): Promise<string | undefined> {
  for (const cell of CELLS) if ((await page.attributes(cell, 'class')).length > 0) return cell
  return undefined
}

/** Whether there is a cell at a position, after as many scrolls as it takes. */
async function reach(page: Page, cell: string, position: number): Promise<boolean> {
  for (let idle = 0; idle < IDLE_SCROLLS;) {
    if ((await page.attributes(cell, 'class')).length > position) return true
    idle = (await page.scroll()) ? 0 : idle + 1
  }
  return false
}

async function open(page: Page, cell: string, position: number): Promise<Result | undefined> {
  const [shown, links] = [await page.attributes(LARGE, 'src'), await page.attributes(LINK, 'href')]
  if (!(await page.click(cell, position))) return undefined
  // Another image than before, from the site that has it; or one more link that names it.
  const others = shown.map((src) => `:not([src=${JSON.stringify(src ?? '')}])`).join('')
  const isFull = `${LARGE}[src^="http"]:not([src*="gstatic.com/"])${others}`
  await page.waitFor(`${isFull}, ${LINK}`, { over: links.length, within: OPENING_MS })
  const link = (await page.attributes(LINK, 'href')).find((href) => href !== undefined && !links.includes(href))
  const linked = link === undefined ? undefined : readImageLink(link)
  if (linked !== undefined) return linked
  const sources = (await page.attributes(LARGE, 'src')).filter((src) => src !== undefined && !shown.includes(src))
  return resultOf(sources.filter((src) => src !== undefined))
}

function resultOf(sources: readonly string[]): Result | undefined {
  const full = sources.find((src) => /^https?:/.test(src) && !isThumbnail(src))
  const url = full ?? sources.find((src) => src.startsWith('data:image/'))
  const thumbnail = sources.find(isThumbnail)
  if (url === undefined && thumbnail === undefined) return undefined
  return { ...(url !== undefined && { url }), ...(thumbnail !== undefined && { thumbnail }), meta: {} }
}
