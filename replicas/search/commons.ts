import { file, json, text as plain } from '../harness/answers.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import { pagesOf, PICTURES } from './pictures.ts'
import type { Picture } from './pictures.ts'

export const COMMONS_HOSTS = ['commons.wikimedia.org', 'upload.wikimedia.org'] as const

/** Where the picture stands as an upload to Commons. */
export function uploadOf({ slug, url }: Picture): string {
  return `https://upload.wikimedia.org/wikipedia/commons/b/b0/${slug}${url.slice(url.lastIndexOf('.'))}`
}

const FILTER = 'filetype:bitmap|drawing '

export function addCommons(router: Router): void {
  router.get('commons.wikimedia.org', '/w/api.php', (request) =>
    (request.headers['user-agent'] ?? 'Mozilla').startsWith('Mozilla')
      ? plain('Please comply with the User-Agent policy', 'text/plain', { status: 403 })
      : answer(request),
  )
  router.get('upload.wikimedia.org', '/wikipedia/commons/b/b0/:name', ({ url }) => {
    const picture = Object.values(PICTURES).find((each) => uploadOf(each) === url.href)
    return picture?.served.kind === 'file' ? file(picture.served.media) : undefined
  })
}

/** One batch of a search. That of the first page comes in two answers, as large ones do: recorded of other lists (2023). */
function answer({ url }: Request): Answer {
  const { searchParams } = url
  const words = searchParams.get('gsrsearch') ?? ''
  const valid = searchParams.get('generator') === 'search' && searchParams.get('gsrnamespace') === '6'
  if (!valid || !words.startsWith(FILTER)) {
    return json({ error: { code: 'badvalue', info: 'The replica knows searches for files only' } })
  }
  const batches = pagesOf(words.slice(FILTER.length))
  if (batches.length === 0) return json({ batchcomplete: true })
  const offset = Number(searchParams.get('gsroffset') ?? 0)
  const batch = (batches[offset / 3] ?? []).filter(({ served }) => served.kind === 'file')
  const isSecondHalf = searchParams.get('iicontinue') !== null
  const isSplit = offset === 0
  // In any order; what came in the first half comes without its information in the second.
  const pages = batch
    .map((picture, index) => page(picture, offset + index + 1, !isSplit || isSecondHalf === index > 0))
    .toReversed()
  if (isSplit && !isSecondHalf) {
    return json({ continue: { iicontinue: 'satin-2.png|20200101000000', continue: '||' }, query: { pages } })
  }
  const more = offset / 3 + 1 < batches.length
  return json({
    batchcomplete: true,
    ...(more && { continue: { gsroffset: offset + 3, continue: 'gsroffset||' } }),
    query: { pages: isSplit ? [...pages, sound(), hidden()] : pages },
  })
}

function page(picture: Picture, index: number, whole: boolean): unknown {
  const { slug, title, width, height, author, url } = picture
  const name = `${slug}${url.slice(url.lastIndexOf('.'))}`
  const base = { pageid: Number.parseInt(slug.replace(/\D/g, ''), 10), ns: 6, title: `File:${name}`, index }
  if (!whole) return base
  const info = {
    descriptionurl: `https://commons.wikimedia.org/wiki/File:${name}`,
    descriptionshorturl: `https://commons.wikimedia.org/w/index.php?curid=${base.pageid}`,
    url: uploadOf(picture),
    size: 12_345,
    width,
    height,
    mediatype: 'BITMAP',
    extmetadata: metadata(title, author),
  }
  return { ...base, imagerepository: 'local', imageinfo: [info] }
}

function metadata(title: string, author: string): unknown {
  const value = (text: string) => ({ value: text, source: 'commons-desc-page', hidden: '' })
  return {
    ObjectName: value(title.replace(/[&<>]/g, (mark) => `&#${mark.charCodeAt(0)};`)),
    Artist: value(`<a href="//commons.wikimedia.org/wiki/User:Finch" title="User:Finch">${author}</a>`),
    Credit: value('<span class="int-own-work" lang="en">Own work</span>'),
    LicenseShortName: value('CC BY-SA 4.0'),
    LicenseUrl: value('https://creativecommons.org/licenses/by-sa/4.0'),
    UsageTerms: value('Creative Commons Attribution-Share Alike 4.0'),
    DateTimeOriginal: value('2012-09-25 16:23:02'),
    Categories: value('Ptilonorhynchus violaceus|Self-published work'),
  }
}

/** No image, although the search was for images. */
function sound(): unknown {
  const url = 'https://upload.wikimedia.org/wikipedia/commons/b/b0/call.wav'
  return {
    pageid: 9001,
    ns: 6,
    title: 'File:call.wav',
    index: 50,
    imagerepository: 'local',
    imageinfo: [{ url, mediatype: 'AUDIO', size: 1, width: 0, height: 0, extmetadata: [] }],
  }
}

/** Its revision is hidden: there is no file to have. */
function hidden(): unknown {
  return { pageid: 9002, ns: 6, title: 'File:hidden.jpg', index: 51 }
}
