import { json } from '../harness/answers.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import { entryOf, tagEntryOf } from './shapes.ts'
import { BLOGS, POSTS } from './site.ts'
import type { SiteBlog } from './site.ts'

const HOST = 'api.lofter.com'
/** Entries of one answer for a tag. */
const TAG_PAGE = 3

/** The app's interface: forms in, two generations of envelopes out, refusals with HTTP status 200. */
export function addApi(router: Router): void {
  router.post(HOST, '/v2.0/blogHomePage.api', (request) => {
    const form = formOf(request)
    const name = form.get('blogdomain')?.replace(/\.lofter\.com$/, '')
    const blog = BLOGS.find((each) => each.name === name || String(each.id) === form.get('targetblogid'))
    if (blog === undefined) return meta(4200, '博客不存在', null)
    return blog.closed === true ? closed() : posts(blog, Number(form.get('offset')), Number(form.get('limit')))
  })
  router.post(HOST, '/oldapi/post/detail.api', (request) => {
    const form = formOf(request)
    const post = POSTS.find(
      ({ id, blog }) => String(id) === form.get('postid') && String(blog.id) === form.get('targetblogid'),
    )
    if (post === undefined) return meta(4202, '文章已删除', null)
    return post.blog.closed === true ? closed() : meta(200, '', { posts: [entryOf(post)] })
  })
  router.post(HOST, '/newapi/tagPosts.json', (request) => {
    const form = formOf(request)
    const offset = Number(form.get('offset'))
    const tagged = POSTS.filter(({ tags }) => tags.includes(form.get('tag') ?? ''))
    const list = tagged.slice(offset, offset + TAG_PAGE).map(tagEntryOf)
    const next = offset + TAG_PAGE < tagged.length ? offset + TAG_PAGE : -1
    return json({ code: 0, msg: '成功', data: { list, offset: next } })
  })
}

/** One entry of the first page is null: a post that is not shown (seen by others). */
function posts(blog: SiteBlog, offset: number, limit: number): Answer {
  const own = POSTS.filter((post) => post.blog === blog)
  const page = own.slice(offset, offset + limit).map(entryOf)
  const next = offset + limit < own.length ? offset + limit : -1
  return meta(200, '', {
    archives: [],
    minTimeStamp: 1_710_000_000_000,
    isMember: false,
    offset: next,
    firstPost: null,
    posts: offset === 0 && limit > 1 ? [...page, null] : page,
  })
}

function meta(status: number, msg: string, response: unknown): Answer {
  return json({ meta: { status, msg }, response })
}

function closed(): Answer {
  return meta(403, '没有权限', null)
}

function formOf({ body }: Request): URLSearchParams {
  return new URLSearchParams(Buffer.from(body).toString())
}
