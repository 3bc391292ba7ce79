import { json } from '../harness/answers.ts'
import { makeMedia } from '../harness/media.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import { downloadMedia, downloadUrl } from './media.ts'
import type { Json } from './shapes.ts'
import { isWalled, listed, pageOf, publishedOf, uuidOf } from './shapes.ts'
import type { Artwork, Folder, Site } from './site.ts'
import { WWW } from './web.ts'

const PAGE = 3
const REAL_PAGE = 24
const NOBODY = '00000000-0000-0000-0000-000000000000'

export const CLIENT = { id: '12345', secret: 'kept by the replica' }

/** The official API v1. Tokens are numbered, and known for as long as the replica runs. */
export function addApi(router: Router, site: Site): void {
  const tokens = new Set<string>()
  router.post(WWW, '/oauth2/token', ({ body }) => giveToken(new URLSearchParams(Buffer.from(body).toString()), tokens))
  const get = (path: string, handle: (request: Request) => Answer | Promise<Answer>): void =>
    void router.get(WWW, `/api/v1/oauth2/${path}`, (request) => refusal(request, tokens) ?? handle(request))
  const artistOf = ({ url }: Request) => site.artists[url.searchParams.get('username') ?? '']
  get('gallery/all', (request) => list(request, artistOf(request)?.gallery))
  get('collections/all', (request) => list(request, artistOf(request)?.favourites))
  get('gallery/folders', (request) => folders(request, artistOf(request)?.folders))
  get('collections/folders', (request) => folders(request, artistOf(request)?.collections))
  get('gallery/:uuid', (request) => list(request, folderOf(artistOf(request)?.folders, request)))
  get('collections/:uuid', (request) => list(request, folderOf(artistOf(request)?.collections, request)))
  get('browse/tags', (request) => list(request, site.tags[request.url.searchParams.get('tag') ?? ''] ?? []))
  get('browse/popular', (request) => list(request, site.popular))
  get('browse/dailydeviations', async () => json({ results: await Promise.all(site.daily.map(object)) }))
  get('user/profile/posts', (request) => cursorPosts(request, artistOf(request)?.posts))
  get('deviation/download/:uuid', (request) => download(workOf(site, request)))
  get('deviation/:uuid', async (request) => {
    const work = workOf(site, request)
    return work === undefined ? refused(404, 'invalid_request', 'Deviation not found.') : json(await object(work))
  })
}

function giveToken(form: URLSearchParams, tokens: Set<string>): Answer {
  const fits =
    form.get('grant_type') === 'client_credentials' &&
    form.get('client_id') === CLIENT.id &&
    form.get('client_secret') === CLIENT.secret
  if (!fits) return refused(401, 'invalid_client', 'Client authentication failed.')
  const token = `token-${tokens.size + 1}`
  tokens.add(token)
  return json({ access_token: token, token_type: 'Bearer', expires_in: 3600, status: 'success' })
}

function refusal({ headers }: Request, tokens: ReadonlySet<string>): Answer | undefined {
  const given = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1]
  if (given === undefined)
    return refused(401, 'invalid_request', 'Must provide an access_token to access this resource.')
  return tokens.has(given) ? undefined : refused(401, 'invalid_token', 'Invalid token.')
}

function refused(status: number, error: string, description: string, code?: number): Answer {
  return json(
    { error, error_description: description, ...(code !== undefined && { error_code: code }), status: 'error' },
    { status },
  )
}

function folderOf(all: readonly Folder[] | undefined, { params }: Request): readonly Artwork[] | undefined {
  return all?.find(({ uuid }) => uuid === params['uuid'])?.works
}

function workOf(site: Site, { params }: Request): Artwork | undefined {
  return [...site.works.values()].find((work) => uuidOf(work) === params['uuid'] && work.hidden !== true)
}

async function list(request: Request, works: readonly Artwork[] | undefined): Promise<Answer> {
  if (works === undefined) return refused(400, 'invalid_request', 'User not found.')
  const offset = Number(request.url.searchParams.get('offset') ?? 0)
  const size = works.length > 100 ? REAL_PAGE : PAGE
  const shown = works.slice(offset, offset + size).filter(({ hidden }) => hidden !== true)
  const more = offset + size < works.length
  return json({
    has_more: more,
    next_offset: more ? offset + size : null,
    results: await Promise.all(shown.map(object)),
  })
}

async function cursorPosts(request: Request, posts: readonly Artwork[] | undefined): Promise<Answer> {
  if (posts === undefined) return refused(400, 'invalid_request', 'Account is inactive.')
  const start = Number(request.url.searchParams.get('cursor') ?? 0)
  const results = await Promise.all(posts.slice(start, start + PAGE).map(object))
  const more = start + PAGE < posts.length
  return json({ has_more: more, next_cursor: more ? String(start + PAGE) : null, prev_cursor: null, results })
}

function folders(request: Request, all: readonly Folder[] | undefined): Answer {
  if (all === undefined) return refused(400, 'invalid_request', 'User not found.')
  const offset = Number(request.url.searchParams.get('offset') ?? 0)
  const results = all.slice(offset, offset + 1).map(({ uuid, name }) => ({ folderid: uuid, parent: null, name }))
  const more = offset + 1 < all.length
  return json({ results, has_more: more, next_offset: more ? offset + 1 : null })
}

async function download(work: Artwork | undefined): Promise<Answer> {
  if (work?.downloadable !== true) return refused(400, 'invalid_request', 'Deviation not downloadable.')
  const media = downloadMedia(work)
  const size = 'width' in media ? { width: media.width, height: media.height } : {}
  return json({
    src: downloadUrl(work),
    filename: `${work.title}.bin`,
    ...size,
    filesize: (await makeMedia(media)).bytes.length,
  })
}

/** A work as it was recorded in 2024. */
async function object(work: Artwork): Promise<Json> {
  if (work.deleted === true) return { deviationid: NOBODY, printid: NOBODY, is_deleted: true }
  const { shown } = work
  const file =
    work.downloadable === true ? { download_filesize: (await makeMedia(downloadMedia(work))).bytes.length } : {}
  return {
    deviationid: uuidOf(work),
    printid: null,
    url: pageOf(work),
    title: work.title,
    is_favourited: false,
    is_deleted: false,
    is_published: true,
    is_blocked: false,
    author: {
      userid: NOBODY,
      username: work.artist,
      usericon: 'https://a.deviantart.net/avatars/a.jpg',
      type: 'regular',
    },
    stats: { comments: 1, favourites: 2 },
    published_time: String(publishedOf(work)),
    allows_comments: true,
    ...(await contentOf(work)),
    ...(shown.as === 'text' && { excerpt: 'It begins' }),
    is_mature: work.mature === true,
    is_downloadable: work.downloadable === true,
    ...(work.more !== undefined && { is_multi_media: true }),
    ...file,
    ...(work.premium !== undefined && {
      tier_access: 'locked',
      premium_folder_data: { type: work.premium, has_access: false, gallery_id: NOBODY, points_price: 100 },
    }),
  }
}

/** The largest that is shown: what the site's own pages show, as a whole URL. */
async function contentOf(work: Artwork): Promise<Json> {
  const { shown } = work
  if (shown.as === 'text') return {}
  const { media } = (await listed(work, false)) as { readonly media: MediaJson }
  const video = media.types.filter(({ t }) => t === 'video')
  if (video.length > 0 && !isWalled(work, false)) {
    return { videos: video.map(({ b, q, f }) => ({ src: b, quality: q, filesize: f, duration: 3 })) }
  }
  const entry = media.types.find(({ t }) => t === 'gif') ?? media.types.find(({ t }) => t === 'fullview')
  const path = entry?.c?.replace('<prettyName>', media.prettyName ?? '') ?? ''
  const token = media.token?.[entry?.r ?? -1]
  const src = `${entry?.b ?? media.baseUri}${path}${token === undefined ? '' : `?token=${token}`}`
  const upload = 'upload' in shown ? (await makeMedia(shown.upload)).bytes.length : 0
  return { content: { src, width: entry?.w, height: entry?.h, transparency: false, filesize: upload } }
}

export interface MediaJson {
  readonly baseUri: string
  readonly prettyName?: string
  readonly token?: readonly string[]
  readonly types: readonly {
    readonly t: string
    readonly r: number
    readonly c?: string
    readonly b?: string
    readonly q?: string
    readonly w: number
    readonly h: number
    readonly f?: number
  }[]
}
