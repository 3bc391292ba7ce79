import type { Inspection } from '../../core/files.ts'
import type { Format } from './found.ts'
import { damaged, image, sound } from './found.ts'
import type { Reader } from './reader.ts'

const ICNS = image('icns', 'icns')
const HEADER_BYTES = 8

/** Icon behind icon by their lengths, which add up to the length at the front. */
function inspectIcns(file: Reader): Inspection {
  const end = file.u32(4)
  file.demand(end)
  let at = HEADER_BYTES
  while (at < end) {
    const length = file.u32(at + 4)
    if (length <= HEADER_BYTES) return damaged(ICNS, `its icon at byte ${at} has no data`)
    at += length
  }
  return at === end && at > HEADER_BYTES ? sound(ICNS) : damaged(ICNS, 'the lengths of its icons do not add up')
}

export const icns: Format = { type: ICNS, inspect: inspectIcns }
