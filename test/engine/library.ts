import { lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sha256 } from './pictures.ts'

/** A library in a folder of its own, looked at from outside: files, parts, rows. */
export class Library {
  readonly #base = mkdtempSync(join(tmpdir(), 'bowerbird-engine-'))
  /** Not made yet. */
  readonly root = join(this.#base, 'library')

  /** A path beside the library, for lists and settings. */
  beside(name: string): string {
    return join(this.#base, name)
  }

  /** Files under final names (paths from the library's root), with the hash of what is in them. */
  files(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.#walk('')
        .filter((path) => !path.startsWith('.bowerbird/'))
        .map((path) => [path, sha256(readFileSync(join(this.root, path)))]),
    )
  }

  get names(): readonly string[] {
    return Object.keys(this.files())
  }

  /** What lies in `.bowerbird/parts`. */
  parts(): readonly string[] {
    return this.#walk('.bowerbird/parts')
  }

  /** What lies in `.bowerbird`, the catalog and its backup apart, and the mark by which one elsewhere knows the library. */
  leftovers(): readonly string[] {
    return this.#walk('.bowerbird').filter(
      (path) =>
        !path.startsWith('.bowerbird/catalog.db') &&
        !['.bowerbird/catalog.backup.db', '.bowerbird/library'].includes(path),
    )
  }

  rows(sql: string): readonly Readonly<Record<string, unknown>>[] {
    const db = new DatabaseSync(join(this.root, '.bowerbird/catalog.db'))
    try {
      return db.prepare(sql).all()
    } finally {
      db.close()
    }
  }

  /** How many assets are in each state. */
  states(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.rows('select state, count(*) as count from assets group by state').map(({ state, count }) => [state, count]),
    ) as Record<string, number>
  }

  /** How many refs are in each state, held ones apart. */
  refs(): Readonly<Record<string, number>> {
    const sql = `select case when held = 1 and state = 'waiting' then 'held' else state end as state, count(*) as count
      from refs group by 1`
    return Object.fromEntries(this.rows(sql).map(({ state, count }) => [state, count])) as Record<string, number>
  }

  get sound(): boolean {
    const checks = [...this.rows('pragma integrity_check'), ...this.rows('pragma foreign_key_check')]
    return JSON.stringify(checks) === '[{"integrity_check":"ok"}]'
  }

  remove(): void {
    rmSync(this.#base, { recursive: true, force: true })
  }

  #walk(folder: string): readonly string[] {
    const place = join(this.root, folder)
    try {
      return readdirSync(place, { recursive: true, encoding: 'utf8' })
        .map((path) => join(folder, path))
        .filter((path) => lstatSync(join(this.root, path), { throwIfNoEntry: false })?.isFile() === true)
        .toSorted()
    } catch {
      return []
    }
  }
}
