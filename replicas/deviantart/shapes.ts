import { makeMedia } from '../harness/media.ts'
import type { Still } from '../harness/media.ts'
import {
  base36,
  downloadMedia,
  downloadToken,
  extensionOf,
  filmUrl,
  IMAGES,
  pathOf,
  prettyName,
  renderingToken,
} from './media.ts'
import type { Artwork, Site } from './site.ts'

/*
 * A work as pages and lists of the site describe it, in the shape of the recorded ones of June 2024. Walls (blurred
 * renderings, `tierAccess`) are not recorded; they are made as programs of 2026 expect them.
 */

export type Json = Readonly<Record<string, unknown>>

export function userOf(artist: string): Json {
  return {
    userId: 1000 + artist.length,
    useridUuid: '9ad8fbc8-aee8-4e92-a04b-000000000000',
    username: artist,
    usericon: `https://a.deviantart.net/avatars/${artist}.jpg`,
    type: 'regular',
    isGroup: false,
    isWatching: false,
    isNewDeviant: false,
  }
}

export function pageOf(work: Artwork): string {
  const slug = work.title.replaceAll(/[^A-Za-z0-9]+/g, '-')
  return `https://www.deviantart.com/${work.artist}/${work.journal === true ? 'journal' : 'art'}/${slug}-${work.id}`
}

export function uuidOf({ id }: Artwork): string {
  return `${id.toString(16).toUpperCase().padStart(8, '0')}-1111-4222-8333-444444444444`
}

/** Artists of the replica publish one work a day. */
export function publishedOf({ id }: Artwork): number {
  return 1_700_000_000 - (id % 1000) * 86_400
}

/** Whether a wall stands before the work for this visitor. */
export function isWalled(work: Artwork, isLoggedIn: boolean): boolean {
  return work.premium !== undefined || (work.mature === true && !isLoggedIn)
}

/** `deviation` in a list: the author is an object. */
export async function listed(work: Artwork, isLoggedIn: boolean): Promise<Json> {
  const blocked = work.mature === true && !isLoggedIn
  const isText = work.shown.as === 'text'
  return {
    deviationId: work.id,
    type: isText ? (work.journal === true ? 'journal' : 'literature') : work.shown.as === 'film' ? 'film' : 'image',
    typeId: work.journal === true ? 5 : 1,
    url: pageOf(work),
    shortUrl: `http://fav.me/${base36(work)}`,
    title: work.title,
    isJournal: work.journal === true,
    isVideo: work.shown.as === 'film',
    isPurchasable: false,
    isFavouritable: false,
    publishedTime: new Date(publishedOf(work) * 1000).toISOString().replace(/\.\d+Z$/, '-0000'),
    isDeleted: work.deleted === true,
    isMature: work.mature === true,
    isNsfg: false,
    isDownloadable: work.downloadable === true,
    isBlocked: blocked,
    isPublished: true,
    isDailyDeviation: false,
    isAiGenerated: false,
    license: 'none',
    blockReasons: blocked ? ['mature_filter', 'mature_loggedout'] : [],
    author: userOf(work.artist),
    stats: { comments: 1, favourites: 2, views: 3, downloads: 0 },
    media: await mediaOf(work, isLoggedIn),
    ...(work.more !== undefined && { isMultiMedia: true }),
    ...(work.premium !== undefined && {
      tierAccess: 'locked',
      premiumFolderData: { type: work.premium, hasAccess: false, galleryId: 1 },
    }),
    ...(isText && { textContent: { excerpt: 'It begins', html: { type: work.shown.editor } } }),
  }
}

/** What only the work's own page and its init call tell. */
export async function extended(work: Artwork, page: { readonly origin: string }): Promise<Json> {
  const { shown } = work
  const original =
    shown.as === 'upload' || shown.as === 'rendering' || shown.as === 'gif'
      ? { originalFile: { type: shown.upload.format, ...(await fileOf(shown.upload)) } }
      : {}
  const more = await Promise.all(
    (work.more ?? []).map(async (media, index) => ({
      fileId: 7000 + index,
      filename: `part ${index + 2}`,
      position: index + 1,
      ...(await fileOf(media)),
      media: uploadMedia(work, media, index + 1),
    })),
  )
  return {
    deviationUuid: uuidOf(work),
    ...original,
    ...(work.downloadable === true && { download: await downloadOf(work, page.origin) }),
    ...(more.length > 0 && { additionalMedia: more }),
    tags: [{ name: 'bower', url: 'https://www.deviantart.com/tag/bower' }],
    descriptionText: {
      excerpt: '',
      html: { type: 'writer', markup: '<p>Made of <b>straw</b> &amp; shells</p>', features: '[]' },
    },
    stats: { views: 1, today: 0, shares: 0, downloads: 0, groups: 0 },
  }
}

async function fileOf(media: Still): Promise<Json> {
  return { width: media.width, height: media.height, filesize: (await makeMedia(media)).bytes.length }
}

/** Pages carry the link for everybody; it works for members alone. Good for ten minutes. */
async function downloadOf(work: Artwork, origin: string): Promise<Json> {
  const media = downloadMedia(work)
  const ts = Math.floor(Date.now() / 1000) + 600
  const size = 'width' in media ? { width: media.width, height: media.height } : {}
  return {
    url: `${origin}/download/${work.id}/${base36(work)}.${extensionOf(media)}?token=${'ab'.repeat(20)}&ts=${ts}`,
    type: media.format,
    ...size,
    filesize: (await makeMedia(media)).bytes.length,
  }
}

async function mediaOf(work: Artwork, isLoggedIn: boolean): Promise<Json> {
  const { shown } = work
  if (isWalled(work, isLoggedIn)) return blurred(work)
  switch (shown.as) {
    case 'text':
      return { types: [] }
    case 'upload':
      return uploadMedia(work, shown.upload, 0)
    case 'rendering': {
      const path = pathOf(work, 'upload', 'jpg')
      const { width: w, height: h } = shown.usual
      const f = (await makeMedia(shown.upload)).bytes.length
      const c = `/v1/fill/w_${w},h_${h},q_75,strp/<prettyName>-fullview.jpg`
      return withTypes(work, path, [renderingToken(path, w, h)], [{ t: 'fullview', r: 0, c, w, h, f }])
    }
    case 'gif': {
      const path = pathOf(work, 'upload', 'gif')
      const { width: w, height: h } = shown.upload
      return {
        baseUri: `https://${IMAGES}${pathOf(work, 'preview', 'gif')}`,
        token: [downloadToken(path)],
        types: [
          { t: 'preview', r: -1, w, h, f: 100 },
          { t: 'fullview', r: -1, w, h, f: 100 },
          { t: 'gif', r: 0, w, h, f: (await makeMedia(shown.upload)).bytes.length, b: `https://${IMAGES}${path}` },
        ],
      }
    }
    case 'film': {
      const { width: w, height: h } = shown.preview
      const videos = await Promise.all(
        shown.encodings.map(async ({ height, film }) => ({
          t: 'video',
          r: -1,
          w: (height * 4) / 3,
          h: height,
          f: (await makeMedia(film)).bytes.length,
          q: `${height}p`,
          d: 3,
          b: filmUrl(work, height),
        })),
      )
      return withTypes(work, pathOf(work, 'preview', 'jpg'), [], [{ t: 'fullview', r: -1, w, h, f: 100 }, ...videos])
    }
    case 'file': {
      const { width: w, height: h } = shown.preview
      const f = (await makeMedia(shown.upload)).bytes.length
      return withTypes(
        work,
        pathOf(work, 'preview', extensionOf(shown.preview)),
        [],
        [{ t: 'fullview', r: -1, w, h, f }],
      )
    }
  }
}

/** The upload, and the renderings that pages show of it. */
function uploadMedia(work: Artwork, media: Still, part: number): Json {
  const path = pathOf(work, 'upload', extensionOf(media), part)
  const { width: w, height: h } = media
  const c = `/v1/fill/w_${w},h_${h},q_75,strp/<prettyName>-fullview.jpg`
  const thumbnail = { t: '150', r: 0, c: '/v1/fit/w_50,h_50,q_70,strp/<prettyName>-150.jpg', w: 50, h: 50 }
  return withTypes(
    work,
    path,
    [renderingToken(path, w, h), downloadToken(path)],
    [thumbnail, { t: 'preview', r: 0, c, w, h }, { t: 'fullview', r: 1, w, h }],
  )
}

function blurred(work: Artwork): Json {
  const path = pathOf(work, 'upload', 'jpg')
  const c = '/v1/fill/w_200,h_150,q_70,strp,blur_30/<prettyName>-fullview.jpg'
  return withTypes(work, path, [renderingToken(path, 200, 150)], [{ t: 'fullview', r: 0, c, w: 200, h: 150 }])
}

function withTypes(work: Artwork, path: string, token: readonly string[], types: readonly Json[]): Json {
  return {
    baseUri: `https://${IMAGES}${path}`,
    prettyName: prettyName(work),
    ...(token.length > 0 && { token }),
    types,
  }
}

/** The text of a journal or story, with its pictures, a smiley, and thumbnails of works. */
export async function markupOf(work: Artwork, site: Site): Promise<string> {
  const { shown } = work
  if (shown.as !== 'text') return ''
  const works = shown.shows.flatMap((id) => site.works.get(id) ?? [])
  if (shown.editor === 'tiptap') {
    const nodes = await Promise.all(
      works.map(async (one) => ({ type: 'da-deviation', attrs: { deviation: await listed(one, false), width: 300 } })),
    )
    return JSON.stringify({ version: 1, document: { type: 'doc', content: [{ type: 'paragraph' }, ...nodes] } })
  }
  const pictures = shown.pictures.map((media, index) => {
    const path = pathOf(work, 'upload', extensionOf(media), index + 1)
    return `<p><img src="https://${IMAGES}${path}?token=${downloadToken(path)}" alt=""/></p>`
  })
  const thumbnails = works.map(
    (one) =>
      `<a href="${pageOf(one)}"><img data-embed-type="deviation" data-embed-id="${one.id}" src="https://${IMAGES}/thumb.jpg"/></a>`,
  )
  const smiley =
    '<img src="https://e.deviantart.net/emoticons/s/smile.gif" data-embed-type="emoticon" data-embed-id="391"/>'
  return `<div>Words ${smiley} ${pictures.join('')}${thumbnails.join('')}</div>`
}
