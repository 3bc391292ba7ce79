import { z } from 'zod'
import { readShape } from '../../kit/shape.ts'
import { dateOfText, flag, id, number, tags, text } from './fields.ts'
import type { Entry, Picture } from './model.ts'
import { compact } from '../../kit/compact.ts'
import { extensionOf } from './model.ts'

/**
 * The web site's own routes of 2017: `/r/SUB/new/page/N/hit.json`, `/ajaxalbums/getimages/HASH/hit.json`, and the
 * object in old pages. Recorded in part only; whether `hit.json` of a subreddit still answers is not known.
 */
const imageShape = {
  hash: id,
  /** With its dot, and now and then a tail: `.jpg?1`. */
  ext: z.string().min(1),
  title: text,
  description: text,
  width: number,
  height: number,
  size: number,
  animated: flag,
  datetime: text,
  name: text,
}

const imageSchema = z.object(imageShape)

const itemSchema = z.object({
  ...imageShape,
  ext: text,
  is_album: flag,
  album_cover: text,
  num_images: number,
  account_url: text,
  create_datetime: text,
  timestamp: text,
  section: text,
  nsfw: flag,
  tags,
  album_images: z
    .object({ images: z.array(imageSchema).nullish() })
    .nullish()
    .catch(undefined),
})

/** How the page behind the last one looks is not recorded: an empty list, by the likeness of the API. */
const pageSchema = z.object({ data: z.array(itemSchema).nullable() })
/** An empty or unknown album: no images, null, or an empty list in place of the object. */
const albumSchema = z.object({
  data: z.union([z.object({ images: z.array(imageSchema).nullish() }), z.array(z.never())]),
})

export function readHitPage(value: unknown, url: string): readonly Entry[] {
  const { data } = readShape(pageSchema, value, { what: 'a page of a subreddit', url })
  return (data ?? []).map((item) => toEntry(item, url))
}

export function readAjaxAlbum(value: unknown, url: string): readonly Picture[] {
  const { data } = readShape(albumSchema, value, { what: 'the images of an album', url })
  return 'images' in data ? (data.images ?? []).map(toPicture) : []
}

/** The object in a page of the old layout. */
export function readItem(value: unknown, url: string): Entry {
  return toEntry(readShape(itemSchema, value, { what: 'the object in an imgur page', url }), url)
}

function toEntry(item: z.output<typeof itemSchema>, url: string): Entry {
  const shared = compact({ author: item.account_url, tags: item.tags, section: item.section, nsfw: item.nsfw })
  const date = dateOfText(item.create_datetime ?? item.timestamp)
  if (item.is_album !== true) {
    const picture = toPicture(readShape(imageSchema, item, { what: 'an image of an imgur page', url }))
    return { kind: 'picture', picture: { ...picture, ...compact({ date: picture.date ?? date }), ...shared } }
  }
  const about = compact({
    title: item.title,
    description: item.description,
    date,
    count: item.num_images,
    cover: item.album_cover,
  })
  return {
    kind: 'album',
    album: { id: item.hash, ...about, ...shared, pictures: (item.album_images?.images ?? []).map(toPicture) },
  }
}

function toPicture(image: z.output<typeof imageSchema>): Picture {
  const extension = extensionOf(image.ext)
  return {
    id: image.hash,
    extension,
    animated: extension === 'gif' && image.animated === true,
    ...compact({
      title: image.title,
      description: image.description,
      date: dateOfText(image.datetime),
      width: image.width,
      height: image.height,
      bytes: image.size,
      filename: image.name,
    }),
  }
}
