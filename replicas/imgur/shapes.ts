import { makeMedia, mimeOf } from '../harness/media.ts'
import type { Entry, Upload, UploadedAlbum } from './site.ts'
import { isAlbum } from './site.ts'

/*
 * Answers in the shapes of the recorded ones: /3 images and albums (2016 to 2022), post/v1 albums (2022), hit.json and
 * ajaxalbums (2015 to 2017, whose recordings end in the middle of an object).
 */

type Json = Readonly<Record<string, unknown>>

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
}

function extensionOf(upload: Upload): string {
  return EXTENSIONS[mimeOf(upload.media)] ?? 'jpg'
}

function isMoving(upload: Upload): boolean {
  return upload.video !== undefined || upload.animatedPng === true
}

function sizeOf(upload: Upload): { readonly width: number; readonly height: number } {
  return 'width' in upload.media ? { width: upload.media.width, height: upload.media.height } : { width: 0, height: 0 }
}

async function bytesOf(upload: Upload): Promise<number> {
  return (await makeMedia(upload.media)).bytes.length
}

/** `/3/image/ID` and the images of `/3/album/ID`. */
export async function imageV3(upload: Upload): Promise<Json> {
  const size = await bytesOf(upload)
  const moves =
    upload.video === undefined
      ? {}
      : {
          gifv: `https://i.imgur.com/${upload.id}.gifv`,
          mp4: `https://i.imgur.com/${upload.id}.mp4`,
          mp4_size: (await makeMedia(upload.video)).bytes.length,
          looping: true,
        }
  return {
    id: upload.id,
    title: upload.title ?? null,
    description: null,
    datetime: upload.uploaded,
    type: mimeOf(upload.media),
    animated: isMoving(upload),
    ...sizeOf(upload),
    size,
    views: 1534,
    bandwidth: 1534 * size,
    vote: null,
    favorite: false,
    nsfw: null,
    section: null,
    account_url: upload.account ?? null,
    account_id: upload.account === undefined ? null : 48437714,
    is_ad: false,
    in_gallery: false,
    ...moves,
    link: `https://i.imgur.com/${upload.id}.${extensionOf(upload)}`,
  }
}

/** An entry of `/3/gallery/…`: an album without its images (with them where there are no more than two), or an image. */
export async function entryV3(entry: Entry, section: string): Promise<Json> {
  const {
    in_gallery: _,
    is_ad: __,
    images,
    mp4_size: videoBytes,
    ...head
  } = await (isAlbum(entry) ? albumV3(entry) : imageV3(entry))
  return {
    ...head,
    nsfw: false,
    section,
    comment_preview: null,
    vote: null,
    ...(section === '' ? COUNTS : NO_COUNTS),
    score: 18352,
    is_album: isAlbum(entry),
    ...(isAlbum(entry) ? { topic: 'No Topic', topic_id: 29 } : {}),
    ...(Array.isArray(images) && images.length <= 2 ? { images } : {}),
    // Lists give this number as text.
    ...(typeof videoBytes === 'number' ? { mp4_size: String(videoBytes) } : {}),
  }
}

const COUNTS = { ups: 4040, downs: 119, points: 3921, comment_count: 73 }
/** What a subreddit's posts have of them. */
const NO_COUNTS = { ups: null, downs: null, points: null, comment_count: null }

export async function albumV3(album: UploadedAlbum): Promise<Json> {
  const [cover] = album.uploads
  const { width = null, height = null } = cover === undefined ? {} : sizeOf(cover)
  return {
    id: album.id,
    title: album.title,
    description: null,
    datetime: album.created,
    cover: cover?.id ?? null,
    cover_width: width,
    cover_height: height,
    account_url: album.account ?? null,
    account_id: album.account === undefined ? null : 48437714,
    privacy: 'public',
    layout: 'blog',
    views: 343,
    link: `https://imgur.com/a/${album.id}`,
    favorite: false,
    nsfw: null,
    section: null,
    images_count: album.uploads.length,
    in_gallery: album.unlisted !== true,
    images: await Promise.all(album.uploads.map(imageV3)),
  }
}

function dateV1(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '')
}

/** `post/v1/albums/ID` and `posts/ID`; without `media` where there is none. */
export async function albumV1(album: UploadedAlbum, withMedia: boolean): Promise<Json> {
  const media = withMedia && album.uploads.length > 0 ? { media: await Promise.all(album.uploads.map(mediaV1)) } : {}
  return {
    ...postV1({
      id: album.id,
      title: album.title,
      created: album.created,
      count: album.uploads.length,
      account: album.account,
    }),
    is_album: true,
    cover_id: album.uploads[0]?.id ?? '',
    url: `https://imgur.com/a/${album.id}`,
    privacy: 'public',
    shared_with_community: album.unlisted !== true,
    ...media,
    display: [],
  }
}

/** `post/v1/media/ID` and `posts/ID` of a single image; made after the album's shape, not recorded. */
export async function imageV1(upload: Upload): Promise<Json> {
  const media = await mediaV1(upload)
  return {
    ...postV1({
      id: upload.id,
      title: upload.title ?? '',
      created: upload.uploaded,
      count: 1,
      account: upload.account,
    }),
    is_album: false,
    cover_id: upload.id,
    url: media['url'],
    privacy: '',
    shared_with_community: false,
    media: [media],
    display: [],
  }
}

/** A post of a tag's list: with its cover in place of its media; not recorded. */
export async function coverV1(entry: Entry): Promise<Json> {
  const { media, ...post } = await (isAlbum(entry) ? albumV1(entry, true) : imageV1(entry))
  return { ...post, cover: Array.isArray(media) ? (media as readonly unknown[])[0] : null }
}

interface PostHead {
  readonly id: string
  readonly title: string
  readonly created: number
  readonly count: number
  readonly account: string | undefined
}

function postV1({ id, title, created, count, account }: PostHead): Json {
  return {
    id,
    account_id: account === undefined ? 0 : 48437714,
    title,
    description: '',
    view_count: 1534,
    upvote_count: 0,
    downvote_count: 0,
    point_count: 0,
    image_count: count,
    comment_count: 3,
    favorite_count: 0,
    virality: 0,
    score: 0,
    in_most_viral: false,
    is_mature: false,
    created_at: dateV1(created),
    updated_at: null,
    vote: null,
    favorite: false,
    is_ad: false,
    ad_type: 0,
    ad_url: '',
    include_album_ads: false,
    is_pending: false,
    platform: 'api',
    ...(account === undefined
      ? {}
      : { account: { id: 48437714, username: account, avatar_url: `https://imgur.com/user/${account}/avatar` } }),
  }
}

async function mediaV1(upload: Upload): Promise<Json> {
  const extension = extensionOf(upload).replace('jpg', 'jpeg')
  return {
    id: upload.id,
    account_id: upload.account === undefined ? 0 : 48437714,
    mime_type: mimeOf(upload.media),
    type: extension === 'mp4' ? 'video' : 'image',
    name: '',
    basename: '',
    url: `https://i.imgur.com/${upload.id}.${extension}`,
    ext: extension,
    ...sizeOf(upload),
    size: await bytesOf(upload),
    metadata: {
      title: upload.title ?? '',
      description: '',
      is_animated: isMoving(upload) || extension === 'mp4',
      is_looping: upload.video !== undefined,
      duration: 0,
      has_sound: false,
    },
    created_at: dateV1(upload.uploaded),
    updated_at: null,
  }
}

function dateWeb(seconds: number): string {
  return dateV1(seconds).replace('T', ' ').replace('Z', '')
}

/** An entry of `/r/SUB/new/page/N/hit.json`. */
export async function entryHit(entry: Entry, subreddit: string, row: number): Promise<Json> {
  const [cover] = isAlbum(entry) ? entry.uploads : [entry]
  const lead = cover ?? { id: '', media: { format: 'jpeg', width: 0, height: 0, seed: 0 }, uploaded: 0 }
  const created = isAlbum(entry) ? entry.created : entry.uploaded
  const size = cover === undefined ? { width: 0, height: 0 } : sizeOf(cover)
  return {
    id: 4_735_008_625 - row,
    hash: entry.id,
    author: 'SlimJones123',
    account_id: null,
    account_url: entry.account ?? null,
    title: entry.title ?? '',
    score: 18352,
    size: isAlbum(entry) ? 0 : await bytesOf(entry),
    views: '18551',
    is_album: isAlbum(entry),
    album_cover: isAlbum(entry) ? lead.id : null,
    album_cover_width: isAlbum(entry) ? size.width : 0,
    album_cover_height: isAlbum(entry) ? size.height : 0,
    mimetype: mimeOf(lead.media),
    // One in three carries a tail, as was seen in 2017.
    ext: `.${extensionOf(lead)}${row % 3 === 2 ? '?1' : ''}`,
    ...size,
    animated: lead.video !== undefined,
    looping: lead.video !== undefined,
    reddit: `/r/${subreddit}/comments/6a02ma/${entry.id.toLowerCase()}/`,
    subreddit,
    description: '',
    create_datetime: dateWeb(created),
    bandwidth: '312.50 GB',
    timestamp: dateWeb(created + 60),
    section: subreddit,
    nsfw: false,
    prefer_video: lead.video !== undefined,
    video_source: null,
    video_host: null,
    num_images: isAlbum(entry) ? entry.uploads.length : 1,
  }
}

/** An image of `/ajaxalbums/getimages/HASH/hit.json`. */
export async function imageAjax(upload: Upload): Promise<Json> {
  const moves = upload.video !== undefined
  return {
    hash: upload.id,
    title: upload.title ?? '',
    description: null,
    ...sizeOf(upload),
    size: await bytesOf(upload),
    ext: `.${extensionOf(upload)}`,
    animated: moves,
    prefer_video: moves,
    looping: moves,
    datetime: dateWeb(upload.uploaded),
  }
}
