import type { ExploreContext, Finding, Strategy } from '../../core/source.ts'
import { readAlbum, readImage, readImages } from './api-v3.ts'
import { postStrategy } from './explore.ts'
import type { GifChoice } from './findings.ts'
import { albumFindings, namedFile, pictureFindings } from './findings.ts'
import type { Album, Picture, Wanted } from './model.ts'
import { pictureOf, readPost } from './post-v1.ts'
import type { Post } from './post-v1.ts'
import { askApi, gone } from './requests.ts'

/** Single posts by `api.imgur.com`: post/v1 first, then /3, because some posts are in one of them only. */
export const apiImage: Strategy = postStrategy('api', 'image', exploreImage)
export const apiAlbum: Strategy = postStrategy('api', 'album', exploreAlbum)
export const apiPost: Strategy = postStrategy('api', 'post', explorePost)

const INCLUDE = { include: 'media,tags,account' }

async function exploreImage(wanted: Wanted, context: ExploreContext, choice: GifChoice): Promise<readonly Finding[]> {
  const { id, ending } = wanted
  const picture = await findPicture(id, context)
  if (picture !== undefined) return pictureFindings(picture, choice)
  if (ending === undefined) throw gone(`image ${id}`, `https://imgur.com/${id}`)
  return namedFile(wanted, choice)
}

async function exploreAlbum({ id }: Wanted, context: ExploreContext, choice: GifChoice): Promise<readonly Finding[]> {
  const album = await findAlbum(id, context)
  if (album === undefined) throw gone(`album ${id}`, `https://imgur.com/a/${id}`)
  return albumFindings(album, choice)
}

/** `/gallery/ID` and the like do not tell album from image; the post does, where it is shared with the community. */
async function explorePost({ id }: Wanted, context: ExploreContext, choice: GifChoice): Promise<readonly Finding[]> {
  const post = await findPost(`/post/v1/posts/${id}`, context)
  // The answer may hold all that the next one would tell.
  if (post?.isAlbum === true && post.pictures.length > 0 && isWhole(post)) return albumFindings(post, choice)
  const picture = post?.isAlbum === false ? (pictureOf(post) ?? (await findPicture(id, context))) : undefined
  if (picture !== undefined) return pictureFindings(picture, choice)
  const album = await findAlbum(id, context)
  return album === undefined ? exploreImage({ id }, context, choice) : albumFindings(album, choice)
}

function isWhole({ pictures, count = 0 }: Album): boolean {
  return pictures.length >= count
}

async function findPicture(id: string, context: ExploreContext): Promise<Picture | undefined> {
  const post = await findPost(`/post/v1/media/${id}`, context)
  const picture = post === undefined ? undefined : pictureOf({ ...post, isAlbum: false })
  if (picture !== undefined) return picture
  const answer = await askApi(context, `/3/image/${id}`)
  return answer === undefined ? undefined : readImage(answer.value, answer.url)
}

async function findAlbum(id: string, context: ExploreContext): Promise<Album | undefined> {
  const post = await findPost(`/post/v1/albums/${id}`, context)
  if (post !== undefined && isWhole(post)) return post
  const answer = await askApi(context, `/3/album/${id}`)
  const album = answer === undefined ? post : readAlbum(answer.value, answer.url)
  if (album === undefined || isWhole(album)) return album
  return complete(album, context)
}

/** The album says that it has more images than came with it. */
async function complete(album: Album, context: ExploreContext): Promise<Album> {
  const answer = await askApi(context, `/3/album/${album.id}/images`)
  const pictures = answer === undefined ? [] : readImages(answer.value, answer.url)
  return pictures.length > album.pictures.length ? { ...album, pictures } : album
}

async function findPost(path: string, context: ExploreContext): Promise<Post | undefined> {
  const answer = await askApi(context, path, { parameters: INCLUDE })
  return answer === undefined ? undefined : readPost(answer.value, answer.url)
}
