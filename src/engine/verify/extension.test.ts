import { describe, expect, it } from 'vitest'
import { extensionFor, isStorable } from './extension.ts'

const at = (extension: string, url = 'https://example.org/x') => extensionFor({ extension }, url)

describe('extensionFor', () => {
  it("keeps the names of artists' tools, whose bytes nobody recognises", () => {
    expect(at('', 'https://example.org/wet%20ink.ABR?token=1')).toBe('abr')
    expect(at('', 'https://example.org/colours.aco')).toBe('aco')
    expect(at('exe', 'https://example.org/brushes.abr')).toBe('bin')
  })

  it('follows the bytes, not the URL', () => {
    expect(at('jpg', 'https://example.org/picture.png')).toBe('jpg')
    expect(at('png', 'https://example.org/picture.html')).toBe('png')
  })

  it('takes another name of the same type from the URL', () => {
    expect(at('zip', 'https://example.org/comic.CBZ?x=1')).toBe('cbz')
    expect(at('zip', 'https://example.org/tool.jar')).toBe('zip')
    expect(at('jpg', 'https://example.org/comic.cbz')).toBe('jpg')
  })

  it('never gives a name that something could run', () => {
    for (const extension of ['', 'exe', 'html', 'url', 'lnk', 'desktop', 'sh', 'webloc', 'class']) {
      expect(at(extension, `https://example.org/x.${extension}`)).toBe('bin')
    }
  })
})

describe('isStorable', () => {
  it('knows what is never stored', () => {
    expect(['exe', 'html', 'url', 'sh', 'lnk'].filter((extension) => isStorable({ extension }))).toEqual([])
    expect(['jpg', 'webm', 'cbz', ''].every((extension) => isStorable({ extension }))).toBe(true)
  })
})
