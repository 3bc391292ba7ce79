import { json } from '../harness/answers.ts'
import type { Answer, Handler, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import { albumV1, albumV3, coverV1, entryV3, imageV1, imageV3 } from './shapes.ts'
import { isAlbum, TOKEN } from './site.ts'
import type { Entry, Site } from './site.ts'

const HOST = 'api.imgur.com'
/** Pages are short here, so that paging happens; the benchmark's subreddit has the real sixty. */
const PAGE = 2
const REAL_PAGE = 60

/** `api.imgur.com`: `/3` in its envelope, `post/v1` without one. */
export function addApi(router: Router, site: Site): void {
  const v3 = (path: string, handle: Handler): void =>
    void router.get(HOST, path, (request) => refusal(request) ?? handle(request))
  const v1 = (path: string, handle: Handler): void =>
    void router.get(HOST, path, (request) => refusal(request) ?? handle(request))
  v1(
    '/post/v1/media/:id',
    ({ params }) =>
      withUpload(site, params['id'], async (upload) => json(await imageV1(upload))) ?? missingV1(params['id']),
  )
  v1('/post/v1/albums/:id', async ({ params }) => {
    const album = site.albums.get(params['id'] ?? '')
    return album === undefined || album.onlyV3 === true ? missingV1(params['id']) : json(await albumV1(album, true))
  })
  v1('/post/v1/posts/:id', async ({ params, url }) => {
    const album = site.albums.get(params['id'] ?? '')
    if (album !== undefined && album.unlisted !== true)
      return json(await albumV1(album, url.searchParams.has('include')))
    return withUpload(site, params['id'], async (upload) => json(await imageV1(upload))) ?? missingV1(params['id'])
  })
  v3(
    '/3/image/:id',
    (request) =>
      withUpload(site, request.params['id'], async (upload) => envelope(await imageV3(upload))) ??
      missingV3(request, 'image'),
  )
  v3('/3/album/:id', async (request) => {
    const album = site.albums.get(request.params['id'] ?? '')
    return album === undefined ? missingV3(request, 'album') : envelope(await albumV3(album))
  })
  v3('/3/album/:id/images', async (request) => {
    const album = site.albums.get(request.params['id'] ?? '')
    return album === undefined ? missingV3(request, 'album') : envelope(await Promise.all(album.uploads.map(imageV3)))
  })
  addListings(v3, site)
  addPosts(v1, site)
}

/** Lists of `post/v1`, whose pages count from 1. Made after the album's shape and what programs read of them: none is recorded. */
function addPosts(v1: (path: string, handle: Handler) => void, site: Site): void {
  v1('/post/v1/posts/t/:name', async ({ params, url }) => {
    const entries = site.tags[params['name'] ?? ''] ?? []
    const posts = await postsAt(entries, url, 'cover')
    if (posts.length === 0) return missingV1(params['name'])
    return json({ display: params['name'], post_count: entries.length, background_id: 'b4ckgr0', posts })
  })
  const mine =
    (entries: readonly Entry[]): Handler =>
    async ({ url, headers }) =>
      headers['cookie']?.includes(`accesstoken=${TOKEN}`) === true
        ? json(await postsAt(entries, url, 'media'))
        : json({ errors: [{ id: 'post-api-1', code: '401', status: 'Unauthorized', detail: '' }] }, { status: 401 })
  v1('/post/v1/accounts/me/all_posts', mine(site.own))
  v1('/post/v1/accounts/me/hidden_albums', mine(site.hidden))
}

function postsAt(entries: readonly Entry[], url: URL, include: 'cover' | 'media'): Promise<readonly unknown[]> {
  const start = (Number(url.searchParams.get('page')) - 1) * PAGE
  return Promise.all(
    entries.slice(start, start + PAGE).map((entry) => {
      if (include === 'cover') return coverV1(entry)
      return isAlbum(entry) ? albumV1(entry, true) : imageV1(entry)
    }),
  )
}

function addListings(v3: (path: string, handle: Handler) => void, site: Site): void {
  const subreddit: Handler = ({ params }) =>
    list(site.subreddits[params['name'] ?? ''] ?? [], params['page'], params['name'] ?? '')
  v3('/3/gallery/r/:name/time/:page', subreddit)
  v3('/3/gallery/r/:name/top/:window/:page', subreddit)
  v3('/3/gallery/t/:name/:sort/:window/:page', async ({ params }) => {
    const entries = site.tags[params['name'] ?? ''] ?? []
    const items = await page(entries, params['page'], '')
    return envelope({ name: params['name'], followers: 1000, total_items: entries.length, following: false, items })
  })
  v3('/3/gallery/search/:sort/:window/:page', ({ params, url }) =>
    list(search(site, url.searchParams.get('q') ?? ''), params['page'], ''),
  )
  v3('/3/gallery/:section/:sort/:window/:page', ({ params }) => {
    const entries = site.front[params['section'] ?? '']
    return entries && list(entries, params['page'], '')
  })
  v3('/3/account/:name/folders/:folder/favorites', async (request) => {
    const { params, url, headers } = request
    const entries = site.folders[`${params['name']}/${params['folder']}`]
    if (entries === undefined || headers['origin'] !== 'https://imgur.com') return missingV3(request, 'folder')
    // Without an envelope, as one program says it may be.
    return json(await page(entries, url.searchParams.get('page') ?? '0', ''))
  })
  v3('/3/account/:name/submissions/:page/newest', (request) => account(site.users, request))
  v3('/3/account/:name/gallery_favorites/:page/newest', (request) => account(site.favorites, request))
}

function account(lists: Readonly<Record<string, readonly Entry[]>>, request: Request): Answer | Promise<Answer> {
  const entries = lists[request.params['name'] ?? '']
  return entries === undefined ? missingV3(request, 'account') : list(entries, request.params['page'], '')
}

async function list(entries: readonly Entry[], number: string | undefined, section: string): Promise<Answer> {
  return envelope(await page(entries, number, section))
}

function page(entries: readonly Entry[], number: string | undefined, section: string): Promise<readonly unknown[]> {
  const size = entries.length > REAL_PAGE ? REAL_PAGE : PAGE
  const start = Number(number) * size
  return Promise.all(entries.slice(start, start + size).map((entry) => entryV3(entry, section)))
}

export function search(site: Site, query: string): readonly Entry[] {
  const words = query.toLowerCase().split(/\s+/)
  return [...site.uploads.values(), ...site.albums.values()].filter(({ title = '' }) =>
    words.every((word) => title.toLowerCase().includes(word)),
  )
}

function withUpload<T>(
  site: Site,
  id: string | undefined,
  use: (upload: NonNullable<ReturnType<Site['uploads']['get']>>) => T,
): T | undefined {
  const upload = site.uploads.get(id ?? '')
  return upload === undefined || upload.undescribed === true ? undefined : use(upload)
}

function envelope(data: unknown): Answer {
  const limits = {
    'x-ratelimit-userlimit': '500',
    'x-ratelimit-userremaining': '499',
    'x-ratelimit-clientlimit': '12500',
    'x-ratelimit-clientremaining': '12499',
  }
  return json({ data, success: true, status: 200 }, { headers: limits })
}

function missingV3(request: Request, what: string): Answer {
  const error = `Unable to find an ${what} with the id, ${request.params['id'] ?? request.params['name']}`
  return json(
    { data: { error, request: request.url.pathname, method: request.method }, success: false, status: 404 },
    { status: 404 },
  )
}

/** Known from its 429 twin. */
function missingV1(id: string | undefined): Answer {
  return json(
    { errors: [{ id: `post-api-${id}`, code: '404', status: 'Not Found', detail: 'Not Found' }] },
    { status: 404 },
  )
}

function refusal(request: Request): Answer | undefined {
  const id =
    request.url.searchParams.get('client_id') ?? /^Client-ID (\w+)$/.exec(request.headers['authorization'] ?? '')?.[1]
  const refuse = (status: number, error: string): Answer =>
    json({ data: { error, request: request.url.pathname, method: request.method }, success: false, status }, { status })
  if (id === undefined || id === '') return refuse(401, 'Authentication required')
  return id === 'invalid' ? refuse(403, 'Invalid client_id') : undefined
}
