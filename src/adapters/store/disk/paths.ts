import { Fault } from '../../../core/errors.ts'

/** A relative path as the store takes it: where to, and the name there. */
export interface Place {
  /** May be empty: the library itself. */
  readonly folder: string
  readonly name: string
}

/** Splits a `/`-separated path that stays below the library by its very text. Anything else is a mistake of ours. */
export function placeOf(path: string): Place {
  const levels = path.split('/')
  if (levels.some((level) => level === '' || level === '.' || level === '..') || path.includes('\0')) {
    throw new Fault('Internal', `${JSON.stringify(path)} is no path below a library`)
  }
  const cut = path.lastIndexOf('/')
  return { folder: cut < 0 ? '' : path.slice(0, cut), name: path.slice(cut + 1) }
}

/** A path below a folder that may be the library itself. */
export function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
