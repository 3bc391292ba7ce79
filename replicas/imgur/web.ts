import { file, html, json, redirect, text } from '../harness/answers.ts'
import { makeMedia, mimeOf } from '../harness/media.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import { albumV1, entryHit, imageAjax, imageV1 } from './shapes.ts'
import { search } from './api.ts'
import type { Entry, Site, Upload } from './site.ts'
import { isAlbum, REMOVED } from './site.ts'

const PAGES = ['imgur.com', 'www.imgur.com', 'm.imgur.com']
const MEDIA = 'i.imgur.com'
const PAGE = 2
const REAL_PAGE = 100

/** The id of the site's own pages, in the script where a program of 2026 looks for it. */
export const SITE_CLIENT = 'd70305e7c3ac5c6'
const HOME =
  '<!doctype html><title>Imgur</title><div id="root"></div><script src="https://s.imgur.com/desktop-assets/js/main.4f2c.js"></script>'

/** The web site: the JSON routes of 2017 and pages of today's layout. */
export function addWeb(router: Router, site: Site): void {
  for (const host of PAGES) {
    router
      .get(host, '/', ({ headers }) => refusal(headers) ?? html(HOME))
      .get(
        host,
        '/r/:name/new/page/:page/hit.json',
        async ({ params, headers }) => refusal(headers) ?? hitPage(site, params['name'] ?? '', Number(params['page'])),
      )
      .get(
        host,
        '/ajaxalbums/getimages/:id/hit.json',
        async ({ params, headers }) => refusal(headers) ?? ajaxAlbum(site, params['id'] ?? ''),
      )
      .get(
        host,
        '/r/:name/new/page/:page/hit',
        ({ params, headers }) =>
          refusal(headers) ??
          postGrid(site.subreddits[params['name'] ?? ''] ?? [], params['page'], params['name'] ?? ''),
      )
      .get(
        host,
        '/search/time/all/page/:page',
        ({ params, headers, url }) =>
          refusal(headers) ?? postList(search(site, url.searchParams.get('q') ?? ''), params['page']),
      )
      .get(host, '/a/:id', ({ params, headers }) => refusal(headers) ?? albumPage(site, params['id'] ?? '', headers))
      .get(
        host,
        '/gallery/:id',
        ({ params, headers }) => refusal(headers) ?? postPage(site, params['id'] ?? '', headers),
      )
      .get(host, '/:id', ({ params, headers }) => refusal(headers) ?? imagePage(site, params['id'] ?? '', headers))
  }
}

/** A piece of HTML that the subreddit's page loaded as one scrolled down; after what a program of 2025 looks for. */
function postGrid(entries: readonly Entry[], page: string | undefined, name: string): Answer {
  const posts = pageOf(entries, page).map(
    ({ id }) =>
      `<div id="${id}" class="post"><a class="image-list-link" href="/r/${name}/${id}"><img alt="" src="//i.imgur.com/${id}b.jpg"></a></div>`,
  )
  return html(posts.join('\n'))
}

/** The list form of a search, after what a program of 2024 looks for. */
function postList(entries: readonly Entry[], page: string | undefined): Answer {
  const posts = pageOf(entries, page).map(
    ({ id, title = '' }) =>
      `<div class="post-list"><div class="search-item-title"><a href="/gallery/${id}">${title}</a></div><div class="post-info">73 points &middot; 1,534 views</div></div>`,
  )
  return html(posts.join('\n'))
}

function pageOf(entries: readonly Entry[], page: string | undefined): readonly Entry[] {
  return entries.slice(Number(page) * PAGE, (Number(page) + 1) * PAGE)
}

async function hitPage(site: Site, name: string, page: number): Promise<Answer> {
  const entries = site.subreddits[name] ?? []
  const size = entries.length > REAL_PAGE ? REAL_PAGE : PAGE
  const start = page * size
  const data = await Promise.all(
    entries.slice(start, start + size).map((entry, index) => entryHit(entry, name, start + index)),
  )
  return json({ data, success: true, status: 200 })
}

async function ajaxAlbum(site: Site, id: string): Promise<Answer> {
  const uploads = site.albums.get(id)?.uploads ?? []
  const images = await Promise.all(uploads.map(imageAjax))
  return json({ data: uploads.length === 0 ? [] : { count: images.length, images }, success: true, status: 200 })
}

async function albumPage(site: Site, id: string, headers: Request['headers']): Promise<Answer> {
  const album = site.albums.get(id)
  if (album === undefined) return missingPage()
  return wantsOldLayout(headers) ? oldPage(await itemOf(album)) : postData(await albumV1(album, true))
}

async function imagePage(site: Site, id: string, headers: Request['headers']): Promise<Answer> {
  const upload = site.uploads.get(id)
  if (upload === undefined || upload.undescribed === true) return missingPage()
  return wantsOldLayout(headers) ? oldPage(await itemOf(upload)) : postData(await imageV1(upload))
}

function postPage(site: Site, id: string, headers: Request['headers']): Promise<Answer> {
  return site.albums.has(id) ? albumPage(site, id, headers) : imagePage(site, id, headers)
}

/** As an archive asked for it in 2026. */
function wantsOldLayout(headers: Request['headers']): boolean {
  return /\bpostpagebeta=(?:no|false)\b/.test(headers['cookie'] ?? '')
}

/** The object of the old layout: numbers as text here and there, and the first images of an album only. */
async function itemOf(entry: Entry): Promise<Readonly<Record<string, unknown>>> {
  const item = await entryHit(entry, '', 0)
  if (!isAlbum(entry)) return item
  const images = await Promise.all(entry.uploads.slice(0, OLD_LAYOUT_IMAGES).map(imageAjax))
  return { ...item, num_images: String(entry.uploads.length), album_images: { count: entry.uploads.length, images } }
}

const OLD_LAYOUT_IMAGES = 10

function oldPage(item: unknown): Answer {
  return html(
    `<!doctype html><script>window.runSlots = {\n  _config: {},\n  item: ${JSON.stringify(item)}\n};</script>`,
  )
}

/** Today's layout: the post as a JavaScript text. No page is recorded. */
function postData(post: unknown): Answer {
  const literal = JSON.stringify(JSON.stringify(post)).replaceAll('/', String.raw`\/`)
  return html(
    `<!doctype html><html><head><title>Imgur</title></head><body><div id="root"></div><script>window.postDataJSON=${literal}</script></body></html>`,
  )
}

function missingPage(): Answer {
  return html('<!doctype html><title>imgur: the simple 404 page</title>', { status: 404 })
}

/** The web site was seen to refuse the user agents of libraries (2017). */
function refusal(headers: Request['headers']): Answer | undefined {
  return headers['user-agent']?.startsWith('Mozilla/') === true
    ? undefined
    : html('<!doctype html><title>403</title>', { status: 403 })
}

/** `i.imgur.com`: whatever a still image's ending, its stored bytes; thumbnails by a sixth or eighth letter. */
export function addMedia(router: Router, site: Site): void {
  router
    .get('s.imgur.com', '/desktop-assets/js/main.4f2c.js', () =>
      text(`!function(){var e={apiClientId:"${SITE_CLIENT}",apiUrl:"https://api.imgur.com"}}()`, 'text/javascript'),
    )
    .get(MEDIA, '/removed.png', () => file(REMOVED))
    .get(MEDIA, '/aDr1ftsX.jpg', () => redirect('https://i.imgur.com/removed.png'))
    .get(MEDIA, '/:id.:extension', ({ params, headers }) => {
      const { id = '', extension = '' } = params
      const upload = site.uploads.get(id)
      if (upload !== undefined) return mediaFile(upload, extension, headers['accept'] ?? '')
      const full = site.uploads.get(id.slice(0, -1))
      return full !== undefined && /[bghlmrst]$/.test(id)
        ? file({ format: 'jpeg', width: 90, height: 90, seed: 5 })
        : redirect('https://i.imgur.com/removed.png')
    })
}

async function mediaFile(upload: Upload, extension: string, accept: string): Promise<Answer> {
  if (upload.removed === 'over another') return redirect('https://i.imgur.com/aDr1ftsX.jpg')
  if (upload.removed === 'at once') return redirect('https://i.imgur.com/removed.png')
  if (extension === 'gifv' || accept.includes('text/html'))
    return html(`<!doctype html><title>Imgur</title><video><source src="//i.imgur.com/${upload.id}.mp4"></video>`)
  if (extension === 'mp4')
    return upload.video === undefined && mimeOf(upload.media) !== 'video/mp4'
      ? notFound()
      : cached(upload.video ?? upload.media)
  return cached(upload.media)
}

async function cached(media: Upload['media']): Promise<Answer> {
  await makeMedia(media)
  return file(media, { headers: { 'cache-control': 'public, max-age=31536000' } })
}

function notFound(): Answer {
  return {
    status: 404,
    headers: { 'content-type': 'text/html' },
    body: '<html><head><title>404 Not Found</title></head></html>',
  }
}
