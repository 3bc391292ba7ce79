/** What looks into received files: the inspectors of all formats, and the unpacking of archives. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, describe, expect } from 'vitest'
import { makeMedia } from '../../replicas/harness/media.ts'
import type { Media } from '../../replicas/harness/media.ts'
import { extract } from '../../src/engine/extract.ts'
import { judge } from '../../src/engine/verify/expect.ts'
import { extensionFor, isStorable } from '../../src/engine/verify/extension.ts'
import { inspect } from '../../src/engine/verify/inspect.ts'
import { Bytes, hangCases, suiteFiles } from '../verify/access.ts'
import { onlyFaults } from './support/faults.ts'
import { editBytes, edits } from './support/foreign.ts'
import { holds } from './support/rounds.ts'

const folder = mkdtempSync(join(tmpdir(), 'bowerbird-fuzz-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PICTURE = { width: 40, height: 30, seed: 7, grain: 0.6 } as const
const MEDIA: readonly Media[] = [
  { format: 'jpeg', ...PICTURE },
  { format: 'png', ...PICTURE },
  { format: 'gif', ...PICTURE, frames: 2 },
  { format: 'webp', ...PICTURE },
  { format: 'webp', ...PICTURE, frames: 2 },
  { format: 'avif', ...PICTURE },
  { format: 'mp4', ...PICTURE },
]
const ZIP: Media = { format: 'zip', entries: [{ name: 'a/b.jpg', media: { format: 'jpeg', ...PICTURE } }] }

/** How the formats begin that nothing here can make. */
const HEADS = [
  ...[
    '8BPS\0\u0001',
    'icns\0\0\0\u0010',
    '\0\0\u0001\0\u0001\0',
    '\0\0\u0002\0\u0001\0',
    'BM\u0046\0\0\0',
    'II*\0\u0008\0\0\0',
    'MM\0*\0\0\0\u0008',
  ],
  ...[
    '\0\0\0\u000cJXL \r\n\u0087\n',
    '\u00ff\n',
    '\0\0\0\u000cjP  \r\n\u0087\n',
    '\u00ffO\u00ffQ',
    '\u001aE\u00df\u00a3',
    'RIFF\u0010\0\0\0AVI ',
    'RIFF\u0010\0\0\0WAVE',
  ],
  ...[
    '%PDF-1.7\n',
    'PK\u0003\u0004',
    'PK\u0005\u0006',
    '<svg xmlns="http://www.w3.org/2000/svg">',
    '<?xml version="1.0"?>',
    '<!doctype html>',
    '{"a":',
  ],
  ...[
    '\0\0\0\u0018ftypheic',
    '\0\0\0\u0018ftypqt  ',
    'GIF89a',
    '\u0089PNG\r\n\u001a\n',
    '\u00ff\u00d8\u00ff\u00e0',
    'OggS',
    'ID3',
    'fLaC',
    'Rar!\u001a\u0007',
    '7z\u00bc\u00af\u0027\u001c',
  ],
]
/** Lengths, counts and offsets that lead astray. */
const NUMBERS = [
  '\u00ff\u00ff\u00ff\u00ff',
  '\u007f\u00ff\u00ff\u00ff',
  '\0\0\0\0',
  '\0\0\0\u0001',
  '\u0080\0\0\0',
  '\u00ff\u00d9',
  '\u00ff\u00d8',
  'IDAT',
  'moov',
  'mdat',
  '\u0001',
]

/** Bytes of what the small public suites hold: corrupt and odd pictures. */
const SMALL = 100_000
const collected = suiteFiles('images')
  .map(({ path }) => readFileSync(path))
  .filter((bytes) => bytes.length <= SMALL)

const made = await Promise.all([...MEDIA, ZIP].map(async (media) => (await makeMedia(media)).bytes))
const tiff = await sharp(made[1]).tiff({ compression: 'lzw' }).toBuffer()
const samples = [...made, tiff, ...hangCases().map(({ bytes }) => bytes), ...collected]

const tampered = fc.tuple(fc.constantFrom(...samples), edits(NUMBERS)).map(([bytes, all]) => editBytes(bytes, all))
const invented = fc
  .tuple(
    fc.constantFrom(...HEADS),
    fc.array(
      fc.oneof(
        fc.constantFrom(...NUMBERS),
        fc.string({ unit: fc.integer({ max: 255, min: 0 }).map((code) => String.fromCharCode(code)), maxLength: 24 }),
      ),
      { maxLength: 20 },
    ),
  )
  .map(([head, parts]) => Buffer.from(head + parts.join(''), 'latin1'))
/** A small structure that is there again and again. */
const repeated = fc.noShrink(
  fc.record({
    head: fc.constantFrom(...HEADS),
    part: fc.constantFrom(
      ...NUMBERS,
      ...HEADS,
      '\0',
      'a',
      '\0\0\0\u0008free',
      '\u00ff\u00fe\0\u0002',
      '\0\0\0\0IDAT\0\0\0\0',
    ),
  }),
)

/** Reads of 64 KiB for each 64 KiB of a file, and for the places that its structure leads to. */
const MOST_READS = 4000

async function inspected(bytes: Buffer): Promise<void> {
  const file = new Bytes(bytes)
  const found = await inspect(file)
  const { mime, extension, kind, width, height, damage } = found
  expect(mime).toMatch(/^[a-z]+\/[\w.+-]+$/)
  expect(extension).toMatch(/^[a-z0-9]{0,8}$/)
  expect(kind).toMatch(/^(?:image|video|audio|archive|other)$/)
  for (const size of [width, height]) expect(size === undefined || (Number.isInteger(size) && size >= 0)).toBe(true)
  if (damage !== undefined) expect(damage.why).not.toBe('')
  expect(file.reads).toBeLessThan(MOST_READS + bytes.length / 100)
  expect(await inspect(new Bytes(bytes))).toEqual(found)
  const name = extensionFor(found, 'https://example.org/a.desktop')
  expect(name).not.toMatch(/^(?:desktop|url|webloc|lnk|exe|html?|js|sh|bat|scf|hta)$/)
  expect(typeof isStorable(found)).toBe('boolean')
  judge(found, { expect: 'image' }, { url: 'https://example.org/a.jpg', sha256: '' })
}

describe('inspectors', () => {
  holds('files that were tampered with', 400, tampered, inspected)
  holds('files that nobody made', 300, invented, inspected)
  holds('structures without measure', 60, repeated, ({ head, part }) =>
    inspected(Buffer.from(head + part.repeat(Math.floor(1_000_000 / part.length)), 'latin1')),
  )
})

describe('archives', () => {
  const archives = [
    ...made.slice(-1),
    ...suiteFiles('zip')
      .map(({ path }) => readFileSync(path))
      .filter((bytes) => bytes.length <= SMALL),
  ]
  const words = [
    '../',
    '/etc/passwd',
    '\\',
    'C:',
    'PK\u0001\u0002',
    'PK\u0005\u0006',
    '\u00ff\u00ff\u00ff\u00ff',
    '\0',
    '\u0001',
    '\u00ed\u00a1',
  ]
  const inputs = fc.tuple(fc.constantFrom(...archives), edits(words)).map(([bytes, all]) => editBytes(bytes, all))

  holds('that were tampered with', 100, inputs, async (bytes) => {
    const file = join(folder, 'a.zip')
    writeFileSync(file, bytes)
    const limits = { entries: 100, bytes: 10_000_000 }
    const paths = new Set<string>()
    let received = 0
    await onlyFaults(() =>
      extract(
        file,
        async (entry, content) => {
          expect(entry.path).not.toMatch(/(?:^|\/)\.\.?(?:\/|$)|^\/|\\|^[a-z]:/i)
          expect(paths.has(entry.path.toLowerCase())).toBe(false)
          paths.add(entry.path.toLowerCase())
          for await (const chunk of content) received += chunk.length
        },
        limits,
      ),
    )
    expect(received).toBeLessThanOrEqual(limits.bytes)
  })
})
