/** What all of imgur's interfaces say of one image, read into one shape. */
export interface Picture {
  /** 5 or 7 letters and digits. */
  readonly id: string
  /** Of the original, without the dot; `jpg`, never `jpeg`. `mp4` where a video was uploaded. */
  readonly extension: string
  /** A moving GIF, which imgur also has as a video of the same id. */
  readonly animated: boolean
  readonly title?: string
  readonly description?: string
  /** The user's name; absent for anonymous uploads. */
  readonly author?: string
  /** ISO 8601. */
  readonly date?: string
  readonly width?: number
  readonly height?: number
  /** Of the original, and of the video made of a moving GIF. */
  readonly bytes?: number
  readonly videoBytes?: number
  /** The file's name when it was uploaded. */
  readonly filename?: string
  readonly tags?: readonly string[]
  /** The subreddit it was listed under. */
  readonly section?: string
  readonly nsfw?: boolean
}

export interface Album {
  readonly id: string
  readonly title?: string
  readonly description?: string
  readonly author?: string
  readonly date?: string
  readonly tags?: readonly string[]
  readonly nsfw?: boolean
  readonly section?: string
  /** How many images it has, where that is said; may be more than `pictures` holds. */
  readonly count?: number
  /** The id of its first image. */
  readonly cover?: string
  readonly pictures: readonly Picture[]
}

/** One post as it is described. */
export type Entry =
  | { readonly kind: 'picture'; readonly picture: Picture }
  | { readonly kind: 'album'; readonly album: Album }

/** One entry of a listing; of some is only told where they are. */
export type Listed = Entry | { readonly kind: 'link'; readonly route: 'post' | 'image'; readonly id: string }

/** One post that is wanted: its id and, where the user named a file of it, that file's ending. */
export interface Wanted {
  readonly id: string
  readonly ending?: string
}

export function idOf(entry: Listed): string {
  switch (entry.kind) {
    case 'link':
      return entry.id
    case 'picture':
      return entry.picture.id
    case 'album':
      return entry.album.id
  }
}

/** `.JPG?1`, `jpeg`, `image/jpeg` and `https://i.imgur.com/abc.jpg` all say `jpg`. */
export function extensionOf(text: string): string {
  const extension = /([a-z0-9]+)(?:[?#].*)?$/i.exec(text)?.[1]?.toLowerCase() ?? ''
  return extension === 'jpeg' ? 'jpg' : extension
}
