import { file, html, redirect } from '../harness/answers.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import { blogState, postState, shownUrl, tagState } from './shapes.ts'
import { BLOGS, filmPath, objects, permalinkOf, POSTS } from './site.ts'
import type { Picture, SiteBlog, SitePost } from './site.ts'

const SITE = '*.lofter.com'
const WWW = 'www.lofter.com'
/** Posts of a page, whoever reads it. */
const PAGE = 3
const LOGIN = 'https://www.lofter.com/front/login'

/** The pages: by the user agent those for phones, with their data in a script, or those of 2018, drawn by themes. */
export function addPages(router: Router): void {
  router
    .get(WWW, '/front/login', () => html('<!doctype html><title>登录 - LOFTER</title><div id="root"></div>'))
    .get(WWW, '/mentionredirect.do', ({ url }) => {
      const blog = BLOGS.find(({ id }) => String(id) === url.searchParams.get('blogId'))
      return blog === undefined ? missing() : redirect(`https://${blog.name}.lofter.com/`)
    })
    .get('s.lofter.com', '/-s/:code', ({ params }) => {
      const post = POSTS.find((each) => permalinkOf(each).endsWith(params['code'] ?? '-'))
      return post === undefined ? missing() : redirect(`https://${post.blog.name}.lofter.com/post/${permalinkOf(post)}`)
    })
    .get(WWW, '/front/post/:id', (request) => postPage(request, request.params['id'] ?? ''))
    .get(WWW, '/tag/:tag/:sort', (request) => tagPage(request, request.params['tag'] ?? ''))
    .get(SITE, '/post/:id', (request) => postPage(request, request.params['id'] ?? '', blogOf(request)))
    .get(SITE, '/tag/:tag', (request) => blogPage(request, blogOf(request), request.params['tag']))
    .get(SITE, '/', (request) => blogPage(request, blogOf(request)))
}

function blogOf({ url }: Request): SiteBlog | undefined {
  return BLOGS.find(({ name }) => url.hostname === `${name}.lofter.com`)
}

function isPhone({ headers }: Request): boolean {
  return /android|iphone/i.test(headers['user-agent'] ?? '')
}

function postPage(request: Request, id: string, blog?: SiteBlog): Answer {
  const post = POSTS.find((each) => permalinkOf(each) === id && (blog === undefined || each.blog === blog))
  if (post === undefined) return missing()
  if (post.blog.closed === true) return redirect(LOGIN)
  return isPhone(request) ? statePage(postState(post)) : themedPost(post)
}

function blogPage(request: Request, blog: SiteBlog | undefined, tag?: string): Answer {
  if (blog === undefined) return missing()
  if (blog.closed === true) return redirect(LOGIN)
  const own = POSTS.filter((post) => post.blog === blog && (tag === undefined || post.tags.includes(tag)))
  const { posts, offset } = pageOf(request, own)
  return isPhone(request) ? statePage(blogState(blog, posts, own.length, offset)) : themedList(posts, blog)
}

function tagPage(request: Request, tag: string): Answer {
  const tagged = POSTS.filter(({ tags }) => tags.includes(tag))
  const { page, posts, offset } = pageOf(request, tagged)
  return isPhone(request) ? statePage(tagState(tag, posts, page, offset)) : themedList(posts, undefined)
}

function pageOf(
  { url }: Request,
  posts: readonly SitePost[],
): { readonly page: number; readonly posts: readonly SitePost[]; readonly offset: number } {
  const page = Number(url.searchParams.get('page') ?? '1')
  const end = page * PAGE
  return { page, posts: posts.slice(end - PAGE, end), offset: end < posts.length ? end : -1 }
}

function statePage(state: unknown): Answer {
  const data = JSON.stringify(state).replaceAll('</', String.raw`<\/`)
  return html(
    `<!doctype html><html><head><title>LOFTER</title></head><body><div id="app"></div><script>window.__initialize_data__ = ${data}</script></body></html>`,
  )
}

/** The frame that every theme has. */
function themed(title: string, blog: SiteBlog, head: string, body: string): Answer {
  const frame = `<iframe id="control_frame" src="//www.lofter.com/control?blogId=${blog.id}"></iframe>`
  return html(
    `<!doctype html><html><head><meta name="themename" content="4001"><title>${title}</title>${head}</head><body>${frame}${body}</body></html>`,
  )
}

/** Each post is linked three times; a reblog leads to the blog it is from. */
function themedList(posts: readonly SitePost[], blog: SiteBlog | undefined): Answer {
  const links = posts.map((post) => {
    const url = `http://${post.blog.name}.lofter.com/post/${permalinkOf(post)}`
    return `<div class="post"><a href="${url}"><img src="//avaimg.lf127.net/img/x.jpg"></a><a href="${url}">03-01</a><a href="${url}#comments">热度</a></div>`
  })
  // The pages of tags are the site's own, without a theme.
  if (blog === undefined)
    return html(`<!doctype html><html><head><title>LOFTER</title></head><body>${links.join('')}</body></html>`)
  const reblog = '<div class="post"><a href="http://stranger.lofter.com/post/1a_2b">转载</a></div>'
  return themed(blog.title, blog, '', links.join('') + reblog)
}

function themedPost(post: SitePost): Answer {
  const text = post.content.replaceAll(/<[^>]+>/g, '').trim()
  // Untitled pages are named by the cut head of their text, which may end in half an entity.
  const title = post.title === '' ? text.slice(0, 15).replace(/&amp;?.*$/, '&am') : post.title
  const head = `<meta name="Keywords" content="${post.tags.join(',')}"/><meta name="Description" content="${text}"/>`
  const photos = post.kind === 'photo' ? post.pictures.map(bigImage).join('') : ''
  const images =
    post.kind === 'answer' ? post.pictures.map((picture) => `<img src="${shownUrl(picture)}">`).join('') : ''
  const body = `<div class="pic">${photos}</div><div class="text">${post.content}${images}</div>`
  const other =
    '<div class="text"><a href="http://stranger.lofter.com/post/1a_2b"><img src="https://imglf3.lf127.net/img/other.jpg"></a></div>'
  return themed(`${title}-${post.blog.title}`, post.blog, head, body + other)
}

function bigImage(picture: Picture): string {
  const { width, height } = picture.shownMedia
  return `<a href="#" class="img imgclasstag" imggroup="gal" bigimgwidth="${width}" bigimgheight="${height}" bigimgsrc="${shownUrl(picture)}"><img src="https://${picture.shown}?imageView&thumbnail=500x0"></a>`
}

function missing(): Answer {
  return html('<!doctype html><title>LOFTER</title><p>404</p>', { status: 404 })
}

/** The stores of images and videos. Images want a referer of the site (told of one host in 2024). */
export function addStores(router: Router): void {
  const kept = objects()
  const films = new Map(
    POSTS.flatMap((post) => (post.film === undefined ? [] : [[filmPath(post), post.film] as const])),
  )
  const image = ({ url, headers }: Request): Answer => {
    if (!/^https:\/\/[\w-]+\.lofter\.com\//.test(headers['referer'] ?? ''))
      return html('<html><title>403 Forbidden</title></html>', { status: 403 })
    const object = kept.get(`${url.hostname}${url.pathname}`)
    if (object === undefined) return html('<html><title>404 Not Found</title></html>', { status: 404 })
    return file(url.search === '' ? object.media : object.thumbnail)
  }
  router.get('*.lf127.net', '/img/*rest', image)
  router.get('*.vod.126.net', '/*rest', ({ url }) => {
    const film = films.get(url.pathname)
    return film === undefined || !url.searchParams.has('sign') ? missing() : file(film)
  })
}
