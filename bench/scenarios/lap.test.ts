import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checked } from './lap.ts'

const WELL = { status: 0, said: '' }

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-'))
  await mkdir(join(folder, 'deep'))
  await mkdir(join(folder, '.bowerbird'))
  await writeFile(join(folder, 'deep/1'), 'four')
  await writeFile(join(folder, '.bowerbird/catalog.db'), 'is not collected')
})

afterEach(() => rm(folder, { recursive: true }))

test('files are counted wherever they are, but for those of the program', async () => {
  expect(await checked(WELL, { folder, files: 1, bytes: 4 })).toEqual({ found: { files: 1, bytes: 4 } })
})

test('a run that lost a file, or a byte, does not count', async () => {
  expect((await checked(WELL, { folder, files: 2, bytes: 8 })).problem).toBe('1 of 2 files; 4 of 8 bytes')
  expect((await checked(WELL, { folder, files: 1, bytes: 5 })).problem).toBe('4 of 5 bytes')
})

test('a run that failed does not count, and says why', async () => {
  const failed = await checked({ status: 5, said: 'disk full' }, { folder, files: 1, bytes: 4 })
  expect(failed.problem).toBe('exit status 5: disk full')
})

test('a program that made no folder collected nothing', async () => {
  const { found } = await checked(WELL, { folder: join(folder, 'nowhere'), files: 1, bytes: 4 })
  expect(found).toEqual({ files: 0, bytes: 0 })
})

test('where nothing is to be collected, only the status counts', async () => {
  expect((await checked(WELL)).problem).toBeUndefined()
  expect((await checked({ status: 1, said: '' })).problem).toBe('exit status 1')
})
