import { createHmac } from 'node:crypto'
import { file, redirect, text } from '../harness/answers.ts'
import type { Media } from '../harness/media.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import type { Artwork, Site } from './site.ts'

export const IMAGES = 'images-wixmp-ed30a86b8c4ca887773594c2.wixmp.com'
const FILES = 'wixmp-ed30a86b8c4ca887773594c2.wixmp.com'

const SIGNING_KEY = 'known to the replica alone'

/** How long a link behind the download button is good, seconds; as recorded tokens have it. */
const DOWNLOAD_SECONDS = 610

interface Claims {
  readonly aud: readonly string[]
  readonly obj: readonly (readonly { readonly path: string; readonly width?: string; readonly height?: string }[])[]
  readonly exp?: number
}

/** A JSON web token as the site makes them; a changed or unsigned one is refused. */
function sign(claims: Claims): string {
  const body = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode({ sub: 'urn:app:1', iss: 'urn:app:1', ...claims })}`
  return `${body}.${createHmac('sha256', SIGNING_KEY).update(body).digest('base64url')}`
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function verify(token: string): Claims | undefined {
  const body = token.slice(0, token.lastIndexOf('.'))
  const signature = createHmac('sha256', SIGNING_KEY).update(body).digest('base64url')
  if (token !== `${body}.${signature}`) return undefined
  return JSON.parse(Buffer.from(body.split('.')[1] ?? '', 'base64url').toString()) as Claims
}

export function downloadToken(path: string, exp?: number): string {
  return sign({ aud: ['urn:service:file.download'], obj: [[{ path }]], ...(exp !== undefined && { exp }) })
}

export function renderingToken(path: string, width: number, height: number): string {
  return sign({ aud: ['urn:service:image.operations'], obj: [[{ path, width: `<=${width}`, height: `<=${height}` }]] })
}

export function base36(work: Artwork): string {
  return `d${work.id.toString(36)}`
}

const FOLDERS = { upload: 'f', preview: 'i' } as const

/** Where a file of a work is: its name holds the work's number and an id of its own. */
export function pathOf(work: Artwork, kind: 'upload' | 'preview', extension: string, part = 0): string {
  const id = `${String(part).padStart(8, '0')}-2222-4333-8444-555555555555`
  return `/${FOLDERS[kind]}/9ad8fbc8-aee8-4e92-a04b-000000000000/${base36(work)}-${id}.${extension}`
}

export function filmUrl(work: Artwork, height: number): string {
  return `https://${FILES}/v/mp4/9ad8fbc8-aee8-4e92-a04b-000000000000/${base36(work)}-film.${height}p.mp4`
}

export function prettyName(work: Artwork): string {
  return `${work.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}_by_${work.artist}_${base36(work)}`
}

export function extensionOf(media: Media): string {
  if (media.format === 'literal') return 'bin'
  return media.format === 'jpeg' ? 'jpg' : media.format
}

/** What stands at a path: the file, and of pictures their renderings. */
interface Stored {
  readonly media: Media
  readonly usual?: Media
  readonly best?: Media
  /** Shown without a token. */
  readonly open?: boolean
}

/** The media hosts. */
export function addMedia(router: Router, site: Site): void {
  const stored = new Map([...site.works.values()].flatMap(storedOf))
  for (const host of [IMAGES, FILES]) {
    router
      .get(host, '/intermediary/*path', () => text('not found', 'text/plain', { status: 404 }))
      .get(host, '/*path', (request) => answer(stored, request))
  }
}

function storedOf(work: Artwork): readonly (readonly [string, Stored])[] {
  const { shown } = work
  const more = (work.more ?? []).map(
    (media, index) => [pathOf(work, 'upload', extensionOf(media), index + 1), { media }] as const,
  )
  switch (shown.as) {
    case 'upload':
      return [[pathOf(work, 'upload', extensionOf(shown.upload)), { media: shown.upload }], ...more]
    case 'rendering':
      return [[pathOf(work, 'upload', 'jpg'), { media: shown.upload, usual: shown.usual, best: shown.best }]]
    case 'gif':
      return [
        [pathOf(work, 'upload', 'gif'), { media: shown.upload }],
        [pathOf(work, 'preview', 'gif'), { media: shown.preview, open: true }],
      ]
    case 'film':
      return [
        [pathOf(work, 'preview', 'jpg'), { media: shown.preview, open: true }],
        ...shown.encodings.map(
          ({ height, film }) => [new URL(filmUrl(work, height)).pathname, { media: film, open: true }] as const,
        ),
      ]
    case 'file':
      return [
        [pathOf(work, 'preview', extensionOf(shown.preview)), { media: shown.preview, open: true }],
        [pathOf(work, 'upload', shown.extension), { media: shown.upload }],
      ]
    case 'text':
      return shown.pictures.map((media, index) => [pathOf(work, 'upload', extensionOf(media), index + 1), { media }])
  }
}

/** Bad or unsigned tokens: 401; a rendering that the token is not for: 403 (both seen by others). */
function answer(stored: ReadonlyMap<string, Stored>, { url }: Request): Answer {
  const [path = '', rendering] = url.pathname.split(/(?=\/v1\/)/)
  const found = stored.get(path)
  if (found === undefined) return text('not found', 'text/plain', { status: 404 })
  if (found.open === true && rendering === undefined) return file(found.media)
  const claims = verify(url.searchParams.get('token') ?? '')
  if (claims === undefined || (claims.exp ?? Infinity) * 1000 < Date.now())
    return text('unauthorized', 'text/plain', { status: 401 })
  const [[scope] = []] = claims.obj
  if (scope?.path !== path) return text('forbidden', 'text/plain', { status: 403 })
  if (rendering === undefined)
    return claims.aud.includes('urn:service:file.download')
      ? file(found.media)
      : text('forbidden', 'text/plain', { status: 403 })
  return fits(rendering, scope) ? file(renderingOf(rendering, found)) : text('forbidden', 'text/plain', { status: 403 })
}

function fits(rendering: string, scope: { readonly width?: string; readonly height?: string }): boolean {
  const [, width = '0', height = '0'] = /w_(\d+),h_(\d+)/.exec(rendering) ?? []
  const most = (limit: string | undefined): number => Number(limit?.replace('<=', '') ?? 0)
  return Number(width) <= most(scope.width) && Number(height) <= most(scope.height) && !rendering.includes('blur')
}

function renderingOf(rendering: string, { media, usual, best }: Stored): Media {
  return (rendering.includes('q_100') ? best : usual) ?? media
}

/** Where the download button leads: to the upload, for some minutes. */
export function downloadUrl(work: Artwork): string {
  const { shown } = work
  if (shown.as === 'text' || shown.as === 'film') throw new Error(`${work.title} has no download`)
  const path = pathOf(work, 'upload', shown.as === 'file' ? shown.extension : extensionOf(shown.upload))
  const exp = Math.floor(Date.now() / 1000) + DOWNLOAD_SECONDS
  return `https://${FILES}${path}?token=${downloadToken(path, exp)}`
}

export function downloadMedia({ shown, title }: Artwork): Media {
  if (shown.as === 'text' || shown.as === 'film') throw new Error(`${title} has no download`)
  return shown.upload
}

export function toDownload(work: Artwork): Answer {
  return redirect(`${downloadUrl(work)}&filename=${prettyName(work)}`)
}
