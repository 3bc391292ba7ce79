import { createHash } from 'node:crypto'
import { html, json, redirect } from '../harness/answers.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import { toDownload } from './media.ts'
import type { Json } from './shapes.ts'
import { extended, listed, markupOf, pageOf, userOf } from './shapes.ts'
import type { Artwork, Folder, Site } from './site.ts'

export const WWW = 'www.deviantart.com'
/** Pages are short here, so that paging happens; the artist of the benchmarks has the real sixty. */
const PAGE = 3
const REAL_PAGE = 60

/** The cookies of a login. */
const LOGIN_COOKIE = /(?:^|;\s*)auth_secure=/

/** The web site: pages with their state, and the lists that their scripts ask for. */
export function addWeb(router: Router, site: Site): void {
  addPuppy(router, site)
  addWorks(router, site)
  router
    .get(WWW, '/daily-deviations', (request) => listPage(request, site.daily))
    .get(WWW, '/:user/posts/journals', (request) =>
      listPage(request, site.artists[request.params['user'] ?? '']?.posts),
    )
    .get(WWW, '/:user/gallery', (request) => listPage(request, galleryOf(site, request)))
    .get(WWW, '/:user/gallery/all', (request) => listPage(request, galleryOf(site, request)))
    .get(WWW, '/:user/gallery/scraps', (request) =>
      listPage(request, site.artists[request.params['user'] ?? '']?.scraps),
    )
    .get(WWW, '/:user/gallery/:folder/*slug', (request) =>
      listPage(request, folderIn(site.artists[request.params['user'] ?? '']?.folders, request.params['folder'])),
    )
    .get(WWW, '/:user/favourites', (request) =>
      listPage(request, site.artists[request.params['user'] ?? '']?.favourites),
    )
    .get(WWW, '/:user/favourites/all', (request) =>
      listPage(request, site.artists[request.params['user'] ?? '']?.favourites),
    )
    .get(WWW, '/:user/favourites/:folder/*slug', (request) =>
      listPage(request, folderIn(site.artists[request.params['user'] ?? '']?.collections, request.params['folder'])),
    )
    .get(WWW, '/tag/:tag', (request) => statePage(request, { deviation: {} }))
    .get(WWW, '/search', (request) => statePage(request, { deviation: {} }))
    .get(WWW, '/', (request) => statePage(request, { deviation: {} }))
}

function galleryOf(site: Site, { params }: Request): readonly Artwork[] | undefined {
  return site.artists[params['user'] ?? '']?.gallery
}

function folderIn(folders: readonly Folder[] | undefined, id: string | undefined): readonly Artwork[] | undefined {
  return folders?.find((folder) => String(folder.id) === id)?.works
}

function addWorks(router: Router, site: Site): void {
  const byNumber = (request: Request): Answer | Promise<Answer> => {
    const work = workAt(site, request.params['slug'] ?? '')
    return work === undefined ? missingPage() : redirect(pageOf(work), 301)
  }
  router
    .get(WWW, '/deviation/:slug', byNumber)
    .get(WWW, '/art/:slug', byNumber)
    .get(WWW, '/view/:slug', byNumber)
    .get(WWW, '/:user/art/:slug', (request) => workPage(request, site))
    .get(WWW, '/:user/journal/:slug', (request) => workPage(request, site))
    .get(WWW, '/download/:slug/:file', (request) => download(request, site))
    .get(WWW, '/stash/:id', (request) => stashPage(request, site))
    .get('sta.sh', '/:id', ({ params }) => redirect(`https://${WWW}/stash/${params['id']}`, 301))
}

function workAt(site: Site, slug: string): Artwork | undefined {
  const work = site.works.get(Number(/(\d+)$/.exec(slug)?.[1]))
  return work?.hidden === true || work?.deleted === true ? undefined : work
}

function workPage(request: Request, site: Site): Promise<Answer> | Answer {
  const work = workAt(site, request.params['slug'] ?? '')
  return work === undefined ? missingPage() : singlePage(request, site, work)
}

async function singlePage(request: Request, site: Site, work: Artwork): Promise<Answer> {
  const { author, ...deviation } = await whole(work, site, isLoggedIn(request))
  const key = String(work.id)
  return statePage(request, {
    user: { '1': author },
    deviation: { [key]: { ...deviation, author: 1, extended: work.id } },
    deviationExtended: { [key]: await extended(work, request.url) },
    open: work.id,
  })
}

/** With the text that lists do not carry. */
async function whole(work: Artwork, site: Site, loggedIn: boolean): Promise<Json> {
  const deviation = await listed(work, loggedIn)
  if (work.shown.as !== 'text') return deviation
  const text = { type: work.shown.editor, markup: await markupOf(work, site), features: '[]' }
  return { ...deviation, textContent: { excerpt: 'It begins', html: text } }
}

/** The button works for members alone; for others there is nothing (seen by others). */
function download(request: Request, site: Site): Answer {
  const work = workAt(site, request.params['slug'] ?? '')
  const expires = Number(request.url.searchParams.get('ts')) * 1000
  if (work === undefined || !isLoggedIn(request) || !(expires > Date.now())) return missingPage()
  return toDownload(work)
}

function stashPage(request: Request, site: Site): Promise<Answer> | Answer {
  const item = site.stash[request.params['id'] ?? '']
  if (item === undefined) return missingPage()
  if ('id' in item) return singlePage(request, site, item)
  const links = item.map(
    (id) => `<a href="https://${WWW}/stash/${id}">item</a><a href="https://${WWW}/stash/${id}#comments">1</a>`,
  )
  return statePage(request, { deviation: {} }, links.join(''))
}

function isLoggedIn({ headers }: Request): boolean {
  return LOGIN_COOKIE.test(headers['cookie'] ?? '')
}

interface State {
  readonly deviation: Json
  readonly deviationExtended?: Json
  readonly user?: Json
  readonly open?: number
  readonly streams?: Json
}

/** A page: its state as JSON in a JavaScript string, with the escapes that were seen. */
function statePage(request: Request, state: State, body = ''): Answer {
  const guest =
    guestOf(request) ?? createHash('sha256').update(`${request.url.href}${Date.now()}`).digest('hex').slice(0, 16)
  const csrf = csrfOf(guest)
  const { deviation, deviationExtended = {}, user = {}, open, streams = {} } = state
  const all = {
    '@@config': { csrfToken: csrf },
    '@@publicSession': {
      isLoggedIn: isLoggedIn(request),
      pageSize: 24,
      showMatureContent: isLoggedIn(request),
      csrfToken: csrf,
    },
    '@@entities': { deviation, deviationExtended, user },
    '@@streams': streams,
    '@@DUPERBROWSE': {
      streamStack: [],
      ...(open !== undefined && { rootStream: { currentOpenItem: open, items: [open] } }),
    },
  }
  const literal = JSON.stringify(JSON.stringify(all))
    .replaceAll("'", String.raw`\'`)
    .replaceAll('/', String.raw`\/`)
  const script = `window.__INITIAL_STATE__ = JSON.parse(${literal});window.__CSRF_TOKEN__ = '${csrf}';`
  return html(`<!doctype html><title>DeviantArt</title>${body}<script>${script}</script>`, {
    headers: {
      'set-cookie': `userinfo=${guest}; domain=.deviantart.com; path=/; Max-Age=2592000; Secure; SameSite=Lax`,
    },
  })
}

function guestOf({ headers }: Request): string | undefined {
  return /(?:^|;\s*)userinfo=([^;]+)/.exec(headers['cookie'] ?? '')?.[1]
}

/** The token belongs to the cookie that came with it. */
function csrfOf(guest: string): string {
  return `${createHash('sha256').update(`csrf ${guest}`).digest('base64url').slice(0, 16)}.abcdef.${guest}`
}

function missingPage(): Answer {
  return html(
    '<!doctype html><title>DeviantArt: 404</title><img src="https://st.deviantart.net/error-title-oops.png">',
    {
      status: 404,
    },
  )
}

async function listPage(request: Request, works: readonly Artwork[] | undefined): Promise<Answer> {
  if (works === undefined) return missingPage()
  const page = Number(request.url.searchParams.get('page') ?? 1)
  const shown = works.filter(({ hidden }) => hidden !== true)
  const start = (page - 1) * PAGE
  const items = shown.slice(start, start + PAGE)
  const entries = await Promise.all(
    items.map(async (work) => {
      const { author: _, ...deviation } = await listed(work, isLoggedIn(request))
      return [String(work.id), { ...deviation, author: work.artist.length }] as const
    }),
  )
  const user = Object.fromEntries(items.map(({ artist }) => [String(artist.length), userOf(artist)]))
  const stream = {
    items: items.map(({ id }) => id),
    itemsPerFetch: 24,
    hasMore: start + PAGE < shown.length,
    hasLess: page > 1,
  }
  return statePage(request, {
    deviation: Object.fromEntries(entries),
    user,
    streams: {
      'folder-deviations-gallery-1': { ...stream, streamType: 'WITH_OFFSET' },
      users: { items: ['x'], hasMore: false },
    },
  })
}

function addPuppy(router: Router, site: Site): void {
  const get = (path: string, handle: (request: Request) => Answer | Promise<Answer>): void =>
    void router.get(WWW, `/_puppy/${path}`, (request) => refusal(request) ?? handle(request))
  get('dadeviation/init', (request) => init(request, site))
  get('dashared/gallection/contents', (request) => contents(request, site))
  get('dashared/gallection/search', async (request) => {
    const words = (request.url.searchParams.get('q') ?? '').toLowerCase()
    const artist = site.artists[request.url.searchParams.get('username') ?? '']
    return offsetList(
      request,
      artist?.gallery.filter(({ title }) => title.toLowerCase().includes(words)),
    )
  })
  get('dabrowse/networkbar/tag/deviations', (request) =>
    cursorList(request, site.tags[request.url.searchParams.get('tag') ?? ''] ?? []),
  )
  get('dabrowse/search/deviations', (request) => {
    const { searchParams } = request.url
    const words = (searchParams.get('q') ?? '').toLowerCase()
    const isRanking = searchParams.get('order')?.startsWith('popular-') === true
    const all = isRanking ? site.popular : site.popular.toReversed()
    return cursorList(
      request,
      all.filter(({ title }) => title.toLowerCase().includes(words)),
    )
  })
}

function refusal(request: Request): Answer | undefined {
  if (request.headers['user-agent']?.startsWith('Mozilla/') !== true)
    return redirect('https://apps.apple.com/deviantart')
  const token = request.url.searchParams.get('csrf_token')
  const guest = guestOf(request)
  if (token !== null && guest !== undefined && token === csrfOf(guest)) return undefined
  return json(
    {
      error: 'invalid_request',
      errorDescription: 'Invalid or expired form submission',
      errorDetails: { csrf: token === null ? 'missing' : 'invalid' },
      status: 'error',
    },
    { status: 400 },
  )
}

async function init(request: Request, site: Site): Promise<Answer> {
  const id = request.url.searchParams.get('deviationid') ?? ''
  const work = workAt(site, id)
  if (work === undefined)
    return json(
      { error: 'invalid_request', errorDescription: `Deviation #${id} not found.`, status: 'error' },
      { status: 400 },
    )
  const deviation = { ...(await whole(work, site, isLoggedIn(request))), extended: await extended(work, request.url) }
  return json({ deviation })
}

function contents(request: Request, site: Site): Promise<Answer> | Answer {
  const { searchParams } = request.url
  const artist = site.artists[searchParams.get('username') ?? '']
  const isGallery = searchParams.get('type') === 'gallery'
  const folder = searchParams.get('folderid')
  if (folder !== null) return offsetList(request, folderIn(isGallery ? artist?.folders : artist?.collections, folder))
  if (searchParams.has('scraps_folder')) return offsetList(request, artist?.scraps)
  return offsetList(request, isGallery ? artist?.gallery : artist?.favourites)
}

/** Offsets count works that nobody is shown: pages are shorter, or empty, while there is more. */
async function offsetList(request: Request, works: readonly Artwork[] | undefined): Promise<Answer> {
  if (works === undefined)
    return json({ error: 'invalid_request', errorDescription: 'User not found.', status: 'error' }, { status: 400 })
  const offset = Number(request.url.searchParams.get('offset') ?? 0)
  const size = works.length > 2 * REAL_PAGE - 1 ? REAL_PAGE : PAGE
  const shown = works.slice(offset, offset + size).filter(({ hidden }) => hidden !== true)
  const results = await Promise.all(shown.map((work) => listed(work, isLoggedIn(request))))
  const hasMore = offset + size < works.length
  return json({ hasMore, nextOffset: hasMore ? offset + size : null, results })
}

async function cursorList(request: Request, works: readonly Artwork[]): Promise<Answer> {
  const offset = Number(Buffer.from(request.url.searchParams.get('cursor') ?? '', 'base64url').toString() || 0)
  const shown = works.slice(offset, offset + PAGE).filter(({ hidden }) => hidden !== true)
  const deviations = await Promise.all(shown.map((work) => listed(work, isLoggedIn(request))))
  const hasMore = offset + PAGE < works.length
  const nextCursor = Buffer.from(String(offset + PAGE)).toString('base64url')
  return json({ hasMore, estTotal: works.length, currentOffset: offset, ...(hasMore && { nextCursor }), deviations })
}
