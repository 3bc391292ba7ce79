import { sourceSchemas } from '../app/schemas.ts'
import { loadSettings } from '../config/load.ts'
import type { Settings } from '../config/settings.ts'
import type { JsonObject } from '../core/glossary.ts'
import type { Call } from './call.ts'

/** The settings of one call: defaults < file < environment < (the run that goes on) < flags. */
export function settingsOf(
  call: Pick<Call, 'flags'>,
  earlier?: JsonObject,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Settings> {
  return loadSettings({ flags: call.flags, env, sourceSchemas: sourceSchemas(), ...(earlier && { earlier }) })
}
