import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/errors.ts'
import type { EngineParts } from '../../src/engine/parts.ts'
import { asset, collectWith, counts, get, place, testSource } from './harness.ts'
import type { Place } from './harness.ts'
import { jpeg, picture, png, sha256 } from './pictures.ts'

describe('a file that the user put into the library', () => {
  test('--sidecar never takes the place of a file of somebody else, and says so', async () => {
    const { site, library } = await place()
    site.on('/*', ({ path }) => picture(path))
    const mine = '{"title":"my own notes"}'
    mkdirSync(join(library.root, '127.0.0.1'), { recursive: true })
    writeFileSync(join(library.root, '127.0.0.1/1.jpg.json'), mine)
    const first = await get(library, [site.url('/1.jpg')], { flags: { sidecar: true } })
    const other = library.names.find((name) => /^127\.0\.0\.1\/1\.jpg~[0-9a-f]{8}\.json$/.test(name)) ?? ''
    expect(library.names).toEqual(['127.0.0.1/1.jpg', '127.0.0.1/1.jpg.json', other])
    expect(library.files()['127.0.0.1/1.jpg.json']).toBe(sha256(Buffer.from(mine)))
    expect([first.exit, first.of('note').map(({ message }) => message)]).toEqual([
      0,
      [
        `127.0.0.1/1.jpg.json is not a sidecar of this program and stays as it is; the sidecar of 127.0.0.1/1.jpg is in ${other}`,
      ],
    ])
    await get(library, [site.url('/1.jpg')], { flags: { sidecar: true, overwrite: true } })
    expect(library.names).toEqual(['127.0.0.1/1.jpg', '127.0.0.1/1.jpg.json', other])
    expect(library.files()['127.0.0.1/1.jpg.json']).toBe(sha256(Buffer.from(mine)))
    expect(library.leftovers()).toEqual([])
  })
})

/** A library that holds `127.0.0.1/1.jpg`, and a site that has another picture there since. */
async function overtaken(reply: ReturnType<typeof picture>): Promise<Place> {
  const here = await place()
  here.site.on('/1.jpg', ({ before }) => (before === 0 ? picture('old') : reply))
  await get(here.library, [here.site.url('/1.jpg')], { flags: { sidecar: true } })
  return here
}

const PNG = { headers: { 'content-type': 'image/png' }, body: png('new') }

describe('--overwrite', () => {
  test('takes the older file away when the newer one has another type, and its sidecar', async () => {
    const { site, library } = await overtaken(PNG)
    const ran = await get(library, [site.url('/1.jpg')], { flags: { overwrite: true, sidecar: true } })
    expect([ran.exit, counts(ran), ran.of('note')]).toEqual([0, { stored: 1 }, []])
    expect(library.names).toEqual(['127.0.0.1/1.png', '127.0.0.1/1.png.json'])
    expect(library.files()['127.0.0.1/1.png']).toBe(sha256(PNG.body))
    expect(library.rows('select path from files')).toEqual([{ path: '127.0.0.1/1.png' }])
    expect(library.leftovers()).toEqual([])
  })

  test('takes it away, too, where the run ended between the newer name and its row', async () => {
    const here = await place()
    here.site.on('/1.jpg', ({ before }) => (before === 0 ? picture('old') : PNG))
    const source = testSource({
      async *list() {
        yield asset('http://site.test/1.jpg')
      },
    })
    await collectWith([source], here, ['test:list/1'])
    const unrecorded = (parts: EngineParts): EngineParts => {
      Object.assign(parts.catalog.assets, { settle: () => Promise.reject(new Fault('DiskFull', 'no room')) })
      return parts
    }
    const ran = await collectWith([source], here, ['test:list/1'], { flags: { overwrite: true }, change: unrecorded })
    expect([ran.exit, here.library.names]).toEqual([5, ['test/1.jpg', 'test/1.png']])
    const again = await collectWith([source], here, ['test:list/1'])
    expect([again.exit, counts(again), here.library.names]).toEqual([0, { stored: 1 }, ['test/1.png']])
    expect(here.site.log).toHaveLength(2)
    expect(here.library.leftovers()).toEqual([])
  })

  test('leaves the older file where it is when the newer one never comes', async () => {
    const { site, library } = await overtaken({ ...PNG, body: PNG.body.subarray(0, 40) })
    const ran = await get(library, [site.url('/1.jpg')], { flags: { overwrite: true, retries: '0' } })
    expect(counts(ran)).toEqual({ failed: 1 })
    expect(library.names).toEqual(['127.0.0.1/1.jpg', '127.0.0.1/1.jpg.json'])
  })

  test.each([
    ['of another type', PNG, /^127\.0\.0\.1\/1\.png$/],
    ['of the same type', picture('new'), /^127\.0\.0\.1\/1~[0-9a-f]{8}\.jpg$/],
  ])('never touches what its owner has worked on since (newer file %s)', async (_what, reply, name) => {
    const { site, library } = await overtaken(reply)
    const mine = jpeg('old and retouched')
    writeFileSync(join(library.root, '127.0.0.1/1.jpg'), mine)
    const ran = await get(library, [site.url('/1.jpg')], { flags: { overwrite: true } })
    expect([ran.exit, counts(ran)]).toEqual([0, { stored: 1 }])
    expect(readFileSync(join(library.root, '127.0.0.1/1.jpg'))).toEqual(mine)
    expect(ran.of('note').map(({ message }) => message)).toEqual([
      '127.0.0.1/1.jpg stays beside the newer file: it is not what was stored there',
    ])
    const [row] = library.rows('select path from files')
    expect(row?.['path']).toMatch(name)
    expect(library.files()[String(row?.['path'])]).toBe(sha256(reply.body))
    const again = await get(library, [site.url('/1.jpg')], { flags: { overwrite: true } })
    expect([counts(again), again.of('note')]).toEqual([{ stored: 1 }, []])
    expect(library.rows('select path from files')).toEqual([row])
    expect(readFileSync(join(library.root, '127.0.0.1/1.jpg'))).toEqual(mine)
  })

  test('never takes the place of a file that stood under the name before', async () => {
    const { site, library } = await place()
    mkdirSync(join(library.root, '127.0.0.1'), { recursive: true })
    writeFileSync(join(library.root, '127.0.0.1/1.jpg'), 'mine')
    site.on('/1.jpg', ({ before }) => picture(`version ${before}`))
    await get(library, [site.url('/1.jpg')])
    const names = library.names
    expect(names).toHaveLength(2)
    await get(library, [site.url('/1.jpg')], { flags: { overwrite: true } })
    expect(library.names).toEqual(names)
    expect(readFileSync(join(library.root, '127.0.0.1/1.jpg'), 'utf8')).toBe('mine')
    expect(Object.values(library.files())).toContain(sha256(jpeg('version 1')))
  })
})
