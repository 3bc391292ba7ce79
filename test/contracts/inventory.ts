import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ExpectedFile, Inventory } from '../../src/ports/inventory.ts'

/** A library of its own for one test, on the real thing. */
export interface InventoryPlace {
  open(): Inventory
  /** Puts a file there, past the program. */
  put(path: string, bytes: Buffer): Promise<void>
  remove(): Promise<void>
}

function expected(path: string, bytes: Buffer): ExpectedFile {
  return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** What every adapter that looks at the files of a library promises. */
export function inventoryContract(name: string, makePlace: () => Promise<InventoryPlace>): void {
  describe(`the inventory of ${name}`, () => {
    let place: InventoryPlace
    let inventory: Inventory
    beforeEach(async () => {
      place = await makePlace()
      inventory = place.open()
    })
    afterEach(async () => {
      await inventory.close()
      await place.remove()
    })

    async function walked(): Promise<readonly string[]> {
      const paths: string[] = []
      for await (const batch of inventory.walk()) paths.push(...batch)
      return paths.toSorted()
    }

    it('says of each file, in their order, whether it has the bytes that are expected', async () => {
      const [sound, longer, other] = ['sound', 'longer', 'other'].map((text) => Buffer.from(text)) as [
        Buffer,
        Buffer,
        Buffer,
      ]
      await place.put('a/sound.jpg', sound)
      await place.put('a/longer.jpg', Buffer.concat([longer, Buffer.from('!')]))
      await place.put('Ünï 日本.png', Buffer.from('OTHER'))
      const looks = await inventory.look([
        expected('nowhere/at.all', sound),
        expected('a/sound.jpg', sound),
        expected('a/longer.jpg', longer),
        expected('Ünï 日本.png', other),
        expected('a/sound.jpg/below.jpg', sound),
      ])
      expect(looks.map(({ is }) => is)).toEqual(['missing', 'sound', 'changed', 'changed', 'missing'])
      expect(looks[2]?.why).toBe('it has 7 bytes, and 6 were stored')
      expect(looks[3]?.why).toBe('its bytes are others than were stored')
      expect(await inventory.look([])).toEqual([])
    })

    it('reads every byte of large files, empty ones, and hundreds side by side', async () => {
      const large = Buffer.alloc(3 * 2 ** 20 + 7, 'large')
      await place.put('large.bin', large)
      await place.put('empty.txt', Buffer.alloc(0))
      const flipped = Buffer.from(large)
      flipped[large.length - 1] = 0
      await place.put('flipped.bin', flipped)
      const small = Array.from({ length: 300 }, (_, index) => Buffer.from(`file ${index}`))
      for (const [index, bytes] of small.entries()) await place.put(`many/${index}.txt`, bytes)
      const lists = [
        [expected('large.bin', large), expected('empty.txt', Buffer.alloc(0)), expected('flipped.bin', large)],
        ...Array.from({ length: 10 }, (_, list) =>
          small
            .slice(list * 30, list * 30 + 30)
            .map((bytes, index) => expected(`many/${list * 30 + index}.txt`, bytes)),
        ),
      ]
      const looks = await Promise.all(lists.map((list) => inventory.look(list)))
      expect(looks[0]?.map(({ is }) => is)).toEqual(['sound', 'sound', 'changed'])
      expect(looks.slice(1).flat()).toEqual(small.map(() => ({ is: 'sound', why: '' })))
      expect(inventory.bytes).toBe(2 * large.length + small.reduce((sum, { length }) => sum + length, 0))
    })

    it('tells the paths of all files, however many, and not those of the program', async () => {
      const paths = Array.from({ length: 1200 }, (_, index) => `deep/${index % 7}/down/${index}.jpg`)
      for (const path of [...paths, 'top.jpg', '.hidden', 'x/.bowerbird/mine', '.bowerbird/parts/0123'])
        await place.put(path, Buffer.from('x'))
      expect(await walked()).toEqual([...paths, 'top.jpg', '.hidden', 'x/.bowerbird/mine'].toSorted())
    })

    it('ends what is under way when it is closed', async () => {
      await place.put('a.txt', Buffer.from('a'))
      const looking = inventory.look([expected('a.txt', Buffer.from('a'))]).catch((thrown: unknown) => thrown)
      await inventory.close()
      const ended = await looking
      expect([[{ is: 'sound', why: '' }], expect.objectContaining({ code: 'Cancelled' })]).toContainEqual(ended)
    })
  })
}
