import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { ExploreContext, Source } from '../../core/source.ts'
import { KeywordIndex } from './keyword-index.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bowerbird-index-'))
})
afterEach(() => rm(root, { recursive: true }))

/** A page of a search, or a page that breaks behind what it has found. */
type Page = Readonly<Record<number, string>>

function search(name: string, page: Page, fault?: Error): Source {
  const explore = async function* () {
    await Promise.resolve()
    for (const [index, url] of Object.entries(page)) {
      const candidates = [{ url, quality: 'full' as const }]
      yield { kind: 'asset' as const, asset: { key: `search:cat:${url}`, candidates, meta: {}, index: Number(index) } }
    }
    if (fault !== undefined) throw fault
  }
  const route = { name, example: '', about: '', match: () => undefined, strategies: [{ name, explore }] }
  const rest = { about: '', hosts: [], options: z.object({}), limits: [], folder: '', filename: '' }
  return { name: 'search', routes: [route], ...rest }
}

/** One run in which a keyword's pages are read. */
async function run(...sources: readonly Source[]): Promise<void> {
  const index = new KeywordIndex(root, false)
  for (const source of index.observing(sources)) {
    const strategy = source.routes[0]?.strategies[0]
    const findings = strategy?.explore({ keyword: 'cat' }, undefined, {} as ExploreContext) ?? []
    for await (const finding of findings) expect(finding.kind).toBe('asset')
  }
  await index.close()
}

async function written(): Promise<unknown> {
  return JSON.parse(await readFile(join(root, 'keyword_urls.json'), 'utf8'))
}

describe('the list of a keyword', () => {
  test('has what was found where it was listed', async () => {
    await run(search('bing', { 1: 'a', 2: 'b', 3: 'c' }))
    expect(await written()).toEqual({ cat: ['a', 'b', 'c'] })
  })

  test('is filled with what an earlier run has read, where this one goes on behind it', async () => {
    await run(search('bing', { 1: 'a', 2: 'b' }))
    await run(search('bing', { 3: 'c', 4: 'd' }))
    expect(await written()).toEqual({ cat: ['a', 'b', 'c', 'd'] })
  })

  test('follows the newest order, and drops nothing', async () => {
    await run(search('bing', { 1: 'a', 2: 'b', 3: 'c' }))
    await run(search('bing', { 1: 'new', 2: 'a' }))
    expect(await written()).toEqual({ cat: ['new', 'a', 'b', 'c'] })
  })

  test('has what a second provider found behind the first', async () => {
    await run(search('bing', { 1: 'a', 2: 'b' }), search('commons', { 1: 'b', 2: 'c' }))
    expect(await written()).toEqual({ cat: ['a', 'b', 'c'] })
  })

  test('has what stood before a page broke', async () => {
    await expect(run(search('bing', { 1: 'a' }, new Error('cut')))).rejects.toThrow('cut')
    expect(await written()).toEqual({ cat: ['a'] })
  })
})

test('a file that is no index stays, and is told when the run is over', async () => {
  await writeFile(join(root, 'keyword_urls.json'), 'mine')
  await expect(run(search('bing', { 1: 'a' }))).rejects.toThrow(/keyword_urls\.json:1 is no index/)
  expect(await readFile(join(root, 'keyword_urls.json'), 'utf8')).toBe('mine')
})
