import type { PhotoLink } from './fields.ts'
import type { Medium } from './media.ts'
import { photo } from './media.ts'

/** An entry of `photoLinks`, with its size: of the upload where it is told, else of what is shown. */
export function photoOf(link: PhotoLink, caption?: string | null): Medium | undefined {
  const { orign, raw, ow, oh, rw, rh } = { raw: undefined, ow: 0, oh: 0, rw: 0, rh: 0, ...link }
  const urls = photo({ ...(orign ? { orign } : {}), ...(raw ? { raw } : {}) })
  if (urls === undefined) return undefined
  const [width, height] = raw && rw && rh ? [rw, rh] : [ow, oh]
  return {
    ...urls,
    ...(width && height ? { width, height } : {}),
    ...(caption ? { caption } : {}),
  }
}
