import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Descriptors } from './descriptors.ts'
import { Folders } from './folders.ts'

let root: string
let folders: Folders

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'bowerbird-folders-')))
  folders = new Folders(root, new Descriptors())
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a folder that was moved away once its files had their names is no trouble: they are where its owner put them', async () => {
  const folder = folders.ensure('artist')
  rmSync(folder, { recursive: true })
  await expect(folders.sync([folder])).resolves.toBeUndefined()
  folders.forget()
  expect(folders.ensure('artist'), 'made again').toBe(folder)
  await expect(folders.sync([folder])).resolves.toBeUndefined()
})

test('a library that is gone is trouble, whichever of its folders is to be forced to the disk', async () => {
  const folder = folders.ensure('artist')
  rmSync(root, { recursive: true })
  await expect(folders.sync([folder])).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(folders.sync([root])).rejects.toMatchObject({ code: 'ENOENT' })
})
