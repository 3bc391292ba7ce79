import { existsSync } from 'node:fs'
import type { Inspection, RandomAccess } from '../../src/core/files.ts'

/** An inspector that holds the thread while a file stands (`HOLD /its/path`), or ends it (`CRASH`), as the bytes say. */
export function inspect(bytes: RandomAccess): Inspection {
  const text = Buffer.from(bytes.read(0, 200)).toString('latin1')
  if (text.startsWith('CRASH')) process.exit(3)
  if (text.startsWith('HOLD ')) holdWhile(text.slice('HOLD '.length))
  return { mime: 'application/octet-stream', extension: '', kind: 'other' }
}

function holdWhile(path: string): void {
  while (existsSync(path)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
}
