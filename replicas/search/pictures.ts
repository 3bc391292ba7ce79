import type { Literal, Media, Still } from '../harness/media.ts'

/** One image that search engines know, and where it stands. Made by hand: no recorded image is shipped. */
export interface Picture {
  /** As the engines' ids are made of it. */
  readonly slug: string
  readonly title: string
  /** The full-size image. */
  readonly url: string
  /** The page that shows it. */
  readonly page: string
  readonly width: number
  readonly height: number
  /** What its host sends, to whom, and how. */
  readonly served:
    | { readonly kind: 'file'; readonly media: Media; readonly refererOnly?: boolean }
    /** Stands in the result itself, as a `data:` URL. */
    | { readonly kind: 'inline'; readonly media: Literal }
    | { readonly kind: 'gone' }
    | { readonly kind: 'page' }
    /** The engine knows a thumbnail only, which is a `data:` URL. */
    | { readonly kind: 'thumbnail'; readonly media: Literal }
  readonly author: string
}

export const IMAGE_HOSTS = ['images.bower.example', 'proud.bower.example'] as const

let seed = 700

function picture(slug: string, title: string, format: Still['format'], width: number, height: number): Picture {
  seed += 1
  return {
    slug,
    title,
    url: `https://images.bower.example/full/${slug}.${format === 'jpeg' ? 'jpg' : format}`,
    page: `https://www.bower.example/birds/${slug}.html`,
    width,
    height,
    served: { kind: 'file', media: { format, width, height, seed } },
    author: 'Robin Finch',
  }
}

function literal(mime: string, base64: string): Literal {
  return { format: 'literal', mime, base64 }
}

/** As it stands in a result. */
export function dataUrl({ mime, base64 }: Literal): string {
  return `data:${mime};base64,${base64}`
}

const BLUE_PNG = literal(
  'image/png',
  'iVBORw0KGgoAAAANSUhEUgAAAAwAAAAICAMAAAD6Ou7DAAAAA1BMVEUePMhXjoDdAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAADElEQVQImWNgoA8AAABoAAHln1ycAAAAAElFTkSuQmCC',
)
const GREEN_GIF = literal('image/gif', 'R0lGODlhEAAMAIAAAExpcRR4WiH5BAUAAAAALAAAAAAQAAwAAAIMjI+py+0Po5y02msKADs=')

const first = picture('satin-1', 'Satin bowerbird, male', 'jpeg', 320, 240)
const second = picture('satin-2', 'Satin bowerbird & bower "avenue"', 'png', 240, 180)
const third = picture('satin-3', 'Ptilonorhynchus violaceus – weiblich', 'webp', 200, 260)
const fourth = picture('satin-4', 'Blue things <of> a bower', 'jpeg', 360, 200)
const fifth = picture('satin-5', 'Juvenile', 'gif', 120, 90)
const sixth = picture('satin-6', 'At night', 'jpeg', 280, 210)
const seventh = picture('satin-7', 'Dancing', 'png', 160, 160)

const gone: Picture = { ...picture('ruin-gone', 'Was here', 'jpeg', 100, 100), served: { kind: 'gone' } }
const web: Picture = { ...picture('ruin-page', 'A shop', 'jpeg', 100, 100), served: { kind: 'page' } }
const standing = picture('ruin-1', 'Ruin of a bower', 'jpeg', 300, 220)
const later = picture('ruin-2', 'Another ruin', 'jpeg', 300, 200)
const proud: Picture = {
  ...picture('ruin-proud', 'Shown on its own page only', 'jpeg', 260, 190),
  url: 'https://proud.bower.example/full/ruin-proud.jpg',
  served: { kind: 'file', media: { format: 'jpeg', width: 260, height: 190, seed: 751 }, refererOnly: true },
}
const inline: Picture = {
  ...picture('ruin-inline', 'Small', 'png', 12, 8),
  url: dataUrl(BLUE_PNG),
  served: { kind: 'inline', media: BLUE_PNG },
}
const small: Picture = {
  ...picture('ruin-small', 'Nobody knows where it is', 'gif', 16, 12),
  url: '',
  served: { kind: 'thumbnail', media: GREEN_GIF },
}

export const PICTURES = {
  first,
  second,
  third,
  fourth,
  fifth,
  sixth,
  seventh,
  gone,
  web,
  standing,
  later,
  proud,
  inline,
  small,
}

/** What is found for a keyword, page by page; pages overlap, as those of the engines do. */
const RESULTS: Readonly<Record<string, readonly (readonly Picture[])[]>> = {
  'satin bowerbird': [
    [first, second, third],
    [third, fourth, fifth],
    [fifth, sixth, seventh],
  ],
  'bower ruins': [
    [standing, gone, inline],
    [web, proud, small],
    [gone, later],
  ],
}

/** Keywords that the replica answers with what stands in the way of results. */
export const WALLS = {
  consent: 'ask consent',
  captcha: 'prove yourself',
  shell: 'only scripts',
  unknown: 'new layout',
} as const

/** Whatever is searched for with it, the last page comes again and again. */
export const ENDLESS = 'endless bower'

export function pagesOf(keyword: string): readonly (readonly Picture[])[] {
  return RESULTS[keyword === ENDLESS ? 'satin bowerbird' : keyword] ?? []
}

/** A thumbnail as the engine keeps it: a small file of its own. */
export const THUMBNAIL: Still = { format: 'jpeg', width: 48, height: 36, seed: 799 }

const BY_URL = new Map(Object.values(PICTURES).map((each) => [each.url, each]))

export function pictureAt(url: string): Picture | undefined {
  return BY_URL.get(url)
}
