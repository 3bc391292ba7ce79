import type { Film, Media, Still } from '../harness/media.ts'

/** One image of a post: the object that was uploaded, and the one that is shown. Made by hand, as all that is here. */
export interface Picture {
  /** Host and path of the shown object, without scheme. */
  readonly shown: string
  /** Of the uploaded one; the same in older posts. */
  readonly raw: string
  /** How `raw` is written in answers, where it is not where the object is. */
  readonly rawWritten?: string
  readonly media: Still
  readonly shownMedia: Still
  /** The store no longer has the upload. */
  readonly lost?: boolean
  readonly caption?: string
}

export interface SitePost {
  readonly id: number
  readonly blog: SiteBlog
  readonly kind: 'photo' | 'text' | 'answer' | 'video'
  readonly title: string
  /** HTML. */
  readonly content: string
  readonly tags: readonly string[]
  /** Unix milliseconds. */
  readonly published: number
  readonly pictures: readonly Picture[]
  readonly film?: Film
  readonly needPay?: boolean
}

export interface SiteBlog {
  readonly id: number
  readonly name: string
  readonly title: string
  /** Shown to people who are logged in, alone. */
  readonly closed?: boolean
}

/** 2025-03-01T04:00:00Z. */
const EPOCH = 1_740_801_600_000
const DAY = 86_400_000

const bluebower: SiteBlog = { id: 0x1faf7c47, name: 'bluebower', title: '蓝色凉亭 - Blue Bower' }
const filmbower: SiteBlog = { id: 0x1d0d4088, name: 'filmbower', title: 'Film bower' }
const shutbower: SiteBlog = { id: 0x2166245, name: 'shutbower', title: 'Shut', closed: true }
const paidbower: SiteBlog = { id: 0x348381, name: 'paidbower', title: 'Paid' }

let seed = 500

function still(width: number, height: number): Still {
  seed += 1
  return { format: 'jpeg', width, height, seed }
}

/** Tokens are base64 of something in the store; these only look so. */
function token(name: string): string {
  return Buffer.from(`bower/${name}/${'x'.repeat(30)}`).toString('base64url')
}

/** As posts of 2025 have them: the shown image is an object of its own, on another host of the store. */
function twofold(name: string, width: number, height: number): Picture {
  const media = still(width, height)
  return {
    raw: `imglf4.lf127.net/img/ba9d09f87c6cd6a0/${token(`${name}-raw`)}.jpg`,
    shown: `imglf5.lf127.net/img/d2e048b052345a22/${token(name)}.jpg`,
    media,
    shownMedia: { ...media, grain: 0.4 },
  }
}

/** As older posts have them: one object. */
function single(name: string, width: number, height: number, host = 'imglf6.lf127.net'): Picture {
  const media = still(width, height)
  const place = `${host}/img/${token(name)}.jpg`
  return { raw: place, shown: place, media, shownMedia: media }
}

const bird = twofold('bird', 400, 300)
const feather = { ...twofold('feather', 300, 400), caption: 'A feather, found in March' }
const nest = twofold('nest', 320, 320)
const straw = single('straw', 360, 240)
const shell = single('shell', 240, 360)
const berry = single('berry', 280, 210)
const answer = single('answer', 220, 220)
const glassPlace = `img/${token('glass')}.jpg`
const glass: Picture = {
  ...single('glass', 260, 340, 'imglf3.lf127.net'),
  rawWritten: `https://nos.netease.com/imglf3/${glassPlace}`,
}
const lost: Picture = { ...twofold('lost', 310, 230), lost: true }
const quiet = single('quiet', 330, 250)
const poster = single('poster', 300, 200)
const free = single('free', 200, 200)

function post(blog: SiteBlog, id: number, more: Partial<SitePost>): SitePost {
  const published = EPOCH - id * DAY
  const id64 = 0x34cbb4c8e - id * 4096
  return { id: id64, blog, kind: 'photo', title: '', content: '', tags: [], published, pictures: [], ...more }
}

const march = post(bluebower, 1, {
  title: 'March: 1/3',
  content: '<p>Three of them.</p>',
  tags: ['凉亭', 'blue'],
  pictures: [bird, feather, nest],
})
const untitled = post(bluebower, 2, {
  content: '<p id="p_1">Straw &amp; shells, <br/>by the sea</p>',
  tags: ['blue', 'plain'],
  pictures: [straw, shell],
})
const article = post(bluebower, 3, {
  kind: 'text',
  title: 'On berries',
  content: `<p>They are blue.</p><p><img src="https://${berry.shown}?imageView&amp;amp;thumbnail=1680x0&amp;amp;quality=96" /></p><p><img src="https://avaimg.lf127.net/img/${token('face')}.jpg?imageView&amp;thumbnail=64x64" /></p>`,
  tags: ['凉亭'],
  pictures: [berry],
})
const question = post(bluebower, 4, {
  kind: 'answer',
  title: '',
  content: '<p>Of moss.</p>',
  tags: ['plain'],
  pictures: [answer],
})
const glassPost = post(bluebower, 5, { title: 'Glass', tags: ['凉亭'], pictures: [glass] })
const words = post(bluebower, 6, { kind: 'text', title: 'Nothing to see', content: '<p>Only words.</p>' })
const lostPost = post(bluebower, 7, { title: 'Lost and found', tags: ['凉亭'], pictures: [lost] })
const quietPost = post(bluebower, 8, { tags: ['plain'], pictures: [quiet] })

const film = post(filmbower, 10, {
  kind: 'video',
  title: 'The dance',
  content: '<p>It moves.</p>',
  tags: ['dance'],
  film: { format: 'mp4', width: 160, height: 120, seed: 77, frames: 3 },
})
const posterPost = post(filmbower, 11, { title: 'Poster', tags: ['凉亭'], pictures: [poster] })
const shut = post(shutbower, 20, { title: 'For friends', pictures: [single('shut', 100, 100)] })
const paid = post(paidbower, 30, { title: 'For patrons', pictures: [free], needPay: true })

export const BLOGS = [bluebower, filmbower, shutbower, paidbower] as const
/** Newest first. */
export const POSTS: readonly SitePost[] = [
  march,
  untitled,
  article,
  question,
  glassPost,
  words,
  lostPost,
  quietPost,
  film,
  posterPost,
  shut,
  paid,
]
export const SAMPLES = {
  march,
  untitled,
  article,
  question,
  glassPost,
  words,
  lostPost,
  quietPost,
  film,
  posterPost,
  shut,
  paid,
}

export function permalinkOf({ blog, id }: SitePost): string {
  return `${blog.id.toString(16)}_${id.toString(16)}`
}

/** Path of a video in its store. */
export function filmPath(of: SitePost): string {
  return `/edu-video/nos/mp4/2025/03/01/${token(`film${of.id}`)}_sd.mp4`
}

/** The last part of that path, without its ending. */
export function filmIdOf(of: SitePost): string {
  return filmPath(of).replaceAll(/^.*\/|\.mp4$/g, '')
}

/** What the store has, by host and path. */
export function objects(): ReadonlyMap<string, { readonly media: Media; readonly thumbnail: Media }> {
  const pictures = POSTS.flatMap((each) => each.pictures)
  return new Map(
    pictures.flatMap(({ raw, shown, media, shownMedia, lost: isLost }) => {
      const thumbnail: Media = { ...shownMedia, width: 64, height: 48 }
      const shownEntry = [shown, { media: shownMedia, thumbnail }] as const
      return isLost === true ? [shownEntry] : [shownEntry, [raw, { media, thumbnail }] as const]
    }),
  )
}

/** The media id of an image: the token of the object that is shown. */
export function mediaIdOf({ shown }: Picture): string {
  return shown.slice(shown.lastIndexOf('/') + 1).replace(/\.jpg$/, '')
}
