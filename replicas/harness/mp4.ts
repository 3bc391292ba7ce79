/** A film of JPEG frames as an MP4 file: few boxes, all that ISO 14496-12 asks for, first `moov`, then `mdat`. */
export interface Film {
  readonly width: number
  readonly height: number
  /** JPEG files, each of the film's size. */
  readonly frames: readonly Uint8Array[]
}

/** Ticks per second, and the ticks that one frame lasts: ten frames a second. */
const TIMESCALE = 1000
const FRAME_TICKS = 100

/** The unity matrix of `mvhd` and `tkhd`, in 16.16 and 2.30 fixed point. */
const UNITY_MATRIX = [0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000]

/** ISO 14496-1, table 5: the object type of JPEG (ISO 10918-1) frames. */
const OBJECT_TYPE_JPEG = 0x6c
const STREAM_TYPE_VISUAL = 0x04

export function writeMp4(film: Film): Buffer {
  const head = box('ftyp', ascii('isom'), u32(512), ascii('isomiso2mp41'))
  // The chunk offset needs the size of `moov`, which does not depend on the offset's value.
  const moovSize = movieBox(film, 0).length
  const dataOffset = head.length + moovSize + 8
  return Buffer.concat([head, movieBox(film, dataOffset), box('mdat', ...film.frames)])
}

function movieBox(film: Film, dataOffset: number): Buffer {
  const duration = film.frames.length * FRAME_TICKS
  const header = fullBox(
    'mvhd',
    0,
    u32(0, 0, TIMESCALE, duration, 0x00010000),
    u16(0x0100, 0),
    u32(0, 0, ...UNITY_MATRIX),
    u32(0, 0, 0, 0, 0, 0),
    u32(2),
  )
  return box('moov', header, trackBox(film, duration, dataOffset))
}

function trackBox(film: Film, duration: number, dataOffset: number): Buffer {
  const enabledInMovie = 3
  const header = fullBox(
    'tkhd',
    enabledInMovie,
    u32(0, 0, 1, 0, duration, 0, 0),
    u16(0, 0, 0, 0),
    u32(...UNITY_MATRIX),
    u32(film.width * 65536, film.height * 65536),
  )
  const undetermined = 0x55c4
  const media = box(
    'mdia',
    fullBox('mdhd', 0, u32(0, 0, TIMESCALE, duration), u16(undetermined, 0)),
    fullBox('hdlr', 0, u32(0), ascii('vide'), u32(0, 0, 0), ascii('Video\0')),
    box(
      'minf',
      fullBox('vmhd', 1, u16(0, 0, 0, 0)),
      box('dinf', fullBox('dref', 0, u32(1), fullBox('url ', 1))),
      sampleTable(film, dataOffset),
    ),
  )
  return box('trak', header, media)
}

function sampleTable(film: Film, dataOffset: number): Buffer {
  const count = film.frames.length
  return box(
    'stbl',
    fullBox('stsd', 0, u32(1), sampleEntry(film)),
    fullBox('stts', 0, u32(1, count, FRAME_TICKS)),
    fullBox('stsc', 0, u32(1, 1, count, 1)),
    fullBox('stsz', 0, u32(0, count, ...film.frames.map((frame) => frame.length))),
    fullBox('stco', 0, u32(1, dataOffset)),
  )
}

function sampleEntry(film: Film): Buffer {
  const resolution72dpi = 0x00480000
  const depth24 = 24
  return box(
    'mp4v',
    u16(0, 0, 0, 1),
    u32(0, 0, 0, 0),
    u16(film.width, film.height),
    u32(resolution72dpi, resolution72dpi, 0),
    u16(1),
    Buffer.alloc(32),
    u16(depth24, 0xffff),
    elementaryStream(),
  )
}

function elementaryStream(): Buffer {
  const config = descriptor(4, Buffer.from([OBJECT_TYPE_JPEG, (STREAM_TYPE_VISUAL << 2) | 1, 0, 0, 0]), u32(0, 0))
  return fullBox('esds', 0, descriptor(3, u16(1), Buffer.from([0]), config, descriptor(6, Buffer.from([2]))))
}

function descriptor(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, body.length]), body])
}

function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([u32(8 + body.length), ascii(type), body])
}

/** A box with version 0 and flags. */
function fullBox(type: string, flags: number, ...parts: readonly Uint8Array[]): Buffer {
  return box(type, u32(flags), ...parts)
}

function u32(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => out.writeUInt32BE(value, index * 4))
  return out
}

function u16(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(values.length * 2)
  values.forEach((value, index) => out.writeUInt16BE(value, index * 2))
  return out
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
