import { z } from 'zod'
import { isoDate } from '../../kit/dates.ts'
import { readShape } from '../../kit/shape.ts'
import {
  blogInfo,
  flag,
  listInText,
  number,
  objectInText,
  permalink,
  photoLink,
  tagList,
  text,
  wholeNumber,
} from './fields.ts'
import { distinctMedia, video } from './media.ts'
import type { Post } from './model.ts'
import { permalinkOf } from './model.ts'
import { photoOf } from './photos.ts'
import { readMarkup } from './markup.ts'

/** A post as the app's interface has it, in `blogHomePage.api` and `detail.api` alike (recorded in March 2026). */
const postSchema = z.object({
  id: wholeNumber,
  blogId: wholeNumber,
  title: text,
  publishTime: number,
  tag: tagList,
  permalink,
  /** HTML: what an article says, or what stands below the images. */
  content: text,
  digest: text,
  caption: text,
  photoLinks: listInText(photoLink),
  photoCaptions: listInText(text).catch(undefined),
  /** Images of an answer to a question. */
  images: listInText(photoLink).catch(undefined),
  /** Of a video; `{}` elsewhere. */
  embed: objectInText({ originUrl: text, h256Url: text, video_down_url: text }).catch(undefined),
  blogInfo,
  needPay: flag,
  payViewPost: flag,
  fansVipPost: flag,
})

/** In lists and in details alike the post stands in an entry of its own, with the blog in it or beside it. */
const entrySchema = z.object({ post: postSchema.nullish(), blogInfo })

type AppPost = z.output<typeof postSchema>

/** The posts of an answer. Entries may be null, or the post itself (both seen by others, 2026). */
export async function readAppPosts(entries: readonly unknown[], url: string): Promise<readonly Post[]> {
  const posts = await Promise.all(entries.map((entry, index) => readEntry(entry, index, url)))
  return posts.filter((post) => post !== undefined)
}

async function readEntry(entry: unknown, index: number, url: string): Promise<Post | undefined> {
  const from = { what: `post ${index} of Lofter's answer`, url }
  if (entry === null || entry === undefined) return undefined
  const isWrapped = typeof entry === 'object' && 'post' in entry
  const { post, blogInfo: beside } = isWrapped
    ? readShape(entrySchema, entry, from)
    : { post: readShape(postSchema, entry, from), blogInfo: {} }
  return post === null || post === undefined ? undefined : toPost(post, { ...beside, ...post.blogInfo })
}

async function toPost(post: AppPost, blog: Post['blog']): Promise<Post> {
  const markup = await readMarkup(post.content || post.caption || post.digest || '')
  const captions = post.photoCaptions ?? []
  const photos = (post.photoLinks ?? []).map((link, index) => photoOf(link, captions[index]))
  const embed = video([post.embed?.originUrl, post.embed?.video_down_url, post.embed?.h256Url])
  const own = distinctMedia([...photos, ...(post.images ?? []).map((link) => photoOf(link)), embed])
  const date = isoDate(post.publishTime)
  // Below images the text may show some of them again, scaled: they count only where they are all there is.
  const media = own.length > 0 ? own : markup.media
  return {
    permalink: post.permalink ?? permalinkOf(post.blogId, post.id),
    blog,
    title: post.title?.trim() ?? '',
    text: markup.text,
    ...(date !== undefined && { date }),
    tags: post.tag,
    media,
    paid: post.needPay === true || (media.length === 0 && (post.payViewPost === true || post.fansVipPost === true)),
  }
}
