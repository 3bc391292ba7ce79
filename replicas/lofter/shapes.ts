import { filmPath, permalinkOf } from './site.ts'
import type { Picture, SiteBlog, SitePost } from './site.ts'

/*
 * Answers in the shapes of the recorded ones (a post and an image list of the app's interface, 2025 to 2026) and of those
 * that other programs read (the pages for phones).
 */

type Json = Readonly<Record<string, unknown>>

const TYPES = { text: 1, photo: 2, video: 4, answer: 5 } as const
const WATERMARK =
  '%7Cwatermark&type=2&text=QCBibHVlYm93ZXI&font=bXN5aA==&gravity=southwest&dissolve=100&fontsize=680&dx=32&dy=36&stripmeta=0'
const SHOWN = `?imageView&thumbnail=1680x0&quality=96&stripmeta=0&type=jpg${WATERMARK}`

export function shownUrl({ shown }: Picture): string {
  return `https://${shown}${SHOWN}`
}

function filmUrl(post: SitePost): string {
  return `https://vodkgeyttp8.vod.126.net${filmPath(post)}?resId=254486990bfa2cd7aa860229db639341_1&sign=4j02HTHXqNfhaF%2BO%2FO14Ny%2F9SMNZj%2FIjpJDCqXfYa4aM%3D`
}

/** An entry of `posts`: what stands beside the post is whose reader asks. */
export function entryOf(post: SitePost): Json {
  return { liked: false, shared: false, subscribed: false, followed: false, post: postOf(post) }
}

function postOf(post: SitePost): Json {
  const { pictures, kind } = post
  const isPhoto = kind === 'photo'
  return {
    id: post.id,
    blogId: post.blog.id,
    type: TYPES[kind],
    title: post.title,
    publisherUserId: post.blog.id,
    publishTime: post.published,
    modifyTime: post.published,
    tag: post.tags.join(','),
    tagList: post.tags,
    permalink: permalinkOf(post),
    blogPageUrl: `https://${post.blog.name}.lofter.com/post/${permalinkOf(post)}`,
    digest: post.content,
    ...(kind === 'text' ? { content: post.content } : { caption: post.content }),
    ...(isPhoto ? { photoLinks: JSON.stringify(pictures.map(photoLink)) } : {}),
    ...(isPhoto ? { photoCaptions: JSON.stringify(pictures.map(({ caption = '' }) => caption)) } : {}),
    firstImageUrl: JSON.stringify(pictures.slice(0, 1).map(shownUrl)),
    embed:
      kind === 'video'
        ? JSON.stringify({ originUrl: filmUrl(post), h256Url: '', video_down_url: filmUrl(post) })
        : '{}',
    ...(kind === 'answer' ? { images: JSON.stringify(pictures.map(shownOnly)) } : {}),
    blogInfo: blogInfo(post.blog),
    needPay: post.needPay === true,
    payViewPost: post.needPay === true,
    fansVipPost: 0,
    valid: 0,
    allowView: 0,
  }
}

function photoLink(picture: Picture): Json {
  const { raw, rawWritten, media, shownMedia } = picture
  return {
    small: `https://${raw}?imageView&thumbnail=164y164&enlarge=1&quality=90&type=jpg`,
    isImgStamped: false,
    rotate: 0,
    orignWithTag: shownUrl(picture),
    middle: `https://${raw}?imageView&thumbnail=500x0&quality=96&stripmeta=0&type=jpg`,
    rw: media.width,
    rh: media.height,
    ow: shownMedia.width,
    raw: rawWritten ?? `https://${raw}`,
    oh: shownMedia.height,
    orign: shownUrl(picture),
  }
}

function shownOnly(picture: Picture): Json {
  const { width, height } = picture.shownMedia
  return { orign: shownUrl(picture), ow: width, oh: height }
}

function blogInfo({ id, name, title }: SiteBlog): Json {
  return {
    blogId: id,
    blogName: name,
    blogNickName: title,
    homePageUrl: `https://${name}.lofter.com/`,
    imageProtected: false,
  }
}

/** An entry of a tag's list: the first image alone. */
export function tagEntryOf(post: SitePost): Json {
  const { pictures } = post
  const [first] = pictures
  return {
    postData: {
      postView: {
        id: post.id,
        blogId: post.blog.id,
        title: post.title,
        type: TYPES[post.kind],
        digest: post.content,
        permalink: permalinkOf(post),
        photoCount: post.kind === 'photo' ? pictures.length : 0,
        tagList: post.tags,
        publishTime: post.published,
        ...(post.kind === 'photo' && first !== undefined ? { firstImage: photoLink(first) } : {}),
      },
      postCount: { blogId: post.blog.id, responseCount: 1, favoriteCount: 2, hotCount: 3 },
    },
    blogInfo: blogInfo(post.blog),
  }
}

/** What a page for phones knows of a post: no `raw`. */
export function postState(post: SitePost): Json {
  const { kind, pictures, content } = post
  const views: Readonly<Record<SitePost['kind'], Json>> = {
    photo: {
      photoPostView: {
        caption: content,
        photoLinks: pictures.map(shownOnly),
        photoCaptions: pictures.map(({ caption = '' }) => caption),
      },
    },
    text: { textPostView: { content } },
    answer: {
      answerPostView: { images: pictures.map(shownOnly), answer: content, questionInfo: { question: 'Of what?' } },
    },
    video: { videoPostView: { caption: content, videoInfo: { originUrl: filmUrl(post) } } },
  }
  const data = {
    shared: false,
    blogInfo: blogInfo(post.blog),
    postData: { postView: { ...headOf(post), ...views[kind] }, postCountView: { responseCount: 1 } },
  }
  return { postData: { msg: '成功', code: 0, data } }
}

export function blogState(blog: SiteBlog, posts: readonly SitePost[], count: number, offset: number): Json {
  const items = posts.map((post) => ({ postData: { postView: headOf(post), postCountView: { responseCount: 1 } } }))
  const data = { blogInfo: blogInfo(blog), blogCount: { publicPostCount: count, followerCount: 7 }, items, offset }
  return { blogData: { msg: '成功', code: 0, data } }
}

export function tagState(tag: string, posts: readonly SitePost[], page: number, offset: number): Json {
  const postList = posts.map((post) => ({ postView: headOf(post), blogInfo: blogInfo(post.blog), postCountView: {} }))
  return { tagInfoData: { tagInfo: { name: tag, postCount: 99 }, postList, page, offset } }
}

function headOf(post: SitePost): Json {
  return {
    id: post.id,
    blogId: post.blog.id,
    title: post.title,
    type: TYPES[post.kind],
    publishTime: post.published,
    digest: post.content,
    tagList: post.tags,
    permalink: permalinkOf(post),
    photoCount: post.pictures.length,
  }
}
