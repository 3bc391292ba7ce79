import { describe, expect, test } from 'vitest'
import { readTarget } from '../../core/target.ts'
import { source } from './lofter.ts'

function resolved(text: string): unknown {
  const target = readTarget(text)
  for (const route of source.routes) {
    const params = route.match(target)
    if (params !== undefined) return [route.name, params]
  }
  return undefined
}

const POST = ['post', { permalink: '1faf7c47_34cbb4c8e', blog: 'some-blog' }]

describe('targets of Lofter', () => {
  test.each([
    ['https://some-blog.lofter.com/post/1faf7c47_34cbb4c8e', POST],
    ['http://some-blog.lofter.com/post/1FAF7C47_34CBB4C8E?act=x#comments', POST],
    ['https://Some-Blog.lofter.com/front/post/1faf7c47_34cbb4c8e', POST],
    ['some-blog.lofter.com/post/1faf7c47_34cbb4c8e', POST],
    ['lofter:some-blog/1faf7c47_34cbb4c8e', POST],
    ['lofter:some-blog/post/1faf7c47_34cbb4c8e', POST],
    ['lofter:https://some-blog.lofter.com/post/1faf7c47_34cbb4c8e', POST],
    ['https://uls.lofter.com/?h5url=https%3A%2F%2Fsome-blog.lofter.com%2Fpost%2F1faf7c47_34cbb4c8e', POST],
    ['https://www.lofter.com/front/post/1faf7c47_34cbb4c8e', ['post', { permalink: '1faf7c47_34cbb4c8e' }]],
    ['lofter:yurisa123', ['blog', { blog: 'yurisa123' }]],
    ['lofter:Yurisa123', ['blog', { blog: 'yurisa123' }]],
    ['lofter:yurisa123.lofter.com', ['blog', { blog: 'yurisa123' }]],
    ['lofter:https://yurisa123.lofter.com', ['blog', { blog: 'yurisa123' }]],
    ['https://yurisa123.lofter.com', ['blog', { blog: 'yurisa123' }]],
    ['http://yurisa123.lofter.com/?page=7&t=1475000000000', ['blog', { blog: 'yurisa123' }]],
    ['https://yurisa123.lofter.com/view', ['blog', { blog: 'yurisa123' }]],
    ['https://www.lofter.com/front/blog/home-page/yurisa123', ['blog', { blog: 'yurisa123' }]],
    ['https://www.lofter.com/blog/yurisa123', ['blog', { blog: 'yurisa123' }]],
    ['https://www.lofter.com/app/yurisa123', ['blog', { blog: 'yurisa123' }]],
    ['https://www.lofter.com/mentionredirect.do?blogId=4100148', ['blog', { blogId: 4_100_148 }]],
    ['https://yurisa123.lofter.com/tag/%E6%8F%92%E7%94%BB', ['blog-tag', { blog: 'yurisa123', tag: '插画' }]],
    ['lofter:yurisa123/tag/a b', ['blog-tag', { blog: 'yurisa123', tag: 'a b' }]],
    ['https://www.lofter.com/tag/%E6%8F%92%E7%94%BB', ['tag', { tag: '插画' }]],
    ['https://www.lofter.com/tag/插画/new', ['tag', { tag: '插画' }]],
    ['lofter:tag/插画', ['tag', { tag: '插画' }]],
    ['https://www.lofter.com/tag/插画/total', ['tag-top', { tag: '插画', sort: 'total' }]],
    ['lofter:tag/插画/week', ['tag-top', { tag: '插画', sort: 'week' }]],
    ['https://s.lofter.com/-s/AbC1', ['link', { url: 'https://s.lofter.com/-s/AbC1' }]],
  ])('%s', (text, expected) => {
    expect(resolved(text)).toEqual(expected)
  })

  test.each([
    'https://www.lofter.com/',
    'https://lofter.com/',
    'https://www.lofter.com/front/login',
    'https://www.lofter.com/tag/插画/elsewhere',
    'https://www.lofter.com/mentionredirect.do?blogId=abc',
    'https://api.lofter.com/v2.0/blogHomePage.api',
    'https://i.lofter.com/',
    'https://uls.lofter.com/?h5url=https%3A%2F%2Fexample.org%2F',
    'https://uls.lofter.com/?h5url=https%3A%2F%2Fuls.lofter.com%2F%3Fh5url%3Dx',
    'https://yurisa123.lofter.com/rss',
    'https://yurisa123.lofter.com/post/zz_1',
    'https://yurisa123.lofter.com.example.org/post/1_2',
    'https://notlofter.com/post/1_2',
    'lofter:www',
    'lofter:a blog',
    'lofter:yurisa123/1_2/3',
  ])('%s is none', (text) => {
    expect(resolved(text)).toBeUndefined()
  })
})
