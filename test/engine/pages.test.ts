import { describe, expect, test } from 'vitest'
import { counts, get, place } from './harness.ts'
import { picture } from './pictures.ts'
import type { Reply } from './site.ts'

function html(body: string): Reply {
  return { headers: { 'content-type': 'text/html' }, body: `<!doctype html>${body}` }
}

function links(...paths: readonly string[]): string {
  return paths.map((path) => `<a href="${path}">on</a>`).join('')
}

describe('--dry-run of a URL that may be a file or a page', () => {
  const flags = { dryRun: true, print: 'url' as const }

  test('tells the pictures of a page, by one GET', async () => {
    const { site, library } = await place()
    site.on('/page', html('<img src="/1.jpg"><a href="/2.jpg"><img src="/2-small.jpg"></a>'))
    const ran = await get(library, [site.url('/page')], { flags })
    expect(ran.of('asset').map(({ url }) => url)).toEqual([site.url('/1.jpg'), site.url('/2.jpg')])
    expect([ran.exit, site.paths()]).toEqual([0, ['/page']])
  })

  test('tells a file by one GET, without its body', async () => {
    const { site, library } = await place()
    const size = 64 * 1024 * 1024
    let written = 0
    site.on('/long.jpg', ({ response }) => {
      response.writeHead(200, { 'content-length': String(size), 'content-type': 'image/jpeg' })
      const more = (): void => {
        while (written < size && !response.destroyed) {
          written += 65_536
          if (!response.write(Buffer.alloc(65_536))) return
        }
      }
      response.on('drain', more)
      more()
      return undefined
    })
    const ran = await get(library, [site.url('/long.jpg')], { flags })
    expect([ran.of('asset').map(({ url }) => url), ran.exit]).toEqual([[site.url('/long.jpg')], 0])
    expect([site.paths(), counts(ran)]).toEqual([['/long.jpg'], {}])
    expect(written).toBeLessThan(size)
  })

  test('says of what cannot be had what a run would say', async () => {
    const { site, library } = await place()
    const ran = await get(library, [site.url('/none.jpg')], { flags })
    expect([ran.of('asset'), ran.of('failed').map(({ code }) => code), ran.exit]).toEqual([[], ['Gone'], 3])
  })

  test('keeps to --limit', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    const ran = await get(library, [site.url('/1.jpg')], { flags: { ...flags, limit: '1' } })
    expect(ran.of('asset')).toHaveLength(1)
  })
})

describe('pages that link to each other', () => {
  test('are each read once, however deep they are met again', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    site.on('/a', html(`${links('/b', '/c')}<img src="/a.jpg">`))
    site.on('/b', html(`${links('/a', '/c', '/d')}<img src="/b.jpg">`))
    site.on('/c', html(`${links('/a', '/b', '/d')}<img src="/c.jpg">`))
    site.on('/d', html(`${links('/a', '/e')}<img src="/d.jpg">`))
    site.on('/e', html(`<img src="/e.jpg">`))
    const ran = await get(library, [site.url('/a')], { flags: { option: ['page.depth=2'] } })
    expect(site.paths().filter((path) => !path.endsWith('.jpg'))).toEqual(['/a', '/b', '/c', '/d'])
    expect([counts(ran), ran.exit]).toEqual([{ stored: 4 }, 0])
    const deeper = await get(library, [site.url('/a')], { flags: { option: ['page.depth=3'] } })
    expect(counts(deeper)).toEqual({ stored: 1, known: 4 })
  })
})
