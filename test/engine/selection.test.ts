import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { asset, collectWith, counts, get, place, ref, resume, testSource, text } from './harness.ts'
import type { Place } from './harness.ts'
import { jpeg, picture, sha256 } from './pictures.ts'
import type { Reply } from './site.ts'

/** `pages` pages of ten; page by page, in order. */
function gallery(pages: number): ReturnType<typeof testSource> {
  return testSource({
    async *list({ argument }, cursor, { http }) {
      const page = typeof cursor === 'number' ? cursor : 1
      await http.request({ url: `http://site.test/page/${page}` })
      for (let at = 1; at <= 10; at += 1) yield asset(`http://site.test/f/${page}-${at}.jpg`, { index: at })
      if (page < pages) yield ref('next', 'list', { argument: argument ?? null }, { cursor: page + 1 })
    },
  })
}

async function galleryPlace(answers: Readonly<Record<string, Reply>> = {}): Promise<Place> {
  const here = await place()
  here.site.on('/*', ({ path }) => answers[path] ?? picture(path))
  return here
}

const TARGET = ['test:list/1']
const SOURCES = [gallery(5)]

describe('--limit', () => {
  test('stops the target when so many are stored; the rest of the page stays listed, the next pages are held', async () => {
    const here = await galleryPlace()
    const ran = await collectWith(SOURCES, here, TARGET, { flags: { limit: '7' } })
    expect([ran.exit, counts(ran)]).toEqual([0, { stored: 7 }])
    expect(here.library.names.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7].map((at) => `test/f-1-${at}.jpg`))
    expect(here.library.states()).toEqual({ listed: 3, stored: 7 })
    expect(here.library.refs()).toEqual({ explored: 1, held: 1 })
    expect(ran.of('note'), 'all is as it was asked for').toEqual([])
    expect(here.site.paths('/page')).toEqual(['/page/1'])
  })

  test('failed, rejected and missing ones do not count, and give their place to the next', async () => {
    const here = await galleryPlace({ '/f/1-1.jpg': { status: 500 }, '/f/1-2.jpg': { status: 404 } })
    const ran = await collectWith(SOURCES, here, TARGET, { flags: { limit: '12', retries: '0' } })
    expect([ran.exit, counts(ran)]).toEqual([3, { stored: 12, failed: 2 }])
    expect(here.library.states()).toMatchObject({ stored: 12, failed: 2 })
    expect(here.site.paths('/f/')).toHaveLength(14)
  })

  test('those in flight hold their place: no more is asked for than may be stored', async () => {
    const here = await galleryPlace()
    here.site.latency = 20
    await collectWith(SOURCES, here, TARGET, { flags: { limit: '3' } })
    expect(here.site.paths('/f/')).toHaveLength(3)
  })

  test('known ones count: the same command again asks for no file', async () => {
    const here = await galleryPlace()
    await collectWith(SOURCES, here, TARGET, { flags: { limit: '7' } })
    const again = await collectWith(SOURCES, here, TARGET, { flags: { limit: '7' } })
    expect([again.exit, counts(again)]).toEqual([0, { known: 7 }])
    expect(here.site.paths('/f/')).toHaveLength(7)
  })

  test('keys that a ref promises count as well', async () => {
    const here = await galleryPlace()
    const source = testSource({
      async *list() {
        for (const id of ['a', 'b', 'c']) yield ref('child', 'post', { id }, { yields: [`test:f-${id}`] })
      },
      async *post({ id }) {
        yield asset(`http://site.test/f/${text(id)}.jpg`)
      },
    })
    await collectWith([source], here, TARGET, { flags: { limit: '2' } })
    const again = await collectWith([source], here, TARGET, { flags: { limit: '2' } })
    expect(counts(again)).toEqual({ known: 2 })
    expect(here.site.paths('/f/')).toHaveLength(2)
  })

  test('a wider get takes what was left, resume does not', async () => {
    const here = await galleryPlace()
    await collectWith(SOURCES, here, TARGET, { flags: { limit: '7' } })
    await expect(resume(here.library)).rejects.toThrow('nothing to do')
    const wider = await collectWith(SOURCES, here, TARGET, { flags: { limit: '15' } })
    expect(counts(wider)).toEqual({ known: 7, stored: 8 })
    const all = await collectWith(SOURCES, here, TARGET)
    expect(counts(all)).toEqual({ known: 15, stored: 35 })
    expect(here.library.refs()).toEqual({ explored: 5 })
    expect(here.site.paths('/f/')).toHaveLength(50)
  })

  test('an interrupted run goes on to the same limit', async () => {
    const here = await galleryPlace()
    const ended = new AbortController()
    here.site.onAsked = (path) => (path === '/f/1-5.jpg' ? ended.abort(130) : undefined)
    const first = await collectWith(SOURCES, here, TARGET, { flags: { limit: '15', jobs: '2' }, closing: ended.signal })
    expect(first.exit).toBe(130)
    expect(first.end.stored).toBeLessThan(15)
    const second = await collectWith(SOURCES, here, TARGET, { flags: { limit: '15' } })
    expect(first.end.stored + second.end.stored).toBe(15)
    expect(here.library.states()['stored']).toBe(15)
  })

  test('holds for each target', async () => {
    const here = await galleryPlace()
    const source = testSource({
      async *list({ argument }) {
        for (let at = 1; at <= 5; at += 1) yield asset(`http://site.test/f/${text(argument)}-${at}.jpg`)
      },
    })
    const ran = await collectWith([source], here, ['test:list/1', 'test:list/2'], { flags: { limit: '2' } })
    expect(counts(ran)).toEqual({ stored: 4 })
  })
})

describe('--range and --pages', () => {
  test('--range takes these positions and reads no page behind them', async () => {
    const here = await galleryPlace()
    const ran = await collectWith(SOURCES, here, TARGET, { flags: { range: '9-12' } })
    expect(counts(ran)).toEqual({ stored: 4, excluded: 16 })
    expect(here.library.names).toEqual(['test/f-1-10.jpg', 'test/f-1-9.jpg', 'test/f-2-1.jpg', 'test/f-2-2.jpg'])
    expect(here.site.paths('/page')).toEqual(['/page/1', '/page/2'])
    expect(here.library.refs()).toEqual({ explored: 2, held: 1 })
  })

  test('what --range left is taken by a later get without it', async () => {
    const here = await galleryPlace()
    await collectWith(SOURCES, here, TARGET, { flags: { range: '9-12' } })
    const ran = await collectWith(SOURCES, here, TARGET)
    expect(counts(ran)).toEqual({ stored: 46, known: 4 })
  })

  test('--range counts the pictures of a page, not the page', async () => {
    const { site, library } = await place()
    const images = [1, 2, 3].map((at) => `<img src="/${at}.jpg">`).join('')
    site.on('/*', ({ path }) => picture(path))
    site.on('/gallery', { headers: { 'content-type': 'text/html' }, body: `<title>G</title>${images}` })
    const ran = await get(library, [site.url('/gallery')], { flags: { range: '1-2' } })
    expect(counts(ran)).toEqual({ stored: 2, excluded: 1 })
    expect(library.names).toEqual(['127.0.0.1/G/1.jpg', '127.0.0.1/G/2.jpg'])
  })

  test('--pages reads these pages; the next one is held for a wider run', async () => {
    const here = await galleryPlace()
    const ran = await collectWith(SOURCES, here, TARGET, { flags: { pages: '2-3' } })
    expect(counts(ran)).toEqual({ stored: 20 })
    expect(here.library.names.every((name) => /f-[23]-/.test(name))).toBe(true)
    expect(here.library.refs()).toEqual({ explored: 3, held: 1 })
    const wider = await collectWith(SOURCES, here, TARGET)
    expect(counts(wider)).toEqual({ stored: 30, known: 20 })
  })
})

describe('--where', () => {
  test('what the listing tells is excluded, stays listed, and is taken by a run whose filter admits it', async () => {
    const here = await galleryPlace()
    const first = await collectWith([gallery(1)], here, TARGET, { flags: { where: 'index <= 3' } })
    expect([first.exit, counts(first)]).toEqual([0, { stored: 3, excluded: 7 }])
    expect(here.library.states()).toEqual({ listed: 7, stored: 3 })
    const second = await collectWith([gallery(1)], here, TARGET, { flags: { where: 'index > 8' } })
    expect(counts(second)).toEqual({ known: 3, stored: 2, excluded: 5 })
    expect(here.site.paths('/f/')).toHaveLength(5)
  })

  test('the position in its post counts, also when an interrupted run goes on', async () => {
    const here = await galleryPlace()
    const ended = new AbortController()
    const flags = { where: 'index <= 3 && route == "list" && width == 1', jobs: '1' }
    here.site.onAsked = (path) => (path === '/f/1-2.jpg' ? ended.abort(130) : undefined)
    await collectWith(SOURCES, here, TARGET, { flags, closing: ended.signal })
    expect(here.library.names.length).toBeLessThan(15)
    await collectWith(SOURCES, here, TARGET, { flags })
    expect(here.library.names).toHaveLength(15)
    expect(here.library.names.every((name) => /-[123]\.jpg$/.test(name))).toBe(true)
    expect(here.site.paths('/f/')).toHaveLength(15)
  })

  test('what only the file tells is asked of the file: false is rejected, and nothing is kept', async () => {
    const here = await galleryPlace()
    const ran = await collectWith([gallery(1)], here, TARGET, { flags: { where: 'index <= 2 && width >= 100' } })
    expect([ran.exit, counts(ran)]).toEqual([0, { rejected: 2, excluded: 8 }])
    expect(here.library.states()).toEqual({ listed: 8, rejected: 2 })
    expect(here.library.names).toEqual([])
    expect(here.library.leftovers()).toEqual([])
  })

  test('the file is admitted when it holds', async () => {
    const here = await galleryPlace()
    const ran = await collectWith([gallery(1)], here, TARGET, {
      flags: { where: 'width == 1 && mime == "image/jpeg"' },
    })
    expect(counts(ran)).toEqual({ stored: 10 })
  })

  test('a field of the source that no item has is told: it may be a slip of the finger', async () => {
    const here = await galleryPlace()
    const source = testSource({
      async *list() {
        for (const id of ['a', 'b']) yield scored(id, id === 'b' ? { score: 7 } : {})
      },
    })
    const first = await collectWith([source], here, TARGET, { flags: { where: 'meta.scroe > 3' } })
    expect(counts(first)).toEqual({ excluded: 2 })
    expect(first.of('note')).toMatchObject([
      { level: 'warning', message: 'test:list/1: no item has meta.scroe, which --where asks for' },
    ])
    const second = await collectWith([source], here, TARGET, { flags: { where: 'meta.score > 3 || has(meta.rank)' } })
    expect([counts(second), second.of('note')]).toEqual([{ stored: 1, excluded: 1 }, []])
  })
})

/** Metadata of a source's own stand beside the well-known ones. */
function scored(id: string, own: Readonly<Record<string, number>>): ReturnType<typeof asset> {
  return asset(`http://site.test/f/1-${id}.jpg`, { meta: { filename: id, ...own } })
}

describe('--dry-run', () => {
  test('tells what it would fetch with whole URLs, and leaves no trace', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    const ran = await get(library, [site.url('/[1-3].jpg?token=abc')], { flags: { dryRun: true, print: 'url' } })
    expect(ran.exit).toBe(0)
    expect(ran.of('asset').map(({ url }) => url)).toEqual([1, 2, 3].map((at) => site.url(`/${at}.jpg?token=abc`)))
    expect(site.log).toEqual([])
    expect(existsSync(library.root)).toBe(false)
  })

  test('knows what is there, and changes nothing', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    await get(library, [site.url('/[1-2].jpg')])
    const before = [library.states(), library.rows('select count(*) as runs from runs')]
    const ran = await get(library, [site.url('/[1-2].jpg'), site.url('/3.jpg')], {
      flags: { dryRun: true, json: true },
    })
    expect([counts(ran), ran.of('asset').length]).toEqual([{ known: 2 }, 1])
    expect([library.states(), library.rows('select count(*) as runs from runs')]).toEqual(before)
    expect(site.paths()).toEqual(['/1.jpg', '/2.jpg', '/3.jpg'])
  })
})

describe('names', () => {
  test('that collide get the hash of their key, in listing order, and keep it', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    await get(library, [site.url('/{a,b,c}/[1-2].jpg')], { flags: { name: 'same', folder: 'all' } })
    const names = library.names
    expect(names).toHaveLength(6)
    expect(names.filter((name) => /^all\/same~[0-9a-f]{8}\.jpg$/.test(name))).toHaveLength(5)
    expect(library.files()['all/same.jpg']).toBe(sha256(jpeg('/a/1.jpg')))
    await get(library, [site.url('/{a,b,c}/[1-2].jpg')], { flags: { name: 'same', folder: 'all', overwrite: true } })
    expect(library.names).toEqual(names)
  })

  test('the same bytes under two keys are two files and two rows', async () => {
    const { site, library } = await place()
    site.on('/*', picture('same'))
    const ran = await get(library, [site.url('/[1-2].jpg')])
    expect(counts(ran)).toEqual({ stored: 2 })
    expect(library.files()).toEqual({
      '127.0.0.1/1.jpg': sha256(jpeg('same')),
      '127.0.0.1/2.jpg': sha256(jpeg('same')),
    })
  })

  test('--screen duplicates keeps one of them', async () => {
    const { site, library } = await place()
    site.on('/*', picture('same'))
    const ran = await get(library, [site.url('/[1-2].jpg')], { flags: { screen: ['duplicates'], jobs: '1' } })
    expect(counts(ran)).toEqual({ stored: 1, rejected: 1 })
  })

  test('--screen duplicates notices twins that are fetched at the same time', async () => {
    const { site, library } = await place()
    site.on('/*', picture('same'))
    const ran = await get(library, [site.url('/[1-40].jpg')], { flags: { screen: ['duplicates'] } })
    expect(counts(ran)).toEqual({ stored: 1, rejected: 39 })
    expect(library.names).toHaveLength(1)
  })

  test('a name that the file system refuses costs its file alone', async () => {
    const here = await galleryPlace()
    const source = testSource(
      {
        async *list() {
          yield asset('http://site.test/1.jpg')
          yield asset('http://site.test/2.jpg', { meta: { filename: '2', deep: `${'x'.repeat(200)}/`.repeat(30) } })
        },
      },
      { folder: '{deep}', fields: { deep: 'a name of many levels' } },
    )
    const deep = Array.from({ length: 25 }, () => '{deep}').join('/')
    const ran = await collectWith([source], here, TARGET, { flags: { folder: deep } })
    expect([ran.exit, counts(ran)]).toEqual([3, { stored: 1, failed: 1 }])
    expect(ran.of('failed')).toMatchObject([{ key: 'test:2', code: 'NameRefused' }])
  })

  test('--sidecar writes the metadata beside each file, also for a file that a killed run had published', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    await get(library, [site.url('/[1-2].jpg')], { flags: { sidecar: true } })
    expect(library.names).toEqual([
      '127.0.0.1/1.jpg',
      '127.0.0.1/1.jpg.json',
      '127.0.0.1/2.jpg',
      '127.0.0.1/2.jpg.json',
    ])
    const sidecar = JSON.parse(readFileSync(join(library.root, '127.0.0.1/1.jpg.json'), 'utf8')) as Record<
      string,
      unknown
    >
    expect(sidecar).toMatchObject({ url: site.url('/1.jpg'), sha256: sha256(jpeg('/1.jpg')), meta: { filename: '1' } })
  })
})

describe('several targets', () => {
  test('the same one named twice is visited once', async () => {
    const here = await galleryPlace()
    const ran = await collectWith([gallery(2)], here, ['test:list/1', 'test:list/1', 'test:list/1'])
    expect([ran.exit, counts(ran)]).toEqual([0, { stored: 20 }])
    expect(here.site.log).toHaveLength(22)
  })

  test('two that share assets: each file is fetched once, and both targets list it', async () => {
    const here = await galleryPlace()
    const source = testSource({
      async *list({ argument }) {
        for (let at = 1; at <= 20; at += 1) {
          if (at <= 5 && argument === '2') continue
          if (at <= 15 || argument === '2') yield asset(`http://site.test/f/${at}.jpg`)
        }
      },
    })
    const ran = await collectWith([source], here, ['test:list/1', 'test:list/2'])
    expect(ran.exit).toBe(0)
    expect(ran.end.stored).toBe(20)
    expect(here.site.paths()).toHaveLength(20)
    expect(here.library.states()).toEqual({ stored: 20 })
    expect(here.library.rows('select target, count(*) as count from listings group by target')).toMatchObject([
      { count: 15 },
      { count: 15 },
    ])
  })

  test('one that cannot be had does not stop the others; of several exit statuses the highest wins', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    site.on('/lost.jpg', { status: 404 })
    site.on('/empty', { headers: { 'content-type': 'text/html' }, body: '<title>nothing</title>' })
    const texts = ['/1.jpg', '/lost.jpg', '/empty', '/2.jpg'].map((path) => site.url(path))
    const ran = await get(library, texts)
    expect([ran.exit, counts(ran)]).toEqual([4, { stored: 2, failed: 1 }])
  })

  test('a secret in a target stands nowhere in the library but in the private store', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => (path.startsWith('/1') ? picture('1') : { status: 500 }))
    await get(library, [site.url('/1.jpg?token=hunter2'), site.url('/2.jpg?token=hunter2')], {
      flags: { retries: '0', sidecar: true },
    })
    const tables = ['runs', 'targets', 'refs', 'assets', 'files']
    const rows = tables.map((table) =>
      JSON.stringify(library.rows(`select * from ${table}`), (_key, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    )
    expect(rows.join('\n')).not.toContain('hunter2')
    expect(site.paths()).toContain('/1.jpg?token=hunter2')
    // The failed one can be tried again with its secret.
    site.on('/2*', picture('2'))
    const ran = await get(library, [site.url('/2.jpg?token=hunter2')])
    expect(counts(ran)).toEqual({ stored: 1 })
  })
})
