import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import { isoDate } from '../../kit/dates.ts'
import { readShape } from '../../kit/shape.ts'
import { blogInfo, listInText, number, permalink, photoLink, tagList, text } from './fields.ts'
import { readMarkup } from './markup.ts'
import { distinctMedia, video } from './media.ts'
import type { Post, PostLink } from './model.ts'
import { photoOf } from './photos.ts'

/*
 * The pages that phones get hold their data as `window.__initialize_data__ = {…}`. No such page is recorded: the shape is
 * known from programs that read it in 2024 to 2026.
 */

/** A page of a listing: what it leads to, and what is told of the rest. */
export interface Listed {
  readonly posts: readonly PostLink[]
  /** Posts of the whole blog. */
  readonly count?: number
  /** Whether the page says that there is more; absent where it says nothing. */
  readonly more?: boolean
}

const viewSchema = z.object({
  title: text,
  publishTime: number,
  digest: text,
  tagList,
  permalink,
  photoPostView: z
    .object({ caption: text, photoLinks: listInText(photoLink), photoCaptions: listInText(text).catch(undefined) })
    .nullish(),
  videoPostView: z
    .object({ caption: text, videoInfo: z.object({ originUrl: text }).nullish().catch(undefined) })
    .nullish(),
  textPostView: z.object({ content: text }).nullish(),
  answerPostView: z.object({ images: listInText(photoLink).catch(undefined), answer: text }).nullish(),
})

const postSchema = z.object({
  postData: z.object({ data: z.object({ blogInfo, postData: z.object({ postView: viewSchema }) }) }),
})

const itemSchema = z.object({
  postData: z.object({ postView: z.object({ permalink, tagList }) }),
  blogInfo,
})

const blogSchema = z.object({
  blogData: z.object({
    data: z.object({
      blogInfo,
      blogCount: z.object({ publicPostCount: number }).nullish().catch(undefined),
      items: z.array(itemSchema),
      offset: number,
    }),
  }),
})

const tagSchema = z.object({
  tagInfoData: z.object({
    postList: z.array(z.object({ postView: z.object({ permalink, tagList }), blogInfo })),
    offset: number,
  }),
})

/** A post, from its page. A page of what is gone has no `postData`. */
export async function readMobilePost(html: string, url: string, id: string): Promise<Post> {
  const { data } = readShape(postSchema, stateOf(html, url), { what: "the data in Lofter's page", url }).postData
  const { postView: view } = data.postData
  const markup = await readMarkup(
    view.textPostView?.content ||
      view.photoPostView?.caption ||
      view.answerPostView?.answer ||
      view.videoPostView?.caption ||
      view.digest ||
      '',
  )
  const captions = view.photoPostView?.photoCaptions ?? []
  const photos = (view.photoPostView?.photoLinks ?? []).map((link, index) => photoOf(link, captions[index]))
  const answers = (view.answerPostView?.images ?? []).map((link) => photoOf(link))
  const own = distinctMedia([...photos, ...answers, video([view.videoPostView?.videoInfo?.originUrl])])
  const date = isoDate(view.publishTime)
  return {
    permalink: view.permalink ?? id,
    blog: data.blogInfo,
    title: view.title?.trim() ?? '',
    text: markup.text,
    ...(date !== undefined && { date }),
    tags: view.tagList,
    media: own.length > 0 ? own : markup.media,
    paid: false,
  }
}

/** A page of a blog's home. */
export function readMobileBlog(html: string, url: string): Listed {
  const { data } = readShape(blogSchema, stateOf(html, url), { what: "the data in Lofter's page", url }).blogData
  const posts = data.items.flatMap(({ postData: { postView } }) => linkTo(postView, data.blogInfo))
  const count = data.blogCount?.publicPostCount ?? undefined
  return { posts, ...(count !== undefined && { count }), ...moreBy(data.offset) }
}

/** A page of a tag. */
export function readMobileTag(html: string, url: string): Listed {
  const { postList, offset } = readShape(tagSchema, stateOf(html, url), {
    what: "the data in Lofter's page",
    url,
  }).tagInfoData
  return { posts: postList.flatMap(({ postView, blogInfo: blog }) => linkTo(postView, blog)), ...moreBy(offset) }
}

function linkTo(
  view: { readonly permalink: string | undefined; readonly tagList: readonly string[] },
  blog: PostLink['blog'],
): readonly PostLink[] {
  return view.permalink === undefined ? [] : [{ permalink: view.permalink, blog, tags: view.tagList }]
}

function moreBy(offset: number | null | undefined): { readonly more?: boolean } {
  return typeof offset === 'number' ? { more: offset >= 0 } : {}
}

/** The object in the page's script: up to the script's end, with or without a semicolon. */
function stateOf(html: string, url: string): unknown {
  const written = /window\.__initialize_data__\s*=\s*(\{.*?)<\/script>/s.exec(html)?.[1]
  const where = 'window.__initialize_data__'
  if (written === undefined) throw new Fault('SiteChanged', "Lofter's page holds no data", { url, where })
  try {
    return JSON.parse(written.trim().replace(/;$/, ''))
  } catch (cause) {
    throw new Fault('SiteChanged', "the data in Lofter's page is no JSON", { url, where, cause })
  }
}
