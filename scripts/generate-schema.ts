/** Writes src/adapters/catalog/sqlite/schema.sql: what all migrations together make, so that a change shows in a diff. */
import { DatabaseSync } from 'node:sqlite'
import { migrate } from '../src/adapters/catalog/sqlite/migrate.ts'
import type { GeneratedFiles } from './generated-files.ts'
import { writeGenerated } from './generated-files.ts'

const FILE = 'src/adapters/catalog/sqlite/schema.sql'

export async function generate(): Promise<GeneratedFiles> {
  return { [FILE]: schema() }
}

function schema(): string {
  const database = new DatabaseSync(':memory:')
  try {
    migrate(database, ':memory:')
    const version = database.prepare('pragma user_version').get()?.['user_version']
    // The full-text table makes tables of its own (words_data …), and so does SQLite; they say nothing.
    const rows = database.prepare(`
      select sql from sqlite_schema where sql is not null and name not glob 'words_*' and name not glob 'sqlite_*'
      order by tbl_name, type desc, name`)
    const statements = rows.all().map((row) => `${String(row['sql'])};\n`)
    return [`-- Generated from migrations/ by npm run generate. Schema ${String(version)}.\n`, ...statements].join('\n')
  } finally {
    database.close()
  }
}

if (import.meta.main) await writeGenerated(await generate())
