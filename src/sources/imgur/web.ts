import type { ExploreContext, Finding, Strategy } from '../../core/source.ts'
import { Fault } from '../../core/errors.ts'
import { postStrategy } from './explore.ts'
import type { GifChoice } from './findings.ts'
import { albumFindings, entryFindings } from './findings.ts'
import { readAjaxAlbum } from './web-2017.ts'
import { readPage } from './web-page.ts'
import { askWeb, gone } from './requests.ts'

/** Single posts by the web site: the second way, for when the API refuses or has changed. */
export const webImage: Strategy = postStrategy('web', 'image', (id, context, choice) =>
  explorePage(`/${id}`, context, choice),
)
export const webAlbum: Strategy = postStrategy('web', 'album', exploreAlbum)
export const webPost: Strategy = postStrategy('web', 'post', (id, context, choice) =>
  explorePage(`/gallery/${id}`, context, choice),
)

/** All images in one answer. Unknown and empty albums look alike there; the album's page tells. */
async function exploreAlbum(id: string, context: ExploreContext, choice: GifChoice): Promise<readonly Finding[]> {
  const answer = await askWeb(context, `/ajaxalbums/getimages/${id}/hit.json?all=true`)
  const pictures = answer === undefined ? [] : readAjaxAlbum(answer.json(), answer.url)
  return pictures.length === 0 ? explorePage(`/a/${id}`, context, choice) : albumFindings({ id, pictures }, choice)
}

async function explorePage(path: string, context: ExploreContext, choice: GifChoice): Promise<readonly Finding[]> {
  const answer = await askWeb(context, path)
  if (answer === undefined) throw gone(`post at ${path}`, `https://imgur.com${path}`)
  const entry = readPage(answer.text(), answer.url)
  if (entry.kind === 'picture') return entryFindings([entry], choice)
  // The old layout holds the first images only; the album's own route holds all.
  const { album } = entry
  if (album.pictures.length >= (album.count ?? 0)) return albumFindings(album, choice)
  if (!path.startsWith('/a/')) return exploreAlbum(album.id, context, choice)
  throw new Fault(
    'SiteChanged',
    `the page of album ${album.id} names ${album.pictures.length} of its ${album.count} images`,
    { url: answer.url },
  )
}
