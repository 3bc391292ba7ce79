import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { Fault } from '../../../core/errors.ts'

/** The library that a catalog is opened for. */
export interface LibraryPlace {
  readonly root: string
  /** The catalog's file, or the one that a copy was made of. */
  readonly catalog: string
  /** A dry run: nothing may be written there. */
  readonly untouched: boolean
}

/** What a catalog and a library know of each other. */
interface Ties {
  readonly root: string
  readonly inside: string | null
  readonly mark: string | null
}

/**
 * One catalog holds one library: paths are relative to its root, so files of two would be taken for each other. A library
 * that was moved is still the same: with its catalog inside it moves as a whole, and a catalog that lies elsewhere knows
 * it by a mark. Throws `Usage` where the catalog belongs to another one.
 */
export function claimLibrary(database: DatabaseSync, place: LibraryPlace, mayWrite: boolean): void {
  const known = readTies(database)
  const here = tiesOf(place)
  if (known !== undefined && !isSame(known, here, place)) throw otherLibrary(place.catalog, known.root, here.root)
  if (!mayWrite) return
  const mark = here.inside === null ? (here.mark ?? known?.mark ?? randomUUID()) : null
  if (mark !== null && here.mark === null && !place.untouched) writeMark(here.root, mark)
  if (known !== undefined && known.root === here.root && known.inside === here.inside && known.mark === mark) return
  database
    .prepare('insert or replace into library (id, root, inside, mark) values (1, ?, ?, ?)')
    .run(here.root, here.inside, mark)
}

function readTies(database: DatabaseSync): Ties | undefined {
  const row = database.prepare('select root, inside, mark from library').get()
  return row === undefined
    ? undefined
    : { root: String(row['root']), inside: text(row['inside']), mark: text(row['mark']) }
}

function tiesOf({ root, catalog }: LibraryPlace): Ties {
  const real = realPath(root)
  const way = relative(real, realPath(dirname(catalog)))
  const lies = way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
  const inside = lies ? relative(realPath(dirname(catalog)), real) : null
  return { root: real, inside, mark: lies ? null : readMark(real) }
}

function isSame(known: Ties, here: Ties, { catalog }: LibraryPlace): boolean {
  if (known.mark !== null && here.mark !== null) return known.mark === here.mark
  const folder = realPath(dirname(catalog))
  const around = known.inside === null ? undefined : resolve(folder, known.inside)
  // In the program's own folder of a library it belongs there, whatever the path was once.
  if (around !== undefined && basename(folder) === '.bowerbird') return around === here.root
  return known.root === here.root || around === here.root
}

/** Without links, as far as the path exists. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(realPath(above), basename(path))
  }
}

function markFile(root: string): string {
  return join(root, '.bowerbird', 'library')
}

function readMark(root: string): string | null {
  try {
    return readFileSync(markFile(root), 'utf8').trim() || null
  } catch {
    return null
  }
}

/** Where it cannot be written the path alone tells the library. */
function writeMark(root: string, mark: string): void {
  try {
    mkdirSync(dirname(markFile(root)), { recursive: true })
    writeFileSync(markFile(root), `${mark}\n`)
  } catch {
    // A library that cannot be written is refused by the store, which knows better why.
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function otherLibrary(catalog: string, its: string, here: string): Fault {
  return new Fault('Usage', `the catalog ${catalog} belongs to the library ${its}, not to ${here}`, {
    advice: `one catalog holds one library: name it with --to ${its}, or name another --catalog`,
  })
}
