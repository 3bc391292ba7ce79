import type { Media, Still } from '../harness/media.ts'

/** How the site shows a work. */
export type Shown =
  /** The upload itself, by a token of its own. */
  | { readonly as: 'upload'; readonly upload: Still }
  /** A smaller rendering, in two qualities; the upload only by the download button, if there is one. */
  | { readonly as: 'rendering'; readonly usual: Still; readonly best: Still; readonly upload: Still }
  /** A GIF that has a media entry of its own, beside a still preview (as recorded in 2020). */
  | { readonly as: 'gif'; readonly upload: Still; readonly preview: Still }
  | {
      readonly as: 'film'
      readonly encodings: readonly { readonly height: number; readonly film: Media }[]
      readonly preview: Still
    }
  /** No picture: a preview that the artist chose, and the file by the download button alone. */
  | { readonly as: 'file'; readonly preview: Still; readonly upload: Media; readonly extension: string }
  | {
      readonly as: 'text'
      readonly pictures: readonly Still[]
      readonly shows: readonly number[]
      readonly editor: 'writer' | 'tiptap'
    }

export interface Artwork {
  readonly id: number
  readonly artist: string
  readonly title: string
  readonly journal?: boolean
  readonly shown: Shown
  readonly downloadable?: boolean
  readonly mature?: boolean
  readonly premium?: 'watchers' | 'paid'
  readonly deleted?: boolean
  /** Counted by lists, but shown to nobody: pages with it are shorter. */
  readonly hidden?: boolean
  /** Further pictures of the same work. */
  readonly more?: readonly Still[]
}

let seed = 4000

function still(format: Still['format'], width: number, height: number, frames?: number): Still {
  seed += 1
  return { format, width, height, seed, ...(frames !== undefined && { frames }) }
}

function upload(id: number, artist: string, title: string, file: Still, more: Partial<Artwork> = {}): Artwork {
  return { id, artist, title, shown: { as: 'upload', upload: file }, ...more }
}

function rendering(id: number, artist: string, title: string, more: Partial<Artwork> = {}): Artwork {
  const shown = { usual: still('jpeg', 180, 120), best: still('jpeg', 180, 120), upload: still('jpeg', 480, 320) }
  return { id, artist, title, shown: { as: 'rendering', ...shown }, ...more }
}

const bower = upload(810000101, 'mira', 'Bower in blue', still('jpeg', 360, 240))
const feather = rendering(810000102, 'mira', 'A feather, found', { downloadable: true })
/** Before 2019: the copies of that time are offered too. */
const shell = rendering(510000103, 'mira', 'Shell')
const dance = upload(810000104, 'mira', 'The dance', still('gif', 120, 90, 3))
const blink: Artwork = {
  id: 810000105,
  artist: 'mira',
  title: 'Blink',
  shown: { as: 'gif', upload: still('gif', 96, 72, 3), preview: still('png', 96, 72) },
}
const film: Artwork = {
  id: 810000106,
  artist: 'mira',
  title: 'Building, a film',
  shown: {
    as: 'film',
    encodings: [
      { height: 90, film: { format: 'mp4', width: 120, height: 90, seed: 4101 } },
      { height: 180, film: { format: 'mp4', width: 240, height: 180, seed: 4102 } },
    ],
    preview: still('jpeg', 120, 90),
  },
}
const triptych = upload(810000107, 'mira', 'Triptych', still('png', 120, 160), {
  more: [still('png', 121, 160), still('png', 122, 160)],
})
const story: Artwork = {
  id: 810000108,
  artist: 'mira',
  title: 'A story without pictures',
  shown: { as: 'text', pictures: [], shows: [], editor: 'writer' },
}
const secret = upload(810000109, 'mira', 'For friends', still('jpeg', 60, 40), { hidden: true })

const brushes: Artwork = {
  id: 820000201,
  artist: 'tools',
  title: 'Brushes',
  downloadable: true,
  shown: {
    as: 'file',
    preview: still('png', 150, 100),
    upload: { format: 'zip', entries: [{ name: 'brush.png', media: still('png', 40, 40) }] },
    extension: 'zip',
  },
}
/** Bytes that nobody recognises: the head of a file of brushes. */
const inks: Artwork = {
  id: 820000204,
  artist: 'tools',
  title: 'Inks',
  downloadable: true,
  shown: {
    as: 'file',
    preview: still('png', 151, 100),
    upload: {
      format: 'literal',
      mime: 'application/octet-stream',
      base64: Buffer.from(`\0\u0006\0\u00028BIMsamp${'bower'.repeat(300)}`).toString('base64'),
    },
    extension: 'abr',
  },
}
const poster = rendering(820000202, 'tools', 'Poster', { downloadable: true })
/** The button gives what is shown already: no download is needed. */
const icon = upload(820000203, 'tools', 'Icon', still('png', 64, 64), { downloadable: true })

const owl = upload(830000301, 'nightjar', 'Owl', still('jpeg', 200, 150))
const nude = upload(830000302, 'nightjar', 'Study of a figure', still('jpeg', 210, 150), { mature: true })
const draft = upload(830000303, 'nightjar', 'For watchers', still('jpeg', 220, 150), { premium: 'watchers' })
const paid = upload(830000304, 'nightjar', 'For subscribers', still('jpeg', 230, 150), { premium: 'paid' })
const lost = upload(830000305, 'nightjar', 'Deleted', still('jpeg', 240, 150), { deleted: true })

const journals: readonly Artwork[] = [1, 2, 3, 4, 5, 6, 7].map((number) => ({
  id: 840000400 + number,
  artist: 'quill',
  title: `Journal ${number}`,
  journal: true,
  shown: {
    as: 'text',
    pictures: number === 7 ? [] : [still('jpeg', 60 + number, 45)],
    shows: number === 1 || number === 7 ? [810000101] : [],
    editor: number === 7 ? 'tiptap' : 'writer',
  },
}))

/** Small works for lists that have three pages and more; every third is a rendering. */
const crowd: readonly Artwork[] = Array.from({ length: 9 }, (_, index) =>
  index % 3 === 2
    ? rendering(850000500 + index, 'crowd', `Study ${index}`)
    : upload(850000500 + index, 'crowd', `Study ${index}`, still('jpeg', 64 + index, 48)),
)
const unseen: readonly Artwork[] = [0, 1, 2].map((index) =>
  upload(850000600 + index, 'crowd', `Unseen ${index}`, still('jpeg', 64, 48), { hidden: true }),
)

const stashed = upload(860000701, 'mira', 'In the stash', still('jpeg', 90, 60))
const stashedToo = upload(860000702, 'mira', 'In the stash, too', still('jpeg', 91, 60))

/** A page of three with works that nobody sees, in the middle: empty, while there is more. */
const some = [...crowd.slice(0, 3), ...unseen, ...crowd.slice(3, 7)]

export const SAMPLES = {
  bower,
  feather,
  shell,
  dance,
  blink,
  film,
  triptych,
  story,
  brushes,
  inks,
  poster,
  icon,
  owl,
  nude,
  draft,
  paid,
  lost,
  journals,
  crowd,
  stashed,
  stashedToo,
}

export interface Artists {
  readonly gallery: readonly Artwork[]
  readonly scraps?: readonly Artwork[]
  readonly favourites?: readonly Artwork[]
  readonly folders?: readonly Folder[]
  readonly collections?: readonly Folder[]
  readonly posts?: readonly Artwork[]
}

export interface Folder {
  readonly id: number
  readonly uuid: string
  readonly name: string
  readonly works: readonly Artwork[]
}

export interface Site {
  readonly works: ReadonlyMap<number, Artwork>
  readonly artists: Readonly<Record<string, Artists>>
  readonly tags: Readonly<Record<string, readonly Artwork[]>>
  readonly daily: readonly Artwork[]
  readonly popular: readonly Artwork[]
  readonly stash: Readonly<Record<string, Artwork | readonly string[]>>
}

/** An artist of many small works, for benchmarks: 120 times `scale`. */
function many(scale: number): readonly Artwork[] {
  return Array.from({ length: 120 * scale }, (_, index) =>
    upload(870_000_000 + index, 'many', `Many ${index}`, {
      format: 'jpeg',
      width: 64,
      height: 48,
      seed: 60_000 + index,
      bytes: 40_000,
    }),
  )
}

export function makeSite(scale: number): Site {
  const mira = [bower, feather, secret, shell, dance, blink, film, triptych, story]
  const nightjar = [owl, nude, draft, paid, lost]
  const all = [...mira, brushes, inks, poster, icon, ...nightjar, ...journals, ...crowd, ...unseen, stashed, stashedToo]
  const galleries = many(scale)
  return {
    works: new Map([...all, ...galleries].map((work) => [work.id, work])),
    artists: {
      mira: {
        gallery: mira,
        scraps: some,
        favourites: some,
        folders: [
          { id: 100, uuid: 'AAAAAAAA-0000-4000-8000-000000000100', name: 'Featured', works: [bower] },
          { id: 101, uuid: 'AAAAAAAA-0000-4000-8000-000000000101', name: 'Fan Art!', works: some },
        ],
        collections: [{ id: 102, uuid: 'AAAAAAAA-0000-4000-8000-000000000102', name: 'Cities', works: some }],
      },
      tools: { gallery: [brushes, inks, poster, icon] },
      nightjar: { gallery: nightjar },
      quill: { gallery: [], posts: journals },
      crowd: { gallery: crowd },
      many: { gallery: galleries },
    },
    tags: { bower: some },
    daily: crowd.slice(0, 7),
    popular: some,
    stash: { '022c83odnaxc': stashed, '02aaaaaaaaaa': stashedToo, '21jf51j7pzl2': ['022c83odnaxc', '02aaaaaaaaaa'] },
  }
}
