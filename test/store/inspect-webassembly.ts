import { stripTypeScriptTypes } from 'node:module'
import type { Inspection } from '../../src/core/files.ts'

// Node strips types with WebAssembly: one import of it is called some ten thousand times here, while a thread loads this.
for (let index = 0; index < 1000; index += 1) stripTypeScriptTypes('export const a: number = 1 as number')

export function inspect(): Inspection {
  return { mime: 'application/octet-stream', extension: '', kind: 'other' }
}
