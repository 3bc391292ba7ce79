import { describe, expect, test } from 'vitest'
import type { Post } from './model.ts'
import { idsOf, nameOf, permalinkOf } from './model.ts'
import { titlesOf } from './old-page.ts'

const POST: Post = {
  permalink: '1a_2b',
  blog: {},
  title: '',
  text: '',
  date: '2020-06-04T10:00:00Z',
  tags: [],
  media: [],
  paid: false,
}

describe('the name of a post', () => {
  test.each([
    ['its title', { title: 'On moss', text: 'Moss is green' }, 'On moss'],
    ['the first line of its text', { text: '\n  与 朋友\n第二行' }, '与 朋友'],
    ['at most forty characters of it, none of them broken', { text: '👩‍👩‍👧'.repeat(50) }, '👩‍👩‍👧'.repeat(40)],
    ['its day and number where there is nothing else', {}, '2020-06-04 1a_2b'],
  ])('is %s', (_what, more, expected) => {
    expect(nameOf({ ...POST, ...more })).toBe(expected)
  })
})

test('a permalink is two numbers', () => {
  expect(idsOf('1faf7c47_34cbb4c8e')).toEqual({ blogId: 531_594_311, postId: 14_172_245_134 })
  expect(permalinkOf(531_594_311, 14_172_245_134)).toBe('1faf7c47_34cbb4c8e')
})

describe('the title of an old page', () => {
  test.each([
    ['On moss-Green', undefined, 'On moss', 'Green'],
    ['On - moss-Green', undefined, 'On - moss', 'Green'],
    ['On moss-Green - Blog', 'Green - Blog', 'On moss', 'Green - Blog'],
    ['与@某人&nb-梅', undefined, '与@某人', '梅'],
    ['first line \nsecond-Green', undefined, 'first line', 'Green'],
    ['-Green', undefined, '', 'Green'],
    ['Green', undefined, 'Green', ''],
  ])('%j with the blog %j is of %j by %j', (heading, known, title, blogTitle) => {
    expect(titlesOf(heading, known)).toEqual({ title, blogTitle })
  })
})
