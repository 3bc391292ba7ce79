import type { Inspection, RandomAccess } from '../../core/files.ts'
import { bmp, isBmp } from './bmp.ts'
import { foreignType } from './foreign.ts'
import { damaged, sound, UNKNOWN } from './found.ts'
import type { Format } from './found.ts'
import { gif } from './gif.ts'
import { icns } from './icns.ts'
import { icoFormat } from './ico.ts'
import { isoFormat } from './iso.ts'
import { j2c, jp2 } from './jp2.ts'
import { jpeg } from './jpeg.ts'
import { jxlBoxes, jxlStream } from './jxl.ts'
import { matroska } from './matroska.ts'
import { pdf } from './pdf.ts'
import { png } from './png.ts'
import { psd } from './psd.ts'
import { CutOff, Reader, TooIntricate } from './reader.ts'
import { avi, wav, webp } from './riff.ts'
import { inspectText } from './text.ts'
import { tiff } from './tiff.ts'
import { zip } from './zip.ts'

/** Enough for every magic number and the brands of an ISO file. */
const HEAD_BYTES = 64

/** What a file begins with (latin1), the most frequent first. */
const MAGIC: readonly (readonly [string, Format])[] = [
  ['\xff\xd8\xff', jpeg],
  ['\x89PNG\r\n\x1a\n', png],
  ['GIF87a', gif],
  ['GIF89a', gif],
  ['PK\x03\x04', zip],
  ['PK\x05\x06', zip],
  ['II*\0', tiff],
  ['MM\0*', tiff],
  ['II+\0', tiff],
  ['MM\0+', tiff],
  ['8BPS\0', psd],
  ['\x1aE\xdf\xa3', matroska],
  ['%PDF-', pdf],
  ['icns', icns],
  ['\xff\x0a', jxlStream],
  ['\xff\x4f\xff\x51', j2c],
  ['\0\0\0\x0cJXL \r\n\x87\n', jxlBoxes],
  ['\0\0\0\x0cjP  \r\n\x87\n', jp2],
]

const RIFF: Readonly<Record<string, Format>> = { WEBP: webp, 'AVI ': avi, WAVE: wav }

/** Types that are looked at here: where somebody else recognises one, its beginning is there and what follows is not. */
const OURS: ReadonlySet<string> = new Set([
  ...[...MAGIC.map(([, format]) => format), ...Object.values(RIFF), bmp].map(({ type }) => type.extension),
  'ico',
  'cur',
])

/**
 * What the bytes are, and whether they are whole: from the magic number through the structure to the end. Synchronous
 * for everything that galleries hold; only what is none of that asks `file-type`.
 */
export function inspect(bytes: RandomAccess): Inspection | Promise<Inspection> {
  if (bytes.size === 0) return { ...sound(UNKNOWN), damage: { code: 'Empty', why: 'it has no bytes' } }
  const file = new Reader(bytes)
  const format = formatOf(file)
  if (format === undefined) return inspectForeign(bytes, file)
  const inspection = walk(file, format)
  return format === tiff ? nameRaw(bytes, inspection) : inspection
}

function formatOf(file: Reader): Format | undefined {
  const head = file.text(0, Math.min(file.size, HEAD_BYTES))
  for (const [magic, format] of MAGIC) if (head.startsWith(magic)) return format
  if (head.startsWith('RIFF')) return RIFF[head.slice(8, 12)]
  if (head.startsWith('BM') && isBmp(file)) return bmp
  return isoFormat(head) ?? icoFormat(file)
}

function walk(file: Reader, format: Format): Inspection {
  try {
    return format.inspect(file, format.type)
  } catch (error) {
    if (error instanceof CutOff || error instanceof TooIntricate) return damaged(format.type, error.message)
    throw error
  }
}

async function inspectForeign(bytes: RandomAccess, file: Reader): Promise<Inspection> {
  const text = inspectText(file)
  // Some formats are text themselves (EPS): a plain one may yet have a name.
  if (text !== undefined && text.extension !== 'txt') return text
  const type = await foreignType(bytes)
  if (type === undefined) return text ?? sound(UNKNOWN)
  return OURS.has(type.extension) ? damaged(type, 'its header is broken') : sound(type)
}

/** Raw files of cameras are TIFF with a maker's touch, and have names of their own. */
async function nameRaw(bytes: RandomAccess, inspection: Inspection): Promise<Inspection> {
  const type = await foreignType(bytes)
  return type === undefined || type.kind !== 'image' ? inspection : { ...inspection, ...type }
}
