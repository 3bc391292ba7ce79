import { describe, expect, it } from 'vitest'
import { readCustomSearch } from './google-cse.ts'

const ITEM = { link: 'https://a.example/1.jpg', title: 'One', image: { contextLink: 'https://a.example/page' } }

function answer(next: number | undefined, items: readonly unknown[] | undefined = [ITEM]): string {
  return JSON.stringify({ queries: { request: [], ...(next && { nextPage: [{ startIndex: next }] }) }, items })
}

describe('readCustomSearch', () => {
  it('takes the link for the image, and the page it is on as its referer', async () => {
    expect(await readCustomSearch(answer(undefined))).toEqual({
      kind: 'results',
      results: [
        {
          url: 'https://a.example/1.jpg',
          referer: 'https://a.example/page',
          meta: { title: 'One', page: 'https://a.example/page' },
        },
      ],
    })
  })

  it('goes on where the answer says, up to a hundred results', async () => {
    expect(await readCustomSearch(answer(11))).toMatchObject({ next: 11 })
    expect(await readCustomSearch(answer(91))).toMatchObject({ next: 91 })
    expect(await readCustomSearch(answer(101))).not.toHaveProperty('next')
  })

  it('takes an answer without items for no result', async () => {
    expect(await readCustomSearch(JSON.stringify({ queries: { request: [] } }))).toEqual({ kind: 'none' })
  })

  it('names the place that does not fit', async () => {
    expect(await readCustomSearch('{"items":[]}')).toEqual({ kind: 'unknown-layout', where: '$.queries' })
  })
})
