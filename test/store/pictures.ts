import { createHash } from 'node:crypto'
import type { Incoming, PublishSpec, Received, Store } from '../../src/ports/store.ts'

/** Bytes that the tests' inspector takes for a whole image. */
export function picture(bytes: number, seed = 'x'): Buffer {
  const block = createHash('sha256').update(seed).digest()
  const image = Buffer.alloc(bytes, block)
  image.write('JPEG')
  image.write('END', bytes - 3)
  return image
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Sends all bytes in pieces, and waits where the store asks to. */
export async function send(
  incoming: Pick<Incoming, 'write' | 'onDrain'>,
  bytes: Uint8Array,
  piece = 16_384,
): Promise<void> {
  let goOn = (): void => {}
  incoming.onDrain(() => goOn())
  for (let from = 0; from < bytes.length; from += piece) {
    const room = new Promise<void>((resolve) => (goOn = resolve))
    if (!incoming.write(bytes.subarray(from, from + piece))) await room
  }
}

export async function receive(store: Store, key: string, bytes: Uint8Array, piece?: number): Promise<Received> {
  const incoming = store.receive(key)
  await send(incoming, bytes, piece)
  return incoming.finish()
}

export function specFor(key: string, received: Received, change: Partial<PublishSpec> = {}): PublishSpec {
  const stem = key.replace(':', '-')
  return {
    key,
    sha256: received.sha256,
    folder: 'site/author',
    stem,
    otherStem: `${stem}~0badcafe`,
    extension: 'jpg',
    ...change,
  }
}
