import { describe, expect, test } from 'vitest'
import type { AssetRules, Candidate } from '../../src/core/source.ts'
import { asset, collectWith, counts, get, place, testSource, text } from './harness.ts'
import type { Place } from './harness.ts'
import { jpeg, picture, sha256 } from './pictures.ts'

const HTML = { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>log in</title>' }
/** One try each, so that nothing waits. */
const ONCE = { flags: { retries: '0' } }

function candidates(...urls: readonly string[]): readonly Candidate[] {
  return urls.map((url) => ({ url, quality: 'original' }))
}

/** A source with one page that lists one asset with these candidates. */
function oneOf(urls: readonly string[], rules: AssetRules = {}): ReturnType<typeof testSource> {
  return testSource({
    async *page() {
      yield asset(urls[0] ?? '', { candidates: candidates(...urls), rules })
    },
  })
}

describe('the candidates of an asset', () => {
  test.each([
    ['404', { status: 404 }],
    ['403', { status: 403 }],
    ['415', { status: 415 }],
    ['a web page', HTML],
    ['a web page that says it is a picture', { ...HTML, headers: { 'content-type': 'image/jpeg' } }],
    ['an empty body', { headers: { 'content-type': 'image/jpeg' } }],
    ['204', { status: 204 }],
    ['a server error', { status: 500 }],
    ['a redirect that leads nowhere', { status: 302 }],
  ])('are tried one after the other: %s leads to the next', async (_what, answer) => {
    const here = await place()
    const { site, library } = here
    site.on('/best.jpg', answer)
    site.on('/second.jpg', picture('second'))
    const ran = await collectWith([oneOf([site.at('/best.jpg'), site.at('/second.jpg')])], here, ['test:page/1'], ONCE)
    expect(counts(ran)).toEqual({ stored: 1 })
    expect(library.files()).toEqual({ 'test/best.jpg': sha256(jpeg('second')) })
    expect(site.paths()).toEqual(['/best.jpg', '/second.jpg'])
    expect(library.leftovers()).toEqual([])
  })

  test('all fail: the reason is that of the last one, and nothing is left', async () => {
    const here = await place()
    const { site, library } = here
    site.on('/second.jpg', { status: 403 })
    const ran = await collectWith([oneOf([site.at('/best.jpg'), site.at('/second.jpg')])], here, ['test:page/1'], ONCE)
    expect(ran.exit).toBe(3)
    expect(ran.of('failed')).toMatchObject([{ key: 'test:best', code: 'Blocked', status: 403, attempts: 2 }])
    expect(library.names).toEqual([])
    expect(library.leftovers()).toEqual([])
  })

  test('a candidate that is no URL is passed over', async () => {
    const here = await place()
    here.site.on('/second.jpg', picture('second'))
    const source = testSource({
      async *page() {
        yield asset(here.site.at('/best.jpg'), { candidates: candidates('no url', here.site.at('/second.jpg')) })
      },
    })
    expect(counts(await collectWith([source], here, ['test:page/1'], ONCE))).toEqual({ stored: 1 })
  })

  test('none at all: failed, not a fault of the run', async () => {
    const here = await place()
    const source = testSource({
      async *page() {
        yield asset('http://127.0.0.1:1/a.jpg', { candidates: [] })
      },
    })
    const ran = await collectWith([source], here, ['test:page/1'], ONCE)
    expect(ran.of('failed')).toMatchObject([{ code: 'NoCandidate' }])
    expect(ran.exit).toBe(3)
  })
})

/** A post whose picture has a signed URL: the page gives a new signature each time, and only the newest one is good. */
function signed(pictures: number): ReturnType<typeof testSource> {
  return testSource({
    async *post({ argument }, _cursor, { http }) {
      const base = text(argument)
      const token = (await http.request({ url: `${base}/post` })).text()
      for (let at = 0; at < pictures; at += 1) {
        const url = `${base}/p${at}.jpg?token=${token}`
        yield asset(url, { refresh: { source: 'test', route: 'post', params: { argument: base } } })
      }
    },
  })
}

describe('a URL that has expired', () => {
  async function expiring(status: number, pictures = 1): Promise<Place> {
    const made = await place()
    // The first token is stale at once.
    made.site.on('/post', ({ before }) => ({ body: `t${before}` }))
    const all = Promise.withResolvers<void>()
    let stale = 0
    for (let at = 0; at < pictures; at += 1) {
      made.site.on(`/p${at}.jpg*`, async ({ path }) => {
        if (!path.endsWith('=t0')) return picture(`p${at}`)
        stale += 1
        if (stale === pictures) all.resolve()
        // They wait together.
        await all.promise
        return { status }
      })
    }
    return made
  }

  test.each([401, 403, 404, 410])('(%i) is asked for again through its page, once', async (status) => {
    const here = await expiring(status)
    const { site, library } = here
    const ran = await collectWith([signed(1)], here, [`test:post/${site.at('')}`], ONCE)
    expect(counts(ran)).toEqual({ stored: 1 })
    expect(site.paths()).toEqual(['/post', '/p0.jpg?token=t0', '/post', '/p0.jpg?token=t1'])
    expect(library.rows('select count(*) as refs from refs')).toEqual([{ refs: 1 }])
  })

  test('is asked for once for all pictures of the page that wait', async () => {
    const here = await expiring(403, 30)
    const { site } = here
    const flags = { ...ONCE.flags, jobs: '30' }
    const ran = await collectWith([signed(30)], here, [`test:post/${site.at('')}`], { flags })
    expect(counts(ran)).toEqual({ stored: 30 })
    expect(site.paths('/post')).toHaveLength(2)
  })

  test('is Gone when the page does not list it any more', async () => {
    const here = await place()
    const { site } = here
    site.on('/post', ({ before }) => ({ body: `t${before}` }))
    site.on('/p0.jpg*', { status: 403 })
    const source = testSource({
      async *page({ argument }, _cursor, { http }) {
        const token = (await http.request({ url: `${text(argument)}/post` })).text()
        const refresh = { source: 'test', route: 'page', params: { argument: argument ?? null } }
        if (token === 't0') yield asset(`${text(argument)}/p0.jpg?token=t0`, { refresh })
      },
    })
    const ran = await collectWith([source], here, [`test:page/${site.at('')}`], ONCE)
    expect(ran.of('failed')).toMatchObject([{ code: 'Gone', reason: 'its page no longer lists it' }])
    expect(site.paths()).toEqual(['/post', '/p0.jpg?token=t0', '/post'])
  })

  test('and whose page cannot be had fails with the reason of the page', async () => {
    const here = await place()
    const { site } = here
    site.on('/post', ({ before }) => (before === 0 ? { body: 't0' } : { status: 401 }))
    site.on('/p0.jpg*', { status: 403 })
    const ran = await collectWith([signed(1)], here, [`test:post/${site.at('')}`], ONCE)
    expect(ran.of('failed')).toMatchObject([{ code: 'NeedsLogin' }])
  })

  test('that stays refused is asked for again only once', async () => {
    const here = await place()
    const { site } = here
    site.on('/post', ({ before }) => ({ body: `t${before}` }))
    site.on('/p0.jpg*', { status: 403 })
    const ran = await collectWith([signed(1)], here, [`test:post/${site.at('')}`], ONCE)
    expect(ran.of('failed')).toMatchObject([{ code: 'Blocked', status: 403, attempts: 2 }])
    expect(site.paths('/post')).toHaveLength(2)
  })

  test('by its own word is not asked for at all', async () => {
    const here = await expiring(403)
    const { site } = here
    const source = testSource({
      async *page({ argument }, _cursor, { http, now }) {
        const token = (await http.request({ url: `${text(argument)}/post` })).text()
        const url = `${text(argument)}/p0.jpg?token=${token}`
        const refresh = { source: 'test', route: 'page', params: { argument: argument ?? null } }
        yield asset(url, {
          candidates: [{ url, quality: 'original', expires: now + (token === 't0' ? -1 : 60_000) }],
          refresh,
        })
      },
    })
    const ran = await collectWith([source], here, [`test:page/${site.at('')}`], ONCE)
    expect(counts(ran)).toEqual({ stored: 1 })
    expect(site.paths()).toEqual(['/post', '/post', '/p0.jpg?token=t1'])
  })

  test('with the process that listed it: the next one asks the page first', async () => {
    const here = await place()
    const { site } = here
    site.on('/post', ({ before }) => ({ body: `t${before}` }))
    site.on('/p0.jpg*', picture('p0'))
    const ended = new AbortController()
    const source = signed(1)
    const texts = [`test:post/${site.at('')}`]
    // Interrupted between the listing and the first transfer: the token was never written down.
    const first = await collectWith([source], here, texts, {
      closing: ended.signal,
      onEvent: ({ event }) => (event === 'ref' ? ended.abort(130) : undefined),
    })
    expect(first.exit).toBe(130)
    expect(site.paths('/p0')).toEqual([])
    const second = await collectWith([source], here, texts)
    expect(counts(second)).toEqual({ stored: 1 })
    expect(site.paths()).toEqual(['/post', '/post', '/p0.jpg?token=t1'])
  })
})

describe('one GET decides whether a URL is a file or a page', () => {
  test('a page: it is asked for once, and its pictures are collected', async () => {
    const { site, library } = await place()
    site.on('/gallery', {
      headers: { 'content-type': 'text/html' },
      body: '<title>G</title><img src="/a.jpg"><img src="/b.jpg">',
    })
    site.on('/a.jpg', picture('a'))
    site.on('/b.jpg', picture('b'))
    const ran = await get(library, [site.url('/gallery')], ONCE)
    expect(counts(ran)).toEqual({ stored: 2 })
    expect(site.paths('/gallery')).toEqual(['/gallery'])
    expect(library.states()).toEqual({ stored: 2 })
  })

  test('HTML by its header, a picture by its bytes: a file', async () => {
    const { site, library } = await place()
    site.on('/a.jpg', { ...picture('a'), headers: { 'content-type': 'text/html' } })
    const ran = await get(library, [site.url('/a.jpg')], ONCE)
    expect(counts(ran)).toEqual({ stored: 1 })
    expect(library.files()).toEqual({ '127.0.0.1/a.jpg': sha256(jpeg('a')) })
  })

  test('a picture by its header, HTML by its bytes: failed', async () => {
    const { site, library } = await place()
    site.on('/a.jpg', { ...HTML, headers: { 'content-type': 'image/jpeg' } })
    const ran = await get(library, [site.url('/a.jpg')], ONCE)
    expect(ran.of('failed')).toMatchObject([{ code: 'Html' }])
    expect(ran.exit).toBe(3)
    expect(library.names).toEqual([])
  })

  test('a page with nothing to collect ends with 4', async () => {
    const { site, library } = await place()
    site.on('/empty', { headers: { 'content-type': 'text/html' }, body: '<title>nothing</title>' })
    const ran = await get(library, [site.url('/empty')], ONCE)
    expect(ran.exit).toBe(4)
    expect(ran.end.targets).toMatchObject([{ code: 'NothingFound' }])
    expect(site.paths()).toEqual(['/empty'])
  })

  test('many pages in one call: each is asked for once', async () => {
    const { site, library } = await place()
    for (let at = 0; at < 40; at += 1) {
      site.on(`/g${at}`, {
        headers: { 'content-type': 'text/html' },
        body: `<title>G${at}</title><img src="/i/${at}.jpg">`,
      })
    }
    site.on('/i/*', ({ path }) => picture(path))
    const ran = await get(
      library,
      Array.from({ length: 40 }, (_, at) => site.url(`/g${at}`)),
      ONCE,
    )
    expect(counts(ran)).toEqual({ stored: 40 })
    expect(new Set(site.paths()).size).toBe(site.log.length)
  })
})

describe('a number that the site does not have is missing', () => {
  test.each([
    ['404', { status: 404 }],
    ['410', { status: 410 }],
    ['a web page', HTML],
    ['a body without the magic', { headers: { 'content-type': 'application/zip' }, body: 'sorry' }],
    ['an empty body with the wrong length of nothing', { headers: { 'content-type': 'text/html' } }],
  ])('%s', async (_what, answer) => {
    const { site, library } = await place()
    site.on('/1.zip', answer)
    const flags = { retries: '0', option: ['template.magic=PK'] }
    const ran = await get(library, [site.url('/{1..1}.zip')], { flags })
    expect(ran.exit).toBe(0)
    expect(counts(ran)).toEqual({ missing: 1 })
    expect(library.states()).toEqual({ missing: 1 })
    expect(library.leftovers()).toEqual([])
  })

  test('a server error is a failure all the same', async () => {
    const { site, library } = await place()
    site.on('/1.zip', { status: 500 })
    const ran = await get(library, [site.url('/{1..1}.zip')], ONCE)
    expect([ran.exit, counts(ran)]).toEqual([3, { failed: 1 }])
  })

  test('the picture for removed images is refused by its hash and by its address', async () => {
    const here = await place()
    const { site, library } = here
    site.on('/known.jpg', picture('removed'))
    site.on('/moved.jpg', { status: 302, headers: { location: '/removed.png' } })
    site.on('/removed.png', picture('other'))
    const placeholder = { sha256: [sha256(jpeg('removed'))], finalUrl: ['/removed.png'] }
    const source = testSource({
      async *page() {
        yield asset(site.at('/known.jpg'), { rules: { placeholder } })
        yield asset(site.at('/moved.jpg'), { rules: { placeholder } })
      },
    })
    const ran = await collectWith([source], here, ['test:page/1'], ONCE)
    expect(
      ran
        .of('failed')
        .map(({ key, code }) => `${key} ${code}`)
        .toSorted(),
    ).toEqual(['test:known Placeholder', 'test:moved Placeholder'])
    expect(library.names).toEqual([])
  })
})
