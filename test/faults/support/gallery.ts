import sharp from 'sharp'
import type { Scene } from './scene.ts'

const FORMATS = ['jpeg', 'png', 'gif', 'webp'] as const

/** A picture of noise that differs for every number, about `size` × `size` × 3 bytes as PNG and a third of it as JPEG. */
export async function pictureOf(number: number, size = 24): Promise<{ readonly bytes: Buffer; readonly mime: string }> {
  const format = FORMATS[number % FORMATS.length] ?? 'jpeg'
  const pixels = Buffer.alloc(size * size * 3)
  let state = number + 1
  for (let at = 0; at < pixels.length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    pixels[at] = state >>> 24
  }
  const bytes = await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .toFormat(format)
    .toBuffer()
  return { bytes, mime: `image/${format}` }
}

/** Puts pictures 1 to `count` at `/NUMBER.jpg`, whatever their format, with strong validators and ranges. */
export async function fillWithPictures(scene: Scene, count: number, size?: number): Promise<readonly string[]> {
  const paths: string[] = []
  for (let number = 1; number <= count; number += 1) {
    const { bytes, mime } = await pictureOf(number, size)
    const path = `/${number}.jpg`
    scene.hold(path, bytes)
    paths.push(path)
    scene.site.on(path, ({ headers }) => {
      const common = { 'content-type': mime, etag: `"${number}"`, 'accept-ranges': 'bytes' }
      const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1])
      if (!(from > 0 && from < bytes.length && headers['if-range'] === `"${number}"`))
        return { headers: common, body: bytes }
      const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`
      return { status: 206, headers: { ...common, 'content-range': range }, body: bytes.subarray(from) }
    })
  }
  return paths
}

/** Which of these files, as `Library.names` has them, were asked for after so many requests to the site. */
export function askedAgain(scene: Scene, names: readonly string[], requests: number): readonly string[] {
  const asked = new Set(scene.site.log.slice(requests).map(({ path }) => numberOf(path)))
  return names.filter((name) => asked.has(numberOf(name)))
}

function numberOf(path: string): number {
  return Number.parseInt(path.slice(path.lastIndexOf('/') + 1), 10)
}
