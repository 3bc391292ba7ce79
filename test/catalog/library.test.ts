import { existsSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, test } from 'vitest'
import { get, place } from '../engine/harness.ts'
import type { Place, Ran, RunOptions } from '../engine/harness.ts'
import { picture } from '../engine/pictures.ts'

/** A run on any library with any catalog. */
function collect({ site, library }: Place, flags: NonNullable<RunOptions['flags']>): Promise<Ran> {
  return get(library, [site.url('/[1-3].jpg')], { flags })
}

const outcome = ({ exit, end }: Ran): readonly number[] => [exit, end.stored, end.known]

describe.each(['inside the library', 'outside of the library'])('a catalog %s', (where) => {
  let here: Place
  let root: string
  let catalog: string

  beforeEach(async () => {
    here = await place()
    here.site.on('/*', ({ path }) => picture(path))
    root = here.library.beside('first')
    catalog =
      where === 'inside the library' ? join(root, '.bowerbird/catalog.db') : here.library.beside('own/catalog.db')
    await collect(here, { to: root, catalog })
  })

  test.each([false, true])('refuses another library, and says what to do (dry run: %s)', async (dryRun) => {
    const other = here.library.beside('second')
    const fault = await collect(here, { to: other, catalog, dryRun }).catch((thrown: unknown) => thrown)
    expect(fault).toMatchObject({
      code: 'Usage',
      message: `the catalog ${catalog} belongs to the library ${root}, not to ${other}`,
      evidence: { advice: `one catalog holds one library: name it with --to ${root}, or name another --catalog` },
    })
    expect(existsSync(join(other, '127.0.0.1'))).toBe(false)
    expect(dryRun && existsSync(other)).toBe(false)
    expect(outcome(await collect(here, { to: root, catalog }))).toEqual([0, 0, 3])
  })

  test('goes on with a library that was moved, and refuses what stands in its place then', async () => {
    const moved = here.library.beside('moved')
    renameSync(root, moved)
    const now = where === 'inside the library' ? join(moved, '.bowerbird/catalog.db') : catalog
    expect(outcome(await collect(here, { to: moved, catalog: now }))).toEqual([0, 0, 3])
    await expect(collect(here, { to: root, catalog: now })).rejects.toMatchObject({ code: 'Usage' })
    expect(outcome(await collect(here, { to: moved, catalog: now }))).toEqual([0, 0, 3])
  })

  test('knows its library through a link', async () => {
    const link = here.library.beside('link')
    symlinkSync(root, link)
    expect(outcome(await collect(here, { to: link, catalog }))).toEqual([0, 0, 3])
    expect(outcome(await collect(here, { to: root, catalog }))).toEqual([0, 0, 3])
  })

  test('that was made before libraries were recorded takes the first that comes', async () => {
    const database = new DatabaseSync(catalog)
    database.exec('delete from library')
    database.close()
    expect(outcome(await collect(here, { to: root, catalog }))).toEqual([0, 0, 3])
    await expect(collect(here, { to: here.library.beside('second'), catalog })).rejects.toMatchObject({ code: 'Usage' })
  })
})

test('a catalog in a library that was moved is not taken for one of the place where it was', async () => {
  const here = await place()
  here.site.on('/*', ({ path }) => picture(path))
  const [root, moved] = [here.library.beside('first'), here.library.beside('moved')]
  await collect(here, { to: root })
  renameSync(root, moved)
  const catalog = join(moved, '.bowerbird/catalog.db')
  await expect(collect(here, { to: root, catalog })).rejects.toMatchObject({ code: 'Usage' })
  expect(outcome(await collect(here, { to: moved }))).toEqual([0, 0, 3])
})

describe('a catalog outside of its library', () => {
  let here: Place
  let root: string
  let catalog: string

  beforeEach(async () => {
    here = await place()
    here.site.on('/*', ({ path }) => picture(path))
    root = here.library.beside('first')
    catalog = here.library.beside('own/catalog.db')
    await collect(here, { to: root, catalog })
  })

  test('knows it by its path where the mark is lost', async () => {
    rmSync(join(root, '.bowerbird'), { recursive: true })
    expect(outcome(await collect(here, { to: root, catalog }))).toEqual([0, 0, 3])
    renameSync(root, `${root}-2`)
    expect(outcome(await collect(here, { to: `${root}-2`, catalog }))).toEqual([0, 0, 3])
  })

  test('refuses another library that was moved to its place', async () => {
    const second = here.library.beside('second')
    await collect(here, { to: second, catalog: here.library.beside('own/second.db') })
    renameSync(root, `${root}-2`)
    renameSync(second, root)
    await expect(collect(here, { to: root, catalog })).rejects.toMatchObject({ code: 'Usage' })
  })

  test('leaves nothing but the mark in the library', () => {
    expect(readdirSync(join(root, '.bowerbird')).toSorted()).toEqual(['library', 'parts'])
  })

  test('may have lain in it before', async () => {
    const inner = here.library.beside('inner')
    await collect(here, { to: inner })
    const outer = here.library.beside('own/inner.db')
    renameSync(join(inner, '.bowerbird/catalog.db'), outer)
    expect(outcome(await collect(here, { to: inner, catalog: outer }))).toEqual([0, 0, 3])
  })
})
