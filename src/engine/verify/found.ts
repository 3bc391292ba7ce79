import type { Inspection } from '../../core/files.ts'
import type { Kind } from '../../core/glossary.ts'
import type { Reader } from './reader.ts'

/** What a file is, apart from whether it is whole. */
export interface FileType {
  readonly mime: string
  /** Without the dot. */
  readonly extension: string
  readonly kind: Kind
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** How files of one type are looked at. */
export interface Format {
  /** What the file is called where it ends before it says more. */
  readonly type: FileType
  /** May throw `CutOff`. */
  inspect(file: Reader, type: FileType): Inspection
}

export const UNKNOWN: FileType = { mime: 'application/octet-stream', extension: '', kind: 'other' }

export function sound(type: FileType, size?: Size): Inspection {
  const { mime, extension, kind } = type
  return size === undefined
    ? { mime, extension, kind }
    : { mime, extension, kind, width: size.width, height: size.height }
}

export function damaged(type: FileType, why: string, size?: Size): Inspection {
  return { ...sound(type, size), damage: { code: 'Damaged', why } }
}

export function image(subtype: string, extension: string): FileType {
  return { mime: `image/${subtype}`, extension, kind: 'image' }
}
