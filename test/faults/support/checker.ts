/**
 * The independent checker: looks at a library from outside after whatever was done to it, and says what is wrong. It
 * shares no code with the program: files by node:fs, pictures by sharp, the catalog by plain SQL, and what should be
 * there by what the server of the test holds.
 */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import sharp from 'sharp'

export interface Expectation {
  /** Path and query of every picture that the server holds → SHA-256 (hex) of its bytes. */
  readonly held: ReadonlyMap<string, string>
  /** SHA-256 (hex) of everything that the server holds, where it is not known at which path. */
  readonly sums?: ReadonlySet<string>
  /** How the paths of files end that no decoder of these tests can read: their bytes are compared, their pixels are not. */
  readonly opaque?: readonly string[]
  /** How many items there must be in each state; without it any states will do, as long as none is between two. */
  readonly states?: Readonly<Record<string, number>>
  /** The run was interrupted: items that wait, refs that wait, and parts that can be continued are in order. */
  readonly unfinished?: boolean
  /** Texts that must stand nowhere below the library, the catalog included. */
  readonly secrets?: readonly string[]
  /** Files that the user put there (paths below the library). */
  readonly foreign?: readonly string[]
}

/** What sharp calls a format → the extensions such a file may have. */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  jpeg: ['jpg', 'jpeg'],
  png: ['png'],
  gif: ['gif'],
  webp: ['webp'],
  svg: ['svg'],
  heif: ['avif', 'heic'],
  tiff: ['tif', 'tiff'],
}

interface FileRow {
  readonly key: string
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly url: string
}

/** One line for everything that is wrong; nothing when all is as it should be. */
export async function check(library: string, expectation: Expectation): Promise<readonly string[]> {
  const problems: string[] = []
  const files = walk(library).filter((path) => !path.startsWith('.bowerbird/'))
  const catalog = join(library, '.bowerbird/catalog.db')
  if (!existsSync(catalog)) return [`there is no catalog at ${catalog}`]
  const db = new DatabaseSync(catalog, { readOnly: true })
  try {
    problems.push(...soundness(db), ...states(db, expectation), ...pairs(library, db, files, expectation))
    for (const row of fileRows(db)) problems.push(...(await oneFile(library, row, expectation)))
    problems.push(...keptSecrets(library, db))
  } finally {
    db.close()
  }
  problems.push(...rest(library, expectation), ...secretsIn(library, expectation.secrets ?? []))
  return problems
}

function soundness(db: DatabaseSync): readonly string[] {
  const integrity = db.prepare('pragma integrity_check').all()
  const damage = integrity.map((row) => String(row['integrity_check'])).filter((line) => line !== 'ok')
  const orphans = db.prepare('pragma foreign_key_check').all()
  return [
    ...damage.map((line) => `the catalog is damaged: ${line}`),
    ...orphans.map((row) => `a row of ${String(row['table'])} belongs to nothing`),
  ]
}

function states(db: DatabaseSync, { states: wanted, unfinished }: Expectation): readonly string[] {
  const problems: string[] = []
  const found = Object.fromEntries(
    db
      .prepare('select state, count(*) as count from assets group by state')
      .all()
      .map((row) => [String(row['state']), Number(row['count'])]),
  )
  if (wanted !== undefined && JSON.stringify(sorted(found)) !== JSON.stringify(sorted(wanted)))
    problems.push(`items are ${JSON.stringify(sorted(found))}, not ${JSON.stringify(sorted(wanted))}`)
  const between = unfinished === true ? [] : ['listed', 'fetching']
  for (const state of between) if ((found[state] ?? 0) > 0) problems.push(`${found[state]} items are ${state}`)
  const untold = db
    .prepare("select key from assets where state in ('failed', 'rejected', 'missing') and coalesce(reason, '') = ''")
    .all()
  for (const row of untold) problems.push(`${String(row['key'])} ended without a reason`)
  if (unfinished !== true) {
    const open = db.prepare(
      "select count(*) as count from refs where state = 'exploring' or (state = 'waiting' and held = 0)",
    )
    if (Number(open.get()?.['count']) > 0) problems.push('refs are left that nobody explores')
  }
  return problems
}

/** Rows and files belong together one to one. */
function pairs(
  library: string,
  db: DatabaseSync,
  files: readonly string[],
  { foreign = [], unfinished }: Expectation,
): readonly string[] {
  const rows = fileRows(db)
  const paths = rows.map(({ path }) => path)
  const stored = db.prepare("select count(*) as count from assets where state = 'stored'").get()
  // A file that got its name just before the end is known again by its part, which is the same inode.
  const parts = unfinished === true ? inodesBelow(join(library, '.bowerbird/parts')) : new Set()
  const isNew = (path: string): boolean => parts.has(lstatSync(join(library, path)).ino)
  const strange = files.filter((path) => !paths.includes(path) && !foreign.includes(path) && !isNew(path))
  return [
    ...strange.map((path) => `${path} has no row`),
    ...paths.filter((path) => !files.includes(path)).map((path) => `${path} is in the catalog and not on the disk`),
    ...paths.filter((path, at) => paths.indexOf(path) !== at).map((path) => `${path} belongs to two items`),
    ...foreign.filter((path) => !files.includes(path)).map((path) => `${path}, a file of the user's, is gone`),
    ...(Number(stored?.['count']) === rows.length ? [] : ['the stored items and their files are not equally many']),
  ]
}

async function oneFile(library: string, row: FileRow, expectation: Expectation): Promise<readonly string[]> {
  const place = join(library, row.path)
  const stat = lstatSync(place, { throwIfNoEntry: false })
  if (stat === undefined) return []
  if (!stat.isFile()) return [`${row.path} is no plain file`]
  const bytes = readFileSync(place)
  const sum = createHash('sha256').update(bytes).digest('hex')
  const problems: string[] = []
  if (sum !== row.sha256 || bytes.length !== row.bytes) problems.push(`${row.path} is not what the catalog says`)
  problems.push(...unlike(row, sum, expectation))
  if (expectation.opaque?.some((ending) => row.path.endsWith(ending)) === true) return problems
  return [...problems, ...(await undecodable(row.path, bytes))]
}

/** What was served and what is here are the same bytes. */
function unlike(row: FileRow, sum: string, { held, sums }: Expectation): readonly string[] {
  if (sums?.has(sum) === true) return []
  const { pathname, search } = new URL(row.url)
  const served = held.get(pathname + search)
  if (served === sum) return []
  return served === undefined && sums === undefined
    ? [`${row.path} came from ${row.url}, which holds no picture`]
    : [`${row.path} is not what the server holds`]
}

/** Every pixel is decoded, and the extension has to be that of the format. */
async function undecodable(path: string, bytes: Buffer): Promise<readonly string[]> {
  try {
    const { info } = await sharp(bytes, { failOn: 'truncated', animated: true })
      .raw()
      .toBuffer({ resolveWithObject: true })
    const { format } = await sharp(bytes).metadata()
    const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
    const fits = EXTENSIONS[format]?.includes(extension) === true
    return info.width > 0 && fits ? [] : [`${path} is a ${format}`]
  } catch (thrown) {
    return [`${path} does not decode: ${thrown instanceof Error ? thrown.message : String(thrown)}`]
  }
}

/** Nothing of the program's own stays behind after a clean end. */
function rest(library: string, { unfinished }: Expectation): readonly string[] {
  const known = /^\.bowerbird\/(?:catalog\.db(?:-wal|-shm|\.v\d+)?|catalog\.backup\.db|private\.db|library)$/
  const waiting = /^\.bowerbird\/(?:parts\/|private\.)/
  return walk(join(library, '.bowerbird'))
    .map((path) => `.bowerbird/${path}`)
    .filter((path) => !known.test(path) && !(unfinished === true && waiting.test(path)))
    .map((path) => `${path} was left behind`)
}

/** What must not stand in the catalog is kept apart until the item is stored, for its owner's eyes alone. */
function keptSecrets(library: string, catalog: DatabaseSync): readonly string[] {
  const place = join(library, '.bowerbird/private.db')
  const stat = lstatSync(place, { throwIfNoEntry: false })
  if (stat === undefined) return []
  const db = new DatabaseSync(place, { readOnly: true })
  const names = db.prepare("select name from secrets where name like 'asset:%'").all()
  db.close()
  const isStored = catalog.prepare("select 1 from assets where state = 'stored' and 'asset:' || key = ?")
  return [
    ...((stat.mode & 0o077) === 0 ? [] : ['private.db can be read by others']),
    ...names
      .map((row) => String(row['name']))
      .filter((name) => isStored.get(name) !== undefined)
      .map((name) => `the secrets of ${name} are kept, though it is stored`),
  ]
}

function secretsIn(library: string, secrets: readonly string[]): readonly string[] {
  if (secrets.length === 0) return []
  return walk(library).flatMap((path) => {
    const bytes = readFileSync(join(library, path))
    return secrets
      .filter((secret) => bytes.includes(secret) || path.includes(secret))
      .map((secret) => `${path} holds the secret ${secret}`)
  })
}

function fileRows(db: DatabaseSync): readonly FileRow[] {
  const sql =
    'select assets.key, files.path, files.bytes, lower(hex(files.sha256)) as sha256, files.url from files join assets on assets.id = files.asset'
  return db
    .prepare(sql)
    .all()
    .map((row) => ({
      key: String(row['key']),
      path: String(row['path']),
      bytes: Number(row['bytes']),
      sha256: String(row['sha256']),
      url: String(row['url']),
    }))
}

function inodesBelow(folder: string): ReadonlySet<number> {
  return new Set(walk(folder).map((path) => lstatSync(join(folder, path)).ino))
}

/** Everything below a folder that is no folder, links included. */
function walk(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted()
}

function sorted(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
