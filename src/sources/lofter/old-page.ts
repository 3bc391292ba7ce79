import { Fault } from '../../core/errors.ts'
import type { HtmlDocument } from '../../kit/html.ts'
import { elements, loadHtml } from '../../kit/html.ts'
import { resolveLink } from '../../kit/links.ts'
import { imagesIn } from './markup.ts'
import { distinctMedia, photo } from './media.ts'
import type { Medium } from './media.ts'
import type { Post, PostLink } from './model.ts'
import type { Listed } from './mobile-page.ts'

/*
 * The pages of 2011 to 2024 for computers, drawn by hundreds of themes: 584 posts of 48 themes were looked at (2020), and
 * tests read those of them that are recorded. What all share is the photo's link with `bigimgsrc`, and the frame with the
 * blog's controls.
 */

/** The post's own text by theme. */
const TEXTS = [
  '.txtcont',
  '.text',
  '.content .text',
  '.m-post .cont .text',
  '.ct .text',
  '#post .description',
  '.cnwrapper',
]

/** A photo post's images, or those in the text of an article. */
export async function readOldPost(
  html: string,
  url: string,
  known: { readonly permalink: string; readonly blog: Post['blog'] },
): Promise<Post> {
  const $ = await loadHtml(html)
  const photos = distinctMedia(elements($, 'a[bigimgsrc]').map(bigImage))
  if (photos.length === 0 && !isLofter($)) {
    throw new Fault('SiteChanged', "Lofter's page is none of the known kinds", { url, where: 'a[bigimgsrc]' })
  }
  const { title, blogTitle } = titlesOf($('title').first().text(), known.blog.title)
  return {
    permalink: known.permalink,
    blog: { ...known.blog, ...(blogTitle !== '' && { title: blogTitle }) },
    title,
    text: $('meta[name="Description"]').attr('content')?.trim() ?? '',
    tags: ($('meta[name="Keywords"]').attr('content') ?? '')
      .split(',')
      .map((tag) => tag.replaceAll(/\s+/g, ' ').trim())
      .filter((tag) => tag !== ''),
    media: photos.length > 0 ? photos : imagesIn($, TEXTS.map((place) => `${place} img[src]`).join(', ')),
    paid: false,
  }
}

/**
 * A page of a blog or of a tag: links to posts. `own`: only posts of this blog count, reblogs lead to their origin. What
 * pages behind the last one look like is not recorded: only the first one must be of a known kind.
 */
export async function readOldListing(
  html: string,
  url: string,
  { own, page }: { readonly own: string | undefined; readonly page: number },
): Promise<Listed> {
  const $ = await loadHtml(html)
  const heading = $('title').first().text().replaceAll(/\s+/g, ' ').trim()
  const title = own === undefined || heading === '' ? {} : { title: heading }
  const found = new Map<string, PostLink>()
  for (const link of elements($, 'a[href*="/post/"]')) {
    const post = postOf(resolveLink(link.attr('href'), url), url, own)
    if (post === undefined || found.has(post.permalink)) continue
    found.set(post.permalink, { permalink: post.permalink, blog: { name: post.blog, ...title } })
  }
  if (found.size === 0 && page === 1 && !isLofter($)) {
    throw new Fault('SiteChanged', "Lofter's page is none of the known kinds", { url, where: 'a[href*="/post/"]' })
  }
  return { posts: [...found.values()] }
}

/** A blog may have a host of its own beside the one below lofter.com: what stands on the page's host is its own. */
function postOf(
  address: string | undefined,
  page: string,
  own: string | undefined,
): { readonly blog: string; readonly permalink: string } | undefined {
  const link = URL.parse(address ?? '')
  const permalink = /^\/post\/([0-9a-f]+_[0-9a-f]+)\/?$/i.exec(link?.pathname ?? '')?.[1]?.toLowerCase()
  const name = /^([\w-]+)\.lofter\.com$/.exec(link?.hostname ?? '')?.[1]
  if (link === null || permalink === undefined) return undefined
  if (own !== undefined) {
    return name === own || link.hostname === new URL(page).hostname ? { blog: own, permalink } : undefined
  }
  return name === undefined || name === 'www' ? undefined : { blog: name, permalink }
}

function bigImage(link: ReturnType<typeof elements>[number]): Medium | undefined {
  const found = photo({ orign: link.attr('bigimgsrc') ?? '' })
  const [width, height] = [Number(link.attr('bigimgwidth')), Number(link.attr('bigimgheight'))]
  return found === undefined ? undefined : { ...found, ...(width > 0 && height > 0 ? { width, height } : {}) }
}

/** Every theme carries its name and the frame with the blog's controls. */
function isLofter($: HtmlDocument): boolean {
  return $('meta[name="themename"], iframe#control_frame, iframe[src*="/control?blogId="]').length > 0
}

/**
 * `TITLE-BLOG`, where both may hold dashes: the blog's title where it is known, else what is behind the last dash. The
 * title of an untitled post is the cut head of its text: its first line, without half an entity at the end.
 */
export function titlesOf(
  heading: string,
  known: string | undefined,
): { readonly title: string; readonly blogTitle: string } {
  const whole = heading.trim()
  const isKnown = known !== undefined && known !== '' && whole.endsWith(`-${known}`)
  const dash = isKnown ? whole.length - known.length - 1 : whole.lastIndexOf('-')
  const [head, blogTitle] = dash < 0 ? [whole, known ?? ''] : [whole.slice(0, dash), whole.slice(dash + 1).trim()]
  const [line = ''] = head.split('\n').filter((each) => each.trim() !== '')
  return {
    title: line
      .replace(/&[a-z]{0,7}$/i, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
    blogTitle,
  }
}
