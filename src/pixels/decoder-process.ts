/**
 * Decodes one file after the other in a process of its own: bytes from strangers have crashed, hung and exhausted every
 * image library there is. Whoever started it may kill it at any moment.
 */
import type Sharp from 'sharp'
import type { DecodeReply, DecodeRequest } from './messages.ts'

/** How often the memory is looked at while the library decodes in its own threads. */
const MEMORY_EVERY_MS = 50

const library = load()

process.on('message', (request: DecodeRequest) => {
  void answer(request)
})
// The parent is gone. Not `exit`, which would wait for the library's threads.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

async function load(): Promise<typeof Sharp | Error> {
  try {
    const { default: sharp } = await import('sharp')
    sharp.cache(false)
    sharp.concurrency(1)
    // The library's own format is for its own files: nothing in it is checked.
    sharp.block({ operation: ['VipsForeignLoadVips'] })
    return sharp
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

async function answer(request: DecodeRequest): Promise<void> {
  const sharp = await library
  if (sharp instanceof Error) return reply({ state: 'unusable', why: sharp.message })
  const guard = setInterval(() => watchMemory(request.memory), MEMORY_EVERY_MS)
  const answered = await decode(sharp, request)
  clearInterval(guard)
  reply(answered)
}

/** Every row of every frame is decoded; one channel of them is kept, which costs a byte for each pixel. */
async function decode(sharp: typeof Sharp, { file, pixels }: DecodeRequest): Promise<DecodeReply> {
  try {
    const image = sharp(file, { failOn: 'truncated', pages: -1, limitInputPixels: pixels, sequentialRead: true })
    const { format, width, height, pages = 1, pageHeight = height } = await image.metadata()
    await image.extractChannel(0).raw().toBuffer()
    return { state: 'sound', format, width, height: pageHeight, pages }
  } catch (error) {
    return explain(error instanceof Error ? error.message : String(error), file, pixels)
  }
}

/** The library repeats itself line by line, with the path; the last line says most. */
function explain(message: string, file: string, pixels: number): DecodeReply {
  if (/unsupported/i.test(message)) return { state: 'unchecked', why: 'it cannot be decoded here' }
  if (message.includes('exceeds pixel limit')) {
    return { state: 'unchecked', why: `it has more than ${pixels} pixels` }
  }
  const last = message.trim().split('\n').at(-1) ?? ''
  return { state: 'damaged', why: last.replaceAll(file, 'it').replace(/[:.\s]+$/, '') }
}

function watchMemory(most: number): void {
  if (process.memoryUsage.rss() <= most) return
  reply({ state: 'too-much', why: `it needs more than ${most} bytes of memory to be decoded` }, () =>
    process.kill(process.pid, 'SIGKILL'),
  )
}

function reply(message: DecodeReply, sent?: () => void): void {
  process.send?.(message, undefined, undefined, sent)
}
