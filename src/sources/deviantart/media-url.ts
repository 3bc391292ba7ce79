import type { Candidate } from '../../core/source.ts'
import { readToken } from './token.ts'

/** The parts of a URL of the site's media hosts (`wixmp`). */
interface MediaUrl {
  readonly origin: string
  /** `/f/USER/FILE`, or `/i/…` for a preview picture; without `/intermediary`. */
  readonly path: string
  readonly isIntermediary: boolean
  /** `/v1/fill/w_900,h_563,q_75,strp/NAME-fullview.jpg`; empty for the file as it is. */
  readonly rendering: string
  readonly token: string | undefined
}

const MEDIA_URL =
  /^(https?:\/\/[\w-]+\.wixmp\.com)(\/intermediary)?(\/[^?]+?)(\/v1\/(?:fit|fill|crop)\/[^?]+)?(?:\?token=([^&]*))?$/

/** Up to this work the site kept an unsigned, re-encoded copy of each file (Danbooru and others, until 2026). */
const LAST_INTERMEDIARY = 790_677_560

/** Old hosts whose files are uploads; the others of that time (`img00`, `pre00`, `t00`) serve renderings. */
const LEGACY_ORIGINALS = /^https?:\/\/(?:orig|fc)\d+\.deviantart\.net\//

function readMediaUrl(url: string): MediaUrl | undefined {
  const match = MEDIA_URL.exec(url)
  if (match === null) return undefined
  const [, origin = '', intermediary, path = '', rendering = '', token] = match
  return { origin, path, isIntermediary: intermediary !== undefined, rendering, token }
}

/** Whether a URL leads to a picture that was blurred because nobody is logged in, or nobody has paid. */
export function isBlurred(url: string): boolean {
  return /[,/]blur_\d/.test(url)
}

/**
 * Candidates of one media URL, best first. A bare file is the upload (below `/i/` a preview picture of something that
 * is no picture). A rendering is asked for at full quality first: its token limits the box, not the quality. Older
 * works have the copies of before 2019 as a last resort. Files on old hosts are taken as they are.
 */
export function candidatesOf(url: string, id: number): readonly Candidate[] {
  const media = readMediaUrl(url)
  if (media === undefined) return [{ url, quality: LEGACY_ORIGINALS.test(url) ? 'original' : 'full' }]
  if (media.rendering === '')
    return [{ url, quality: media.path.startsWith('/i/') ? 'preview' : media.isIntermediary ? 'full' : 'original' }]
  return [
    ...raised(url, media),
    { url, quality: 'full' },
    ...older(media, id).filter((candidate) => candidate.url !== url),
  ]
}

/** The same rendering with less loss. */
function raised(url: string, media: MediaUrl): readonly Candidate[] {
  const { rendering } = media
  const quality = /,q_(\d+)/.exec(rendering)?.[1]
  if (quality === undefined || Number(quality) >= 100 || audienceOf(media) !== 'image.operations') return []
  return [{ url: url.replace(rendering, rendering.replace(/,q_\d+/, ',q_100')), quality: 'full' }]
}

/**
 * Unverified since 2019: the copy as it is, then one in the largest box that was asked for then. Not of works that
 * their artist shows with a watermark alone.
 */
function older(media: MediaUrl, id: number): readonly Candidate[] {
  const { origin, path, rendering } = media
  if (id > LAST_INTERMEDIARY || !path.startsWith('/f/') || path.endsWith('.gif')) return []
  if (audienceOf(media) === 'image.watermark') return []
  const copy = `${origin}/intermediary${path}`
  const name = rendering.slice(rendering.lastIndexOf('/') + 1)
  return [
    { url: copy, quality: 'full' },
    { url: `${copy}/v1/fill/w_5100,h_5100,bl,q_100/${name}`, quality: 'full' },
  ]
}

function audienceOf({ token }: MediaUrl): string | undefined {
  return token === undefined ? undefined : readToken(token)?.audiences[0]
}
