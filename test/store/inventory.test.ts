import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openInventory } from '../../src/adapters/store/disk/inventory.ts'
import { inventoryContract } from '../contracts/inventory.ts'
import type { InventoryPlace } from '../contracts/inventory.ts'

async function folder(): Promise<InventoryPlace & { readonly root: string }> {
  const root = await mkdtemp(join(tmpdir(), 'bowerbird-inventory-'))
  return {
    root,
    open: () => openInventory(root),
    put: async (path, bytes) => {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), bytes)
    },
    remove: () => rm(root, { recursive: true }),
  }
}

inventoryContract('a folder', folder)

describe('a folder', () => {
  it('whose files were moved and linked: the link counts as the file, and is not walked into', async () => {
    const place = await folder()
    await place.put('elsewhere/a.txt', Buffer.from('abc'))
    await symlink(join(place.root, 'elsewhere/a.txt'), join(place.root, 'a.txt'))
    await symlink(join(place.root, 'elsewhere'), join(place.root, 'linked'))
    await symlink('nowhere', join(place.root, 'broken'))
    const inventory = place.open()
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    const looks = await inventory.look(['a.txt', 'broken', 'linked'].map((path) => ({ path, bytes: 3, sha256 })))
    expect(looks).toEqual([
      { is: 'sound', why: '' },
      { is: 'missing', why: 'nothing stands there' },
      { is: 'changed', why: 'a folder stands there' },
    ])
    const paths: string[] = []
    for await (const batch of inventory.walk()) paths.push(...batch)
    expect(paths.toSorted()).toEqual(['a.txt', 'broken', 'elsewhere/a.txt', 'linked'])
    await inventory.close()
    await place.remove()
  })
})
