import type { AssetState, Kind } from '../../../core/glossary.ts'
import { keyHash8 } from '../../../core/keys.ts'
import type { Holder } from '../../../ports/holdings.ts'
import { placeOf } from './names.ts'

/** An asset that stands under a name that was asked for. */
export interface Placed {
  readonly place: number
  readonly key: string
  readonly state: AssetState
  readonly path: string | null
  readonly kind: Kind | null
}

/** A taken stem is marked with the key's hash, and numbered where even that is taken (`publisher.ts`). */
const MARK = /~([0-9a-f]{8})(?:-\d+)?$/

/** Places (there is an index of them) of the assets whose file this would be, by its name. */
export function ownPlaces(path: string): readonly number[] {
  const stem = withoutExtension(path)
  return [...new Set([stem, path, stem.replace(MARK, '')])].map(placeOfPath)
}

/** Of those whose sidecar it would be, and of those that would have been unpacked into a folder above. */
export function nearPlaces(path: string): readonly number[] {
  return [...describedBy(path).flatMap(ownPlaces), ...foldersOf(path).map(placeOfPath)]
}

export function fileOf(path: string, placed: ReadonlyMap<number, Placed>): Holder | undefined {
  const file = find(ownPlaces(path), placed).find((each) => each.path === path)
  return file === undefined ? undefined : holder('file', file)
}

/** What a path is that is no asset's file. */
export function relationOf(path: string, placed: ReadonlyMap<number, Placed>): Holder | undefined {
  const files = describedBy(path)
  const described = find(files.flatMap(ownPlaces), placed).find(
    (each) => each.path !== null && files.includes(each.path),
  )
  if (described !== undefined) return holder('sidecar', described)
  const above = find(foldersOf(path).map(placeOfPath), placed)
  const archive = above.find((each) => each.kind === 'archive')
  if (archive !== undefined) return holder('unpacked', archive)
  const own = find(ownPlaces(path), placed)
  const mark = MARK.exec(withoutExtension(path))?.[1]
  const named = own.find(({ key }) => mark === undefined || keyHash8(key) === mark) ?? own[0]
  return named === undefined ? undefined : holder('named', named)
}

function find(places: readonly number[], placed: ReadonlyMap<number, Placed>): readonly Placed[] {
  return places.flatMap((place) => placed.get(place) ?? [])
}

function holder(is: Holder['is'], { key, state }: Placed): Holder {
  return { is, key, state }
}

/** `a.jpg.json` belongs to `a.jpg`, and so does `a.jpg~hhhhhhhh.json`. */
function describedBy(path: string): readonly string[] {
  if (!path.endsWith('.json')) return []
  const file = path.slice(0, -'.json'.length)
  return [...new Set([file, file.replace(MARK, '')])]
}

function foldersOf(path: string): readonly string[] {
  const levels = path.split('/').slice(0, -1)
  return levels.map((_, depth) => levels.slice(0, depth + 1).join('/'))
}

function placeOfPath(path: string): number {
  const cut = path.lastIndexOf('/')
  return placeOf(path.slice(0, Math.max(0, cut)), path.slice(cut + 1))
}

function withoutExtension(path: string): string {
  return path.replace(/\.[^./]*$/, '')
}
