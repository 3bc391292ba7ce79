import { sourceFields, sourceSchemas } from '../app/schemas.ts'
import { loadSettings } from '../config/load.ts'
import type { Settings } from '../config/settings.ts'
import { Fault } from '../core/errors.ts'
import type { JsonObject } from '../core/glossary.ts'
import type { Call } from './call.ts'

/** The settings of one call: defaults < file < environment < (the run that goes on) < flags. */
export async function settingsOf(
  call: Pick<Call, 'flags'>,
  earlier?: JsonObject,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Settings> {
  const { flags } = call
  if (flags.json === true && flags.print !== undefined) {
    throw new Fault('Usage', '--json and --print both want standard output', {
      advice: 'leave one of them out; `stored` events of --json carry url and path',
    })
  }
  const known = { sourceSchemas: sourceSchemas(), sourceFields: sourceFields() }
  return loadSettings({ flags, env, ...known, ...(earlier && { earlier }) })
}
