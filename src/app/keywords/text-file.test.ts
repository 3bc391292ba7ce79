import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readTextFile } from './text-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowerbird-text-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(bytes: Uint8Array | string): Promise<string> {
  await writeFile(join(folder, 'a.csv'), bytes)
  return readTextFile(join(folder, 'a.csv'), 'the table')
}

test.each([
  ['UTF-8', Buffer.from('Kätzchen 猫')],
  ['UTF-8 with its mark', Buffer.from('\uFEFFKätzchen 猫')],
  ['UTF-16, as spreadsheets write it', Buffer.from('\uFEFFKätzchen 猫', 'utf16le')],
  ['UTF-16 the other way round', Buffer.from('\uFEFFKätzchen 猫', 'utf16le').swap16()],
])('%s is text', async (_what, bytes) => {
  expect(await read(bytes)).toBe('Kätzchen 猫')
})

test('bytes that are neither are refused, not guessed at', async () => {
  await expect(read(Buffer.from('Kätzchen', 'latin1'))).rejects.toThrow(
    /the table .*a\.csv is neither UTF-8 nor UTF-16/,
  )
})

test.each([
  ['nothing-there.csv', 'there is no such file'],
  ['.', 'it is a folder'],
])('%s is refused: %s', async (name, why) => {
  await expect(readTextFile(join(folder, name), 'the table')).rejects.toThrow(why)
})

test('a file that is too long is refused before it is read', async () => {
  const handle = await open(join(folder, 'long.csv'), 'w')
  await handle.truncate(64 * 1024 * 1024 + 1)
  await handle.close()
  await expect(readTextFile(join(folder, 'long.csv'), 'the table')).rejects.toThrow('more than 64 MiB')
})
