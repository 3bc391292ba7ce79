import type { Medium } from './media.ts'

/** Whose post it is. */
export interface Blog {
  /** `NAME.lofter.com`; absent where only its number is known. */
  readonly name?: string
  /** Its title, which is the blogger's nickname. */
  readonly title?: string
}

/** A post, whichever strategy read it. */
export interface Post {
  /** hex(id of the blog)_hex(id of the post). */
  readonly permalink: string
  readonly blog: Blog
  /** Empty where the blogger gave none. */
  readonly title: string
  /** Plain text of the post or its caption, for the description and as a title. */
  readonly text: string
  /** ISO 8601. */
  readonly date?: string
  readonly tags: readonly string[]
  readonly media: readonly Medium[]
  /** For paying readers: what is listed may be only the free part. */
  readonly paid: boolean
}

/** An entry of a listing that only leads to its post. */
export interface PostLink {
  readonly permalink: string
  readonly blog: Blog
  readonly tags?: readonly string[]
  /** The image of a post of one, where the listing shows it. */
  readonly only?: Medium
}

/** Characters of a text that stand for the title of a post without one. */
const HEAD_LENGTH = 40

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/**
 * What a person calls the post: its title; else the head of its text, as the site itself titles such a page; else its day
 * and number, so that no two untitled posts share a name.
 */
export function nameOf({ title, text, date, permalink }: Post): string {
  if (title !== '') return title
  const line = text.split('\n').find((each) => each.trim() !== '') ?? ''
  const head = Array.from(graphemes.segment(line.trim().slice(0, HEAD_LENGTH * 8)), ({ segment }) => segment)
  if (head.length > 0) return head.slice(0, HEAD_LENGTH).join('').trim()
  return [date?.slice(0, 10) ?? '', permalink].join(' ').trim()
}

/** hex(id of the blog)_hex(id of the post), from the two numbers. */
export function permalinkOf(blogId: number, postId: number): string {
  return `${blogId.toString(16)}_${postId.toString(16)}`
}

/** The two numbers of a permalink: no request is needed to know them. */
export function idsOf(permalink: string): { readonly blogId: number; readonly postId: number } {
  const [blogId = '', postId = ''] = permalink.split('_')
  return { blogId: Number.parseInt(blogId, 16), postId: Number.parseInt(postId, 16) }
}
