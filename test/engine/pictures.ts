import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'

/** The smallest sound picture: 1 × 1, grey (ITU-T T.81: baseline, one component, Huffman tables of one code). */
const TINY = Buffer.from(
  `ffd8 ffdb004300${'01'.repeat(64)} ffc0000b0800010001010111 00
   ffc4001400 01${'00'.repeat(16)} ffc4001410 01${'00'.repeat(16)} ffda0008010100003f00 3f ffd9`.replaceAll(/\s/g, ''),
  'hex',
)

const MOST_IN_COMMENT = 65_533

/** A sound JPEG of so many bytes, other bytes for every seed: the picture is padded with comments. */
export function jpeg(seed: string, bytes = 2000): Buffer {
  const chunks: Buffer[] = [TINY.subarray(0, 2)]
  for (let left = bytes - TINY.length; left > 4;) {
    const length = Math.min(left - 2, MOST_IN_COMMENT)
    const head = Buffer.from([0xff, 0xfe, length >> 8, length & 0xff])
    chunks.push(head, Buffer.alloc(length - 2, createHash('sha256').update(seed).digest()))
    left -= length + 2
  }
  chunks.push(TINY.subarray(2))
  return Buffer.concat(chunks)
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** `jpeg` as an answer. */
export function picture(
  seed: string,
  bytes = 2000,
): { readonly headers: Record<string, string>; readonly body: Buffer } {
  return { headers: { 'content-type': 'image/jpeg' }, body: jpeg(seed, bytes) }
}

/** A sound PNG of one grey pixel, other bytes for every seed. */
export function png(seed: string): Buffer {
  const header = Buffer.from('0000000100000001 0800000000'.replace(' ', ''), 'hex')
  const pixels = deflateSync(Buffer.from([0, 128]))
  const chunks = [chunk('IHDR', header), chunk('tEXt', Buffer.from(`Comment\0${seed}`)), chunk('IDAT', pixels)]
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks, chunk('IEND', Buffer.alloc(0))])
}

function chunk(name: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), content])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
