import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OlderFile, PublishSpec, Sidecar, Store } from '../../src/ports/store.ts'
import { picture, receive, send, sha256, specFor } from '../store/pictures.ts'

/** One library of an adapter, and a way to look at it and at its neighbours' files without the adapter. */
export interface StoreBench {
  /** Opens the library; again for what a new process would see. Inspects with `test/store/inspect.ts`. */
  open(): Promise<Store>
  /** Puts a file there that is not the store's. */
  plant(path: string, bytes: Uint8Array): Promise<void>
  /** The bytes under a final name. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Relative paths of everything under a final name, sorted. */
  list(): Promise<readonly string[]>
  /** What is kept of files that are under way. */
  remains(): Promise<readonly string[]>
  dispose(): Promise<void>
}

/** What a row says of a file. */
function older(key: string, path: string, bytes: Uint8Array): OlderFile {
  return { key, path, bytes: bytes.length, sha256: sha256(bytes), sidecars: [`${path}.json`] }
}

const NOTE = { validator: '"v1"', url: 'https://example.org/a.jpg' }
const MIB = 1 << 20

/** What every adapter of the `Store` port does. */
export function storeContract(name: string, make: () => Promise<StoreBench>): void {
  describe(`a ${name}`, () => {
    let bench: StoreBench
    let store: Store

    beforeEach(async () => {
      bench = await make()
      store = await bench.open()
    })

    afterEach(async () => {
      await store.close()
      await bench.dispose()
    })

    async function reopen(): Promise<void> {
      await store.close()
      store = await bench.open()
    }

    async function keep(key: string, bytes: Uint8Array, change: Partial<PublishSpec> = {}): Promise<string> {
      const { path } = await store.publish(specFor(key, await receive(store, key, bytes), change))
      await store.settle([key])
      return path
    }

    describe('receives', () => {
      test.each([
        ['no bytes', 0, 1],
        ['a file in one chunk', 60_000, 60_000],
        ['a file in odd chunks', 200_001, 777],
        ['a file whose chunks are larger than a slab', 300_000, 150_000],
        ['a long file', 5 * MIB + 1, 65_536],
      ])('%s', async (_what, size, piece) => {
        const bytes = size === 0 ? Buffer.alloc(0) : picture(size)
        const received = await receive(store, 'a:1', bytes, piece)
        expect(received).toMatchObject({ bytes: size, sha256: sha256(bytes) })
        expect(Buffer.from(received.magic)).toEqual(bytes.subarray(0, 16))
        expect(received.inspection.mime).toBe(size === 0 ? 'application/octet-stream' : 'image/jpeg')
        expect(received.inspection.damage).toBeUndefined()
      })

      test('keeps its own copy of a chunk', async () => {
        const bytes = picture(1_000)
        const chunk = Buffer.from(bytes)
        const incoming = store.receive('a:1')
        incoming.write(chunk)
        chunk.fill(0)
        expect((await incoming.finish()).sha256).toBe(sha256(bytes))
      })

      test.each([50_000, 3 * MIB])('tells damage that the inspector sees in %i bytes', async (size) => {
        const received = await receive(store, 'a:1', picture(size + 10).subarray(0, size))
        expect(received.inspection).toMatchObject({ mime: 'image/jpeg', damage: { code: 'Damaged' } })
      })

      test('survives an inspector that breaks on the bytes', async () => {
        const received = await receive(store, 'a:1', Buffer.from('BREAK me'))
        expect(received.inspection.damage?.code).toBe('Damaged')
        expect(await keep('a:2', picture(100))).toBe('site/author/a-2.jpg')
      })

      test('a hundred files at once whose chunks come in turns', async () => {
        const files = Array.from({ length: 100 }, (_, index) => picture(120_000 + index, `${index}`))
        const received = await Promise.all(files.map((bytes, index) => receive(store, `a:${index}`, bytes, 9_999)))
        expect(received.map((one) => one.sha256)).toEqual(files.map(sha256))
      })

      test('nothing under a final name before it is published', async () => {
        await receive(store, 'a:1', picture(10_000))
        expect(await bench.list()).toEqual([])
        await store.settle(['a:1'])
        expect(await bench.remains()).toEqual([])
      })
    })

    describe('publishes', () => {
      test('the bytes under folder, stem and extension', async () => {
        const bytes = picture(70_000)
        expect(await keep('a:1', bytes)).toBe('site/author/a-1.jpg')
        expect(await bench.read('site/author/a-1.jpg')).toEqual(bytes)
        expect(await bench.remains()).toEqual([])
      })

      test('into the library itself, and without an extension', async () => {
        expect(await keep('a:1', picture(100), { folder: '', extension: '' })).toBe('a-1')
        expect(await bench.list()).toEqual(['a-1'])
      })

      test('adopts the same bytes that stand there', async () => {
        const bytes = picture(2_000)
        await bench.plant('site/author/a-1.jpg', bytes)
        const published = await store.publish(specFor('a:1', await receive(store, 'a:1', bytes)))
        expect(published).toEqual({ path: 'site/author/a-1.jpg', adopted: true })
      })

      test('beside other bytes of whatever length, which stay', async () => {
        const [own, longer, equal] = [picture(2_000), picture(3_000), picture(2_000, 'other')]
        await bench.plant('site/author/a-1.jpg', longer)
        await bench.plant('site/author/a-2.jpg', equal)
        expect(await keep('a:1', own)).toBe('site/author/a-1~0badcafe.jpg')
        expect(await keep('a:2', own)).toBe('site/author/a-2~0badcafe.jpg')
        expect(await bench.read('site/author/a-1.jpg')).toEqual(longer)
        expect(await bench.read('site/author/a-2.jpg')).toEqual(equal)
      })

      test('finds a third name where both are taken', async () => {
        const paths = ['site/author/a-1.jpg', 'site/author/a-1~0badcafe.jpg']
        for (const path of paths) await bench.plant(path, picture(500, path))
        expect(await keep('a:1', picture(2_000))).toBe('site/author/a-1~0badcafe-2.jpg')
        for (const path of paths) expect(await bench.read(path)).toEqual(picture(500, path))
      })

      test('over its own older file when told to replace', async () => {
        const replaces = older('a:1', await keep('a:1', picture(2_000, 'old')), picture(2_000, 'old'))
        expect(await keep('a:1', picture(2_500, 'new'), { replaces })).toBe('site/author/a-1.jpg')
        expect(await bench.read('site/author/a-1.jpg')).toEqual(picture(2_500, 'new'))
        expect(await bench.list()).toEqual(['site/author/a-1.jpg'])
        expect(await bench.remains()).toEqual([])
      })

      test.each([
        ['another length', 2_001],
        ['the same length', 2_000],
      ])('beside its own older file, where somebody has changed it since (%s)', async (_what, length) => {
        const replaces = older('a:1', await keep('a:1', picture(2_000, 'old')), picture(2_000, 'old'))
        await bench.plant('site/author/a-1.jpg', picture(length, 'mine'))
        expect(await keep('a:1', picture(2_500, 'new'), { replaces })).toBe('site/author/a-1~0badcafe.jpg')
        expect(await bench.read('site/author/a-1.jpg')).toEqual(picture(length, 'mine'))
      })

      test('what was never received is a mistake, not a file', async () => {
        const received = await receive(store, 'a:1', picture(100))
        await expect(store.publish(specFor('a:2', received))).rejects.toMatchObject({ code: 'Internal' })
        expect(await bench.list()).toEqual([])
      })

      test.each(['../out', 'in/../../out', '/etc', 'a//b', '.', '.bowerbird/parts'])(
        'nothing into the folder %s',
        async (folder) => {
          const received = await receive(store, 'a:1', picture(100))
          await expect(store.publish(specFor('a:1', received, { folder }))).rejects.toMatchObject({ code: 'Internal' })
        },
      )
    })

    describe('parts', () => {
      const long = picture(3 * MIB)

      async function breakOff(key: string, bytes: Uint8Array, noted = true): Promise<void> {
        const incoming = store.receive(key)
        if (noted) incoming.note({ ...NOTE, total: long.length })
        await send(incoming, bytes)
        await incoming.abort(true)
      }

      test('are unknown for a new asset', async () => {
        expect(await store.part('a:1')).toBeUndefined()
      })

      test.each([false, true])('are continued (after a restart: %s)', async (restart) => {
        await breakOff('a:1', long.subarray(0, 2 * MIB + 5))
        if (restart) await reopen()
        expect(await store.part('a:1')).toEqual({ bytes: 2 * MIB + 5, total: long.length, ...NOTE })
        const incoming = store.receive('a:1', 2 * MIB + 5)
        incoming.note({ ...NOTE, total: long.length })
        await send(incoming, long.subarray(2 * MIB + 5))
        const received = await incoming.finish()
        expect(received).toMatchObject({ bytes: long.length, sha256: sha256(long) })
        expect(Buffer.from(received.magic)).toEqual(long.subarray(0, 16))
        const { path } = await store.publish(specFor('a:1', received))
        await store.settle(['a:1'])
        expect(await bench.read(path)).toEqual(long)
        expect(await bench.remains()).toEqual([])
      })

      test('are begun anew when the server sends the whole file again', async () => {
        await breakOff('a:1', long.subarray(0, 2 * MIB))
        expect(await keep('a:1', picture(50_000))).toBe('site/author/a-1.jpg')
        expect(await bench.read('site/author/a-1.jpg')).toEqual(picture(50_000))
        expect(await bench.remains()).toEqual([])
      })

      test.each([2 * MIB, 100_000, 1_000])('without a note do not stay (%i bytes)', async (bytes) => {
        await breakOff('a:1', long.subarray(0, bytes), false)
        expect(await store.part('a:1')).toBeUndefined()
        expect(await bench.remains()).toEqual([])
      })

      test.each([100_000, 65_536, 1_000, 1])('of any size are continued (%i bytes)', async (bytes) => {
        const file = picture(200_000)
        await breakOff('a:1', file.subarray(0, bytes))
        await reopen()
        expect(await store.part('a:1')).toEqual({ bytes, total: long.length, ...NOTE })
        const incoming = store.receive('a:1', bytes)
        await send(incoming, file.subarray(bytes))
        const received = await incoming.finish()
        expect(received.sha256).toBe(sha256(file))
        await store.publish(specFor('a:1', received))
        await store.settle(['a:1'])
        expect(await bench.list()).toEqual(['site/author/a-1.jpg'])
        expect(await bench.remains()).toEqual([])
      })

      test('that are continued keep their note when that try breaks off, too', async () => {
        await breakOff('a:1', long.subarray(0, 1_000))
        const incoming = store.receive('a:1', 1_000)
        await send(incoming, long.subarray(1_000, 5_000))
        await incoming.abort(true)
        expect(await store.part('a:1')).toEqual({ bytes: 5_000, total: long.length, ...NOTE })
      })

      test('of no bytes do not stay', async () => {
        await breakOff('a:1', Buffer.alloc(0))
        expect(await store.part('a:1')).toBeUndefined()
        expect(await bench.remains()).toEqual([])
      })

      test('go when a try is given up', async () => {
        const incoming = store.receive('a:1')
        incoming.note(NOTE)
        await send(incoming, long.subarray(0, 2 * MIB))
        await incoming.abort(false)
        expect(await store.part('a:1')).toBeUndefined()
        expect(await bench.remains()).toEqual([])
      })

      test('stay while a continued try brings nothing, and go when that is given up', async () => {
        await breakOff('a:1', long.subarray(0, 2 * MIB))
        await store.receive('a:1', 2 * MIB).abort(true)
        expect(await store.part('a:1')).toMatchObject({ bytes: 2 * MIB })
        await store.receive('a:1', 2 * MIB).abort(false)
        expect(await store.part('a:1')).toBeUndefined()
        expect(await bench.remains()).toEqual([])
      })

      test('that hold all bytes already are finished without another one', async () => {
        await breakOff('a:1', long)
        expect(await store.part('a:1')).toMatchObject({ bytes: long.length, total: long.length })
        expect((await store.receive('a:1', long.length).finish()).sha256).toBe(sha256(long))
      })

      test('go when a file that was received whole is given up', async () => {
        const incoming = store.receive('a:1')
        await send(incoming, picture(10_000))
        await incoming.finish()
        await incoming.abort(false)
        expect(await bench.remains()).toEqual([])
      })

      test('go when the asset is settled without being published', async () => {
        await breakOff('a:1', long.subarray(0, 2 * MIB))
        await store.settle(['a:1', 'a:never-seen'])
        expect(await store.part('a:1')).toBeUndefined()
        expect(await bench.remains()).toEqual([])
      })

      test('of a file that was published and not recorded cost no second file', async () => {
        const bytes = picture(40_000)
        await store.publish(specFor('a:1', await receive(store, 'a:1', bytes)))
        await reopen()
        const part = await store.part('a:1')
        if (part !== undefined && 'complete' in part) {
          expect(part.complete).toBe('site/author/a-1.jpg')
        } else {
          const published = await store.publish(specFor('a:1', await receive(store, 'a:1', bytes)))
          expect(published).toEqual({ path: 'site/author/a-1.jpg', adopted: true })
        }
        await store.settle(['a:1'])
        expect(await bench.list()).toEqual(['site/author/a-1.jpg'])
        expect(await bench.remains()).toEqual([])
      })
    })

    describe('older files, once the rows name newer ones', () => {
      const file = picture(2_000, 'old')

      test('go, with their own sidecars', async () => {
        const path = await keep('a:1', file)
        const sidecars = [`${path}.json`, `${path}~0badcafe.json`]
        await bench.plant(`${path}.json`, Buffer.from('{"mine":true}'))
        await store.write({ key: 'a:1', paths: sidecars, content: '{"key":"a:1"}' })
        await keep('a:1', picture(2_500), { extension: 'png' })
        expect(await store.settle(['a:1'], [{ ...older('a:1', path, file), sidecars }])).toEqual([])
        expect(await bench.list()).toEqual([`${path}.json`, 'site/author/a-1.png'])
      })

      test('stay, with their sidecars, where somebody has changed them since', async () => {
        const path = await keep('a:1', file)
        await store.write({ key: 'a:1', paths: [`${path}.json`], content: '{"key":"a:1"}' })
        await bench.plant(path, picture(2_000, 'mine'))
        const [staying, ...others] = await store.settle(['a:1'], [older('a:1', path, file)])
        expect([staying?.path, others]).toEqual([path, []])
        expect(staying?.why).toContain('not what was stored')
        expect(await bench.read(path)).toEqual(picture(2_000, 'mine'))
        expect(await bench.list()).toEqual([path, `${path}.json`])
      })

      test('may be gone already', async () => {
        expect(await store.settle(['a:1'], [older('a:1', 'none/a-1.jpg', file)])).toEqual([])
        expect(await bench.list()).toEqual([])
      })
    })

    test('forgets what a process that died had published, and nothing else, when told that all of it is recorded', async () => {
      const [published, long] = [picture(40_000, 'a:1'), picture(2 * MIB, 'a:2')]
      await store.publish(specFor('a:1', await receive(store, 'a:1', published)))
      const broken = store.receive('a:2')
      broken.note({ ...NOTE, total: long.length })
      await send(broken, long)
      await broken.abort(true)
      await reopen()
      await store.settle('published')
      expect(await store.part('a:1')).toBeUndefined()
      expect(await store.part('a:2')).toMatchObject({ bytes: long.length })
      await store.settle(['a:2'])
      expect(await bench.list()).toEqual(['site/author/a-1.jpg'])
      expect(await bench.remains()).toEqual([])
    })

    describe('reads and writes', () => {
      test('stored bytes again', async () => {
        const bytes = picture(9 * MIB)
        const received = await receive(store, 'a:1', bytes)
        const { path } = await store.publish(specFor('a:1', received))
        expect(await store.reread(path)).toEqual({ ...received, file: expect.stringContaining('a-1.jpg') })
      })

      test('nothing where no file stands', async () => {
        await keep('a:1', picture(100))
        expect(await store.reread('site/author/none.jpg')).toBeUndefined()
        expect(await store.reread('site/author')).toBeUndefined()
        expect(await store.reread('site/author/a-1.jpg/deeper')).toBeUndefined()
      })

      const sidecar = (more: object = {}, key = 'a:1'): Sidecar => ({
        key,
        paths: ['new/folder/a-1.jpg.json', 'new/folder/a-1.jpg~0badcafe.json'],
        content: JSON.stringify({ key, ...more }),
      })
      const textOf = async (path: string): Promise<string> => Buffer.from((await bench.read(path)) ?? []).toString()

      test('a sidecar, and again', async () => {
        expect(await store.write(sidecar({ a: 1 }))).toBe('new/folder/a-1.jpg.json')
        expect(await store.write(sidecar({ ä: 2 }))).toBe('new/folder/a-1.jpg.json')
        expect(await store.write(sidecar({ ä: 2 }))).toBe('new/folder/a-1.jpg.json')
        expect(await textOf('new/folder/a-1.jpg.json')).toBe('{"key":"a:1","ä":2}')
        expect(await bench.list()).toEqual(['new/folder/a-1.jpg.json'])
        expect(await bench.remains()).toEqual([])
      })

      test.each([
        ['other JSON', '{"id":1,"rating":5}'],
        ['the sidecar of another asset', '{"key":"a:2"}'],
        ['a key deeper down', '{"meta":{"key":"a:1"}}'],
        ['a list', '["a:1"]'],
        ['no JSON', 'key: a:1'],
        ['nothing', ''],
      ])('a sidecar beside what is not its own: %s', async (_what, foreign) => {
        await bench.plant('new/folder/a-1.jpg.json', Buffer.from(foreign))
        expect(await store.write(sidecar({ a: 1 }))).toBe('new/folder/a-1.jpg~0badcafe.json')
        expect(await store.write(sidecar({ a: 2 }))).toBe('new/folder/a-1.jpg~0badcafe.json')
        expect(await textOf('new/folder/a-1.jpg.json')).toBe(foreign)
        expect(await textOf('new/folder/a-1.jpg~0badcafe.json')).toBe('{"key":"a:1","a":2}')
        expect(await bench.remains()).toEqual([])
      })

      test('no sidecar where all of its names are taken', async () => {
        for (const path of sidecar().paths) await bench.plant(path, Buffer.from('mine'))
        expect(await store.write(sidecar())).toBeUndefined()
        for (const path of sidecar().paths) expect(await textOf(path)).toBe('mine')
        expect(await bench.remains()).toEqual([])
      })

      test('no sidecar out of the library', async () => {
        const out = { key: 'a:1', paths: ['../out.json'], content: '{}' }
        await expect(store.write(out)).rejects.toMatchObject({ code: 'Internal' })
        expect(await bench.remains()).toEqual([])
      })
    })

    test('every call after the end is refused', async () => {
      const incoming = store.receive('a:1')
      await store.close()
      await expect(store.reread('a')).rejects.toThrow('closed')
      await expect(incoming.finish()).rejects.toThrow('closed')
      expect(() => store.receive('a:2').write(randomBytes(10))).toThrow('closed')
      await store.close()
    })
  })
}
