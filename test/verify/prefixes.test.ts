import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { makeMedia } from '../../replicas/harness/media.ts'
import type { Media } from '../../replicas/harness/media.ts'
import { inspect } from '../../src/engine/verify/inspect.ts'
import { Bytes } from './access.ts'

const picture = { width: 160, height: 120, seed: 7, grain: 0.6 } as const
const MEDIA: readonly Media[] = [
  { format: 'jpeg', ...picture },
  { format: 'png', ...picture },
  { format: 'gif', ...picture },
  { format: 'gif', ...picture, frames: 3 },
  { format: 'webp', ...picture },
  { format: 'webp', ...picture, frames: 3 },
  { format: 'avif', ...picture },
  { format: 'mp4', ...picture },
  { format: 'zip', entries: [{ name: 'a.jpg', media: { format: 'jpeg', ...picture } }] },
]

/** Every cut in the first and last kilobyte, and a few hundred between them. */
function cuts(size: number): readonly number[] {
  const step = Math.max(1, Math.floor(size / 300))
  const places: number[] = []
  for (let at = 1; at < size; at += at < 1024 || at > size - 1024 ? 1 : step) places.push(at)
  places.push(size - 1)
  return places
}

async function survivors(bytes: Buffer): Promise<readonly number[]> {
  const whole = await inspect(new Bytes(bytes))
  const found: number[] = []
  for (const cut of cuts(bytes.length)) {
    const { mime, damage } = await inspect(new Bytes(bytes.subarray(0, cut)))
    if (mime === whole.mime && damage === undefined) found.push(cut)
  }
  return found
}

describe('a file that was cut off', () => {
  it.for(MEDIA.map((media) => ({ name: `${media.format}${'frames' in media ? ' with frames' : ''}`, media })))(
    'is never called sound: $name',
    async ({ media }) => {
      const { bytes, mime } = await makeMedia(media)
      expect(await inspect(new Bytes(bytes))).toMatchObject({ mime, ...(media.format !== 'zip' && { width: 160 }) })
      expect((await inspect(new Bytes(bytes))).damage).toBeUndefined()
      expect(await survivors(bytes)).toEqual([])
    },
  )

  it('is never called sound: progressive JPEG with a profile', async () => {
    const { bytes } = await makeMedia({ format: 'png', ...picture })
    const progressive = await sharp(bytes).withIccProfile('p3').jpeg({ progressive: true }).toBuffer()
    expect(await survivors(progressive)).toEqual([])
  })

  it('is never called sound: TIFF', async () => {
    const { bytes } = await makeMedia({ format: 'png', ...picture })
    expect(await survivors(await sharp(bytes).tiff({ compression: 'lzw' }).toBuffer())).toEqual([])
  })
})

describe('what follows the end', () => {
  it.for(['jpeg', 'png', 'gif', 'webp'] as const)('does no harm to %s', async (format) => {
    const { bytes } = await makeMedia({ format, ...picture })
    const longer = Buffer.concat([
      bytes,
      Buffer.alloc(9),
      Buffer.from('MotionPhoto_Data and what a camera keeps there'),
    ])
    expect((await inspect(new Bytes(longer))).damage).toBeUndefined()
  })

  it('is a further JPEG: it must be whole as well', async () => {
    const { bytes } = await makeMedia({ format: 'jpeg', ...picture })
    const pair = Buffer.concat([bytes, Buffer.alloc(16), bytes])
    expect((await inspect(new Bytes(pair))).damage).toBeUndefined()
    expect((await inspect(new Bytes(pair.subarray(0, -100)))).damage?.code).toBe('Damaged')
  })
})

describe('how much is read of a common file', () => {
  it.for(['jpeg', 'png', 'gif', 'webp'] as const)('is little: %s', async (format) => {
    const { bytes } = await makeMedia({ format, ...picture, width: 300, height: 240, grain: 0.9 })
    expect(bytes.length).toBeGreaterThan(30_000)
    const access = new Bytes(bytes)
    expect(inspect(access)).not.toBeInstanceOf(Promise)
    expect(access.reads).toBeLessThanOrEqual(4 + Math.ceil(bytes.length / 8192))
  })
})
