import { assetKey } from '../../kit/keys.ts'
import type { Asset, Candidate, Finding, Meta } from '../../core/source.ts'
import { childRef } from '../../kit/refs.ts'
import type { Album, Listed, Picture, Wanted } from './model.ts'
import { compact } from '../../kit/compact.ts'
import { extensionOf } from './model.ts'

/** What to take of a moving GIF: the video that imgur makes of it, the GIF itself, or both. */
export type GifChoice = 'mp4' | 'gif' | 'both'

/**
 * Pictures that stand for others. Every removed file redirects to `removed.png`, now and then over another image
 * (recorded by others, 2016 to 2026). Since September 2025 British addresses get one that says so in place of every
 * image; its id is known from one program alone, and unverified.
 */
const RULES = { placeholder: { finalUrl: ['/removed.png', '/9TP6hPU.png', '/9TP6hPU.jpg'] } }

export function entryFindings(entries: readonly Listed[], choice: GifChoice): readonly Finding[] {
  return entries.flatMap((entry) => {
    switch (entry.kind) {
      case 'picture':
        return pictureFindings(entry.picture, choice)
      case 'album':
        return listedAlbum(entry.album, choice)
      case 'link':
        return [linked(entry.route, entry.id, entry.route === 'image' ? entry.id : undefined, choice)]
    }
  })
}

export function albumFindings(album: Album, choice: GifChoice): readonly Finding[] {
  return album.pictures.flatMap((picture, index) => pictureFindings(picture, choice, { album, index: index + 1 }))
}

/** Lists hold some images of an album, seldom all; many in each entry would make a page too long for one ref. */
const MOST_AT_ONCE = 4

/** Its images at once where the listing holds them all; else a ref, which costs a request. */
function listedAlbum(album: Album, choice: GifChoice): readonly Finding[] {
  const { count = 0, pictures } = album
  if (count > 0 && pictures.length >= count && pictures.length <= MOST_AT_ONCE) return albumFindings(album, choice)
  return [linked('album', album.id, count === 1 ? album.cover : undefined, choice)]
}

/** Only of a lone image is the key known beforehand, and only where a GIF could not give another one. */
function linked(route: string, id: string, lone: string | undefined, choice: GifChoice): Finding {
  const yields = lone === undefined || choice !== 'mp4' ? undefined : [assetKey('imgur', lone)]
  return childRef({ source: 'imgur', route, params: { id } }, yields)
}

/**
 * A file that the user named, of which imgur tells nothing (any more): it may be there all the same, as the other way
 * round. Whether a GIF moves is not known then; that it does is tried first.
 */
export function namedFile({ id, ending = '' }: Wanted, choice: GifChoice): readonly Finding[] {
  const isGif = ending === 'gif' || ending === 'gifv'
  const picture = { id, extension: isGif ? 'gif' : extensionOf(ending), animated: isGif }
  const message = `imgur describes ${id} no more; the file is asked for as it was named`
  return [...pictureFindings(picture, choice), { kind: 'note', message }]
}

/**
 * One image as one asset, or a moving GIF as up to two: `imgur:ID` is what imgur shows (the video), `imgur:ID/gif`
 * the GIF. So a key always means the same file, and a change of the option fetches only what is not here yet.
 */
export function pictureFindings(
  picture: Picture,
  choice: GifChoice,
  place?: { readonly album: Album; readonly index: number },
): readonly Finding[] {
  const at = place === undefined ? {} : { index: place.index }
  const key = assetKey('imgur', picture.id)
  const own = picture.animated ? 'gif' : picture.extension
  const file = { ...at, meta: metaOf(picture, place?.album, own), candidates: stored(picture, own) }
  if (!picture.animated) return [found({ key, ...file })]
  // A GIF whose video is not there is still better than nothing.
  const video = {
    ...at,
    meta: metaOf(picture, place?.album, 'mp4'),
    candidates: [original(picture, 'mp4'), original(picture, 'gif')],
  }
  const gif = found({ key: assetKey('imgur', picture.id, 'gif'), ...file })
  return [...(choice === 'gif' ? [] : [found({ key, ...video })]), ...(choice === 'mp4' ? [] : [gif])]
}

function found(asset: Omit<Asset, 'rules'>): Finding {
  return { kind: 'asset', asset: { ...asset, rules: RULES } }
}

/** Endings that are asked for. Of a still image `jpg` brings the stored file, whatever its type; others might convert it. */
const ENDINGS = new Set(['jpg', 'png', 'gif', 'mp4'])

/** Files with the old ids of five letters are refused at random (403, seen by others in 2026): a still one has a second address. */
function stored(picture: Picture, extension: string): readonly Candidate[] {
  const best = original(picture, extension)
  const other = best.url.endsWith('.jpg') ? 'png' : 'jpg'
  return picture.id.length === 5 && /\.(?:jpg|png)$/.test(best.url) ? [best, original(picture, other)] : [best]
}

/** Made from the id: links in answers may lead to thumbnails. */
function original(picture: Picture, extension: string): Candidate {
  return { url: `https://i.imgur.com/${picture.id}.${ENDINGS.has(extension) ? extension : 'jpg'}`, quality: 'original' }
}

/** `extension`: which file of the picture is meant. */
function metaOf(picture: Picture, album: Album | undefined, extension: string): Meta {
  const isVideo = extension === 'mp4'
  return {
    ...compact({
      title: picture.title ?? album?.title,
      description: picture.description ?? album?.description,
      author: picture.author ?? album?.author,
      date: picture.date ?? album?.date,
      tags: picture.tags ?? album?.tags,
      width: picture.width,
      height: picture.height,
      bytes: picture.animated && isVideo ? picture.videoBytes : picture.bytes,
      filename: picture.filename,
      section: picture.section ?? album?.section,
      nsfw: picture.nsfw ?? album?.nsfw,
      album: album?.id,
      albumTitle: album?.title,
    }),
    page: album === undefined ? `https://imgur.com/${picture.id}` : `https://imgur.com/a/${album.id}`,
    kind: isVideo ? 'video' : 'image',
  }
}
