import { BLANK, moldAt, type Mold } from './mold.ts'
import { noise } from './noise.ts'

/** Version, flags, times, time scale, duration, rate, volume, matrix and more of a film's header: ISO/IEC 14496-12. */
const FILM_HEADER_BYTES = 100

/** An MP4 whose boxes are whole, with exactly `bytes` bytes; its content is noise, its number stands in a free box. */
export function filmMold(seed: string, bytes: number): Mold {
  const type = box('ftyp', Buffer.from('isom\0\0\0\0isommp42', 'latin1'))
  const free = box('free', Buffer.from(BLANK))
  const film = box('moov', box('mvhd', Buffer.alloc(FILM_HEADER_BYTES)))
  const head = Buffer.concat([type, free])
  const content = box('mdat', noise(seed, bytes - head.length - film.length - 8))
  return moldAt(Buffer.concat([head, film, content]), head.length - BLANK.length)
}

function box(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(content.length + 8)
  head.write(name, 4, 'latin1')
  return Buffer.concat([head, content])
}
