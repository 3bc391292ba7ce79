import type { RandomAccess } from '../../core/files.ts'
import type { Kind } from '../../core/glossary.ts'
import type { FileType } from './found.ts'
import { FAR } from './reader.ts'

const ARCHIVES: ReadonlySet<string> = new Set([
  'application/x-7z-compressed',
  'application/vnd.rar',
  'application/x-rar-compressed',
  'application/gzip',
  'application/x-bzip2',
  'application/x-xz',
  'application/x-tar',
  'application/zstd',
  'application/x-lzip',
  'application/x-lzh-compressed',
])

/**
 * What our own magic numbers do not know, by the many that `file-type` knows; loaded when the first such file comes.
 * All reading is done before anything is waited for: the bytes may belong to another file then.
 */
export async function foreignType(bytes: RandomAccess): Promise<FileType | undefined> {
  const head = Uint8Array.from(bytes.read(0, FAR))
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(head)
  if (found === undefined) return undefined
  const mime = found.mime.split(';')[0] ?? found.mime
  return { mime, extension: found.ext, kind: kindOf(mime) }
}

function kindOf(mime: string): Kind {
  const broad = mime.slice(0, mime.indexOf('/'))
  if (broad === 'image' || broad === 'video' || broad === 'audio') return broad
  if (mime === 'application/ogg') return 'audio'
  return ARCHIVES.has(mime) ? 'archive' : 'other'
}
