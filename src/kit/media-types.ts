import type { Kind } from '../core/glossary.ts'
import { extensionOf } from './file-names.ts'

const EXTENSIONS: Readonly<Record<Exclude<Kind, 'other'>, readonly string[]>> = {
  image: [
    'jpg',
    'jpeg',
    'jpe',
    'jfif',
    'png',
    'apng',
    'gif',
    'webp',
    'avif',
    'heic',
    'heif',
    'jxl',
    'jp2',
    'tif',
    'tiff',
    'bmp',
    'svg',
    'psd',
  ],
  video: ['mp4', 'm4v', 'webm', 'mov', 'mkv', 'avi', 'ogv', 'mpg', 'mpeg', 'wmv', 'flv'],
  audio: ['mp3', 'm4a', 'aac', 'ogg', 'oga', 'opus', 'flac', 'wav'],
  archive: ['zip', 'cbz', 'cbr', 'rar', '7z', 'tar', 'tgz', 'gz'],
}

const KINDS: ReadonlyMap<string, Kind> = new Map(
  Object.entries(EXTENSIONS).flatMap(([kind, list]) => list.map((extension) => [extension, kind as Kind])),
)

/** What a URL is likely to lead to, by the extension of its path; nothing when that tells nothing. */
export function likelyKind(url: string): Kind | undefined {
  if (url.startsWith('data:'))
    return /^data:\s*(image|video|audio)\//i.exec(url)?.[1]?.toLowerCase() as Kind | undefined
  return KINDS.get(extensionOf(url))
}
