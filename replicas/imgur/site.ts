import type { Media, Still } from '../harness/media.ts'

/** One uploaded file of the replica. Made by hand: no recorded image is shipped. */
export interface Upload {
  readonly id: string
  readonly media: Media
  /** The video that imgur makes of a moving GIF. */
  readonly video?: Media
  readonly title?: string
  readonly account?: string
  readonly tags?: readonly string[]
  /** Redirects to the picture for removed images; `over` another image, as was seen, too. */
  readonly removed?: 'at once' | 'over another'
  /** The file is there, but no interface knows of it any more. */
  readonly undescribed?: boolean
  /** A PNG of several frames: imgur leaves it as it is. */
  readonly animatedPng?: boolean
  /** Unix seconds. */
  readonly uploaded: number
}

export interface UploadedAlbum {
  readonly id: string
  readonly title: string
  readonly account?: string
  readonly uploads: readonly Upload[]
  /** Not shared with the community: `posts/ID` does not know it. */
  readonly unlisted?: boolean
  /** Only `/3` knows it, as is said of some old posts. */
  readonly onlyV3?: boolean
  readonly created: number
}

export type Entry = Upload | UploadedAlbum

export interface Site {
  readonly uploads: ReadonlyMap<string, Upload>
  readonly albums: ReadonlyMap<string, UploadedAlbum>
  /** Newest first. */
  readonly subreddits: Readonly<Record<string, readonly Entry[]>>
  readonly tags: Readonly<Record<string, readonly Entry[]>>
  readonly users: Readonly<Record<string, readonly Entry[]>>
  readonly favorites: Readonly<Record<string, readonly Entry[]>>
  /** By user and number. */
  readonly folders: Readonly<Record<string, readonly Entry[]>>
  /** The parts of the front page. */
  readonly front: Readonly<Record<string, readonly Entry[]>>
  /** Of whoever sends the token of a session. */
  readonly own: readonly Entry[]
  readonly hidden: readonly Entry[]
}

/** The cookie `accesstoken` of the one who is logged in here. */
export const TOKEN = 'ghosts-token'

export function isAlbum(entry: Entry): entry is UploadedAlbum {
  return 'uploads' in entry
}

/** 2024-01-01T00:00:00Z. */
const EPOCH = 1_704_067_200

let seed = 100

function still(id: string, format: Still['format'], width: number, height: number, more: Partial<Upload> = {}): Upload {
  seed += 1
  return { id, media: { format, width, height, seed }, uploaded: EPOCH + seed * 3600, ...more }
}

function moving(id: string, more: Partial<Upload> = {}): Upload {
  seed += 1
  const size = { width: 120, height: 90, seed }
  return {
    id,
    media: { format: 'gif', ...size, frames: 4 },
    video: { format: 'mp4', ...size, frames: 4 },
    uploaded: EPOCH + seed * 3600,
    ...more,
  }
}

const bower = still('bWr0001', 'jpeg', 480, 320, { title: 'A bower with blue things', account: 'ghost' })
const berries = still('bErr1es', 'png', 240, 180, { title: 'Berries, sorted: by / colour' })
const dance = moving('dAnc3Rr', { title: 'The dance' })
const shells = still('sHe11s5', 'webp', 320, 240)
const straw = still('s7Raw', 'jpeg', 360, 270, { title: 'Straw', account: 'ghost' })
const lost = still('l0sTone', 'jpeg', 100, 80, { title: 'Lost', removed: 'at once' })
const adrift = still('aDr1fts', 'jpeg', 100, 80, { title: 'Adrift', removed: 'over another' })
const orphan = still('oRpHanX', 'png', 150, 120, { undescribed: true })
const flicker = still('fL1cker', 'png', 90, 60, { animatedPng: true })
const glass = still('gLa55es', 'jpeg', 300, 400, { title: 'Glass' })
const film: Upload = {
  id: 'fi1mM4x',
  media: { format: 'mp4', width: 160, height: 120, seed: 99, frames: 6 },
  title: 'Uploaded as a video',
  account: 'ghost',
  uploaded: EPOCH,
}

const stones = ['sT0ne01', 'sT0ne02', 'sT0ne03'].map((id, index) =>
  still(id, 'jpeg', 320 + index * 20, 240, { title: `Stone ${index + 1}` }),
)
const feathers = ['fEath01', 'fEath02'].map((id) => still(id, 'png', 200, 150))
const caps = ['cAp0001', 'cAp0002'].map((id) => still(id, 'jpeg', 250, 200))

const stonesAlbum: UploadedAlbum = {
  id: 'sT0nE',
  title: 'Stones, by size',
  account: 'ghost',
  uploads: [...stones, moving('sT0neGf', { title: 'Stone, rolling' })],
  created: EPOCH,
}
const feathersAlbum: UploadedAlbum = {
  id: 'fEaThRs',
  title: 'Two feathers',
  account: 'plume',
  uploads: feathers,
  created: EPOCH + 60,
}
const capsAlbum: UploadedAlbum = {
  id: 'cApS0',
  title: 'Bottle caps',
  uploads: caps,
  unlisted: true,
  onlyV3: true,
  created: EPOCH + 120,
}
const emptyAlbum: UploadedAlbum = {
  id: 'eMp7y',
  title: 'Nothing yet',
  uploads: [],
  unlisted: true,
  created: EPOCH + 180,
}

const albums = [stonesAlbum, feathersAlbum, capsAlbum, emptyAlbum]
const loose = [bower, berries, dance, shells, straw, lost, adrift, orphan, flicker, glass, film]

export const REMOVED: Still = { format: 'png', width: 161, height: 81, seed: 1, grain: 0 }

/** A subreddit of many small images, for benchmarks: 120 times `scale`. */
function crowd(scale: number): readonly Upload[] {
  return Array.from({ length: 120 * scale }, (_, index) => ({
    id: `m${index.toString(36).padStart(6, '0')}`,
    media: { format: 'jpeg', width: 64, height: 48, seed: 10_000 + index, bytes: 40_000 },
    uploaded: EPOCH - index * 60,
  }))
}

export function makeSite(scale: number): Site {
  const many = crowd(scale)
  const uploads = [...loose, ...albums.flatMap((album) => album.uploads), ...many]
  return {
    uploads: new Map(uploads.map((upload) => [upload.id, upload])),
    albums: new Map(albums.map((album) => [album.id, album])),
    subreddits: {
      bowerbirds: [bower, dance, stonesAlbum, berries, feathersAlbum, shells, straw],
      lost: [lost, adrift, glass],
      many,
    },
    tags: { blue: [bower, film, feathersAlbum, glass, flicker] },
    users: { ghost: [film, straw, stonesAlbum, bower, glass, flicker] },
    favorites: { ghost: [berries, feathersAlbum, shells, dance, film] },
    folders: { 'ghost/12345': [shells, stonesAlbum, glass, feathersAlbum, straw] },
    front: {
      hot: [glass, shells, feathersAlbum, film, bower],
      top: [dance, stonesAlbum, berries, straw, shells],
      user: [straw, flicker, film, glass, berries],
    },
    own: [bower, capsAlbum, film, straw, dance],
    hidden: [capsAlbum, stonesAlbum, feathersAlbum],
  }
}

export const SAMPLES = {
  bower,
  berries,
  dance,
  shells,
  straw,
  lost,
  orphan,
  flicker,
  glass,
  film,
  stonesAlbum,
  feathersAlbum,
  capsAlbum,
  emptyAlbum,
}
