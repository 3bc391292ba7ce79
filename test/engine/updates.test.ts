import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Fault } from '../../src/core/errors.ts'
import type { Finding } from '../../src/core/source.ts'
import { readTarget } from '../../src/core/target.ts'
import type { TargetInput } from '../../src/engine/parts.ts'
import { asset, collectWith, counts, place, ref, testSource } from './harness.ts'
import type { Place, Ran, RunOptions } from './harness.ts'
import { picture } from './pictures.ts'

const TARGET = 'test:artist/one'

/** A gallery, newest first, as a test has it now; its pages are asked for over the network like any other. */
class Gallery {
  /** Newest first. */
  posts: string[]
  pageSize = 24
  /** Stand above all others, wherever they belong. */
  pinned: string[] = []
  /** Posts that are albums: the listing leads to them, and tells their keys where `tells` is true. */
  albums = new Set<string>()
  tells = true
  dates = new Map<string, string>()
  /** Posts that are shown to people who are logged in. */
  locked = new Set<string>()
  /** The better way to the listing is refused; the other one does not know of these posts. */
  refused = false
  unknown = new Set<string>()
  readonly here: Place
  readonly source = testSource(
    {
      artist: [
        {
          name: 'best',
          explore: (_params, cursor, { http }) => {
            if (this.refused) throw new Fault('Blocked', 'not for programs')
            return this.#list(Number(cursor ?? 1), http)
          },
        },
        {
          name: 'less',
          lists: 'less',
          explore: (_params, cursor, { http }) => this.#list(Number(cursor ?? 1), http, this.unknown),
        },
      ],
      album: (params) => this.#album(params),
    },
    { options: z.object({ more: z.boolean().default(false) }) },
  )

  constructor(here: Place, count: number) {
    this.here = here
    this.posts = Array.from({ length: count }, (_, index) => `p${String(count - index).padStart(3, '0')}`)
    const [artist] = this.source.routes
    Object.assign(artist ?? {}, { order: 'newest-first' })
    here.site.on('/page/*', { body: 'here' })
    here.site.on('/file/*', ({ path }) => picture(path))
  }

  add(...names: readonly string[]): void {
    this.posts.unshift(...names)
  }

  /** Pages that were asked for since the last look. */
  pages(): readonly number[] {
    const asked = this.here.site.paths('/page/').map((path) => Number(path.slice('/page/'.length)))
    this.here.site.log.length = 0
    return asked
  }

  get(options: RunOptions = {}): Promise<Ran> {
    return collectWith([this.source], this.here, [TARGET], options)
  }

  update(options: RunOptions & { readonly stop?: string } = {}): Promise<Ran> {
    const { stop } = options
    const follow = { id: 1, ...(stop !== undefined && { stop }) }
    const input: TargetInput = { target: readTarget(TARGET), follow }
    return collectWith([this.source], this.here, [TARGET], { ...options, job: { mode: 'update', named: [input] } })
  }

  async *#list(
    page: number,
    http: { request(request: { url: string }): Promise<unknown> },
    without: ReadonlySet<string> = new Set(),
  ): AsyncIterable<Finding> {
    await http.request({ url: this.here.site.at(`/page/${page}`) })
    const all = [...this.pinned, ...this.posts.filter((name) => !this.pinned.includes(name))]
    const names = all.slice((page - 1) * this.pageSize, page * this.pageSize)
    for (const name of names) if (!without.has(name)) yield this.#post(name)
    if (page * this.pageSize < all.length) yield ref('next', 'artist', { argument: 'one' }, { cursor: page + 1 })
  }

  #post(name: string): Finding {
    if (this.locked.has(name)) return { kind: 'unavailable', code: 'NeedsLogin', what: name, why: 'it is for members' }
    return this.albums.has(name) ? this.#albumRef(name) : this.#asset(name)
  }

  async *#album({ argument }: { readonly argument?: unknown }): AsyncIterable<Finding> {
    await Promise.resolve()
    for (const part of [1, 2]) yield this.#asset(`${String(argument)}-${part}`)
  }

  #albumRef(name: string): Finding {
    const yields = [1, 2].map((part) => `test:file-${name}-${part}`)
    return ref('child', 'album', { argument: name }, this.tells ? { yields } : {})
  }

  #asset(name: string): Finding {
    const date = this.dates.get(name)
    const found = asset(this.here.site.at(`/file/${name}.jpg`))
    const page = `https://gallery.example/art/${name}`
    return { ...found, asset: { ...found.asset, meta: { ...found.asset.meta, page, ...(date && { date }) } } }
  }
}

async function gallery(count: number): Promise<Gallery> {
  return new Gallery(await place(), count)
}

describe.each(['get', 'update'] as const)('a second %s', (command) => {
  test('fetches only what is new, and ends with the first page of known ground', async () => {
    const one = await gallery(72)
    expect(counts(await one.get())).toEqual({ stored: 72 })
    expect(one.pages()).toEqual([1, 2, 3])
    one.add('new2', 'new1')
    expect(counts(await one[command]())).toMatchObject({ stored: 2 })
    expect(one.pages()).toEqual([1, 2])
    expect(counts(await one[command]())).toEqual({ known: 24 })
    expect(one.pages()).toEqual([1])
  })

  test('reads on where an earlier visit left a page that failed', async () => {
    const one = await gallery(100)
    one.here.site.on('/page/3', { status: 404 })
    expect((await one.get()).exit).toBe(4)
    one.here.site.on('/page/3', { body: 'here' })
    one.pages()
    expect(counts(await one[command]())).toEqual({ stored: 52, known: 48 })
    expect(one.pages().toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
    await one[command]()
    expect(one.pages()).toEqual([1])
  })
})

describe('known ground', () => {
  test('looks below pinned posts', async () => {
    const one = await gallery(100)
    one.pinned = ['p001', 'p002', 'p003']
    await one.get()
    one.pages()
    one.add('new1')
    one.pageSize = 3
    expect(counts(await one.update())).toMatchObject({ stored: 1 })
    // The first page is pinned posts alone; behind the new one it takes 20 items in a row, here 7 pages.
    expect(one.pages()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('finds what was published between known posts on a page that it reads', async () => {
    const one = await gallery(100)
    await one.get()
    one.pages()
    one.posts.splice(20, 0, 'between')
    expect(counts(await one.update())).toMatchObject({ stored: 1 })
    expect(one.pages()).toEqual([1, 2])
  })

  test('takes nothing for known that another target brought', async () => {
    const one = await gallery(100)
    await one.get()
    one.add(...Array.from({ length: 30 }, (_, index) => `new${30 - index}`))
    const tagged = one.posts.slice(0, 24).map((name) => asset(one.here.site.at(`/file/${name}.jpg`)))
    const tag = testSource({
      tag: async function* () {
        await Promise.resolve()
        yield* tagged
      },
    })
    const other = await collectWith([tag], one.here, ['test:tag/t'])
    expect(counts(other)).toEqual({ stored: 24 })
    one.pages()
    expect(counts(await one.update())).toMatchObject({ stored: 6 })
    expect(one.pages()).toEqual([1, 2, 3])
  })

  test('reads on where --limit or --pages left pages', async () => {
    for (const flags of [{ limit: '30' }, { pages: '1-2' }]) {
      const one = await gallery(100)
      await one.get({ flags })
      one.pages()
      expect(counts(await one.update())['stored']).toBe(100 - (flags.limit === undefined ? 48 : 30))
      expect(one.pages().toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
      await one.update()
      expect(one.pages()).toEqual([1])
    }
  })

  test('ends at what --where left out, and takes it from the catalog when the filter admits it', async () => {
    const one = await gallery(100)
    expect(counts(await one.get({ flags: { where: 'filename != "file-p010"' } }))).toEqual({ stored: 99, excluded: 1 })
    one.pages()
    expect(counts(await one.update({ flags: { where: 'filename != "file-p010"' } }))).toEqual({ known: 24 })
    expect(counts(await one.update())).toEqual({ stored: 1, known: 24 })
    expect(one.pages()).toEqual([1, 1])
  })

  test('tries what failed below known ground again', async () => {
    const one = await gallery(100)
    one.here.site.on('/file/p010.jpg', { status: 404 })
    expect(counts(await one.get())).toEqual({ stored: 99, failed: 1 })
    one.here.site.on('/file/p010.jpg', () => picture('found'))
    one.pages()
    expect(counts(await one.update())).toEqual({ stored: 1, known: 24 })
    expect(one.pages()).toEqual([1])
  })

  test('knows albums that it explored, whether the listing tells their keys or not', async () => {
    const one = await gallery(100)
    one.albums = new Set(one.posts.filter((name) => name.endsWith('5')))
    await one.get()
    one.pages()
    expect(counts(await one.update())).toEqual({ known: 26 })
    expect(one.pages()).toEqual([1])
    one.tells = false
    expect(counts(await one.update())).toEqual({ known: 26 })
    expect(one.pages()).toEqual([1])
    one.albums.add('p090')
    await one.update()
    expect(one.pages()).toEqual([1, 2])
  })

  test('reads all pages when an option of the source has changed, once', async () => {
    const one = await gallery(72)
    await one.get()
    one.pages()
    for (const wanted of [[1, 2, 3], [1]]) {
      await one.update({ flags: { option: ['test.more=true'] } })
      expect(one.pages()).toEqual(wanted)
    }
  })

  test('reads all pages when cookies are brought, which may open what was kept back, once', async () => {
    const one = await gallery(72)
    one.locked.add('p002')
    expect(counts(await one.get())).toMatchObject({ stored: 71 })
    one.pages()
    one.locked.clear()
    const file = one.here.library.beside('cookies.txt')
    await writeFile(file, 'gallery.example\tFALSE\t/\tTRUE\t0\tlogin\tme\n')
    expect(counts(await one.get({ flags: { cookies: file } }))).toMatchObject({ stored: 1 })
    expect(one.pages()).toEqual([1, 2, 3])
    await one.get({ flags: { cookies: file } })
    expect(one.pages()).toEqual([1])
  })

  test('reads all pages after a strategy that lists less, until the better one has read them', async () => {
    const one = await gallery(72)
    one.refused = true
    one.unknown = new Set(['p072', 'p002'])
    expect(counts(await one.get())).toMatchObject({ stored: 70 })
    one.pages()
    one.refused = false
    for (const [stored, wanted] of [
      [2, [1, 2, 3]],
      [undefined, [1]],
    ] as const) {
      expect(counts(await one.update())['stored']).toBe(stored)
      expect(one.pages()).toEqual(wanted)
    }
  })

  test('reads all pages for --overwrite, --pages and --range', async () => {
    const one = await gallery(100)
    await one.get()
    one.pages()
    for (const flags of [{ overwrite: true }, { pages: '1-' }, { range: '1-' }]) {
      await one.get({ flags })
      expect(one.pages()).toEqual([1, 2, 3, 4, 5])
    }
  })
})

describe('an interrupted visit', () => {
  async function interrupted(one: Gallery): Promise<void> {
    const closing = new AbortController()
    one.here.site.onAsked = (path) => {
      if (path === '/page/2') closing.abort(130)
    }
    const ran = await one.update({ closing: closing.signal })
    expect(ran.exit).toBe(130)
    one.here.site.onAsked = () => undefined
  }

  test('of a known target is ended at known ground, then an update looks for what is new', async () => {
    const one = await gallery(100)
    await one.get()
    one.add(...Array.from({ length: 30 }, (_, index) => `first${30 - index}`))
    await interrupted(one)
    one.add('second')
    one.pages()
    await one.update()
    expect(Object.keys(one.here.library.files())).toHaveLength(131)
    expect(one.pages()).toEqual([2, 3, 1, 2])
    await one.update()
    expect(one.pages()).toEqual([1])
  })

  test('of a new target leaves no gap', async () => {
    const one = await gallery(100)
    await interrupted(one)
    one.pages()
    await one.update()
    expect(Object.keys(one.here.library.files())).toHaveLength(100)
    expect(one.pages()).toEqual([2, 3, 4, 5, 1])
    await one.update()
    expect(one.pages()).toEqual([1])
  })
})

describe('an update', () => {
  test('asks again for numbers that were missing, and a get does not', async () => {
    const here = await place()
    const numbers = testSource({
      numbers: async function* () {
        await Promise.resolve()
        for (const number of [1, 2, 3]) yield asset(here.site.at(`/n/${number}.jpg`), { rules: { enumerated: true } })
      },
    })
    here.site.on('/n/*', ({ path }) => (path === '/n/2.jpg' ? { status: 404 } : picture(path)))
    const run = (mode: 'visit' | 'update'): Promise<Ran> =>
      collectWith([numbers], here, ['test:numbers/1'], {
        job: { mode, named: [{ target: readTarget('test:numbers/1') }] },
      })
    expect(counts(await run('update'))).toEqual({ stored: 2, missing: 1 })
    here.site.on('/n/2.jpg', () => picture('two'))
    expect(counts(await run('visit'))).toEqual({ known: 2, missing: 1 })
    expect(counts(await run('update'))).toEqual({ stored: 1, known: 2 })
  })
})

describe('a stop point', () => {
  const STOP = 'https://www.gallery.example/art/P090/'

  test('ends the first update above what was collected before', async () => {
    const one = await gallery(100)
    expect(counts(await one.update({ stop: STOP }))).toEqual({ stored: 10 })
    expect(one.pages()).toEqual([1])
    expect(one.here.library.names.at(0)).toContain('p091')
    one.add('new1')
    expect(counts(await one.update({ stop: STOP }))).toEqual({ stored: 1, known: 10 })
    expect(one.pages()).toEqual([1])
  })

  test('that is the newest post leaves nothing to do, and is no failure', async () => {
    const one = await gallery(100)
    const ran = await one.update({ stop: 'https://gallery.example/art/p100' })
    expect([counts(ran), ran.exit]).toEqual([{}, 0])
  })

  test('holds for the visit that an interruption broke off, whoever goes on with it', async () => {
    const one = await gallery(100)
    const closing = new AbortController()
    one.here.site.onAsked = (path) => {
      if (path === '/page/2') closing.abort(130)
    }
    await one.update({ stop: 'https://gallery.example/art/p060', closing: closing.signal })
    one.here.site.onAsked = () => undefined
    await collectWith([one.source], one.here, [], { job: { mode: 'resume', known: [1], named: [] } })
    expect(one.here.library.names).toHaveLength(40)
  })

  test('is known ground after enough newer posts, also when its post is gone', async () => {
    const one = await gallery(100)
    await one.update({ stop: 'https://gallery.example/art/p040' })
    expect(one.here.library.names).toHaveLength(60)
    one.posts = one.posts.filter((name) => name !== 'p040')
    one.add('new1')
    one.pages()
    expect(counts(await one.update({ stop: 'https://gallery.example/art/p040' }))).toMatchObject({ stored: 1 })
    expect(one.pages()).toEqual([1, 2])
  })

  test('does not hide from a get what lies below', async () => {
    const one = await gallery(100)
    await one.update({ stop: 'https://gallery.example/art/p040' })
    await one.update({ stop: 'https://gallery.example/art/p040' })
    one.pages()
    expect(counts(await one.get())).toEqual({ stored: 40, known: 60 })
    expect(one.pages()).toEqual([1, 2, 3, 4, 5])
    await one.get()
    expect(one.pages()).toEqual([1])
  })

  test('that stands pinned above newer posts, which say their date, does not hide them', async () => {
    const one = await gallery(30)
    one.pinned = ['p020']
    for (const name of one.posts) one.dates.set(name, `2020-01-${name.slice(-2)}T12:00:00Z`)
    one.pageSize = 5
    expect(counts(await one.update({ stop: 'https://gallery.example/art/p020' }))).toEqual({ stored: 10 })
    expect(one.here.library.names.at(0)).toContain('p021')
    expect(one.pages()).toEqual([1, 2, 3])
  })
})
