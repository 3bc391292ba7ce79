import { describe, expect, it } from 'vitest'
import { load, loadFile } from './loading.ts'

describe('sources', () => {
  it('take options as text where a flag says them', async () => {
    const option = [
      'imgur.gif=both',
      'imgur.depth=5',
      'imgur.mature=yes',
      'imgur.kinds=a, b',
      'imgur.clientSecret=12345678',
    ]
    const { sources } = await load({ flags: { option } })
    expect(sources['imgur']?.options).toEqual({
      gif: 'both',
      depth: 5,
      mature: true,
      kinds: ['a', 'b'],
      clientSecret: '12345678',
    })
  })

  it('merge options by name over the layers', async () => {
    const { sources } = await loadFile('sources: {imgur: {gif: mp4, depth: 5}}', {
      flags: { option: ['imgur.gif=both'] },
    })
    expect(sources['imgur']?.options).toMatchObject({ gif: 'both', depth: 5 })
  })

  it('have folder, name, where and limit of their own', async () => {
    const { sources, folder: all } = await loadFile(
      'folder: all\nsources: {imgur: {folder: "own", name: "{id}", where: "width > 5", limit: 3}}',
    )
    expect(all?.text).toBe('all')
    expect(sources['direct']).toEqual({ options: {} })
    expect(sources['imgur']).toMatchObject({
      folder: { text: 'own' },
      name: { text: '{id}' },
      where: { text: 'width > 5' },
      limit: 3,
    })
  })

  it('have them said by a flag', async () => {
    const { sources } = await load({ flags: { option: ['imgur.limit=5', 'imgur.folder=x'] } })
    expect(sources['imgur']).toMatchObject({ limit: 5, folder: { text: 'x' } })
  })

  it('give way to what a later layer says for all', async () => {
    const { sources } = await loadFile('sources: {imgur: {folder: own, limit: 3}}', { flags: { folder: 'all' } })
    expect(sources['imgur']?.folder).toBeUndefined()
    expect(sources['imgur']?.limit).toBe(3)
  })
})
