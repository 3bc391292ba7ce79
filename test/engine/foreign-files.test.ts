import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { get, place } from './harness.ts'
import { picture, sha256 } from './pictures.ts'

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
