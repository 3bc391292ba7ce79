import { createCipheriv, createHash } from 'node:crypto'

/** Bytes without any pattern, the same ones for the same seed: the key stream of a cipher. */
export function noise(seed: string, bytes: number): Buffer {
  const key = createHash('sha256').update(seed).digest()
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(bytes))
}
