import { z } from 'zod'
import type { Json } from '../../core/glossary.ts'
import { Fault } from '../../core/errors.ts'
import type { ExploreContext, Params, Strategy } from '../../core/source.ts'
import { textParam } from '../../kit/params.ts'
import { nextRef } from '../../kit/refs.ts'
import { linkFinding, postFindings } from './findings.ts'
import type { Blog, PostLink } from './model.ts'
import { readOldListing, readOldPost } from './old-page.ts'
import { findLastPage, rangeNote } from './page-range.ts'
import { readMobileBlog, readMobilePost, readMobileTag } from './mobile-page.ts'
import type { Listed } from './mobile-page.ts'
import { blogName, listingPage, postPage } from './places.ts'
import { askPage } from './requests.ts'
import { windowOf } from './windows.ts'

/** The pages that phones get. */
export const mobilePost: Strategy = {
  name: 'mobile',
  async *explore(params, cursor, context) {
    const { permalink, blog } = postParams(params)
    const answer = await askPage(context, postPage(permalink, blog.name), 'mobile')
    const post = await readMobilePost(answer.text(), answer.url, permalink)
    yield* windowOf('post', params, cursor, postFindings({ ...post, blog: { ...blog, ...post.blog } }))
  },
}

/** The pages of 2018, for computers. */
export const oldPost: Strategy = {
  name: 'html',
  // Its pages give no videos.
  lists: 'less',
  async *explore(params, cursor, context) {
    const { permalink, blog } = postParams(params)
    const answer = await askPage(context, postPage(permalink, blog.name), 'desktop')
    const post = await readOldPost(answer.text(), answer.url, { permalink, blog })
    yield* windowOf('post', params, cursor, postFindings(post))
  },
}

export const mobileListing = (route: string): Strategy => listing('mobile', route, loadMobilePage)
export const oldListing = (route: string): Strategy => listing('html', route, loadOldPage)

type LoadPage = (params: Params, page: number, context: ExploreContext) => Promise<Listed>

/** `first` is what the page before began with. */
const cursorSchema = z.object({ page: z.number(), first: z.string(), last: z.number().optional() })

/** Pages by number, each of which leads to posts. */
function listing(name: string, route: string, load: LoadPage): Strategy {
  return {
    name,
    async *explore(params, cursor, context) {
      const at = cursor === undefined ? { page: 1, first: '' } : cursorSchema.parse(cursor)
      const listed = await load(params, at.page, context)
      const last = cursor === undefined ? await lastPage(listed, params, load, context) : at.last
      if (cursor === undefined && last !== undefined) yield rangeNote(params, last)
      const first = listed.posts[0]?.permalink ?? at.first
      if (at.page > 1 && first === at.first && listed.posts.length > 0) return endOfPages(listed, name)
      for (const post of listed.posts) if (isWanted(post, params)) yield linkFinding(post)
      if (hasMore(listed, at.page, last))
        yield nextRef({ source: 'lofter', route, params, cursor: cursorOf({ page: at.page + 1, first, last }) })
    },
  }
}

/** The site does not heed the number: that is the end, unless it says that there is more. */
function endOfPages({ more }: Listed, name: string): void {
  if (more !== true) return
  throw new Fault('SiteChanged', `Lofter gives the same page again (read by ${name})`, { where: '?page=' })
}

/** What the page says goes before a last page that was reckoned from a count: pages differ in length. */
function hasMore({ posts, more }: Listed, page: number, last: number | undefined): boolean {
  if (more === true) return posts.length > 0 || page < (last ?? 0)
  if (last !== undefined) return page < last
  return posts.length > 0 && more !== false
}

/** Of a blog alone: tags have too many pages, and rankings no end that anybody asks for. */
async function lastPage(
  listed: Listed,
  params: Params,
  load: LoadPage,
  context: ExploreContext,
): Promise<number | undefined> {
  if (!isOfBlog(params) || context.options['pageRange'] !== true || listed.posts.length === 0) return undefined
  if (listed.more === false) return 1
  if (listed.count !== undefined) return Math.max(1, Math.ceil(listed.count / listed.posts.length))
  const head = listed.posts[0]?.permalink
  return findLastPage(async (page) => {
    const { posts } = await load(params, page, context)
    return posts.length > 0 && posts[0]?.permalink !== head
  })
}

async function loadMobilePage(params: Params, page: number, context: ExploreContext): Promise<Listed> {
  const answer = await askPage(context, await listingPage(params, page, context, 'mobile'), 'mobile')
  return isOfBlog(params) ? readMobileBlog(answer.text(), answer.url) : readMobileTag(answer.text(), answer.url)
}

async function loadOldPage(params: Params, page: number, context: ExploreContext): Promise<Listed> {
  const own = isOfBlog(params) ? await blogName(params, context, 'desktop') : undefined
  const url = await listingPage(params, page, context, 'desktop')
  const answer = await askPage(context, url, 'desktop').catch((thrown: unknown) => endOrThrow(thrown, page))
  if (answer === undefined) return { posts: [] }
  const listed = await readOldListing(answer.text(), answer.url, { own, page })
  // The head of a tag's page is not the blog's title alone.
  return params['tag'] === undefined ? listed : { posts: listed.posts.map(withoutTitle) }
}

/** What is sent for a number behind the last page is not recorded: an empty page and 404 both end it. */
function endOrThrow(thrown: unknown, page: number): undefined {
  if (page > 1 && thrown instanceof Fault && thrown.code === 'Gone') return undefined
  throw thrown
}

function withoutTitle({ permalink, blog: { name = '' } }: PostLink): PostLink {
  return { permalink, blog: { name } }
}

function isOfBlog(params: Params): boolean {
  return params['blog'] !== undefined || params['blogId'] !== undefined
}

/** A tag within a blog: the pages that phones get list all of the blog. Elsewhere all that is listed has the tag. */
function isWanted({ tags }: PostLink, params: Params): boolean {
  const { tag } = params
  if (tags === undefined || typeof tag !== 'string' || !isOfBlog(params)) return true
  return tags.some((each) => each.toLowerCase() === tag.toLowerCase())
}

function postParams(params: Params): { readonly permalink: string; readonly blog: Blog } {
  const { blog: name, blogTitle: title } = params
  return {
    permalink: textParam(params, 'permalink'),
    blog: { ...(typeof name === 'string' && { name }), ...(typeof title === 'string' && { title }) },
  }
}

function cursorOf({
  page,
  first,
  last,
}: {
  readonly page: number
  readonly first: string
  readonly last: number | undefined
}): Json {
  return { page, first, ...(last !== undefined && { last }) }
}
