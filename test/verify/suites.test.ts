import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { judge } from '../../src/engine/verify/expect.ts'
import { inspect } from '../../src/engine/verify/inspect.ts'
import { Bytes, HAVE_SUITES, hangCases, suiteFiles, WHY_SKIPPED } from './access.ts'

/**
 * Files of the corrupt suite that structure does not give away, and why. `sound`: any viewer shows them, what is broken
 * is beside the picture. `pixels`: only decoding tells (`--verify decode`).
 */
const NOT_BY_STRUCTURE: Readonly<Record<string, string>> = {
  'apng/delay_zero_numer.png': 'sound: a delay of nothing is allowed',
  'avif/hopper-missing-pixi.avif': 'sound: a property that the standard asks for and decoders do not need is missing',
  'bmp/b/badbitssize.bmp': 'sound: a length that nobody reads is wrong',
  'bmp/b/baddens1.bmp': 'sound: the resolution is absurd',
  'bmp/b/badfilesize.bmp': 'sound: a length that nobody reads is wrong',
  'bmp/b/badpalettesize.bmp': 'sound: the palette claims more colours than its bits can name',
  'bmp/b/badrle.bmp': 'pixels: its packed rows are broken',
  'crash-0da013a13571cc8eb457a39fee8db18f8a3c7127.tif': 'pixels: its packed rows are broken',
  'crash-74d2a78403a5a59db1fb0a2b8735ac068a75f6e3.tif': 'pixels: its packed rows are broken',
  'eps/non_zero_bb_scale2.png': 'sound: a rendering of another file',
  'eps/zero_bb_scale2.png': 'sound: a rendering of another file',
  'hopper_zero_comment_subblocks.gif': 'sound: an empty comment',
  'invalid-exif-without-x-resolution.jpg': 'sound: its EXIF is broken',
  'invalid-exif.jpg': 'sound: its EXIF is broken',
  'invalid_header_length.jp2': 'pixels: a length inside its header is wrong',
  'missing_background.gif': 'sound: the background colour is not in the palette',
  'multiple_comments.gif': 'sound: several comments',
  'negative_layer_count.psd': 'sound: its layers are broken, the flattened picture is not',
  'no_palette.gif': 'sound: the standard leaves the colours to the viewer',
  'psd-oob-write-overflow.psd': 'sound: its layers are broken, the flattened picture is not',
  'psd-oob-write-y.psd': 'sound: its layers are broken, the flattened picture is not',
  'sugarshack_bad_mpo_header.jpg': 'sound: the index of its further pictures is broken',
  'tiff_overflow_rows_per_strip.tif': 'sound: decoders cut an absurd number of rows down',
  'total-pages-zero.tif': 'sound: it says that it has no pages, and has one',
  'truncated_app14.jpg': 'sound: the Adobe segment is short',
  'truncated_exif_dpi.jpg': 'sound: its EXIF is broken',
  'zero_dpi.jp2': 'sound: the resolution is zero',
}

/** Archives that are refused when they are unpacked; their structure is whole. */
const WHOLE_BUT_BAD = [
  /Invalid comment length/,
  /absolute path/,
  /extra field length/,
  /invalid relative path/,
  /too many bytes in the stream/,
  /unexpected EOF/,
  /unsupported compression method/,
  /zip64 extended information/,
]

async function look(path: string) {
  return inspect(new Bytes(readFileSync(path)))
}

describe.skipIf(!HAVE_SUITES)(`inspection of the public suites${WHY_SKIPPED}`, () => {
  it.for(suiteFiles('images/pillow-valid'))('calls $name sound', async ({ path }) => {
    const inspection = await look(path)
    expect(inspection.damage).toBeUndefined()
    expect(inspection.kind).toBe('image')
    expect(inspection.width).toBeGreaterThan(0)
    expect(inspection.height).toBeGreaterThan(0)
  })

  it.for(suiteFiles('images/pillow-corrupt'))('does not take $name for a sound picture', async ({ name, path }) => {
    const inspection = await look(path)
    const fault = judge(inspection, { expect: 'image' }, { url: 'https://example.org/x', sha256: '' })
    const reason = NOT_BY_STRUCTURE[name.slice('images/pillow-corrupt/'.length)]
    if (reason === undefined) expect(fault).toBeDefined()
    else expect(fault, 'structure tells after all: take it off the list').toBeUndefined()
  })

  it.for([...suiteFiles('images/go-image'), ...suiteFiles('images/skimage'), ...suiteFiles('images/sharp')])(
    'tells whole from broken: $name',
    async ({ name, path }) => {
      const broken = /truncated|corrupt-header|invalid-crc32/.test(name)
      const { damage, kind } = await look(path)
      expect(kind).toBe('image')
      expect(damage?.code).toBe(broken ? 'Damaged' : undefined)
    },
  )

  it.for([
    ['fixture-big-endian.tif', 'tif', 200, 133],
    ['fixture-corrupt.png', 'png', 1642, 1095, 'Damaged'],
    ['fixture-hp2.jls', 'jls', 225, 225],
    ['fixture-normal.jls', 'jls', 225, 225],
    ['fixture-itxt.png', 'png', 200, 133],
    ['fixture-yuv420-8bit.avif', 'avif', 2048, 858],
    ['fixture.apng', 'png', 100, 100],
    ['fixture.bmp', 'bmp', 200, 133],
    ['fixture.cr3', 'cr3', 6888, 4546, 'Damaged'],
    ['fixture.jpg', 'jpg', 200, 133],
    ['fixture.jxr', 'jxr', undefined, undefined],
    ['fixture.nef', 'nef', undefined, undefined, 'Damaged'],
    ['fixture.psd', 'psd', 200, 133],
    ['fixture.raf', 'raf', undefined, undefined],
    ['fixture2.jxl', 'jxl', 1, 1],
  ] as const)('knows %s', async ([name, extension, width, height, damage]) => {
    const file = suiteFiles('images/file-type').find((entry) => entry.path.endsWith(`/${name}`))
    const inspection = await look(file?.path ?? name)
    expect(inspection).toMatchObject({ extension, kind: 'image' })
    expect([inspection.width, inspection.height, inspection.damage?.code]).toEqual([width, height, damage])
  })

  it.for(hangCases())('comes back quickly from: $name', async ({ ext, bytes }) => {
    const before = process.memoryUsage.rss()
    const start = process.threadCpuUsage()
    const inspection = await inspect(new Bytes(bytes))
    expect(process.threadCpuUsage(start).user).toBeLessThan(1_000_000)
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 2 ** 20)
    const fault = judge(inspection, { expect: 'image' }, { url: `https://example.org/x.${ext}`, sha256: '' })
    expect(fault).toBeDefined()
  })

  it.for(suiteFiles('zip'))('knows the archive $name', async ({ name, path }) => {
    const { mime, kind, damage } = await look(path)
    expect([mime, kind]).toEqual(['application/zip', 'archive'])
    const broken = name.includes('/failure/') && !WHOLE_BUT_BAD.some((pattern) => pattern.test(name))
    expect(damage?.code).toBe(broken ? 'Damaged' : undefined)
  })
})
