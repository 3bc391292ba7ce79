import type { ExploreContext, Finding, Strategy } from '../../core/source.ts'
import { Fault } from '../../core/errors.ts'
import { postStrategy } from './explore.ts'
import type { GifChoice } from './findings.ts'
import { albumFindings, entryFindings, namedFile } from './findings.ts'
import type { Entry, Wanted } from './model.ts'
import { readAjaxAlbum } from './web-2017.ts'
import { readPage } from './web-page.ts'
import { askWeb, askWebJson, gone } from './requests.ts'

/** Single posts by the web site: the second way, for when the API refuses or has changed. */
export const webImage: Strategy = postStrategy('web', 'image', exploreImage)
export const webAlbum: Strategy = postStrategy('web', 'album', ({ id }, context, choice) =>
  exploreAlbum(id, context, choice),
)
export const webPost: Strategy = postStrategy('web', 'post', ({ id }, context, choice) =>
  explorePage(`/gallery/${id}`, context, choice),
)

async function exploreImage(wanted: Wanted, context: ExploreContext, choice: GifChoice): Promise<readonly Finding[]> {
  const entry = await loadEntry(`/${wanted.id}`, context)
  if (entry !== undefined) return findingsOf(entry, `/${wanted.id}`, context, choice)
  if (wanted.ending === undefined) throw gone(`image ${wanted.id}`, `https://imgur.com/${wanted.id}`)
  return namedFile(wanted, choice)
}

/** All images in one answer. Unknown and empty albums look alike there; the album's page tells. */
async function exploreAlbum(id: string, context: ExploreContext, choice: GifChoice): Promise<readonly Finding[]> {
  const answer = await askWebJson(context, `/ajaxalbums/getimages/${id}/hit.json?all=true`)
  const pictures = answer === undefined ? [] : readAjaxAlbum(answer.value, answer.url)
  return pictures.length === 0 ? explorePage(`/a/${id}`, context, choice) : albumFindings({ id, pictures }, choice)
}

async function explorePage(path: string, context: ExploreContext, choice: GifChoice): Promise<readonly Finding[]> {
  const entry = await loadEntry(path, context)
  if (entry === undefined) throw gone(`post at ${path}`, `https://imgur.com${path}`)
  return findingsOf(entry, path, context, choice)
}

async function findingsOf(
  entry: Entry,
  path: string,
  context: ExploreContext,
  choice: GifChoice,
): Promise<readonly Finding[]> {
  if (entry.kind !== 'album') return entryFindings([entry], choice)
  // The old layout holds the first images only; the album's own route holds all.
  const { album } = entry
  if (album.pictures.length >= (album.count ?? 0)) return albumFindings(album, choice)
  if (!path.startsWith('/a/')) return exploreAlbum(album.id, context, choice)
  throw new Fault(
    'SiteChanged',
    `the page of album ${album.id} names ${album.pictures.length} of its ${album.count} images`,
    { url: `https://imgur.com${path}` },
  )
}

/** The old layout, which an archive asked for in 2026 by this cookie; the page then holds its post in another form. */
const OLD_LAYOUT = { cookie: 'postpagebeta=no' }

async function loadEntry(path: string, context: ExploreContext): Promise<Entry | undefined> {
  const answer = await askWeb(context, path)
  if (answer === undefined) return undefined
  try {
    return readPage(answer.text(), answer.url)
  } catch (thrown) {
    if (!(thrown instanceof Fault && thrown.code === 'SiteChanged')) throw thrown
    const old = await askWeb(context, path, OLD_LAYOUT)
    if (old === undefined) throw thrown
    return readPage(old.text(), old.url)
  }
}
