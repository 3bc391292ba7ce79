import { elements, loadHtml } from '../../kit/html.ts'
import type { Listed } from './model.ts'

/**
 * The posts of a list in HTML: `hit?scrolled` of a subreddit (a program asked for it in 2025) and the list form of a
 * search (2024). No such answer is recorded; where the links stand is known from those programs, and unverified.
 */
export async function readPostList(html: string): Promise<readonly Listed[]> {
  const $ = await loadHtml(html)
  const links = elements($, 'a.image-list-link, .search-item-title a').map((link) => link.attr('href') ?? '')
  const ids = links.flatMap((href) => /[/-]([a-z0-9]{5}|[a-z0-9]{7})(?:[?#].*)?$/i.exec(href)?.[1] ?? [])
  return [...new Set(ids)].map((id) => ({ kind: 'link', route: 'post', id }))
}
