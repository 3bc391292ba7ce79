import { describe, expect, it } from 'vitest'
import type { RefSpec } from '../../src/core/source.ts'
import { ROOT, SECRET, begin, finish } from './catalog-bench.ts'
import type { Bench } from './catalog-bench.ts'

const FUNNY = { text: 'imgur:r/funny', literal: false, root: ROOT }

function rootOf(url: string): RefSpec {
  return { source: 'direct', route: 'file', params: { url } }
}

/** What the contract says of what is followed. */
export function followsContract(bench: Bench): void {
  describe('a follow', () => {
    it('is listed as it was written, oldest first, and goes when it is removed', async () => {
      const { follows } = bench.catalog
      expect(await follows.add(FUNNY)).toBe('new')
      expect(await follows.add({ text: 'https://example.org/[1].jpg', literal: true, root: rootOf('[1]') })).toBe('new')
      const [first, second] = await follows.list()
      expect(first).toEqual({
        id: 1,
        text: 'imgur:r/funny',
        literal: false,
        source: 'imgur',
        added: expect.any(Number),
      })
      expect(second).toMatchObject({ text: 'https://example.org/[1].jpg', literal: true, source: 'direct' })
      await follows.remove(1)
      expect((await follows.list()).map(({ id }) => id)).toEqual([2])
      await follows.remove(1)
      expect(await follows.find(ROOT)).toBeUndefined()
    })

    it('is the same one by another name for the same root, and takes a new stop point', async () => {
      const { follows } = bench.catalog
      await follows.add(FUNNY)
      const url = 'https://imgur.com/r/funny'
      expect(await follows.add({ ...FUNNY, text: url })).toBe('known')
      expect(await follows.add({ ...FUNNY, text: url, stop: 'https://imgur.com/aaaaaaa' })).toBe('changed')
      expect(await follows.add({ ...FUNNY, text: url, stop: 'https://imgur.com/aaaaaaa' })).toBe('known')
      expect(await follows.add(FUNNY)).toBe('known')
      expect(await follows.list()).toMatchObject([{ text: 'imgur:r/funny', stop: 'https://imgur.com/aaaaaaa' }])
    })

    it('tells when an update last ended', async () => {
      const { follows } = bench.catalog
      await follows.add(FUNNY)
      await follows.visited(1, 1_700_000_000_000)
      expect(await follows.find(ROOT)).toMatchObject({ updated: 1_700_000_000_000 })
    })

    it('keeps its secrets apart for as long as it is followed, over runs and restarts', async () => {
      const text = `https://example.org/feed?token=${SECRET}`
      await bench.catalog.follows.add({ text, literal: false, root: rootOf(text) })
      expect((await bench.catalog.follows.list())[0]?.text).toBe(text)
      await finish(bench.catalog, await begin(bench.catalog))
      expect((await bench.catalog.follows.find(rootOf(text)))?.text).toBe(text)
      expect((await bench.place.bytes()).includes(SECRET)).toBe(false)
      expect((await (await bench.open()).follows.list())[0]?.text).toBe(text)
    })
  })
}
