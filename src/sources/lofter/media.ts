import type { Candidate } from '../../core/source.ts'
import { extensionOf, stemOf } from '../../kit/file-names.ts'
import { directKey } from '../../kit/keys.ts'

/** One image or video of a post. */
export interface Medium {
  /** The same by every strategy: the object's token in the site's store. */
  readonly id: string
  readonly kind: 'image' | 'video'
  /** Best first, at least one. */
  readonly candidates: readonly Pick<Candidate, 'url' | 'quality'>[]
  readonly width?: number
  readonly height?: number
  readonly caption?: string
}

/** The URLs that the app's interface gives of one image. */
export interface PhotoUrls {
  /** As it is shown: at most 1,680 wide, with the blogger's watermark. The site spells it so. */
  readonly orign?: string
  /** The uploaded file. Only the app's interface has it. */
  readonly raw?: string
}

/** Stores of images, by their age; and the avatars', which are no part of any post. */
const STORES = ['.lf127.net', '.nosdn.127.net', '.nosdn0.126.net', '.ph.126.net', 'nos.netease.com']
const AVATARS = /^avaimg\./

/**
 * An image by what is known of it: the raw file, then the shown one without its query (which asks the store for a
 * scaled copy with a watermark), then as it is given. In posts of 2025 `raw` and `orign` are two objects, before them one:
 * only of `raw` is it certain that it is the upload.
 */
export function photo({ orign, raw }: PhotoUrls): Pick<Medium, 'id' | 'kind' | 'candidates'> | undefined {
  const shown = webUrl(orign)
  const upload = webUrl(raw)
  const named = shown ?? upload
  if (named === undefined) return undefined
  const all: readonly (readonly [string | undefined, Candidate['quality']])[] = [
    [upload === undefined ? undefined : onCurrentHost(upload), 'original'],
    [shown === undefined ? undefined : withoutQuery(shown), 'full'],
    [shown, 'preview'],
  ]
  const candidates = all.flatMap(([url, quality]) => (url === undefined ? [] : [{ url, quality }]))
  return { id: mediaId(named), kind: 'image', candidates: distinct(candidates) }
}

/** A video by its URLs, the first the best; they are signed and keep their query. */
export function video(urls: readonly (string | null | undefined)[]): Medium | undefined {
  const known = urls.map((url) => webUrl(url ?? '')).filter((url) => url !== undefined)
  const [first] = known
  if (first === undefined) return undefined
  const candidates = known.map((url, index) => ({
    url,
    quality: index === 0 ? ('original' as const) : ('full' as const),
  }))
  return { id: mediaId(first), kind: 'video', candidates: distinct(candidates) }
}

/** An `<img>` in the text of a post; nothing for avatars, and for thumbnails of other posts and people. */
export function textImage(src: string): Medium | undefined {
  // Written `&amp;amp;` in some posts: once more than the page's own writing.
  const url = URL.parse(src.replaceAll('&amp;', '&'))
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined
  if (AVATARS.test(url.hostname) || /thumbnail=(?:16|64|96|110)[xy]/.test(url.search)) return undefined
  return isStored(url) ? photo({ orign: url.href }) : photo({ raw: url.href })
}

/** Each object once, where it stands first. */
export function distinctMedia(media: readonly (Medium | undefined)[]): readonly Medium[] {
  const byId = new Map<string, Medium>()
  for (const medium of media) if (medium !== undefined && !byId.has(medium.id)) byId.set(medium.id, medium)
  return [...byId.values()]
}

/**
 * The last part of the path without its extension: the token stays when the site moves an object to another host
 * (2020, seen by others). Images from elsewhere have no token, but an address.
 */
function mediaId(address: string): string {
  const url = new URL(address)
  const last = url.pathname.slice(url.pathname.lastIndexOf('/') + 1)
  const token = extensionOf(address) === '' ? last : stemOf(last)
  return token !== '' && (isStored(url) || url.hostname.endsWith('.vod.126.net'))
    ? token
    : directKey(address).slice(7, 23)
}

/** `https://nos.netease.com/imglfN/img/…` and `imglfN.nos.netease.com` stand on `imglfN.lf127.net` today. */
function onCurrentHost(address: string): string {
  return address
    .replace(/^https?:\/\/nos\.netease\.com\/(imglf\d*)\//, 'https://$1.lf127.net/')
    .replace(/^https?:\/\/(imglf\d*)\.nos\.netease\.com\//, 'https://$1.lf127.net/')
}

function isStored({ hostname }: URL): boolean {
  return STORES.some((store) => hostname.endsWith(store))
}

function withoutQuery(address: string): string {
  return address.replace(/[?#].*$/s, '')
}

/** An address with a scheme; pages write some without. */
function webUrl(address: string | undefined): string | undefined {
  const url = URL.parse((address ?? '').trim().replace(/^\/\//, 'https://'))
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : undefined
}

function distinct(candidates: Medium['candidates']): Medium['candidates'] {
  return candidates.filter(({ url }, index) => candidates.findIndex((other) => other.url === url) === index)
}
