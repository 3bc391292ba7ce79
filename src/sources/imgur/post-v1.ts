import { z } from 'zod'
import { readShape } from '../../kit/shape.ts'
import { flag, id, number, tags, text } from './fields.ts'
import type { Album, Listed, Picture } from './model.ts'
import { compact } from '../../kit/compact.ts'
import { extensionOf } from './model.ts'

/**
 * `api.imgur.com/post/v1` (2022 and later): one post object for images and albums alike, no envelope.
 * Recorded for albums; `media` and `posts` are known from the programs that use them, not from a recording.
 */
const mediaSchema = z.object({
  id,
  ext: z.string().min(1),
  type: text,
  name: text,
  width: number,
  height: number,
  size: number,
  created_at: text,
  metadata: z.object({ title: text, description: text, is_animated: flag }).nullish().catch(undefined),
})

const postSchema = z.object({
  id,
  is_album: flag,
  title: text,
  description: text,
  created_at: text,
  is_mature: flag,
  cover_id: text,
  image_count: number,
  /** In place of `media`, where it is asked for so. */
  cover: mediaSchema.nullish().catch(undefined),
  account: z.object({ username: text }).nullish().catch(undefined),
  tags,
  /** Absent in an empty album. */
  media: z.array(mediaSchema).nullish(),
})

const postsSchema = z.union([z.array(postSchema), z.object({ posts: z.array(postSchema) })])

/** A post, with `pictures` as far as the answer holds them. */
export interface Post extends Album {
  readonly isAlbum: boolean
}

export function readPost(value: unknown, url: string): Post {
  return toPost(readShape(postSchema, value, { what: 'an imgur post', url }))
}

/** A page of posts: a list, or an object around one. */
export function readPosts(value: unknown, url: string): readonly Listed[] {
  const posts = readShape(postsSchema, value, { what: 'a list of imgur posts', url })
  return (Array.isArray(posts) ? posts : posts.posts).map((post) => entryOf(toPost(post)))
}

function entryOf(post: Post): Listed {
  const picture = pictureOf(post)
  if (picture !== undefined) return { kind: 'picture', picture }
  return post.isAlbum ? { kind: 'album', album: post } : { kind: 'link', route: 'post', id: post.id }
}

function toPost(post: z.output<typeof postSchema>): Post {
  const author = post.account?.username
  // The cover of an album is one of its images, not all.
  const media = post.media ?? (post.is_album !== true && post.cover ? [post.cover] : [])
  return {
    id: post.id,
    isAlbum: post.is_album === true,
    ...compact({
      title: post.title,
      description: post.description,
      author,
      date: post.created_at,
      tags: post.tags,
      nsfw: post.is_mature,
      count: post.image_count,
      cover: post.cover_id,
    }),
    pictures: media.map((entry) => readMedia(entry, author)),
  }
}

/** The image of a post that is no album. The text stands in the post or, for older ones, in its only medium. */
export function pictureOf(post: Post): Picture | undefined {
  const [medium] = post.pictures
  if (post.isAlbum || medium === undefined) return undefined
  const { title, description, tags: names, nsfw, date } = post
  return { ...compact({ title, description, date, tags: names, nsfw }), ...medium }
}

function readMedia(entry: z.output<typeof mediaSchema>, author: string | null | undefined): Picture {
  const extension = extensionOf(entry.ext)
  return {
    id: entry.id,
    extension,
    animated: extension === 'gif' && entry.metadata?.is_animated === true,
    ...compact({
      title: entry.metadata?.title,
      description: entry.metadata?.description,
      author,
      date: entry.created_at,
      width: entry.width,
      height: entry.height,
      bytes: entry.size,
      filename: entry.name,
    }),
  }
}
