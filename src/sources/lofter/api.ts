import { z } from 'zod'
import type { Json } from '../../core/glossary.ts'
import { Fault } from '../../core/errors.ts'
import type { Cursor, ExploreContext, Params, Strategy } from '../../core/source.ts'
import { textParam } from '../../kit/params.ts'
import { nextRef } from '../../kit/refs.ts'
import { readShape } from '../../kit/shape.ts'
import { readAppPosts } from './app-post.ts'
import { blogInfo, number, permalink, photoLink, tagList, wholeNumber } from './fields.ts'
import { linkFinding, listedFindings, postFindings } from './findings.ts'
import type { Post, PostLink } from './model.ts'
import { idsOf, permalinkOf } from './model.ts'
import { findLastPage, rangeNote } from './page-range.ts'
import { photoOf } from './photos.ts'
import { askApi } from './requests.ts'
import { windowOf } from './windows.ts'

/** The app's interface: whole posts, with their raw images, and no login (seen by others up to August 2026). */

const postsSchema = z.object({ posts: z.array(z.unknown()) })
const pageSchema = z.object({ posts: z.array(z.unknown()), offset: wholeNumber })

const viewSchema = z.object({
  id: number,
  blogId: number,
  permalink,
  tagList,
  photoCount: number,
  firstImage: photoLink.nullish().catch(undefined),
})

const tagSchema = z.object({
  list: z.array(z.object({ postData: z.object({ postView: viewSchema }), blogInfo })),
  offset: wholeNumber,
})

/** `page` counts from 1; `last` is the last one, where it was looked for. */
const cursorSchema = z.object({ offset: z.number(), page: z.number(), last: z.number().optional() })
type At = z.output<typeof cursorSchema>

export const apiPost: Strategy = {
  name: 'api',
  async *explore(params, cursor, context) {
    const id = textParam(params, 'permalink')
    const { blogId, postId } = idsOf(id)
    const { data, url } = await askApi(context, '/oldapi/post/detail.api', { targetblogid: blogId, postid: postId })
    const { posts } = readShape(postsSchema, data, { what: "Lofter's answer", url })
    const [post] = await readAppPosts(posts, url)
    if (post === undefined) throw new Fault('Gone', `Lofter has no post ${id}: it was removed or never was`, { url })
    yield* windowOf('post', params, cursor, postFindings(post))
  },
}

/** A blog, or a tag within it, which the app does not list by itself: its posts are picked from the blog's. */
export function apiBlog(route: string): Strategy {
  return {
    name: 'api',
    async *explore(params, cursor, context) {
      const at: At = cursor === undefined ? { offset: 0, page: 1 } : cursorSchema.parse(cursor)
      const size = context.options['pageSize'] as number
      const { posts, count, next } = await blogPage(params, at.offset, size, context)
      const last = cursor === undefined ? await lastPage(params, next, size, context) : at.last
      if (cursor === undefined && last !== undefined) yield rangeNote(params, last, ` of ${size} posts`)
      for (const post of posts) if (isWanted(post, params)) yield* listedFindings(post)
      const isMore = next > at.offset && (count > 0 || at.page < (last ?? 0))
      if (isMore)
        yield nextRef({ source: 'lofter', route, params, cursor: cursorOf({ offset: next, page: at.page + 1, last }) })
    },
  }
}

/** A tag: its list shows the first image of each post only, so each post is explored. */
export function apiTag(route: string): Strategy {
  return {
    name: 'api',
    async *explore(params, cursor: Cursor | undefined, context) {
      const offset = typeof cursor === 'number' ? cursor : 0
      const form = {
        tag: textParam(params, 'tag'),
        type: typeof params['sort'] === 'string' ? params['sort'] : 'new',
        offset,
      }
      const { data, url } = await askApi(context, '/newapi/tagPosts.json', { ...TAG_FORM, ...form })
      const page = readShape(tagSchema, data, { what: "Lofter's answer", url })
      for (const entry of page.list) {
        const link = linkOf(entry)
        if (link !== undefined) yield linkFinding(link)
      }
      if (page.list.length > 0 && page.offset > offset)
        yield nextRef({ source: 'lofter', route, params, cursor: page.offset })
    },
  }
}

/** What the app sends besides (July 2026): all kinds, all times. */
const TAG_FORM = {
  postTypes: '',
  postYm: '',
  recentDay: 0,
  range: 0,
  protectedFlag: 0,
  firstpermalink: 'null',
  style: 0,
}

interface BlogPage {
  readonly posts: readonly Post[]
  /** Entries, those included that hold no post (any more). */
  readonly count: number
  /** Where the next page begins; below 0 at the end. */
  readonly next: number
}

async function blogPage(params: Params, offset: number, limit: number, context: ExploreContext): Promise<BlogPage> {
  const { blogId } = params
  const of =
    typeof blogId === 'number' ? { targetblogid: blogId } : { blogdomain: `${textParam(params, 'blog')}.lofter.com` }
  const form = { method: 'getPostLists', ...of, offset, limit, supportposttypes: '1,2,3,4,5,6' }
  const { data, url } = await askApi(context, '/v2.0/blogHomePage.api', form)
  const page = readShape(pageSchema, data, { what: "Lofter's answer", url })
  return { posts: await readAppPosts(page.posts, url), count: page.posts.length, next: page.offset }
}

/** Asked for one post at a time, so that looking for the end costs little. */
async function lastPage(
  params: Params,
  next: number,
  size: number,
  context: ExploreContext,
): Promise<number | undefined> {
  if (context.options['pageRange'] !== true) return undefined
  if (next <= 0) return 1
  return findLastPage(async (page) => (await blogPage(params, (page - 1) * size, 1, context)).count > 0)
}

function isWanted({ tags }: Post, { tag }: Params): boolean {
  return typeof tag !== 'string' || tags.some((each) => each.toLowerCase() === tag.toLowerCase())
}

function linkOf({
  postData: { postView: view },
  blogInfo: blog,
}: z.output<typeof tagSchema>['list'][number]): PostLink | undefined {
  const known = typeof view.blogId === 'number' && typeof view.id === 'number'
  const id = view.permalink ?? (known ? permalinkOf(Number(view.blogId), Number(view.id)) : undefined)
  const only = view.photoCount === 1 && view.firstImage ? photoOf(view.firstImage) : undefined
  return id === undefined ? undefined : { permalink: id, blog, ...(only !== undefined && { only }) }
}

function cursorOf({
  offset,
  page,
  last,
}: {
  readonly offset: number
  readonly page: number
  readonly last: number | undefined
}): Json {
  return { offset, page, ...(last !== undefined && { last }) }
}
