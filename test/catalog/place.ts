import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll } from 'vitest'
import { openCatalog } from '../../src/adapters/catalog/sqlite/open.ts'
import type { CatalogPlace } from '../contracts/catalog-bench.ts'

export interface SqlitePlace extends CatalogPlace {
  readonly folder: string
  readonly file: string
  readonly privateFile: string
}

const libraries: string[] = []

afterAll(() => Promise.all(libraries.splice(0).map((library) => rm(library, { recursive: true, force: true }))))

/** A library's catalog in a folder of its own. */
export async function sqlitePlace(): Promise<SqlitePlace> {
  const library = await mkdtemp(join(tmpdir(), 'bowerbird-catalog-'))
  libraries.push(library)
  const folder = join(library, '.bowerbird')
  const file = join(folder, 'catalog.db')
  const privateFile = join(folder, 'private.db')
  return {
    folder,
    file,
    privateFile,
    open: () => openCatalog({ file, durable: false, busySeconds: 20 }),
    bytes: async () =>
      Buffer.concat(
        filesOf(folder)
          .filter((name) => name.startsWith('catalog.db'))
          .map((name) => readFileSync(join(folder, name))),
      ),
    leaks: async () => (existsSync(file) ? [...leftFiles(folder), ...unsound(file), ...secrets(privateFile)] : []),
  }
}

function filesOf(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

function leftFiles(folder: string): readonly string[] {
  return filesOf(folder)
    .filter((name) => name !== 'catalog.db' && name !== 'private.db')
    .map((name) => `the file ${name}`)
}

/** What no closed catalog may hold. */
export function unsound(file: string): readonly string[] {
  const database = new DatabaseSync(file)
  try {
    const rows = [
      ...database
        .prepare('pragma integrity_check')
        .all()
        .map((row) => row['integrity_check'])
        .filter((text) => text !== 'ok'),
      ...database
        .prepare('pragma foreign_key_check')
        .all()
        .map((row) => JSON.stringify(row)),
      ...database
        .prepare(`select 'run ' || id || ' is running' as leak from runs where state = 'running'`)
        .all()
        .map((row) => row['leak']),
      ...database
        .prepare(`select key || ' is being fetched' as leak from assets where state = 'fetching'`)
        .all()
        .map((row) => row['leak']),
      ...database
        .prepare(`select 'ref ' || id || ' is being explored' as leak from refs where state = 'exploring'`)
        .all()
        .map((row) => row['leak']),
      ...database
        .prepare(
          `select key || ' has no file' as leak from assets where state = 'stored' and id not in (select asset from files)`,
        )
        .all()
        .map((row) => row['leak']),
      ...database
        .prepare(`select key || ' is of no target' as leak from assets where id not in (select asset from listings)`)
        .all()
        .map((row) => row['leak']),
    ]
    return rows.map(String)
  } finally {
    database.close()
  }
}

function secrets(file: string): readonly string[] {
  if (!existsSync(file)) return []
  const mode = statSync(file).mode & 0o777
  return mode === 0o600 ? [] : [`the private store has mode ${mode.toString(8)}`]
}
