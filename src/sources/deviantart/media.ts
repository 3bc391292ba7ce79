import { z } from 'zod'
import type { Candidate } from '../../core/source.ts'
import type { Files } from './model.ts'
import { compact } from '../../kit/compact.ts'
import { candidatesOf, isBlurred } from './media-url.ts'
import { readToken } from './token.ts'

const text = z.string().nullish().catch(undefined)
const number = z.number().nullish().catch(undefined)

const entrySchema = z.object({
  /** `150`, `preview`, `fullview`, `gif`, `video` … */
  t: z.string(),
  /** Index of its token; -1: needs none; -2: `s` is a picture of the site's own. */
  r: number,
  /** What to put behind `baseUri`, until 2021 without a slash before it; absent: the bare file. */
  c: text,
  /** In place of `baseUri`. */
  b: text,
  w: number,
  h: number,
  /** Bytes of the upload, also where the entry is a rendering of it. */
  f: number,
})

export const mediaSchema = z.object({
  baseUri: text,
  prettyName: text,
  token: z.array(z.string()).nullish(),
  types: z.array(entrySchema).nullish(),
})

type Media = z.output<typeof mediaSchema>
type Entry = z.output<typeof entrySchema>

export const NO_FILES: Files = { candidates: [], blurred: false }

/**
 * The files of a `media` object, as counted over more than 1,800 recorded entries: a video's largest encoding; a GIF
 * that has an entry of its own; the upload, where a token allows to download it or none is needed; else the full view,
 * and the preview only where there is no full view.
 */
export function filesOf(media: Media, id: number): Files {
  const videos = entriesOf(media, 'video').toSorted((a, b) => (b.h ?? 0) - (a.h ?? 0) || (b.f ?? 0) - (a.f ?? 0))
  const moving = videos.length > 0 ? videos : entriesOf(media, 'gif')
  const quality = videos.length > 0 ? 'full' : 'original'
  const found = moving.flatMap((entry): readonly Candidate[] => {
    const url = urlOf(media, entry)
    return url === undefined || typeof entry.b !== 'string' ? [] : [{ url, quality }]
  })
  const [first] = moving
  if (first === undefined || found.length === 0) return stillFiles(media, id)
  return { candidates: found, blurred: false, ...compact({ width: first.w, height: first.h, bytes: first.f }) }
}

function stillFiles(media: Media, id: number): Files {
  const [full] = [
    ...entriesOf(media, 'fullview'),
    ...entriesOf(media, 'fullview_unpublished'),
    ...entriesOf(media, 'preview'),
  ]
  const url = full === undefined ? undefined : urlOf(media, full)
  if (full === undefined || url === undefined) return NO_FILES
  const upload = uploadUrl(media)
  const listed = candidatesOf(url, id).map((one) =>
    full.t === 'preview' ? { ...one, quality: 'preview' as const } : one,
  )
  const isBare = typeof full.c !== 'string'
  // What stands behind an upload must never be the blurred picture, should the upload fail.
  const behind = isBlurred(url) ? [] : listed
  return {
    candidates: upload === undefined || isBare ? listed : [{ url: upload, quality: 'original' }, ...behind],
    blurred: upload === undefined && isBlurred(url),
    // Of an upload beside a smaller full view the measures are not known here.
    ...(isBare || upload === undefined ? compact({ width: full.w, height: full.h }) : {}),
    ...(isBare || upload !== undefined ? compact({ bytes: full.f }) : {}),
  }
}

/** The upload by a token that is for downloading it. */
function uploadUrl({ baseUri, token }: Media): string | undefined {
  const path = URL.parse(baseUri ?? '')?.pathname
  const fitting = token?.find((one) => {
    const read = readToken(one)
    return read?.audiences.includes('file.download') === true && path !== undefined && read.paths.includes(path)
  })
  return fitting === undefined ? undefined : `${baseUri}?token=${fitting}`
}

function entriesOf({ types }: Media, name: string): readonly Entry[] {
  return (types ?? []).filter(({ t, r }) => t === name && r !== -2)
}

function urlOf({ baseUri, prettyName, token }: Media, { r, c, b }: Entry): string | undefined {
  const start = b ?? baseUri
  if (typeof start !== 'string' || start === '') return undefined
  const behind =
    typeof c === 'string' ? `/${c.replace(/^\//, '').replaceAll('<prettyName>', () => prettyName ?? '')}` : ''
  if (r === undefined || r === null || r < 0) return start + behind
  const fitting = token?.[r]
  return fitting === undefined ? undefined : `${start}${behind}?token=${fitting}`
}
