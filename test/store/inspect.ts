import type { Inspection, RandomAccess } from '../../src/core/files.ts'

/** Just enough of an inspector for the store's own tests: bytes that begin with `JPEG` are an image. */
export function inspect(bytes: RandomAccess): Inspection {
  const head = Buffer.from(bytes.read(0, 8)).toString('latin1')
  if (head.startsWith('BREAK')) throw new Error('hostile bytes')
  if (!head.startsWith('JPEG')) return { mime: 'application/octet-stream', extension: '', kind: 'other' }
  const tail = Buffer.from(bytes.read(bytes.size - 3, 3)).toString('latin1')
  const image = { mime: 'image/jpeg', extension: 'jpg', kind: 'image' } as const
  return tail === 'END' ? image : { ...image, damage: { code: 'Damaged', why: 'the end is missing' } }
}
