import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe } from 'vitest'

/** Recorded answers of the real sites stand beside a checkout; they are read there and never copied. */
const SHARED = resolve(import.meta.dirname, '../..', process.env['BOWERBIRD_SHARED'] ?? '../shared')

export class Recordings {
  readonly #folder: string

  constructor(site: string) {
    this.#folder = join(SHARED, 'evidence', site)
  }

  /** `describe` for a suite that needs the recordings: where they are missing its tests are skipped, and their names say why. */
  suite(name: string, tests: () => void): void {
    const missing = !existsSync(this.#folder)
    describe.skipIf(missing)(`${name}${missing ? ' (no recorded answers in ../shared/evidence)' : ''}`, () => {
      tests()
    })
  }

  /** Paths of all files below with these endings, without the sheets. */
  files(endings = 'json,txt'): readonly string[] {
    return globSync(`**/*.{${endings}}`, { cwd: this.#folder }).toSorted()
  }

  text(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8')
  }

  json(file: string): unknown {
    return JSON.parse(this.text(file))
  }
}
