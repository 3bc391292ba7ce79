import { Fault } from '../../../core/errors.ts'

/** A relative path as the store takes it: where to, and the name there. */
export interface Place {
  /** May be empty: the library itself. */
  readonly folder: string
  readonly name: string
}

/** Splits a `/`-separated path that leads to a place for the user's files by its very text. Others are our mistake. */
export function placeOf(path: string): Place {
  const levels = path.split('/')
  const leaves = levels.some((level) => level === '' || level === '.' || level === '..') || path.includes('\0')
  if (leaves || levels[0]?.toLowerCase() === '.bowerbird') {
    throw new Fault('Internal', `${JSON.stringify(path)} is no path for a file of a library`)
  }
  const cut = path.lastIndexOf('/')
  return { folder: cut < 0 ? '' : path.slice(0, cut), name: path.slice(cut + 1) }
}

/** A path below a folder that may be the library itself. */
export function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
