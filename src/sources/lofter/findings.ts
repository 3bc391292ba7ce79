import type { JsonObject } from '../../core/glossary.ts'
import type { Finding, Meta, RefSpec } from '../../core/source.ts'
import { assetKey } from '../../kit/keys.ts'
import { childRef } from '../../kit/refs.ts'
import type { Medium } from './media.ts'
import type { Blog, Post, PostLink } from './model.ts'
import { nameOf } from './model.ts'
import { postPage, referer } from './places.ts'

/** A post of more is explored by itself: a page of a listing must stay below 1,000 findings. */
const MOST_AT_ONCE = 30

/** Everything of one post. */
export function postFindings(post: Post): readonly Finding[] {
  const assets = post.media.map((medium, index) => assetOf(post, medium, index + 1))
  return post.paid ? [...assets, hiddenPart(post)] : assets
}

/** A post that a listing holds whole. */
export function listedFindings(post: Post): readonly Finding[] {
  if (post.media.length <= MOST_AT_ONCE) return postFindings(post)
  return [
    childRef(
      postRef(post.permalink, post.blog),
      post.media.map((medium) => keyOf(post.permalink, medium)),
    ),
  ]
}

/** A post that a listing only names. */
export function linkFinding({ permalink, blog, only }: PostLink): Finding {
  return childRef(postRef(permalink, blog), only === undefined ? undefined : [keyOf(permalink, only)])
}

function assetOf(post: Post, medium: Medium, index: number): Finding {
  const { permalink, blog } = post
  const headers = { referer: referer(blog.name) }
  return {
    kind: 'asset',
    asset: {
      key: keyOf(permalink, medium),
      index,
      candidates: medium.candidates.map((candidate) => ({ ...candidate, headers })),
      meta: metaOf(post, medium),
      refresh: postRef(permalink, blog.name === undefined ? {} : { name: blog.name }),
      rules: { expect: medium.kind },
    },
  }
}

function metaOf(post: Post, medium: Medium): Meta {
  const { permalink, blog, text, date, tags } = post
  const title = blog.title || blog.name
  const { kind, width, height, caption } = medium
  return {
    title: nameOf(post),
    ...(title !== undefined && { author: title, blog: title }),
    ...(blog.name !== undefined && { blogName: blog.name }),
    permalink,
    ...(text !== '' && { description: text }),
    ...(date !== undefined && { date }),
    ...(tags.length > 0 && { tags }),
    page: postPage(permalink, blog.name),
    kind,
    ...(width !== undefined && height !== undefined && { width, height }),
    ...(caption !== undefined && { caption }),
    filename: medium.id,
  }
}

function hiddenPart(post: Post): Finding {
  return {
    kind: 'unavailable',
    code: 'NeedsLogin',
    what: `${nameOf(post)} (${postPage(post.permalink, post.blog.name)})`,
    why: 'the post is for paying readers; what is free of it is collected',
  }
}

/** The title is passed on because a post's old page does not tell it apart from the post's own. */
function postRef(permalink: string, blog: Blog): RefSpec {
  const params: JsonObject = {
    permalink,
    ...(blog.name !== undefined && { blog: blog.name }),
    ...(blog.title !== undefined && { blogTitle: blog.title }),
  }
  return { source: 'lofter', route: 'post', params }
}

function keyOf(permalink: string, medium: Medium): string {
  return assetKey('lofter', permalink, medium.id)
}
