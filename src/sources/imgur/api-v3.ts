import { z } from 'zod'
import { readShape } from '../../kit/shape.ts'
import { dateOfSeconds, flag, id, number, tags, text } from './fields.ts'
import type { Album, Entry, Listed, Picture } from './model.ts'
import { compact } from '../../kit/compact.ts'
import { extensionOf } from './model.ts'

/** `api.imgur.com/3` (2014 and later): an envelope around images, albums and lists of both. */
const imageSchema = z.object({
  id,
  title: text,
  description: text,
  datetime: number,
  /** `image/gif`. Where it is not said, `link` is asked. */
  type: text,
  animated: flag,
  width: number,
  height: number,
  size: number,
  mp4_size: number,
  name: text,
  nsfw: flag,
  section: text,
  /** The user's name, in spite of its own. */
  account_url: text,
  tags,
  /** The file; of a GIF above 20 MB only a thumbnail, so that nothing but its ending is used. */
  link: z.string().min(1),
})

const albumSchema = z.object({
  id,
  title: text,
  description: text,
  datetime: number,
  nsfw: flag,
  section: text,
  account_url: text,
  tags,
  cover: text,
  images_count: number,
  /** In lists only some of them, or none; null in an empty album. */
  images: z.array(imageSchema).nullish(),
})

/** Lists of an account's albums lack `is_album`. */
const kindSchema = z
  .object({ is_album: flag, images_count: number })
  .transform((entry) => entry.is_album ?? typeof entry.images_count === 'number')

const envelopeSchema = z.object({ data: z.unknown() })
const folderEntrySchema = z.looseObject({ id, is_album: flag })
const tagSchema = z.object({ items: z.array(z.unknown()) })

export function readImage(value: unknown, url: string): Picture {
  return toPicture(readShape(imageSchema, unwrap(value, url), { what: 'an imgur image', url }))
}

/** An album; a gallery post of one image also comes this way, as that image. */
export function readAlbum(value: unknown, url: string): Album {
  const entry = readEntry(unwrap(value, url), { what: 'an imgur album', url })
  return entry.kind === 'album' ? entry.album : { ...entry.picture, count: 1, pictures: [entry.picture] }
}

/** `/3/album/ID/images`, which has no album around it. */
export function readImages(value: unknown, url: string): readonly Picture[] {
  return readShape(z.array(imageSchema), unwrap(value, url), { what: 'a list of imgur images', url }).map(toPicture)
}

/** A page of a listing; a tag's answer wraps its list. */
export function readList(value: unknown, url: string): readonly Entry[] {
  const data = unwrap(value, url)
  const list = Array.isArray(data) ? data : readShape(tagSchema, data, { what: 'an imgur listing', url }).items
  return list.map((entry: unknown, index) => readEntry(entry, { what: `entry ${index} of an imgur listing`, url }))
}

/** A folder's list, in an envelope or without one; of its entries only id and kind are known (from one program, 2026). */
export function readFolder(value: unknown, url: string): readonly Listed[] {
  const list = Array.isArray(value) ? value : unwrap(value, url)
  return readShape(z.array(folderEntrySchema), list, { what: 'a folder of favorites', url }).map((entry) =>
    imageSchema.safeParse(entry).success || entry.is_album === true
      ? readEntry(entry, { what: 'an entry of a folder of favorites', url })
      : { kind: 'link', route: 'image', id: entry.id },
  )
}

function readEntry(value: unknown, from: { readonly what: string; readonly url: string }): Entry {
  return readShape(kindSchema, value, from)
    ? { kind: 'album', album: toAlbum(readShape(albumSchema, value, from)) }
    : { kind: 'picture', picture: toPicture(readShape(imageSchema, value, from)) }
}

function unwrap(value: unknown, url: string): unknown {
  return readShape(envelopeSchema, value, { what: 'an answer of imgur', url }).data
}

function toPicture(image: z.output<typeof imageSchema>): Picture {
  const extension = extensionOf(image.type ?? image.link)
  return {
    id: image.id,
    extension,
    animated: extension === 'gif' && image.animated === true,
    ...compact({
      title: image.title,
      description: image.description,
      author: image.account_url,
      date: dateOfSeconds(image.datetime),
      width: image.width,
      height: image.height,
      bytes: image.size,
      videoBytes: image.mp4_size,
      filename: image.name,
      tags: image.tags,
      section: image.section,
      nsfw: image.nsfw,
    }),
  }
}

function toAlbum(album: z.output<typeof albumSchema>): Album {
  return {
    id: album.id,
    ...compact({
      title: album.title,
      description: album.description,
      author: album.account_url,
      date: dateOfSeconds(album.datetime),
      tags: album.tags,
      section: album.section,
      nsfw: album.nsfw,
      count: album.images_count,
      cover: album.cover,
    }),
    pictures: (album.images ?? []).map(toPicture),
  }
}
