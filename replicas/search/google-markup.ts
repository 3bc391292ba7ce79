import { escape } from './markup.ts'
import type { Picture } from './pictures.ts'

/** Numbers of a session stand in front of each result's own, so that no name can be relied on. */
const SESSION = 'kX9fQ2mTzR7bLw4VnYc1'

const PLACEHOLDER = 'data:image/gif;base64,R0lGODlhAQABAIAAAP///////yH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='

export function thumbnailUrl({ slug }: Picture): string {
  return `https://encrypted-tbn0.gstatic.com/images?q=tbn:ANd9Gc${slug}&s`
}

/** A result as pages of 2024 to 2026 hold it (the sheet, section 1.3; no whole page of that time is recorded). */
function tupleOf(picture: Picture): readonly unknown[] {
  const { slug, title, url, page, width, height } = picture
  const thumbnail = thumbnailUrl(picture)
  // Of an image that has no address, or stands in its page itself, the search knows no more than the thumbnail.
  const full = /^https?:/.test(url) ? url : thumbnail
  return [
    0,
    slug,
    [thumbnail, 168, 300],
    [full, height, width],
    null,
    0,
    'rgb(24,18,11)',
    null,
    0,
    {
      '2000': [null, 'www.bower.example', '12KB'],
      '2003': [null, `${slug}-page`, page, title, null, null, null, null, null, false, null, null, 'Bower'],
      '2008': [null, title.slice(0, 12)],
    },
  ]
}

/** As it stands in a script: Google escapes what has a meaning in HTML, and `=` and `&` in addresses. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&=]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The page of results: its data in a script, which makes the grid of it and asks for more at the end of the page. */
export function resultsPage(query: string, pictures: readonly Picture[], options: PageOptions = {}): string {
  const data = Object.fromEntries(
    pictures.map((picture, index) => [`${SESSION}${index}`, [1, options.byHand ? cellOf(picture) : tupleOf(picture)]]),
  )
  return around(
    query,
    `${options.dialog ? DIALOG : ''}<div id="islrg"></div><div id="end"></div>` +
      '<div role="dialog" aria-label="panel"><img class="sFlh5c FyHeAf iPVvYb" jsname="kn3ccd" alt=""></div>' +
      `<script nonce="x">var W_jd=${scriptJson(data)};</script>` +
      `<script nonce="x">var query=${scriptJson(query)},placeholder="${PLACEHOLDER}",more=${String(options.more ?? false)};${GRID}</script>`,
  )
}

interface PageOptions {
  /** The data does not tell where the full images are. */
  readonly byHand?: boolean
  /** Asks for consent over the page. */
  readonly dialog?: boolean
  readonly more?: boolean
}

/** What the grid is made of where nothing else is told. */
function cellOf({ slug, page }: Picture): readonly unknown[] {
  return [0, slug, null, null, null, 0, 'rgb(24,18,11)', null, 0, { '2003': [null, `${slug}-page`, page] }]
}

/** More results, as a script of the page gets them: a guard, and the data as a string inside. */
export function moreResults(pictures: readonly Picture[]): string {
  const tuples = pictures.map((picture) => [1, tupleOf(picture)])
  return `)]}'\n${scriptJson([['wrb.fr', 'ABCdef', scriptJson([null, tuples]), null, 'generic']])}`
}

export function noResultsPage(query: string): string {
  return around(
    query,
    `<div id="topstuff"><p role="heading">Your search - <em>${escape(query)}</em> - did not match any documents.</p></div>`,
  )
}

/** What clients get that do not look like a browser of today: thumbnails, and links to the pages around them. */
export function basicPage(query: string, pictures: readonly Picture[]): string {
  const cells = pictures.map(
    (picture) =>
      `<td><a href="/url?q=${encodeURIComponent(picture.page)}&amp;sa=U"><img src="${escape(thumbnailUrl(picture))}" alt=""></a></td>`,
  )
  return around(query, `<table class="GpQGbf"><tr>${cells.join('')}</tr></table>`)
}

function around(query: string, body: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="UTF-8"><title>${escape(query)} - Google Search</title>` +
    '<style>#islrg>div{height:700px}#islrg a{display:block;height:100%}</style></head><body><noscript><meta content="0;url=/httpservice/retry/enablejs" ' +
    'http-equiv="refresh"></noscript><form role="search" action="/search">' +
    `<textarea name="q">${escape(query)}</textarea></form>${body}</body></html>`
  )
}

const DIALOG =
  '<div role="dialog" aria-modal="true" style="position:fixed;inset:0;background:#fff;z-index:9"><h1>Before you continue</h1>' +
  `<button id="L2AGLb">Accept all</button><button id="W0wltc" onclick="this.parentNode.remove()">Reject all</button></div>`

/**
 * Builds the grid: cells with a placeholder that becomes a `data:` thumbnail; a click shows the thumbnail large and then
 * the full image, or a `data:` URL, or makes the cell's link real. New results are asked for when the end comes in sight.
 */
const GRID = `
  const grid = document.getElementById('islrg'), end = document.getElementById('end')
  const panel = document.querySelector('img.iPVvYb')
  let count = 0, busy = false, finished = !more
  const add = (tuple) => {
    const [, id, , , , , , , , facts] = tuple
    const cell = document.createElement('div')
    cell.dataset.docid = id
    cell.dataset.ri = String(count++)
    cell.dataset.lpage = facts['2003'][2]
    const link = document.createElement('a'), thumbnail = document.createElement('img')
    thumbnail.src = placeholder
    link.append(thumbnail)
    cell.append(link)
    grid.append(cell)
    setTimeout(() => { thumbnail.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==' })
    link.addEventListener('click', () => open(id, link))
  }
  const open = async (id, link) => {
    panel.src = 'https://encrypted-tbn0.gstatic.com/images?q=tbn:ANd9Gc' + id + '&s'
    const { address, href } = await (await fetch('/opened?id=' + id)).json()
    if (href) link.href = href
    if (!address) return
    const full = new Image()
    full.onload = () => { panel.src = address }
    full.src = address
  }
  for (const [, tuple] of Object.values(W_jd)) add(tuple)
  const load = async () => {
    if (busy || finished) return
    busy = true
    const answer = await fetch('/search?async=_id:islrg_c&udm=2&q=' + encodeURIComponent(query) + '&start=' + count)
    const [[, , inner]] = JSON.parse((await answer.text()).slice(5))
    const tuples = JSON.parse(inner)[1]
    for (const [, tuple] of tuples) add(tuple)
    finished = tuples.length === 0
    busy = false
  }
  new IntersectionObserver((seen) => { if (seen.some((entry) => entry.isIntersecting)) load() }).observe(end)
`
