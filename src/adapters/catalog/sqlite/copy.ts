import { existsSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'

/** A consistent copy of a catalog, also while others write to it; nothing when there is none yet. */
export async function copyCatalog(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  const database = new DatabaseSync(from, { readOnly: true })
  try {
    await backup(database, to)
  } finally {
    database.close()
  }
}
