import { resolve } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { toFault } from '../../core/errors.ts'
import type { Fault } from '../../core/errors.ts'
import { catalogFile } from '../place.ts'
import { checkCatalog } from './catalog.ts'
import { ok, problem, warning } from './check.ts'
import type { Check } from './check.ts'
import { checkDisk } from './disk.ts'
import { checkAccess, checkProgram } from './setup.ts'

export type { Check }

export interface DoctorOptions {
  readonly settings: Settings
  /** Why the configuration could not be read; the settings are those without it. */
  readonly config?: Fault
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Looks at the library and the set-up, one thing after the other; changes nothing, and asks no site. */
export async function* examine({ settings, config, environment }: DoctorOptions): AsyncGenerator<Check> {
  yield* checkProgram()
  if (config !== undefined) yield problem('configuration', config)
  else yield ok('configuration', settings.configFile ?? 'there is no file; the defaults hold')
  for (const note of settings.notes) yield warning('configuration', note, 'see `bowerbird config check`')
  const root = resolve(settings.to)
  yield* guarded('library', () => checkDisk(root))
  yield* checkCatalog(catalogFile(settings), root)
  yield* guarded('access', () => checkAccess(settings, environment))
}

/** What nobody thought of is a problem like others, and the rest is looked at all the same. */
function* guarded(check: string, look: () => Generator<Check>): Generator<Check> {
  try {
    yield* look()
  } catch (thrown) {
    yield problem(check, toFault(thrown))
  }
}
