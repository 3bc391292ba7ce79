import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/errors.ts'
import type { EngineParts } from '../../src/engine/parts.ts'
import { asset, collectWith, counts, get, place, ref, retry, testSource, text } from './harness.ts'
import type { Place, Ran } from './harness.ts'
import { jpeg, picture, sha256 } from './pictures.ts'

const ONCE = { flags: { retries: '0' } }

describe('the states of an asset', () => {
  test('stored → known: a second get asks for nothing, not even where the file was moved away', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    await get(library, [site.url('/[1-3].jpg')])
    rmSync(join(library.root, '127.0.0.1/2.jpg'))
    const ran = await get(library, [site.url('/[1-3].jpg')])
    expect(counts(ran)).toEqual({ known: 3 })
    expect(site.log).toHaveLength(3)
    expect(ran.of('known').map(({ path }) => path)).toContain('127.0.0.1/2.jpg')
  })

  test('failed → listed: a get of its target tries it again', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path, before }) => (path === '/2.jpg' && before === 0 ? { status: 500 } : picture(path)))
    const first = await get(library, [site.url('/[1-3].jpg')], ONCE)
    expect([first.exit, counts(first), first.end.reasons]).toEqual([3, { stored: 2, failed: 1 }, { Network: 1 }])
    expect(library.states()).toEqual({ stored: 2, failed: 1 })
    const second = await get(library, [site.url('/[1-3].jpg')], ONCE)
    expect([second.exit, counts(second)]).toEqual([0, { stored: 1, known: 2 }])
    expect(site.paths()).toHaveLength(4)
  })

  test('failed → listed: retry tries it again, and only it', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path, before }) => (path === '/2.jpg' && before === 0 ? { status: 500 } : picture(path)))
    await get(library, [site.url('/[1-3].jpg')], ONCE)
    const ran = await retry(library, ['failed'], ONCE)
    expect([ran.exit, counts(ran)]).toEqual([0, { stored: 1 }])
    expect(site.paths()).toHaveLength(4)
    await expect(retry(library, ['failed'])).rejects.toThrow('nothing to do')
  })

  test('missing stays missing in a get, without a request, and in retry', async () => {
    const { site, library } = await place()
    site.on('/1.jpg', picture('1'))
    await get(library, [site.url('/[1-2].jpg')])
    const ran = await get(library, [site.url('/[1-2].jpg')])
    expect([ran.exit, counts(ran)]).toEqual([0, { known: 1, missing: 1 }])
    expect(site.paths()).toHaveLength(2)
    await expect(retry(library, ['failed'])).rejects.toThrow('nothing to do')
  })

  test('rejected → listed: only retry --rejected asks again', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    const strict = { flags: { screen: ['min-size=100x100'] } }
    const first = await get(library, [site.url('/[1-2].jpg')], strict)
    expect([first.exit, counts(first)]).toEqual([0, { rejected: 2 }])
    expect(first.of('rejected')[0]).toMatchObject({
      key: expect.stringMatching(/^direct:/),
      reason: expect.stringContaining('min-size'),
    })
    expect(
      first
        .of('rejected')
        .map(({ url }) => url)
        .toSorted(),
    ).toEqual([site.url('/1.jpg'), site.url('/2.jpg')])
    expect(library.names).toEqual([])
    expect(library.leftovers()).toEqual([])
    const second = await get(library, [site.url('/[1-2].jpg')])
    expect(counts(second)).toEqual({ rejected: 2 })
    expect(site.log).toHaveLength(2)
    const third = await retry(library, ['failed', 'rejected'])
    expect(counts(third)).toEqual({ stored: 2 })
  })

  test('stored → listed: --overwrite replaces what has changed and leaves what is equal', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    await get(library, [site.url('/[1-2].jpg')])
    site.on('/2.jpg', picture('changed'))
    const ran = await get(library, [site.url('/[1-2].jpg')], { flags: { overwrite: true } })
    expect(counts(ran)).toEqual({ stored: 2 })
    expect(library.files()).toEqual({
      '127.0.0.1/1.jpg': sha256(jpeg('/1.jpg')),
      '127.0.0.1/2.jpg': sha256(jpeg('changed')),
    })
    expect(library.leftovers()).toEqual([])
    expect(
      library.rows('select hex(sha256) as hash from files order by path').map(({ hash }) => String(hash).toLowerCase()),
    ).toEqual(Object.values(library.files()))
  })

  test('--overwrite that finds the file gone keeps what is there', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path, before }) => (before === 0 ? picture(path) : { status: 404 }))
    await get(library, [site.url('/1.jpg')])
    const ran = await get(library, [site.url('/1.jpg')], { flags: { overwrite: true, retries: '0' } })
    expect(ran.exit).toBe(3)
    expect(library.names).toEqual(['127.0.0.1/1.jpg'])
  })

  test('a file of somebody else under the name is left alone', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    await get(library, [site.url('/1.jpg')])
    writeFileSync(join(library.root, '127.0.0.1/2.jpg'), 'mine')
    await get(library, [site.url('/2.jpg')])
    expect(library.files()['127.0.0.1/2.jpg']).toBe(sha256(Buffer.from('mine')))
    expect(library.names).toHaveLength(3)
  })
})

/** Pages of ten pictures each; `broken` makes one page fail in the way it says. */
function paged(
  pages: number,
  broken: (page: number, strategy: string) => Fault | undefined,
): ReturnType<typeof testSource> {
  const strategy = (
    name: string,
  ): {
    readonly name: string
    readonly explore: ReturnType<typeof testSource>['routes'][number]['strategies'][number]['explore']
  } => ({
    name,
    async *explore({ argument }, cursor, { http }) {
      const page = typeof cursor === 'number' ? cursor : 1
      await http.request({ url: `http://site.test/${name}/${page}` })
      const fault = broken(page, name)
      if (fault !== undefined) throw fault
      for (let at = 1; at <= 10; at += 1) yield asset(`http://site.test/f/${page}-${at}.jpg`)
      if (page < pages) yield ref('next', 'list', { argument: argument ?? null }, { cursor: page + 1 })
    },
  })
  return testSource({ list: [strategy('api'), strategy('html')] })
}

async function pagedPlace(): Promise<Place> {
  const here = await place()
  here.site.on('/*', ({ path }) => picture(path))
  return here
}

describe('the strategies of a route', () => {
  test('change at the first page without a word', async () => {
    const here = await pagedPlace()
    const source = paged(2, (_page, name) => (name === 'api' ? new Fault('SiteChanged', 'no such field') : undefined))
    const ran = await collectWith([source], here, ['test:list/1'])
    expect([ran.exit, counts(ran)]).toEqual([0, { stored: 20 }])
    expect([here.site.paths('/api'), here.site.paths('/html')]).toEqual([['/api/1'], ['/html/1', '/html/2']])
  })

  test.each(['SiteChanged', 'Blocked', 'Network'] as const)(
    'change in the middle of a listing (%s): it starts again at its first page, known keys cost nothing',
    async (code) => {
      const here = await pagedPlace()
      const source = paged(3, (page, name) => (name === 'api' && page === 2 ? new Fault(code, 'changed') : undefined))
      const ran = await collectWith([source], here, ['test:list/1'])
      expect([ran.exit, counts(ran)]).toEqual([0, { stored: 30 }])
      expect(here.site.paths('/html')).toEqual(['/html/1', '/html/2', '/html/3'])
      expect(here.site.paths('/f/')).toHaveLength(30)
      expect(here.library.refs()).toEqual({ explored: 3 })
    },
  )

  test('and positions are those of the listing, not of what was read twice', async () => {
    const here = await pagedPlace()
    const source = paged(3, (page, name) =>
      name === 'api' && page === 2 ? new Fault('SiteChanged', 'changed') : undefined,
    )
    const ran = await collectWith([source], here, ['test:list/1'], { flags: { range: '11-15' } })
    expect(counts(ran)).toMatchObject({ stored: 5 })
    expect(here.library.names).toEqual([1, 2, 3, 4, 5].map((at) => `test/f-2-${at}.jpg`))
  })

  test.each(['Gone', 'NeedsLogin'] as const)('do not change on %s', async (code) => {
    const here = await pagedPlace()
    const ran = await collectWith([paged(1, () => new Fault(code, 'no'))], here, ['test:list/1'])
    expect(ran.exit).toBe(4)
    expect(ran.end.targets).toMatchObject([{ code }])
    expect(here.site.paths('/html')).toEqual([])
    expect(here.library.refs()).toEqual({ failed: 1 })
  })

  test('all fail: the target is lost with the last reason, what was listed is kept, and a later get goes on', async () => {
    const here = await pagedPlace()
    let mended = false
    const source = paged(3, (page) => (page === 2 && !mended ? new Fault('SiteChanged', 'no such field') : undefined))
    const first = await collectWith([source], here, ['test:list/1'])
    expect([first.exit, counts(first)]).toEqual([4, { stored: 10 }])
    mended = true
    const second = await collectWith([source], here, ['test:list/1'])
    expect([second.exit, counts(second)]).toEqual([0, { stored: 20, known: 10 }])
  })
})

describe('what a listing says besides assets', () => {
  test('unavailable: failed with its code, exit status 3', async () => {
    const here = await pagedPlace()
    const source = testSource({
      async *list() {
        yield asset('http://site.test/a.jpg')
        yield { kind: 'unavailable', code: 'NeedsLogin', what: 'post 7', why: 'for members only' }
      },
    })
    const ran = await collectWith([source], here, ['test:list/1'])
    expect([ran.exit, counts(ran), ran.end.reasons]).toEqual([3, { stored: 1, failed: 1 }, { NeedsLogin: 1 }])
  })

  test('missing: counted, recorded, not asked for again, exit status 0', async () => {
    const here = await pagedPlace()
    const source = testSource({
      async *list() {
        yield asset('http://site.test/a.jpg')
        yield { kind: 'missing', key: 'test:7', url: 'http://site.test/7', status: 404, why: 'no such number' }
      },
    })
    const ran = await collectWith([source], here, ['test:list/1'])
    expect([ran.exit, counts(ran)]).toEqual([0, { stored: 1, missing: 1 }])
    expect(ran.of('missing')).toMatchObject([{ key: 'test:7', status: 404, reason: 'no such number' }])
    expect(here.library.rows("select state, status, reason from assets where key = 'test:7'")).toEqual([
      { state: 'missing', status: 404, reason: 'no such number' },
    ])
    const again = await collectWith([source], here, ['test:list/1'])
    expect(counts(again)).toEqual({ known: 1, missing: 1 })
    expect(here.library.states()).toEqual({ stored: 1, missing: 1 })
  })

  test('nothing at all: NothingFound, exit status 4; a note is not nothing', async () => {
    const here = await pagedPlace()
    const empty = await collectWith([testSource({ async *list() {} })], here, ['test:list/1'])
    expect([empty.exit, empty.end.targets.map(({ code }) => code)]).toEqual([4, ['NothingFound']])
    const note = testSource({
      async *list() {
        yield { kind: 'note', message: 'ends at 7' }
      },
    })
    const noted = await collectWith([note], here, ['test:list/2'])
    expect([noted.exit, noted.of('note').map(({ message }) => message)]).toEqual([0, ['ends at 7']])
  })

  test.each([
    ['the first page', 1],
    ['what the first page led to', 2],
  ])('another run takes %s a moment earlier: that is not nothing', async (_what, nth) => {
    const here = await pagedPlace()
    const source = testSource({
      async *list() {
        yield ref('child', 'post', { id: 'a' })
      },
      async *post() {
        yield asset('http://site.test/f/a.jpg')
      },
    })
    let other: Ran | undefined
    let takes = 0
    const overtake = (parts: EngineParts): EngineParts => {
      const { frontier } = parts.catalog
      const take = frontier.take.bind(frontier)
      frontier.take = async (...which) => {
        takes += 1
        if (takes === nth) other = await collectWith([source], here, ['test:list/1'])
        return take(...which)
      }
      return parts
    }
    const ran = await collectWith([source], here, ['test:list/1'], { change: overtake })
    expect([ran.exit, counts(ran), ran.of('note').map(({ message }) => message)]).toEqual([
      0,
      {},
      ['test:list/1: another run reads its listing, and fetches what it lists'],
    ])
    expect([other?.exit, other && counts(other)]).toEqual([0, { stored: 1 }])
    expect(here.library.states()).toEqual({ stored: 1 })
  })

  test('the same entry on two pages, as happens when something is added meanwhile, counts once', async () => {
    const here = await pagedPlace()
    const source = testSource({
      async *list(_params, cursor) {
        for (const at of cursor === 2 ? [3, 4, 5] : [1, 2, 3]) yield asset(`http://site.test/f/${at}.jpg`)
        if (cursor === undefined) yield ref('next', 'list', { argument: '1' }, { cursor: 2 })
      },
    })
    const ran = await collectWith([source], here, ['test:list/1'])
    expect(counts(ran)).toEqual({ stored: 5 })
    expect(here.site.paths()).toHaveLength(5)
  })

  test('a page that leads to itself, or back, ends all the same', async () => {
    const here = await pagedPlace()
    let explored = 0
    const source = testSource({
      async *list(_params, cursor) {
        explored += 1
        yield asset('http://site.test/f/1.jpg')
        yield ref('next', 'list', { argument: '1' }, cursor === 2 ? { cursor: 3 } : { cursor: 2 })
        if (cursor === 3) yield ref('next', 'list', { argument: '1' })
      },
    })
    const ran = await collectWith([source], here, ['test:list/1'])
    expect([counts(ran), explored]).toEqual([{ stored: 1 }, 3])
  })

  test('a child that fails costs itself; a get tries it again', async () => {
    const here = await pagedPlace()
    let broken = true
    const source = testSource({
      async *list() {
        for (const id of ['a', 'b', 'c']) yield ref('child', 'post', { id })
      },
      async *post({ id }) {
        if (id === 'b' && broken) throw new Fault('Gone', 'deleted by its author')
        yield asset(`http://site.test/f/${text(id)}.jpg`)
      },
    })
    const first = await collectWith([source], here, ['test:list/1'])
    expect([first.exit, counts(first), first.end.reasons]).toEqual([3, { stored: 2, failed: 1 }, { Gone: 1 }])
    expect(first.end.targets).toEqual([])
    broken = false
    const second = await collectWith([source], here, ['test:list/1'])
    expect([second.exit, counts(second)]).toEqual([0, { stored: 1, known: 2 }])
  })

  test('a ref whose keys are all settled is not explored: they count as what they are', async () => {
    const here = await pagedPlace()
    here.site.on('/f/gone.jpg', { status: 404 })
    const explored: unknown[] = []
    const source = testSource({
      async *list() {
        for (const id of ['a', 'gone']) yield ref('child', 'post', { id }, { yields: [`test:f-${id}`] })
      },
      async *post({ id }) {
        explored.push(id)
        yield asset(`http://site.test/f/${text(id)}.jpg`, { rules: { enumerated: true } })
      },
    })
    await collectWith([source], here, ['test:list/1'])
    const again = await collectWith([source], here, ['test:list/1'])
    expect(explored).toEqual(['a', 'gone'])
    expect([again.exit, counts(again)]).toEqual([0, { known: 1, missing: 1 }])
  })

  test('more findings than a page may have, or a mistake of a source: status 1, and the other targets go on', async () => {
    const here = await pagedPlace()
    const source = testSource({
      async *broken() {
        yield asset('http://site.test/f/never.jpg')
        throw new TypeError('cannot read properties of undefined')
      },
      async *list({ argument }) {
        yield asset(`http://site.test/f/${text(argument)}.jpg`)
      },
    })
    const ran = await collectWith([source], here, ['test:broken/1', 'test:list/1', 'test:list/2'])
    expect([ran.exit, counts(ran)]).toEqual([1, { stored: 2 }])
    expect(ran.end.targets).toMatchObject([{ target: 'test:broken/1', code: 'Internal' }])
  })
})
