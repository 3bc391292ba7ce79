import { html, json, xml } from '../harness/answers.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import type { MediaJson } from './api.ts'
import { listed, pageOf, publishedOf } from './shapes.ts'
import type { Artwork, Site } from './site.ts'

const BACKEND = 'backend.deviantart.com'
const PAGE = 3

/** Feeds and oEmbed: what visitors are shown, without a login. */
export function addBackend(router: Router, site: Site): void {
  router
    .get(BACKEND, '/rss.xml', (request) => feed(request, site))
    .get(BACKEND, '/oembed', (request) => embed(request, site))
}

function worksOf(site: Site, query: string): readonly Artwork[] | undefined {
  const [, kind = '', name = '', folder] = /^(gallery|favby|journal):(\w+)(?:\/(\d+))?$/.exec(query) ?? []
  const artist = site.artists[name]
  const inFolder = (folder !== undefined && (kind === 'gallery' ? artist?.folders : artist?.collections)) || []
  if (folder !== undefined) return inFolder.find(({ id }) => String(id) === folder)?.works
  if (kind === 'gallery') return artist?.gallery
  if (kind === 'favby') return artist?.favourites
  if (kind === 'journal') return artist?.posts
  if (query === 'special:dd') return site.daily
  if (query.startsWith('boost:popular')) return site.popular
  return site.popular.toReversed().filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()))
}

async function feed({ url }: Request, site: Site): Promise<Answer> {
  const works = worksOf(site, url.searchParams.get('q') ?? '') ?? []
  const offset = Number(url.searchParams.get('offset') ?? 0)
  const shown = works.slice(offset, offset + PAGE).filter(({ hidden, deleted }) => hidden !== true && deleted !== true)
  const items = await Promise.all(shown.map(item))
  const next = new URL(url)
  next.searchParams.set('offset', String(offset + PAGE))
  const link = offset + PAGE < works.length ? `<atom:link rel="next" href="${escape(next.href)}"/>` : ''
  return xml(
    `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>DeviantArt</title>${link}${items.join('')}</channel></rss>`,
  )
}

async function item(work: Artwork): Promise<string> {
  const content = await shownUrl(work)
  const media =
    content === undefined
      ? ''
      : `<media:content url="${escape(content.url)}" height="${content.height}" width="${content.width}" medium="image"/>`
  const date = new Date(publishedOf(work) * 1000 - 8 * 3_600_000).toUTCString().replace('GMT', 'PST')
  return `<item><title>${escape(work.title)}</title><link>${pageOf(work)}</link><guid isPermaLink="true">${pageOf(work)}</guid><pubDate>${date}</pubDate><media:title type="plain">${escape(work.title)}</media:title><media:keywords>bower, straw</media:keywords><media:rating>${work.mature === true ? 'adult' : 'nonadult'}</media:rating><media:credit role="author" scheme="urn:ebu">${work.artist}</media:credit><media:credit role="author" scheme="urn:ebu">https://a.deviantart.net/avatars/a.jpg</media:credit><media:description type="html">Made of &lt;b&gt;straw&lt;/b&gt;</media:description>${media}<description>Made of straw</description></item>`
}

/** Texts and works behind a wall have no media. */
async function shownUrl(
  work: Artwork,
): Promise<{ readonly url: string; readonly width: number; readonly height: number } | undefined> {
  if (work.shown.as === 'text' || work.premium !== undefined) return undefined
  const { media } = (await listed(work, false)) as { readonly media: MediaJson }
  const entry = media.types.find(({ t }) => t === 'fullview')
  if (entry === undefined) return undefined
  const token = media.token?.[entry.r]
  const path = entry.c?.replace('<prettyName>', media.prettyName ?? '') ?? ''
  return {
    url: `${media.baseUri}${path}${token === undefined ? '' : `?token=${token}`}`,
    width: entry.w,
    height: entry.h,
  }
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

async function embed({ url }: Request, site: Site): Promise<Answer> {
  const page = url.searchParams.get('url') ?? ''
  const work = site.works.get(Number(/(\d+)$/.exec(page)?.[1]))
  const content = work === undefined || work.hidden === true || work.deleted === true ? undefined : await shownUrl(work)
  if (work === undefined || content === undefined)
    return html(`404 Not Found (URL) The URL ${page} is not a deviation URL`, { status: 404 })
  return json({
    version: '1.0',
    type: 'photo',
    title: work.title,
    url: content.url,
    author_name: work.artist,
    author_url: `https://www.deviantart.com/${work.artist}`,
    provider_name: 'DeviantArt',
    provider_url: 'https://www.deviantart.com',
    safety: work.mature === true ? 'adult' : 'nonadult',
    pubdate: new Date(publishedOf(work) * 1000).toISOString(),
    width: String(content.width),
    height: String(content.height),
  })
}
