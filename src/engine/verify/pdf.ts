import type { Inspection } from '../../core/files.ts'
import type { FileType, Format } from './found.ts'
import { damaged, sound } from './found.ts'
import type { Reader } from './reader.ts'

const PDF: FileType = { mime: 'application/pdf', extension: 'pdf', kind: 'other' }
/** What may follow the end mark. */
const TAIL_BYTES = 2048

function inspectPdf(file: Reader): Inspection {
  const from = Math.max(0, file.size - TAIL_BYTES)
  const whole = file.text(from, file.size - from).includes('%%EOF')
  return whole ? sound(PDF) : damaged(PDF, 'it is cut off: its end mark is missing')
}

export const pdf: Format = { type: PDF, inspect: inspectPdf }
