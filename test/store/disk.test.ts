import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDiskStore } from '../../src/adapters/store/disk/store.ts'
import type { Published, PublishSpec, Store } from '../../src/ports/store.ts'
import { picture, receive, send, sha256, specFor } from './pictures.ts'
import { INSPECT, diskBench, finalFiles, partFiles } from './support.ts'

describe.each([false, true])('a library in a folder (fsync: %s)', (fsync) => {
  const bytes = picture(30_000)
  let bench: ReturnType<typeof diskBench>
  let root: string
  let store: Store

  beforeEach(async () => {
    bench = diskBench({ fsync })
    root = bench.root
    store = await bench.open()
  })

  afterEach(async () => {
    await store.close()
    await bench.dispose()
  })

  async function publish(key: string, change: Partial<PublishSpec> = {}): Promise<Published> {
    const published = await store.publish(specFor(key, await receive(store, key, bytes), change))
    await store.settle([key])
    return published
  }

  describe('never writes through a link', () => {
    let outside: string

    beforeEach(() => {
      outside = join(root, '..', 'outside')
      mkdirSync(outside)
    })

    test.each(['linked', 'linked/deeper/still', 'site/linked'])('into the folder %s', async (folder) => {
      mkdirSync(join(root, 'site'))
      for (const link of ['linked', 'site/linked']) symlinkSync(outside, join(root, link))
      await expect(publish('a:1', { folder })).rejects.toMatchObject({ code: 'DiskRefused' })
      await expect(store.write({ key: 'a:1', paths: [`${folder}/a.json`], content: '{}' })).rejects.toMatchObject({
        code: 'DiskRefused',
      })
      expect(readdirSync(outside)).toEqual([])
    })

    test('into a folder whose name begins like that of the library', async () => {
      mkdirSync(`${root}-2`)
      symlinkSync(`${root}-2`, join(root, 'linked'))
      await expect(publish('a:1', { folder: 'linked' })).rejects.toThrow('leads out of the library')
    })

    test('into a folder that leads nowhere', async () => {
      symlinkSync(join(outside, 'none'), join(root, 'linked'))
      await expect(publish('a:1', { folder: 'linked' })).rejects.toMatchObject({ code: 'DiskRefused' })
      expect(readdirSync(outside)).toEqual([])
    })

    test('when a folder becomes one during the run', async () => {
      await publish('a:1')
      rmSync(join(root, 'site/author'), { recursive: true })
      symlinkSync(outside, join(root, 'site/author'))
      await expect(publish('a:2')).rejects.toMatchObject({ code: 'DiskRefused' })
      expect(readdirSync(outside)).toEqual([])
    })

    /** The very bytes that the link leads to: a link is nobody's older file all the same. */
    const older = (path: string): Pick<PublishSpec, 'replaces'> => ({
      replaces: { key: 'a', path, bytes: bytes.length, sha256: sha256(bytes), sidecars: [] },
    })

    test('from which older files are removed', async () => {
      writeFileSync(join(outside, 'precious.jpg'), bytes)
      symlinkSync(outside, join(root, 'linked'))
      symlinkSync(join(outside, 'precious.jpg'), join(root, 'link.jpg'))
      const files = ['linked/precious.jpg', 'link.jpg'].flatMap((path) => older(path).replaces ?? [])
      expect((await store.settle(['a'], files)).map(({ path }) => path)).toEqual(['link.jpg'])
      expect(readdirSync(outside)).toEqual(['precious.jpg'])
      expect(lstatSync(join(root, 'link.jpg')).isSymbolicLink()).toBe(true)
    })

    test.each([false, true])('at the final name (replace: %s)', async (replace) => {
      writeFileSync(join(outside, 'precious.jpg'), bytes)
      mkdirSync(join(root, 'site/author'), { recursive: true })
      symlinkSync(join(outside, 'precious.jpg'), join(root, 'site/author/a-1.jpg'))
      symlinkSync(join(outside, 'new.jpg'), join(root, 'site/author/a-2.jpg'))
      expect((await publish('a:1', replace ? older('site/author/a-1.jpg') : {})).path).toBe(
        'site/author/a-1~0badcafe.jpg',
      )
      expect((await publish('a:2', replace ? older('site/author/a-2.jpg') : {})).path).toBe(
        'site/author/a-2~0badcafe.jpg',
      )
      expect(readdirSync(outside)).toEqual(['precious.jpg'])
      expect(lstatSync(join(root, 'site/author/a-1.jpg')).isSymbolicLink()).toBe(true)
    })

    test('at the name of a sidecar or of a file to read', async () => {
      writeFileSync(join(outside, 'precious.json'), 'precious')
      symlinkSync(join(outside, 'precious.json'), join(root, 'a.json'))
      const sidecar = { key: 'a:1', paths: ['a.json', 'b.json'], content: '{}' }
      expect(await store.write(sidecar)).toBe('b.json')
      expect(await store.reread('a.json')).toBeUndefined()
      expect(readFileSync(join(outside, 'precious.json'), 'utf8')).toBe('precious')
      expect(partFiles(root)).toEqual([])
    })

    test('but through one that stays inside', async () => {
      mkdirSync(join(root, 'real'))
      symlinkSync('real', join(root, 'short'))
      expect((await publish('a:1', { folder: 'short' })).path).toBe('short/a-1.jpg')
      expect(readFileSync(join(root, 'real/a-1.jpg'))).toEqual(bytes)
    })
  })

  describe('when the folder changes under it', () => {
    test('removed folders are made again', async () => {
      await publish('a:1')
      const received = await receive(store, 'a:2', bytes)
      rmSync(join(root, 'site'), { recursive: true })
      await store.publish(specFor('a:2', received))
      rmSync(join(root, '.bowerbird'), { recursive: true })
      await publish('a:3')
      expect(finalFiles(root)).toEqual(['site/author/a-2.jpg', 'site/author/a-3.jpg'])
    })

    test('a file in place of a folder is a clear refusal', async () => {
      writeFileSync(join(root, 'site'), 'a file')
      await expect(publish('a:1')).rejects.toMatchObject({ code: 'DiskRefused' })
      expect(readFileSync(join(root, 'site'), 'utf8')).toBe('a file')
    })

    test('a folder in place of a file is passed by', async () => {
      mkdirSync(join(root, 'site/author/a-1.jpg'), { recursive: true })
      expect((await publish('a:1')).path).toBe('site/author/a-1~0badcafe.jpg')
    })

    test('a part that another program took or exchanged is not published', async () => {
      for (const key of ['a:1', 'a:2']) {
        const received = await receive(store, key, bytes)
        if (key === 'a:2') writeFileSync(`${received.file}.other`, bytes.subarray(0, 9))
        if (key === 'a:2') renameSync(`${received.file}.other`, received.file)
        else rmSync(received.file)
        await expect(store.publish(specFor(key, received))).rejects.toMatchObject({ code: 'Damaged' })
        await store.settle([key])
      }
      expect(finalFiles(root)).toEqual([])
    })

    test('a part that is shorter than where it shall go on is begun anew', async () => {
      const incoming = store.receive('a:1', 500)
      await expect(send(incoming, bytes).then(() => incoming.finish())).rejects.toMatchObject({ code: 'Damaged' })
      expect(partFiles(root)).toEqual([])
    })
  })

  describe('names and times', () => {
    test('of 255 bytes are kept, of 256 are refused for this file alone', async () => {
      const stem = 'ü'.repeat(125) + 'x'
      expect((await publish('a:1', { stem })).path).toBe(`site/author/${stem}.jpg`)
      await expect(publish('a:2', { stem: `${stem}x` })).rejects.toMatchObject({ code: 'NameRefused' })
      await expect(publish('a:3', { folder: 'f'.repeat(256) })).rejects.toMatchObject({ code: 'NameRefused' })
      await store.settle(['a:2', 'a:3'])
      expect((await publish('a:4')).path).toBe('site/author/a-4.jpg')
      expect(partFiles(root)).toEqual([])
    })

    test('the modification time is what the site told', async () => {
      const modified = Date.UTC(2001, 1, 3, 4, 5, 6)
      const { path } = await publish('a:1', { modified })
      expect(statSync(join(root, path)).mtimeMs).toBe(modified)
    })

    test('the mode honours the mask of the process', async () => {
      const before = process.umask(0o027)
      try {
        const { path } = await publish('a:1')
        expect(statSync(join(root, path)).mode & 0o777).toBe(0o640)
        expect(statSync(join(root, 'site')).mode & 0o777).toBe(0o750)
      } finally {
        process.umask(before)
      }
    })
  })

  test('one inode with a final name is complete, wherever that stands', async () => {
    const { path } = await store.publish(specFor('a:1', await receive(store, 'a:1', bytes)))
    await publish('a:2')
    await store.close()
    mkdirSync(join(root, 'x/y'), { recursive: true })
    renameSync(join(root, path), join(root, 'x/y/renamed.jpg'))
    store = await bench.open()
    expect(await store.part('a:1')).toEqual({ complete: 'x/y/renamed.jpg' })
    expect((await store.reread('x/y/renamed.jpg'))?.sha256).toBe(sha256(bytes))
    await store.settle(['a:1'])
    expect(partFiles(root)).toEqual([])
  })

  test('a published part that is fetched again or continued leaves the published file alone', async () => {
    for (const key of ['a:1', 'a:2']) await store.publish(specFor(key, await receive(store, key, bytes)))
    await store.close()
    store = await bench.open()
    await receive(store, 'a:1', Buffer.from('something else'))
    const continued = store.receive('a:2', 10)
    await expect(send(continued, bytes).then(() => continued.finish())).rejects.toMatchObject({ code: 'Damaged' })
    for (const key of ['a-1', 'a-2']) expect(readFileSync(join(root, `site/author/${key}.jpg`))).toEqual(bytes)
  })

  test('two stores of one library keep each other’s files', async () => {
    const second = await bench.open()
    const [mine, theirs] = [picture(9_000, 'mine'), picture(9_000, 'theirs')]
    const stem = { stem: 'same', otherStem: 'same~1' }
    const paths = await Promise.all([
      receive(store, 'a:1', mine).then((received) => store.publish(specFor('a:1', received, stem))),
      receive(second, 'a:2', theirs).then((received) =>
        second.publish(specFor('a:2', received, { stem: 'same', otherStem: 'same~2' })),
      ),
    ])
    await Promise.all([store.settle(['a:1']), second.settle(['a:2'])])
    await second.close()
    const found = paths.map(({ path }) => readFileSync(join(root, path)))
    expect(found).toEqual([mine, theirs])
    expect(finalFiles(root)).toHaveLength(2)
    expect(partFiles(root)).toEqual([])
  })

  test('temporary files that a killed process left go after an hour', async () => {
    await store.close()
    const [stale, fresh] = ['stale.tmp', 'fresh.tmp'].map((name) => join(root, '.bowerbird/parts', name))
    for (const path of [stale, fresh]) writeFileSync(path ?? '', 'half')
    const hours = Date.now() / 1000 - 2 * 3600
    utimesSync(stale ?? '', hours, hours)
    store = await bench.open()
    expect(partFiles(root)).toEqual(['fresh.tmp'])
  })

  test('holds no descriptor and no part once it is closed', async () => {
    const open = (): number => readdirSync('/proc/self/fd').length
    await store.close()
    const before = open()
    store = await bench.open()
    const incomings = Array.from({ length: 60 }, (_, index) => store.receive(`b:${index}`))
    for (const incoming of incomings) incoming.write(picture(100_000))
    await Promise.all(Array.from({ length: 60 }, (_, index) => publish(`a:${index}`)))
    await store.close()
    expect(open()).toBe(before)
    expect(partFiles(root)).toEqual([])
    expect(finalFiles(root)).toHaveLength(60)
  })
})

test('two writer threads share a hundred files', async () => {
  const bench = diskBench({ threads: 2 })
  const store = await bench.open()
  const keys = Array.from({ length: 100 }, (_, index) => `a:${index}`)
  await Promise.all(
    keys.map(async (key) => store.publish(specFor(key, await receive(store, key, picture(90_000, key))))),
  )
  await store.close()
  const again = await bench.open()
  expect(await again.part('a:7')).toEqual({ complete: 'site/author/a-7.jpg' })
  await again.settle(keys)
  await again.close()
  expect(partFiles(bench.root)).toEqual([])
  expect(finalFiles(bench.root)).toHaveLength(100)
  await bench.dispose()
})

describe('a library that cannot be used', () => {
  test.each(['file', 'file/below'])('because %s is none', async (name) => {
    const bench = diskBench()
    mkdirSync(bench.root)
    writeFileSync(join(bench.root, 'file'), '')
    const opening = openDiskStore({ root: join(bench.root, name), fsync: false, inspectModule: INSPECT })
    await expect(opening).rejects.toMatchObject({ code: 'DiskRefused' })
    await expect(opening).rejects.toThrow(join(bench.root, name))
    await bench.dispose()
  })

  test('because its inspector does not load', async () => {
    const bench = diskBench({ inspectModule: new URL('none.ts', INSPECT) })
    await expect(bench.open()).rejects.toMatchObject({ code: 'Internal' })
    await bench.dispose()
  })
})
