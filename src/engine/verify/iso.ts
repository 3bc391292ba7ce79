import type { Inspection } from '../../core/files.ts'
import { boxesIn, childOf, outline } from './boxes.ts'
import type { Box, Outline } from './boxes.ts'
import type { FileType, Format, Size } from './found.ts'
import { damaged, image, sound } from './found.ts'
import type { Reader } from './reader.ts'

const MP4 = video('mp4', 'mp4')
const MOV = video('quicktime', 'mov')
const AVIF = image('avif', 'avif')
const HEIC = image('heic', 'heic')

/** What the brands of `ftyp` say, the most telling first. Files name several. */
const BRANDS: readonly (readonly [RegExp, FileType])[] = [
  [/^avi[fs]$/, AVIF],
  [/^hei[cxms]$|^hev[cxms]$/, HEIC],
  [/^crx $/, image('x-canon-cr3', 'cr3')],
  [/^M4A $|^M4B $|^F4A $/, { mime: 'audio/mp4', extension: 'm4a', kind: 'audio' }],
  [/^M4V/, video('x-m4v', 'm4v')],
  [/^3g2/, video('3gpp2', '3g2')],
  [/^3g[pers]/, video('3gpp', '3gp')],
  [/^qt {2}$/, MOV],
  [/^mif1$|^msf1$/, { mime: 'image/heif', extension: 'heif', kind: 'image' }],
]

/** What a film from before `ftyp` begins with. */
const OLD_QUICKTIME = /^(?:moov|mdat|wide|free|skip|pnot)$/

/** Of a file whose first box is at byte 0; nothing where that is no box of these formats. */
export function isoFormat(head: string): Format | undefined {
  const type = isoType(head)
  return type && { type, inspect: inspectIso }
}

function isoType(head: string): FileType | undefined {
  const name = head.slice(4, 8)
  if (OLD_QUICKTIME.test(name)) return MOV
  if (name !== 'ftyp') return undefined
  const brands = [head.slice(8, 12)]
  const end = Math.min(head.charCodeAt(2) * 256 + head.charCodeAt(3), head.length)
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.slice(at, at + 4))
  return typeOfBrands(brands)
}

/** The major brand decides where it says something; `mif1` and unknown ones leave it to the others. */
function typeOfBrands(brands: readonly string[]): FileType {
  const major = BRANDS.find(([pattern]) => pattern.test(brands[0] ?? ''))
  if (major !== undefined && major[1].extension !== 'heif') return major[1]
  const stills = BRANDS.find(([, type]) => type.kind === 'image' && brands.some((brand) => isBrand(brand, type)))
  return stills?.[1] ?? MP4
}

function isBrand(brand: string, type: FileType): boolean {
  return BRANDS.some(([pattern, of]) => of === type && pattern.test(brand))
}

/** From box to box to the end of the file; what shows the content must be there, and the content itself. */
function inspectIso(file: Reader, type: FileType): Inspection {
  const found = outline(file)
  const size = type.kind === 'image' ? stillSize(file, found) : filmSize(file, found)
  const why = missing(file, found, type) ?? found.why
  return why === undefined ? sound(type, size) : damaged(type, why, size)
}

function missing(file: Reader, found: Outline, type: FileType): string | undefined {
  const { boxes } = found
  const meta = boxes.get('meta')
  const stored = boxes.has('mdat') || boxes.has('moof') || boxes.has('imda')
  if (type.kind === 'image' && meta !== undefined) {
    if (stored || inMeta(file, meta, 'idat') !== undefined) return undefined
    return 'its image data are missing'
  }
  if (!boxes.has('moov')) return 'the box that describes its content is missing'
  return stored ? undefined : 'its content is missing'
}

/** The largest picture there is: tiles, thumbnails and masks, which stand in the same list, are never larger. */
function stillSize(file: Reader, found: Outline): Size | undefined {
  const meta = found.boxes.get('meta')
  const properties = meta && inMeta(file, meta, 'iprp')
  const list = properties && childOf(file, properties, 'ipco')
  if (list === undefined) return filmSize(file, found)
  let best: Size | undefined
  for (const box of boxesIn(file, list.body, list.end)) {
    if (box.name === 'ispe') best = larger(best, { width: file.u32(box.body + 4), height: file.u32(box.body + 8) })
  }
  return best
}

/** `meta` begins with a version and flags. */
function inMeta(file: Reader, meta: Box, name: string): Box | undefined {
  return childOf(file, { body: meta.body + 4, end: meta.end }, name)
}

/** The largest track; sound has no size. */
function filmSize(file: Reader, found: Outline): Size | undefined {
  const moov = found.boxes.get('moov')
  if (moov === undefined) return undefined
  let best: Size | undefined
  for (const track of boxesIn(file, moov.body, moov.end)) {
    const header = track.name === 'trak' ? childOf(file, track, 'tkhd') : undefined
    if (header !== undefined) best = larger(best, trackSize(file, header))
  }
  return best
}

/** Sides are numbers with 16 binary places; times before them are longer in version 1. */
function trackSize(file: Reader, header: Box): Size {
  const at = header.body + (file.u8(header.body) === 1 ? 88 : 76)
  return { width: file.u16(at), height: file.u16(at + 4) }
}

function larger(best: Size | undefined, size: Size): Size | undefined {
  if (size.width === 0 || size.height === 0) return best
  return best === undefined || size.width * size.height > best.width * best.height ? size : best
}

function video(subtype: string, extension: string): FileType {
  return { mime: `video/${subtype}`, extension, kind: 'video' }
}
