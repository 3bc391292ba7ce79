import type { Inspection } from '../../core/files.ts'
import type { Format, Size } from './found.ts'
import { damaged, image, sound } from './found.ts'
import type { Reader } from './reader.ts'

const JPEG = image('jpeg', 'jpg')
/** JPEG-LS has the same markers, and one of its own for the frame. */
const JPEG_LS = image('jls', 'jls')

const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const SOF_LS = 0xf7
const END_MARKER = 0xffd9

/** Bytes of no meaning between two segments that are passed over; libjpeg and browsers do so without limit. */
const MOST_STRAY_BYTES = 4096
/** Padding behind an image, before another one. */
const MOST_PADDING = 65_536

/**
 * Markers up to the first scan, then the end marker. In scan data 0xff is always followed by 0x00 or a restart marker,
 * so that a file cut off there cannot end in one. Cameras write things behind the end marker (further images, a film,
 * their own tables): then the scan is walked through.
 */
function inspectJpeg(file: Reader): Inspection {
  const frame = readFrame(file, 0)
  if ('why' in frame) return damaged(frame.type ?? JPEG, frame.why)
  if (file.u16(file.size - 2) === END_MARKER) return sound(frame.type, frame.size)
  file.readAll()
  const why = checkImages(file, frame.scan)
  return why === undefined ? sound(frame.type, frame.size) : damaged(frame.type, why, frame.size)
}

interface Frame {
  readonly type: typeof JPEG
  readonly size?: Size
  /** Where the first scan's data begin. */
  readonly scan: number
}

interface Broken {
  readonly type?: typeof JPEG
  readonly why: string
}

/** From the start marker at `start` to the first scan. */
function readFrame(file: Reader, start: number): Frame | Broken {
  let type: typeof JPEG | undefined
  let size: Size | undefined
  for (let at = nextMarker(file, start + 2); at >= 0;) {
    const marker = file.u8(at)
    if (marker === EOI || marker === SOI) break
    if (isBare(marker)) {
      at = nextMarker(file, at + 1)
      continue
    }
    const length = file.u16(at + 1)
    if (length < 2) return { why: `the segment at byte ${at - 1} has no length` }
    if (isFrameHeader(marker)) {
      type = marker === SOF_LS ? JPEG_LS : JPEG
      const read = { width: file.u16(at + 6), height: file.u16(at + 4) }
      if (read.width === 0 || file.u8(at + 8) === 0) return { type, why: 'it has no width or no components' }
      // No height: it follows the first scan (DNL), which few files do.
      if (read.height > 0) size = read
    }
    if (marker === SOS && type !== undefined) {
      return { type, ...(size && { size }), scan: at + 1 + length }
    }
    if (marker === SOS) return { why: 'image data come before the frame header' }
    at = nextMarker(file, at + 1 + length)
  }
  return { ...(type && { type }), why: 'it has no image data' }
}

/** The place of the marker code behind the next 0xff; -1 where only strays come. */
function nextMarker(file: Reader, from: number): number {
  for (let at = from; at < from + MOST_STRAY_BYTES; at += 1) {
    if (file.u8(at) !== 0xff) continue
    const code = file.u8(at + 1)
    if (code !== 0xff && code !== 0) return at + 1
  }
  return -1
}

function isBare(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
}

function isFrameHeader(marker: number): boolean {
  if (marker === SOF_LS) return true
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/** Walks to the end of the image, and of those that follow it (MPO, gain maps); why one of them is not whole. */
function checkImages(file: Reader, firstScan: number): string | undefined {
  for (let scan = firstScan; ;) {
    const end = endOfImage(file, scan)
    if (end < 0) return 'the image data are cut off: there is no end marker'
    const next = behindPadding(file, end)
    if (next + 2 > file.size || file.u16(next) !== 0xffd8) return undefined
    const frame = readFrame(file, next)
    if ('why' in frame) return `a further image in it is broken: ${frame.why}`
    scan = frame.scan
  }
}

/** The place behind the end marker; -1 where there is none. */
function endOfImage(file: Reader, scan: number): number {
  for (let at = file.find(0xff, scan); at >= 0 && at + 1 < file.size; at = file.find(0xff, at)) {
    const marker = file.u8(at + 1)
    if (marker === EOI) return at + 2
    if (marker === 0xff) at += 1
    else if (marker < 0xc0 || isBare(marker) || marker === SOI) at += 2
    else at += 2 + file.u16(at + 2)
  }
  return -1
}

function behindPadding(file: Reader, end: number): number {
  let at = end
  while (at < file.size && at < end + MOST_PADDING && file.u8(at) === 0) at += 1
  return at
}

export const jpeg: Format = { type: JPEG, inspect: inspectJpeg }
