import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import { writeMp4 } from './mp4.ts'

/** What a media file looks like; the same description always gives the same bytes on one machine. */
export type Media = Still | Film | Archive | Literal

interface Picture {
  readonly width: number
  readonly height: number
  /** Decides colours and pattern: other seed, other bytes. */
  readonly seed: number
  /** How many pictures follow each other; 1 without it, 3 in a film. Only GIF, WebP and MP4 have more than one. */
  readonly frames?: number
  /** 0 (smooth, a few KB) to 1 (grain, about as many bytes as pixels); default 0.15. */
  readonly grain?: number
}

export interface Still extends Picture {
  readonly format: 'jpeg' | 'png' | 'gif' | 'webp' | 'avif'
  /** JPEG and PNG: filled up with comment segments to at least so many bytes, which costs no encoding. */
  readonly bytes?: number
}

export interface Film extends Picture {
  readonly format: 'mp4'
}

export interface Archive {
  readonly format: 'zip'
  readonly entries: readonly { readonly name: string; readonly media: Media }[]
}

/** Bytes of whatever type. */
export interface Literal {
  readonly format: 'literal'
  readonly mime: string
  readonly base64: string
}

/** A media file with all that answers and expectations need. */
export interface MediaFile {
  readonly bytes: Buffer
  /** Hex. */
  readonly sha256: string
  readonly mime: string
}

const MIMES = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  mp4: 'video/mp4',
} as const satisfies Record<(Still | Film)['format'], string>

const made = new Map<string, Promise<MediaFile>>()

/** The file that a description stands for; made at its first use and kept. */
export function makeMedia(media: Media): Promise<MediaFile> {
  const id = JSON.stringify(media)
  const known = made.get(id)
  if (known !== undefined) return known
  const file = encode(media).then((bytes) => ({
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    mime: mimeOf(media),
  }))
  made.set(id, file)
  return file
}

export function mimeOf(media: Media): string {
  if (media.format === 'zip') return 'application/zip'
  return media.format === 'literal' ? media.mime : MIMES[media.format]
}

function encode(media: Media): Promise<Buffer> {
  if (media.format === 'zip') return zip(media)
  if (media.format === 'literal') return Promise.resolve(Buffer.from(media.base64, 'base64'))
  return media.format === 'mp4' ? encodeFilm(media) : encodePicture(media)
}

async function encodePicture(picture: Still): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const frames = picture.frames ?? 1
  const raw = {
    width: picture.width,
    height: picture.height * frames,
    channels: 3 as const,
    ...(frames > 1 ? { pageHeight: picture.height } : {}),
  }
  const image = sharp(paint(picture, frames), { raw })
  switch (picture.format) {
    case 'jpeg':
      return padJpeg(await image.jpeg({ quality: 85 }).toBuffer(), picture.bytes ?? 0)
    case 'png':
      return padPng(await image.png({ compressionLevel: 1 }).toBuffer(), picture.bytes ?? 0)
    case 'gif':
      return image.gif({ effort: 1, colours: 16, delay: 100 }).toBuffer()
    case 'webp':
      return image.webp({ effort: 0, ...(frames > 1 ? { delay: 100 } : {}) }).toBuffer()
    case 'avif':
      return image.avif({ effort: 0, quality: 40 }).toBuffer()
  }
}

async function encodeFilm(picture: Film): Promise<Buffer> {
  const numbers = Array.from({ length: picture.frames ?? 3 }, (_, frame) => frame)
  const frames = await Promise.all(
    numbers.map((frame) =>
      encodePicture({
        format: 'jpeg',
        width: picture.width,
        height: picture.height,
        seed: picture.seed * 31 + frame,
        grain: picture.grain ?? 0.15,
      }),
    ),
  )
  return writeMp4({ width: picture.width, height: picture.height, frames })
}

/** Slanting bands of two colours with grain: RGB, row by row, the frames one below the other. */
function paint(picture: Picture, frames: number): Buffer {
  const random = generator(picture.seed)
  const [from, to] = [
    [0, 0, 0],
    [0, 0, 0],
  ].map((colour) => colour.map(() => random() * 255)) as [number[], number[]]
  const grain = (picture.grain ?? 0.15) * 96
  const step = 1 / (20 + random() * 60)
  const out = Buffer.alloc(picture.width * picture.height * frames * 3)
  let offset = 0
  for (let y = 0; y < picture.height * frames; y += 1) {
    for (let x = 0; x < picture.width; x += 1) {
      const share = Math.abs((((x + y * 2) * step) % 2) - 1)
      const noise = (random() - 0.5) * grain
      for (let channel = 0; channel < 3; channel += 1) {
        const value = (from[channel] ?? 0) * share + (to[channel] ?? 0) * (1 - share) + noise
        out[offset] = Math.max(0, Math.min(255, value))
        offset += 1
      }
    }
  }
  return out
}

/** A linear congruential generator (Numerical Recipes): numbers from 0 to below 1. */
function generator(seed: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x85ebca6b) >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Comment segments (at most 65,533 bytes each) behind the start-of-image marker. */
function padJpeg(file: Buffer, size: number): Buffer {
  const parts = [file.subarray(0, 2)]
  for (let left = size - file.length; left > 0; left -= 65_537) {
    const length = Math.min(Math.max(left - 4, 0), 65_533)
    const segment = Buffer.alloc(length + 4, 0x62)
    segment.writeUInt16BE(0xfffe, 0)
    segment.writeUInt16BE(length + 2, 2)
    parts.push(segment)
  }
  return Buffer.concat([...parts, file.subarray(2)])
}

/** One private, ancillary chunk behind IHDR (signature 8 bytes, IHDR 25). */
function padPng(file: Buffer, size: number): Buffer {
  const length = size - file.length - 12
  if (length <= 0) return file
  const body = Buffer.concat([Buffer.from('biRd', 'latin1'), Buffer.alloc(length, 0x62)])
  const chunk = Buffer.alloc(length + 12)
  chunk.writeUInt32BE(length, 0)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), length + 8)
  return Buffer.concat([file.subarray(0, 33), chunk, file.subarray(33)])
}

async function zip(archive: Archive): Promise<Buffer> {
  const { ZipFile } = await import('yazl')
  const file = new ZipFile()
  for (const { name, media } of archive.entries) {
    const { bytes } = await makeMedia(media)
    file.addBuffer(bytes, name, { mtime: new Date(Date.UTC(2020, 0, 1)), forceDosTimestamp: true, compress: false })
  }
  file.end()
  return buffer(file.outputStream)
}
