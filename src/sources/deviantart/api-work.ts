import { z } from 'zod'
import { isoDate } from '../../kit/dates.ts'
import { readShape } from '../../kit/shape.ts'
import { idOfAddress } from './addresses.ts'
import { NO_FILES } from './media.ts'
import { candidatesOf, isBlurred } from './media-url.ts'
import type { Files, Work } from './model.ts'
import { compact } from '../../kit/compact.ts'
import { wallOf } from './walls.ts'

/*
 * Objects of the official API v1, recorded in 2016, 2019 and 2024. They name a work by a UUID; its number stands at the
 * end of its address alone.
 */

const text = z.string().nullish().catch(undefined)
const number = z.number().nullish().catch(undefined)
const flag = z.boolean().nullish().catch(undefined)

const fileSchema = z.object({ src: z.string().min(1), width: number, height: number, filesize: number })

/** Without its number a work would get another key than everywhere else. */
const addressSchema = z.string().transform((page, context) => {
  const id = idOfAddress(page)
  if (id !== undefined) return { page, id }
  context.addIssue({ code: 'custom', message: 'no number at the end of the address' })
  return z.NEVER
})

const objectSchema = z.object({
  deviationid: z.string().min(1),
  url: addressSchema,
  title: text,
  is_deleted: flag,
  is_blocked: flag,
  author: z.object({ username: z.string() }).nullish(),
  /** Unix seconds: a text since 2019, a number before. */
  published_time: z.union([z.string(), z.number()]).nullish().catch(undefined),
  content: fileSchema.nullish(),
  videos: z.array(z.object({ src: z.string().min(1), quality: text, filesize: number })).nullish(),
  flash: fileSchema.nullish(),
  excerpt: text,
  text_content: z.unknown().optional(),
  is_mature: flag,
  is_downloadable: flag,
  download_filesize: number,
  is_multi_media: flag,
  tier_access: text,
  premium_folder_data: z.object({ type: text, has_access: flag }).nullish().catch(undefined),
})

type ApiObject = z.output<typeof objectSchema>

const deletedSchema = z.object({ deviationid: z.string(), is_deleted: z.literal(true), url: z.undefined().optional() })

/** A deleted work in a list has nothing left but that it was there: neither number nor address. */
export function isDeleted(value: unknown): boolean {
  return deletedSchema.safeParse(value).success
}

export function readApiWork(value: unknown, url: string): Work {
  const object = readShape(objectSchema, value, { what: "a work of DeviantArt's API", url })
  const { page, id } = object.url
  const files = filesOf(object, id)
  const isText = /\/(?:journal|status-update)\//.test(page) || isGiven(object.excerpt) || isGiven(object.text_content)
  const wall = wallOf({
    isDeleted: object.is_deleted === true,
    isBlocked: object.is_blocked === true,
    isLocked: object.tier_access === 'locked' || object.premium_folder_data?.has_access === false,
    premium: object.premium_folder_data?.type ?? undefined,
    isBlurred: files.blurred,
  })
  return {
    id,
    uuid: object.deviationid,
    page,
    self: { source: 'deviantart', route: 'deviation', params: { id, uuid: object.deviationid } },
    isText,
    files,
    ...compact({
      title: object.title,
      author: object.author?.username,
      date: isoDate(object.published_time),
      mature: object.is_mature,
    }),
    ...(wall !== undefined && { wall }),
    ...(object.is_downloadable === true && { download: compact({ bytes: object.download_filesize }) }),
    extras: [],
    embedded: [],
    linked: [],
    hasMore: isText || object.is_multi_media === true,
  }
}

/** A video's largest encoding, a Flash film, or the picture. */
function filesOf({ videos, flash, content }: ApiObject, id: number): Files {
  const encodings = (videos ?? []).toSorted((a, b) => heightOf(b.quality) - heightOf(a.quality))
  const [video] = encodings
  if (video !== undefined) {
    const candidates = encodings.map(({ src }) => ({ url: src, quality: 'full' as const }))
    return { candidates, blurred: false, ...compact({ bytes: video.filesize }) }
  }
  if (flash !== null && flash !== undefined)
    return { candidates: [{ url: flash.src, quality: 'original' }], blurred: false }
  if (content === null || content === undefined) return NO_FILES
  const candidates = candidatesOf(content.src, id)
  // `filesize` is that of the upload, also where `src` is a rendering of it.
  const bytes = candidates[0]?.quality === 'original' ? content.filesize : undefined
  const { width, height } = content
  return { candidates, blurred: isBlurred(content.src), ...compact({ width, height, bytes }) }
}

/** `1080p`. */
function heightOf(quality: string | null | undefined): number {
  return Number.parseInt(quality ?? '0', 10)
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}
