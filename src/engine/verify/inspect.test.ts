import { describe, expect, it } from 'vitest'
import type { RandomAccess } from '../../core/files.ts'
import { inspect } from './inspect.ts'

function bytesOf(content: string | Uint8Array): RandomAccess {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) }
}

function box(name: string, ...content: readonly (string | Uint8Array)[]): Buffer {
  const body = Buffer.concat(content.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)))
  const head = Buffer.alloc(8, name)
  head.writeUInt32BE(body.length + 8)
  head.write(name, 4, 'latin1')
  return Buffer.concat([head, body])
}

describe('a page in place of a file', () => {
  it.for([
    '<!DOCTYPE html><html><body>Not found</body></html>',
    '\n\t <HTML lang="en">',
    '\ufeff<!doctype html>',
    '<!-- a comment\nof two lines --> <!-- another --><head>',
    '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html xmlns="x">',
    '<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml">',
    '<script>location = "/login"</script>',
    '<h1>502 Bad Gateway</h1>',
    '<center>nginx</center>',
  ])('is known by its bytes: %j', async (text) => {
    expect(await inspect(bytesOf(text))).toMatchObject({ mime: 'text/html', kind: 'other', damage: { code: 'Html' } })
  })

  it('is known in UTF-16 as well', async () => {
    const text = Buffer.from('\ufeff<!doctype html><title>x', 'utf16le')
    expect(await inspect(bytesOf(text))).toMatchObject({ mime: 'text/html' })
    expect(await inspect(bytesOf(text.swap16()))).toMatchObject({ mime: 'text/html' })
  })
})

describe('other texts', () => {
  it.for([
    ['{"error":"not found","status":404}', 'application/json', 'json'],
    ['[general]\nkey=value', 'text/plain', 'txt'],
    ['404 page not found\n', 'text/plain', 'txt'],
    ['<rss version="2.0"><channel/></rss>', 'application/xml', 'xml'],
    ['[InternetShortcut]\nURL=https://example.org/', 'application/x-shortcut', 'url'],
    ['[Desktop Entry]\nExec=true\n', 'application/x-shortcut', 'url'],
    ['#!/bin/sh\ntrue\n', 'text/x-script', 'sh'],
  ] as const)('%j', async ([text, mime, extension]) => {
    expect(await inspect(bytesOf(text))).toEqual({ mime, extension, kind: 'other' })
  })

  it('JSON is known by its beginning where it is long', async () => {
    expect(await inspect(bytesOf(`[{"a":"${'x'.repeat(9000)}"}]`))).toMatchObject({ mime: 'application/json' })
  })

  it('nothing is Empty', async () => {
    expect(await inspect(bytesOf(''))).toMatchObject({ kind: 'other', damage: { code: 'Empty' } })
  })

  it('bytes that nobody knows have no extension', async () => {
    const unknown = Uint8Array.from([1, 9, 0, 3, 77, 200, 0, 0, 5])
    expect(await inspect(bytesOf(unknown))).toEqual({
      mime: 'application/octet-stream',
      extension: '',
      kind: 'other',
    })
  })
})

describe('SVG', () => {
  const svg = (content: string) => `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">${content}</svg>\n`

  it('is an image as long as nothing in it runs', async () => {
    expect(await inspect(bytesOf(svg('<path d="M0 0"/>')))).toEqual({
      mime: 'image/svg+xml',
      extension: 'svg',
      kind: 'image',
    })
  })

  it.for([
    '<script>alert(1)</script>',
    '<svg:script href="x"/>',
    '<rect onload = "alert(1)"/>',
    '<a href="javascript:alert(1)"/>',
    '<foreignObject><iframe src="x"/></foreignObject>',
    `${'<g/>'.repeat(40_000)}<script/>`,
  ])('is refused when it runs something', async (content) => {
    expect(await inspect(bytesOf(svg(content)))).toMatchObject({ damage: { code: 'WrongType' } })
  })

  it('is damaged where it is cut off, or grows without end', async () => {
    const whole = svg('<path d="M0 0"/>')
    expect(await inspect(bytesOf(whole.slice(0, -10)))).toMatchObject({ damage: { code: 'Damaged' } })
    const laughs = `<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><svg>&b;</svg>`
    expect(await inspect(bytesOf(laughs))).toMatchObject({ extension: 'svg', damage: { code: 'Damaged' } })
  })
})

describe('boxes', () => {
  const header = Buffer.alloc(84)
  header.writeUInt16BE(1920, 76)
  header.writeUInt16BE(1080, 80)
  const moov = box('moov', box('trak', box('tkhd', header)))

  it.for([
    ['isom\0\0\0\0mp41', 'video/mp4', 'mp4'],
    ['qt  \0\0\0\0qt  ', 'video/quicktime', 'mov'],
    ['M4A \0\0\0\0isom', 'audio/mp4', 'm4a'],
    ['M4V \0\0\0\0isom', 'video/x-m4v', 'm4v'],
    ['3gp5\0\0\0\0isom', 'video/3gpp', '3gp'],
    ['avis\0\0\0\0avif', 'image/avif', 'avif'],
    ['mif1\0\0\0\0avifmiaf', 'image/avif', 'avif'],
    ['heic\0\0\0\0mif1', 'image/heic', 'heic'],
    ['mif1\0\0\0\0miaf', 'image/heif', 'heif'],
  ] as const)('are named by their brands: %j', async ([brands, mime, extension]) => {
    const film = Buffer.concat([box('ftyp', brands), moov, box('mdat', 'frames')])
    expect(await inspect(bytesOf(film))).toMatchObject({ mime, extension, width: 1920, height: 1080 })
    expect((await inspect(bytesOf(film))).damage).toBeUndefined()
    expect(await inspect(bytesOf(film.subarray(0, -1)))).toMatchObject({ extension, damage: { code: 'Damaged' } })
  })

  it('are a film from before brands', async () => {
    const film = Buffer.concat([box('wide'), box('mdat', 'frames'), moov])
    expect(await inspect(bytesOf(film))).toMatchObject({ extension: 'mov', width: 1920 })
    expect(await inspect(bytesOf(film.subarray(0, -moov.length)))).toMatchObject({ damage: { code: 'Damaged' } })
  })

  it('may be as long as 64 bits say, and end in padding', async () => {
    const large = Buffer.concat([Buffer.from('\0\0\0\x01mdat\0\0\0\0\0\0\0\x14data', 'latin1')])
    const film = Buffer.concat([box('ftyp', 'isom\0\0\0\0'), moov, large, Buffer.alloc(4)])
    expect((await inspect(bytesOf(film))).damage).toBeUndefined()
    expect((await inspect(bytesOf(Buffer.concat([film.subarray(0, -4), Buffer.from('cut off')])))).damage).toBeDefined()
  })
})

describe('programs', () => {
  it('have a type that is never stored', async () => {
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)])
    expect(await inspect(bytesOf(program))).toMatchObject({ extension: 'exe', kind: 'other' })
  })
})

describe('archives', () => {
  it('begin with something else and are found all the same at their end', async () => {
    const empty = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)])
    expect(await inspect(bytesOf(empty))).toEqual({ mime: 'application/zip', extension: 'zip', kind: 'archive' })
    expect(await inspect(bytesOf(empty.subarray(0, 21)))).toMatchObject({ damage: { code: 'Damaged' } })
  })

  it('come back quickly where many ends are claimed', async () => {
    const hostile = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(200_000, 'PK\x05\x06\xff\xff', 'latin1')])
    const start = process.threadCpuUsage()
    expect(await inspect(bytesOf(hostile))).toMatchObject({ damage: { code: 'Damaged' } })
    expect(process.threadCpuUsage(start).user).toBeLessThan(1_000_000)
  })
})

describe('hostile structures', () => {
  /** A file that repeats one piece over and over, without the memory for it. */
  function endless(head: string, piece: string, size: number): RandomAccess {
    const first = Buffer.from(head, 'latin1')
    const block = Buffer.alloc(65_536 + piece.length, piece, 'latin1')
    return {
      size,
      read(offset, length) {
        const shift = (offset - first.length) % piece.length
        const bytes = offset < first.length ? Buffer.concat([first.subarray(offset), block]) : block.subarray(shift)
        return bytes.subarray(0, Math.min(length, size - offset))
      },
    }
  }

  it.for([
    ['JPEG of empty segments', '\xff\xd8', '\xff\xe0\0\x02'],
    ['JPEG of fill bytes', '\xff\xd8\xff', '\xff'],
    [
      'PNG without end',
      '\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55',
      '\0\0\0\0teXt\0\0\0\0',
    ],
    ['GIF of empty extensions', 'GIF89a\x01\0\x01\0\0\0\0', '!\xfe\0'],
    ['WebP of empty chunks', 'RIFF\xf8\xff\xff\x3fWEBP', 'JUNK\0\0\0\0'],
    ['film of empty boxes', '\0\0\0\x10ftypisom\0\0\0\0', '\0\0\0\x08free'],
    ['SVG of entities', '<svg>', '<!ENTITY a '],
    ['page of comments', '', '<!---->'],
  ] as const)('cost little: %s', async ([, head, piece]) => {
    const start = process.threadCpuUsage()
    const inspection = await inspect(endless(head, piece, 2 ** 30))
    expect(inspection.damage !== undefined || inspection.kind === 'other').toBe(true)
    expect(process.threadCpuUsage(start).user).toBeLessThan(5_000_000)
  })

  it('are not looked for in two-byte text, which is never stored as a picture', async () => {
    const text = Buffer.from('\ufeff<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>', 'utf16le')
    expect(await inspect(bytesOf(text))).toEqual({ mime: 'application/xml', extension: 'xml', kind: 'other' })
  })
})
