import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { extract } from '../../src/engine/extract.ts'
import type { ArchiveEntry, ExtractLimits } from '../../src/engine/extract.ts'
import { HAVE_SUITES, suiteFiles, WHY_SKIPPED } from './access.ts'

const folder = mkdtempSync(join(tmpdir(), 'bowerbird-extract-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Unpacked {
  readonly entry: ArchiveEntry
  readonly content: Buffer
}

async function unpack(archive: string, limits?: ExtractLimits): Promise<readonly Unpacked[]> {
  const files: Unpacked[] = []
  const count = await extract(
    archive,
    async (entry, content) => {
      files.push({ entry, content: await buffer(content) })
    },
    limits,
  )
  expect(count).toBe(files.length)
  return files
}

async function fault(archive: string, limits?: ExtractLimits): Promise<{ code?: string; message?: string }> {
  return unpack(archive, limits).then(
    () => ({}),
    (error: { code: string; message: string }) => error,
  )
}

async function zip(name: string, entries: Readonly<Record<string, Buffer | string>>): Promise<string> {
  const file = new ZipFile()
  for (const [path, content] of Object.entries(entries)) {
    file.addBuffer(Buffer.from(content), path, { mtime: new Date('2020-01-02T03:04:06Z') })
  }
  file.end()
  const path = join(folder, name)
  await pipeline(file.outputStream, createWriteStream(path))
  return path
}

describe.skipIf(!HAVE_SUITES)(`unpacking the public suites${WHY_SKIPPED}`, () => {
  it.for([
    ['zip-slip.zip', 'UnsafeArchive'],
    ['zip-slip-win.zip', 'UnsafeArchive'],
    ['symlink.zip', 'UnsafeArchive'],
    ['symlink-etc-passwd.zip', 'UnsafeArchive'],
    ['traditional-encryption.zip', 'UnsafeArchive'],
    ['traditional-encryption-and-compression.zip', 'UnsafeArchive'],
    ['absolute path C xt.zip', 'UnsafeArchive'],
    ['invalid relative path xt.zip', 'UnsafeArchive'],
    ['test-trailing-junk.zip', 'Damaged'],
    ['compressed uncompressed size mismatch for stored file 2147483647 5.zip', 'Damaged'],
    ['extra field length exceeds extra field buffer size.zip', 'Damaged'],
    ['file data overflows file bounds 63 2147483647 308.zip', 'UnsafeArchive'],
    ['invalid central directory file header signature 0x1014b50.zip', 'Damaged'],
    ['invalid local file header signature 0x3034b50.zip', 'Damaged'],
    ['multi-disk zip files are not supported found disk number 1.zip', 'Damaged'],
    ['too many bytes in the stream expected 82496 got at least 98304.zip', 'Damaged'],
    ['unexpected EOF.zip', 'UnsafeArchive'],
    ['unsupported compression method 1.zip', 'Damaged'],
    ['zip64 extended information extra field does not include uncompressed size.zip', 'Damaged'],
  ] as const)('refuses %s', async ([name, code]) => {
    const file = suiteFiles('zip').find(({ path }) => basename(path) === name)
    expect((await fault(file?.path ?? '')).code).toBe(code)
    expect(existsSync('/tmp/evil.txt')).toBe(false)
  })

  it.for([
    ['test.zip', ['test.txt', 'gophercolor16x16.png']],
    ['subdir.zip', ['a/b/c']],
    ['unix.zip', ['hello', 'dir/bar', 'readonly']],
    ['utf8-7zip.zip', ['世界']],
    ['unicode-path-extra-field.zip', ['七个房间.txt']],
    ['cygwin-info-zip.zip', ['a.txt', 'b.txt']],
    ['big-compression.zip', ['0x21000']],
    ['deflate.zip', ['index.js']],
    ['empty.zip', []],
    ['sloppy-filenames.zip', ['a/txt', 'b.txt']],
    ['zip64.zip', ['README']],
    ['zip64-2.zip', ['README']],
    [
      'unicode.zip',
      ['Turmion Kätilöt/Hoitovirhe/Rautaketju.mp3', 'Turmion Kätilöt/Pirun nyrkki/Mistä veri pakenee.mp3'],
    ],
  ] as const)('lists %s', async ([name, expected]) => {
    const file = suiteFiles('zip').find(({ path }) => basename(path) === name)
    const paths = (await unpack(file?.path ?? '')).map(({ entry }) => entry.path)
    expect(paths).toEqual(expected)
  })
})

describe('unpacking', () => {
  it('hands over bytes and times in the order of the archive', async () => {
    const files = await unpack(await zip('plain.zip', { 'b/1.txt': 'one', 'a.bin': Buffer.alloc(70_000, 7) }))
    expect(files.map(({ entry }) => [entry.path, entry.bytes])).toEqual([
      ['b/1.txt', 3],
      ['a.bin', 70_000],
    ])
    expect(files[0]?.content.toString()).toBe('one')
    expect(files[1]?.content.equals(Buffer.alloc(70_000, 7))).toBe(true)
    expect(files[0]?.entry.modified).toBe(Date.UTC(2020, 0, 2, 3, 4, 6))
  })

  it('gives every file a safe name of its own', async () => {
    const names = ['con.txt', 'who?.jpg', './.hidden', 'Page.jpg', 'page.JPG', 'x/\u202egpj.exe', 'tail./ end ']
    const files = await unpack(await zip('names.zip', Object.fromEntries(names.map((name) => [name, name]))))
    expect(files.map(({ entry }) => entry.path)).toEqual([
      '_con.txt',
      'who_.jpg',
      '_hidden',
      'Page.jpg',
      'page~2.JPG',
      'x/gpj.exe',
      'tail/end',
    ])
  })

  it('leaves archives inside it packed', async () => {
    const inner = readFileSync(await zip('inner.zip', { 'a.txt': 'deep' }))
    const files = await unpack(await zip('outer.zip', { 'inner.zip': inner }))
    expect(files.map(({ entry }) => entry.path)).toEqual(['inner.zip'])
    expect(files[0]?.content.equals(inner)).toBe(true)
  })

  it('refuses what grows without measure, before anything is written', async () => {
    const bomb = await zip('bomb.zip', { 'a.txt': 'harmless', 'zeros.bin': Buffer.alloc(20 * 2 ** 20) })
    let handed = 0
    const outcome = await extract(bomb, async () => {
      handed += 1
    }).catch((error: { code: string }) => error.code)
    expect([outcome, handed]).toEqual(['UnsafeArchive', 0])
  })

  it('refuses what is larger or has more entries than allowed', async () => {
    const archive = await zip('three.zip', { a: 'aaaa', b: 'bbbb', c: 'cccc' })
    expect(await fault(archive, { entries: 3, bytes: 12, ratio: 100 })).toEqual({})
    expect((await fault(archive, { entries: 2, bytes: 12, ratio: 100 })).code).toBe('UnsafeArchive')
    expect((await fault(archive, { entries: 3, bytes: 11, ratio: 100 })).code).toBe('UnsafeArchive')
  })

  it('refuses content whose checksum is wrong', async () => {
    const bytes = readFileSync(await zip('sum.zip', { 'a.txt': 'the content' }))
    // The checksum in the directory: 16 bytes behind its signature.
    const at = bytes.indexOf('PK\x01\x02', 0, 'latin1') + 16
    bytes[at] = (bytes[at] ?? 0) ^ 1
    const path = join(folder, 'wrong-sum.zip')
    writeFileSync(path, bytes)
    const outcome = await fault(path)
    expect(outcome).toMatchObject({ code: 'Damaged', message: expect.stringContaining('checksum') })
  })

  it('stops where the one who takes the files does', async () => {
    const archive = await zip('stop.zip', { 'a.txt': Buffer.alloc(300_000, 1), 'b.txt': 'b' })
    const full = new Error('the disk is full')
    await expect(extract(archive, () => Promise.reject(full))).rejects.toBe(full)
    const taken: string[] = []
    await extract(archive, async ({ path }) => {
      taken.push(path)
    })
    expect(taken).toEqual(['a.txt', 'b.txt'])
  })

  it('is Damaged where the file is no archive, and says so where it cannot be opened', async () => {
    const path = join(folder, 'text.zip')
    writeFileSync(path, 'no archive at all')
    expect((await fault(path)).code).toBe('Damaged')
    expect((await fault(join(folder, 'absent.zip'))).code).toBe('ENOENT')
  })
})
