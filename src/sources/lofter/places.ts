import { Fault } from '../../core/errors.ts'
import type { ExploreContext, Params } from '../../core/source.ts'
import { textParam } from '../../kit/params.ts'
import { askPage } from './requests.ts'
import type { Device } from './requests.ts'

/** A post's page; without its blog's name the one that leads there. */
export function postPage(permalink: string, blog: string | undefined): string {
  return blog === undefined
    ? `https://www.lofter.com/front/post/${permalink}`
    : `https://${blog}.lofter.com/post/${permalink}`
}

/** What image hosts are told that the reader came from; some refuse images without it. */
export function referer(blog: string | undefined): string {
  return `https://${blog ?? 'www'}.lofter.com/`
}

/** A listing's pages: of a blog, of a tag within a blog, of a tag. Numbers count from 1, which is also the bare address. */
export async function listingPage(
  params: Params,
  page: number,
  context: ExploreContext,
  device: Device,
): Promise<string> {
  const url = new URL(await listingStart(params, context, device))
  if (page > 1) url.searchParams.set('page', String(page))
  return url.href
}

async function listingStart(params: Params, context: ExploreContext, device: Device): Promise<string> {
  const { tag, sort } = params
  const path = typeof tag === 'string' ? `tag/${encodeURIComponent(tag)}` : ''
  if (params['blog'] === undefined && params['blogId'] === undefined)
    return `https://www.lofter.com/${path}/${typeof sort === 'string' ? sort : 'new'}`
  const home = `https://${await blogName(params, context, device)}.lofter.com/`
  return device === 'mobile' ? home : `${home}${path}`
}

/** The name of the blog that a route is about; where only the number is known, the page that leads to it tells. */
export async function blogName(params: Params, context: ExploreContext, device: Device): Promise<string> {
  const { blogId } = params
  if (typeof blogId !== 'number') return textParam(params, 'blog')
  return context.session(`name of ${blogId}`, async () => {
    const url = `https://www.lofter.com/mentionredirect.do?blogId=${blogId}`
    const answer = await askPage(context, url, device)
    const name = /^https?:\/\/([\w-]+)\.lofter\.com\//.exec(answer.url)?.[1]
    if (name !== undefined && name !== 'www') return name
    throw new Fault('SiteChanged', `Lofter does not lead to the blog with the number ${blogId}`, { url: answer.url })
  })
}
