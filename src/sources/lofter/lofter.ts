import { z } from 'zod'
import type { Source } from '../../core/source.ts'
import { assetKey } from '../../kit/keys.ts'
import { textParam } from '../../kit/params.ts'
import { apiBlog, apiPost, apiTag } from './api.ts'
import { evidence } from './evidence.ts'
import { followLink } from './link.ts'
import { DESKTOP } from './requests.ts'
import * as targets from './targets.ts'
import { mobileListing, mobilePost, oldListing, oldPost } from './web.ts'

export const source: Source = {
  name: 'lofter',
  about: 'blogs, posts and tags of lofter.com',
  hosts: ['lofter.com', '*.lofter.com'],
  options: z.object({
    pageSize: z
      .number()
      .int()
      .min(1)
      .max(25)
      .default(20)
      .describe("posts of one page of a blog, as --pages counts them; the site's own pages have 1 to 30"),
    pageRange: z
      .boolean()
      .default(true)
      .describe("find a blog's last page first and tell it, for some small requests (about ten for 1,000 posts)"),
  }),
  fields: {
    blog: "the blog's title, which is the blogger's nickname; without one its name",
    blogName: "the blog's name, as in NAME.lofter.com",
    permalink: 'the number of the post, as in its address',
    caption: 'what is written below the one image',
  },
  limits: [
    // No limit is known. One request lists twenty posts, so that two a second are faster than their images.
    { scope: 'api.lofter.com', hosts: ['api.lofter.com'], slots: 2, perSecond: 2, timeout: 8 },
    // Others were blocked for walking the pages too fast (2020).
    {
      scope: 'lofter.com',
      hosts: ['lofter.com', '*.lofter.com'],
      slots: 2,
      perSecond: 1,
      userAgent: DESKTOP,
      timeout: 8,
    },
    // The stores of images answer at once or not at all.
    {
      scope: 'lofter images',
      hosts: [
        '*.lf127.net',
        '*.nosdn.127.net',
        '*.nosdn0.126.net',
        '*.ph.126.net',
        'nos.netease.com',
        '*.nos.netease.com',
      ],
      slots: 12,
      timeout: 8,
    },
    { scope: 'lofter videos', hosts: ['*.vod.126.net'], slots: 4, timeout: 8 },
  ],
  folder: '{source}/{blog}',
  filename: '{date:YYYY-MM-DD} {permalink}_{index:02}',
  evidence,
  routes: [
    {
      name: 'post',
      example: 'lofter:yurisa123/1d0d4088_5e71f8f',
      also: [
        'https://yurisa123.lofter.com/post/1d0d4088_5e71f8f',
        'https://yurisa123.lofter.com/front/post/1d0d4088_5e71f8f',
        'https://www.lofter.com/front/post/1d0d4088_5e71f8f',
        'https://uls.lofter.com/?h5url=https%3A%2F%2Fyurisa123.lofter.com%2Fpost%2F1d0d4088_5e71f8f',
      ],
      about: 'all images and videos of a post',
      key: (params) => assetKey('lofter', textParam(params, 'permalink')),
      match: targets.matchPost,
      strategies: [apiPost, mobilePost, oldPost],
    },
    {
      name: 'blog',
      example: 'lofter:yurisa123',
      also: [
        'https://yurisa123.lofter.com/',
        'https://yurisa123.lofter.com/?page=5',
        'https://yurisa123.lofter.com/view',
        'https://www.lofter.com/front/blog/home-page/yurisa123',
        'https://www.lofter.com/blog/yurisa123',
        'https://www.lofter.com/app/yurisa123',
        'https://www.lofter.com/mentionredirect.do?blogId=487407752',
      ],
      about: 'a blog, newest first, whatever page of it is named; --pages takes some pages',
      order: 'newest-first',
      match: targets.matchBlog,
      strategies: [apiBlog('blog'), mobileListing('blog'), oldListing('blog')],
    },
    {
      name: 'blog-tag',
      example: 'lofter:yurisa123/tag/photo',
      also: ['https://yurisa123.lofter.com/tag/photo'],
      about: "a blog's posts with a tag, newest first",
      order: 'newest-first',
      match: targets.matchBlogTag,
      strategies: [apiBlog('blog-tag'), mobileListing('blog-tag'), oldListing('blog-tag')],
    },
    {
      name: 'tag',
      example: 'lofter:tag/插画',
      also: ['https://www.lofter.com/tag/插画', 'https://www.lofter.com/tag/插画/new'],
      about: 'the posts of all blogs with a tag, newest first',
      order: 'newest-first',
      match: targets.matchTag,
      strategies: [apiTag('tag'), mobileListing('tag'), oldListing('tag')],
    },
    {
      name: 'tag-top',
      example: 'https://www.lofter.com/tag/插画/total',
      also: [
        'https://www.lofter.com/tag/插画/month',
        'https://www.lofter.com/tag/插画/week',
        'https://www.lofter.com/tag/插画/date',
      ],
      about: 'the best posts with a tag: of all times, of the month, the week, the day',
      match: targets.matchTagTop,
      strategies: [apiTag('tag-top'), mobileListing('tag-top'), oldListing('tag-top')],
    },
    {
      name: 'link',
      example: 'https://s.lofter.com/-s/xxxx',
      about: 'a link as the app shares it, followed to what it leads to',
      match: targets.matchLink,
      strategies: [followLink],
    },
  ],
}
