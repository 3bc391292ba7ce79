import { stat } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type Yauzl from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import { Fault } from '../core/errors.ts'
import { foldName, NAME_BYTES, safeSegment } from '../core/names.ts'

/** What an archive may hold. */
export interface ExtractLimits {
  /** Default 10,000. */
  readonly entries: number
  /** Unpacked, in all; default 4 GiB. */
  readonly bytes: number
  /** Unpacked bytes for each byte of the archive; default 100. */
  readonly ratio: number
}

const LIMITS: ExtractLimits = { entries: 10_000, bytes: 4 * 2 ** 30, ratio: 100 }

/** Below this nobody is harmed, whatever the ratio: blank pictures pack well. */
const HARMLESS_BYTES = 16 * 2 ** 20

/** A file inside an archive. */
export interface ArchiveEntry {
  /** Safe components joined by `/`, no two alike on any file system; the same for the same archive. */
  readonly path: string
  /** Unpacked. */
  readonly bytes: number
  /** Unix milliseconds; zip knows no time zone: read as UTC where the entry does not say. */
  readonly modified: number
}

/**
 * Takes one file. Its name says nothing of its bytes: they are inspected and judged like all others. The content throws `Damaged` at its end where its length or checksum is wrong: publish after it.
 */
export type ExtractSink = (entry: ArchiveEntry, content: AsyncIterable<Uint8Array>) => Promise<void>

const DIRECTORY = 0x4000
const FILE = 0x8000
const TYPE_MASK = 0xf000
/** General purpose bits: encrypted, strongly encrypted, masked headers (APPNOTE 4.4.4). */
const SECRET_BITS = 0x0001 | 0x0040 | 0x2000

/**
 * Unpacks a zip archive, entry by entry in its order. All of its directory is judged before the first file is handed
 * over: an archive that would write elsewhere (`..`, absolute paths, links), that is encrypted, or that grows without
 * measure is refused as a whole with `UnsafeArchive`, a broken one with `Damaged`. Archives inside it are handed over as
 * they are. Comes back with the number of files.
 */
export async function extract(
  archive: string,
  sink: ExtractSink,
  limits: Partial<ExtractLimits> = {},
): Promise<number> {
  const { size } = await stat(archive)
  const yauzl = (await import('yauzl')).default
  // Names are decoded and judged here, to tell an attack from a broken file.
  const zip = await broken(yauzl.openPromise(archive, { autoClose: false, decodeStrings: false }))
  try {
    const files = await readDirectory(zip, yauzl, size, { ...LIMITS, ...limits })
    for (const file of files) await hand(zip, file, sink)
    return files.length
  } finally {
    zip.close()
  }
}

interface FileEntry extends ArchiveEntry {
  readonly entry: Entry
}

async function readDirectory(
  zip: ZipFile,
  yauzl: typeof Yauzl,
  size: number,
  limits: ExtractLimits,
): Promise<FileEntry[]> {
  if (zip.entryCount > limits.entries) throw unsafe(`it has ${zip.entryCount} entries`)
  const most = Math.min(limits.bytes, Math.max(HARMLESS_BYTES, size * limits.ratio))
  const names = new Names()
  const files: FileEntry[] = []
  let bytes = 0
  const entries = zip.eachEntry()
  for (let next = await broken(entries.next()); next.done !== true; next = await broken(entries.next())) {
    const entry = next.value
    const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
    const outside = yauzl.validateFileName(name)
    if (outside !== null) throw unsafe(`an entry leads outside: ${outside}`)
    if (!isPlain(entry)) throw unsafe(`the entry ${JSON.stringify(name)} is a link or a device`)
    if ((entry.generalPurposeBitFlag & SECRET_BITS) !== 0) throw unsafe('it is encrypted')
    if (name.endsWith('/')) continue
    if (!entry.canDecodeFileData()) throw damaged(`it is packed by an unknown method (${entry.compressionMethod})`)
    bytes += entry.uncompressedSize
    if (bytes > most) throw unsafe(`its ${size} bytes grow to more than ${most}`)
    const modified = entry.getLastModDate({ timezone: 'UTC' }).getTime()
    files.push({ entry, path: names.take(name), bytes: entry.uncompressedSize, modified })
  }
  return files
}

/** Neither a link nor a device, as far as the upper half of the attributes (Unix mode) says anything. */
function isPlain(entry: Entry): boolean {
  const type = (entry.externalFileAttributes >>> 16) & TYPE_MASK
  return type === 0 || type === FILE || type === DIRECTORY
}

/** Safe names, each given once. */
class Names {
  readonly #taken = new Set<string>()

  take(name: string): string {
    const parts = name.split('/').filter((part) => part !== '' && part !== '.')
    const safe = parts.map((part) => safeSegment(part))
    const last = safe.pop() ?? '_'
    for (let count = 1; ; count += 1) {
      const path = [...safe, count === 1 ? last : numbered(last, count)].join('/')
      const folded = foldName(path)
      if (this.#taken.has(folded)) continue
      this.#taken.add(folded)
      return path
    }
  }
}

/** `page~2.jpg` */
function numbered(name: string, count: number): string {
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 ? name.slice(dot) : ''
  const mark = `~${count}${extension}`
  return `${safeSegment(name.slice(0, name.length - extension.length), NAME_BYTES - Buffer.byteLength(mark))}${mark}`
}

async function hand(zip: ZipFile, { entry, path, bytes, modified }: FileEntry, sink: ExtractSink): Promise<void> {
  const stream = await broken(zip.openReadStreamPromise(entry))
  try {
    await sink({ path, bytes, modified }, checked(stream, entry))
  } finally {
    stream.destroy()
  }
}

/** The content, with its checksum looked at behind the last byte; its length is the reader's care. */
async function* checked(stream: AsyncIterable<Uint8Array>, entry: Entry): AsyncGenerator<Uint8Array> {
  let sum = 0
  const chunks = stream[Symbol.asyncIterator]()
  for (let next = await broken(chunks.next()); next.done !== true; next = await broken(chunks.next())) {
    sum = crc32(next.value, sum)
    yield next.value
  }
  if (sum !== entry.crc32) throw damaged('the checksum of an entry is wrong')
}

/** What the reader throws is about the archive; what the disk says of itself stays as it is. */
async function broken<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const system = error instanceof Error && 'syscall' in error
    throw system ? error : damaged(error instanceof Error ? error.message : String(error))
  }
}

function damaged(why: string): Fault {
  return new Fault('Damaged', `the archive cannot be unpacked: ${why}`)
}

function unsafe(why: string): Fault {
  return new Fault('UnsafeArchive', `the archive is not unpacked: ${why}`, {
    advice: 'without --extract it is stored as it is',
  })
}
